use holo_runtime::{LwwRegister, Synced};

#[derive(Synced)]
#[synced(channel = "Reliable")]
#[synced(ownership(model = "request", transferrable = false))]
#[synced(persistence(storage = "server", ttl = "1 week"))]
#[synced(max_peers = -1)]
#[synced(interpolation_delay = "60d")]
struct Player {
    #[synced(quantum = 0)]
    #[synced(authority = "everybody")]
    #[synced(rate = "500hz")]
    health: LwwRegister<i64>,
}

fn main() {}

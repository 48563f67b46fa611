use holo_runtime::{LwwRegister, Synced};

#[derive(Synced)]
#[synced(frequency = "20hz")]
struct Player {
    #[synced(inital = 100)]
    health: LwwRegister<i64>,
}

fn main() {}

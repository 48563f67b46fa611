use holo_runtime::{Replica, ReplicaId, Synced};

#[derive(Synced)]
struct Player {
    health: i64,
    inventory: std::collections::HashSet<String>,
    kills: holo_runtime::PnCounter,
}

fn main() {
    let _ = Replica::<Player>::new(ReplicaId::random());
}

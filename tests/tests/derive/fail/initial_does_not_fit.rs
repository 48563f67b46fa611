use holo_runtime::{LwwMap, LwwRegister, OrSet, Synced, Vec3};

#[derive(Synced)]
struct Player {
    #[synced(initial = "full")]
    health: LwwRegister<i64>,
    #[synced(initial = [1, 2])]
    position: LwwRegister<Vec3>,
    #[synced(initial = ["a", 2])]
    inventory: OrSet<String>,
    #[synced(initial = 5)]
    notes: LwwMap<String, i64>,
    #[synced(initial = 5000000000)]
    small: LwwRegister<i32>,
}

fn main() {}

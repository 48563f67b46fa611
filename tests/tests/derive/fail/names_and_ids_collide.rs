use holo_runtime::{LwwRegister, Synced};

#[derive(Synced)]
struct Player {
    #[synced(id = 2)]
    health: LwwRegister<i64>,
    #[synced(id = 2)]
    armour: LwwRegister<i64>,
    #[synced(name = "health")]
    luck: LwwRegister<i64>,
    #[synced(id = 0)]
    zero: LwwRegister<i64>,
}

fn main() {}

use holo_runtime::{LwwRegister, PnCounter, Synced};

#[derive(Synced)]
enum Mode {
    Idle,
}

#[derive(Synced)]
struct Pair(LwwRegister<i64>);

#[derive(Synced)]
struct Generic<T> {
    kills: PnCounter,
    #[synced(skip)]
    other: std::marker::PhantomData<T>,
}

#[derive(Synced)]
struct Nothing {}

fn main() {}

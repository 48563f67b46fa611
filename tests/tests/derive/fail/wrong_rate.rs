use holo_runtime::{PnCounter, Synced};

#[derive(Synced)]
#[synced(rate = "fast")]
struct Fast {
    kills: PnCounter,
}

#[derive(Synced)]
#[synced(rate = "20khz")]
struct Faster {
    kills: PnCounter,
}

#[derive(Synced)]
#[synced(rate = 0)]
struct Never {
    kills: PnCounter,
}

fn main() {}

use holo_runtime::{Element, Kept, LwwRegister, OrMap, Synced};

#[derive(Clone, Debug, Element)]
enum NoPlace {
    One,
}

#[derive(Clone, Debug, Element)]
enum Twice {
    #[element(name = "a")]
    One,
    #[element(name = "a")]
    Two,
    Three(i64),
    #[element(other)]
    Other(String),
}

#[derive(Clone, Debug, Element)]
struct NothingKept {
    name: String,
}

#[derive(Clone, Debug, Element)]
struct Wrong {
    #[element(initial = "x")]
    count: i64,
    #[element(default = 1)]
    other: i64,
    name: std::time::Duration,
    #[element(kept)]
    kept: Kept,
}

#[derive(Synced)]
struct Inner {
    value: LwwRegister<i64>,
}

#[derive(Synced)]
struct Holder {
    items: OrMap<String>,
}

#[derive(Synced)]
struct Misnamed {
    #[synced(initial(valeu = 1))]
    inner: Inner,
}

fn main() {}

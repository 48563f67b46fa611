//! Small programs a newcomer runs: `cargo run --example two_peers`.

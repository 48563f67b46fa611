//! Writes the hand-written twins of the fixtures: `cargo run -p holo-tests --bin twins`.

fn main() -> std::io::Result<()> {
    let text = holo_tests::twins::file(&holo_tests::fixtures::schemas().0);
    std::fs::write(holo_tests::fixtures::here("tests/golden/twins.rs"), text)
}

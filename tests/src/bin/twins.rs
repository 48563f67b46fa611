//! Writes the hand-written twins of the fixtures, and the shapes: `cargo run -p holo-tests --bin twins`.

use holo_tests::fixtures::here;

fn main() -> std::io::Result<()> {
    let text = holo_tests::twins::file(&holo_tests::fixtures::schemas().0);
    std::fs::write(here("tests/golden/twins.rs"), text)?;
    std::fs::create_dir_all(here("tests/shapes"))?;
    for (file, text) in holo_tests::shapes::files() {
        std::fs::write(here(file), text)?;
    }
    Ok(())
}

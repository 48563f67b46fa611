//! Laws of the compiler: all stages run on every text, twice the same, and what they write is Rust.

use holoc::load::Source;
use holoc::lock::Lock;
use holoc::pipeline::Unit;
use holoc::report::{Format, Told, show};

use super::{MAX_INPUT, check_diagnostics};

/// Compiles a text and checks what comes of it.
///
/// # Panics
/// When a law is broken.
pub fn infer(bytes: &[u8]) {
    let mut lock = Lock::default();
    let unit = compile(bytes, &mut lock);
    check_diagnostics(unit.source.file.text(), &unit.diagnostics);
    render(&unit);
    assert!(Lock::parse(&lock.render()).is_ok_and(|again| again == lock));
    let other = compile(bytes, &mut Lock::default());
    assert_eq!(unit.world, other.world);
    assert_eq!(unit.diagnostics, other.diagnostics);
    if unit.failed() {
        return;
    }
    let rust = emitted(&unit);
    assert!(syn::parse_file(&rust).is_ok(), "no Rust: {rust}");
    assert_eq!(rust, emitted(&other));
    // What was decided once stays as it is, and nothing is told twice over.
    assert_eq!(compile(bytes, &mut lock).world, unit.world);
}

fn emitted(unit: &Unit) -> String {
    let modules = holoc::pipeline::modules(std::slice::from_ref(unit));
    let texts = modules.iter().map(holoc::emit::render);
    let texts: Result<String, _> = texts.collect();
    texts.unwrap_or_else(|error| panic!("{error}"))
}

/// Shows what there is to tell in every form.
fn render(unit: &Unit) {
    let told = [Told {
        file: &unit.source.file,
        diagnostics: &unit.diagnostics,
    }];
    for format in [Format::Json, Format::Github] {
        let shown = show(&told, format, false, &mut std::io::sink());
        assert!(shown.is_ok(), "{shown:?}");
    }
}

fn compile(bytes: &[u8], lock: &mut Lock) -> Unit {
    let bytes = bytes[..bytes.len().min(MAX_INPUT)].to_vec();
    Unit::compile(Source::new("fuzz.hsplus", "fuzz.hsplus", bytes), lock)
}

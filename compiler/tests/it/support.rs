//! What the tests share: compiling a text, and writing what came of it in one line per orb.

use std::fmt::Write;

use holo_codegen::schema::{Authority, Lane};
use holoc::load::Source;
use holoc::lock::Lock;
use holoc::pipeline::Unit;

/// A text through all stages but the last.
pub(crate) fn compile(name: &str, text: &str, lock: &mut Lock) -> Unit {
    compile_bytes(name, text.as_bytes(), lock)
}

/// Bytes, good or bad, through all stages but the last.
pub(crate) fn compile_bytes(name: &str, bytes: &[u8], lock: &mut Lock) -> Unit {
    Unit::compile(Source::new(name, name, bytes.to_vec()), lock)
}

/// Orbs, instances and codes: `player 20 shared: health LwwRegister<i64> = 100`, with `~` for live.
pub(crate) fn compact(unit: &Unit) -> String {
    let mut out = String::new();
    // What a composition only holds is looked at in its own tests.
    for orb in unit.world.orbs.iter().filter(|orb| !orb.is_world()) {
        let authority = match orb.authority {
            Authority::Shared => "",
            Authority::Owner => " owner",
            Authority::Host => " host",
            Authority::Server => " server",
        };
        let rate = orb.rate_hz.map(|hz| format!(" {hz}")).unwrap_or_default();
        let fields: Vec<String> = orb.fields.iter().map(field).collect();
        writeln!(out, "{}{rate}{authority}: {}", orb.rust, fields.join(", ")).unwrap();
    }
    for instance in &unit.world.instances {
        writeln!(out, "{} of {}", instance.name, instance.of).unwrap();
    }
    for one in &unit.diagnostics {
        writeln!(
            out,
            "{} line {}",
            one.code.id,
            unit.source.file.line_col(one.primary.span.start).0
        )
        .unwrap();
    }
    out.trim_end().to_owned()
}

fn field(field: &holoc::model::Field) -> String {
    let live = if field.lane == Lane::Live { "~" } else { "" };
    let initial = holoc::infer::json(&field.initial, &field.crdt);
    let ty = field.crdt.to_string().replace("LwwRegister<", "<");
    format!("{live}{} {ty} {initial}", field.wire)
}

//! Laws of the formatter: it is done after one run, loses nothing and changes no meaning.

use holo_grammar::diagnostic::{Diagnostic, Severity};
use holo_grammar::{PieceKind, pieces};
use holoc::format::{Refusal, format as lay_out};
use holoc::load::Source;
use holoc::lock::Lock;
use holoc::model::World;
use holoc::pipeline::Unit;

use super::read;
use super::tree::Places;

/// Lays a text out and checks what comes of it.
///
/// # Panics
/// When a law is broken.
pub fn format(bytes: &[u8]) {
    let (file, unreadable) = read(bytes);
    // What cannot be read as a source never gets as far as being laid out.
    if unreadable.iter().any(|one| one.severity == Severity::Error) {
        return;
    }
    let text = file.text();
    let once = match lay_out(text) {
        Ok(once) => once,
        Err(Refusal::Mistakes(told)) => {
            let wrong = |one: &Diagnostic| one.severity == Severity::Error;
            return assert!(told.iter().any(wrong), "refused for nothing: {text:?}");
        }
        Err(refusal) => panic!("{refusal:?}: {text:?}"),
    };
    let twice = lay_out(&once);
    let twice = twice.unwrap_or_else(|refusal| panic!("{refusal:?}: {once:?} of {text:?}"));
    assert_eq!(once, twice, "of {text:?}");
    check_pieces(text, &once);
    check_blanks(&once);
    let (before, after) = (Places::of(text), Places::of(&once));
    let [one, two] = [text, &once].map(holo_grammar::parse);
    assert_eq!(
        before.shown(&one.file),
        after.shown(&two.file),
        "{text:?} became {once:?}"
    );
    assert_eq!(
        told(&before, &one.diagnostics),
        told(&after, &two.diagnostics)
    );
    let [one, two] = [text, &once].map(compile);
    let [here, there] = [&one, &two].map(|unit| without_quotes(&unit.world));
    assert_eq!(before.shown(&here), after.shown(&there));
    assert_eq!(
        told(&before, &one.diagnostics),
        told(&after, &two.diagnostics)
    );
}

/// The tokens are the same to the byte; comments are but for the white space at the ends of their lines.
fn check_pieces(text: &str, result: &str) {
    let (before, after) = (pieces(text), pieces(result));
    assert_eq!(before.len(), after.len(), "{text:?} became {result:?}");
    for (one, two) in before.iter().zip(&after) {
        let (a, b) = (&text[one.span.range()], &result[two.span.range()]);
        if one.kind == PieceKind::Comment {
            assert!(a.lines().map(str::trim).eq(b.lines().map(str::trim)));
        } else {
            assert_eq!(a, b);
        }
        assert_eq!(one.kind, two.kind);
    }
}

/// No plain white space stands at the end of a line, and no two blank lines in a row, outside tokens.
fn check_blanks(result: &str) {
    let pieces = pieces(result);
    let plain = |gap: &str| {
        gap.bytes()
            .all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
    };
    let mut end = 0;
    for piece in &pieces {
        let gap = &result[end..piece.span.start as usize];
        end = piece.span.end as usize;
        let lines = gap.replace('\r', "");
        if plain(gap) {
            assert!(
                !lines.contains(" \n") && !lines.contains("\t\n"),
                "{result:?}"
            );
            assert!(!lines.contains("\n\n\n"), "{result:?}");
        }
    }
    assert!(result.is_empty() || result.ends_with('\n'), "{result:?}");
}

/// A world in whose reasons neither numbers of lines nor white space are left: they quote the source, and quotes are laid out as the source is. The
/// texts of the program itself are compared as they are.
fn without_quotes(world: &World) -> World {
    let mut world = world.clone();
    for field in world.orbs.iter_mut().flat_map(|orb| &mut orb.fields) {
        for text in [&mut field.reason.text, &mut field.reason.otherwise] {
            *text = without_lines(text);
            text.retain(|c| !c.is_whitespace());
        }
    }
    world
}

/// What there is to tell, with places by pieces, without numbers of lines, and without white space, because it quotes the
/// source.
fn told(places: &Places, diagnostics: &[Diagnostic]) -> Vec<String> {
    let one = |one: &Diagnostic| {
        let mut message = without_lines(&one.message);
        message.retain(|c| !c.is_whitespace());
        let marks = one.secondary.iter().map(|label| places.span(label.span));
        let marks: Vec<_> = marks.collect();
        let place = places.span(one.primary.span);
        format!("{} {message} {place:?} {marks:?}", one.code.id)
    };
    diagnostics.iter().map(one).collect()
}

/// A message in which the number after each `line ` is left out.
fn without_lines(message: &str) -> String {
    let mut parts = message.split("line ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("line ");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn compile(text: &str) -> Unit {
    Unit::compile(
        Source::new("fuzz.hsplus", "fuzz.hsplus", text.as_bytes().to_vec()),
        &mut Lock::default(),
    )
}

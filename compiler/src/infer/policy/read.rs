//! What an option is set to, and what is wrong with it.

use holo_grammar::ast::{Name, Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix, Severity};

use super::table::{Wants, canonical, of_trait};
use crate::infer::rate::shorten;
use crate::infer::{Cx, repair};
use crate::{codes, family};

/// Checks one argument of a trait; what is wrong is told, and the option keeps its default.
pub(super) fn check(cx: &mut Cx<'_>, of: &str, key: &Name, value: &Value) {
    let Some(known) = of_trait(of) else { return };
    match known.iter().find(|(name, _)| *name == canonical(&key.text)) {
        Some((_, wants)) => check_value(cx, key, value, *wants),
        // A handler among the options is code, and no option.
        None if value.kind == ValueKind::Function => {}
        None => unknown(cx, of, key, known),
    }
}

fn unknown(cx: &mut Cx<'_>, of: &str, key: &Name, known: &[(&'static str, Wants)]) {
    let spellings = super::table::SPELLINGS
        .iter()
        .filter(|one| known.iter().any(|(name, _)| *name == canonical(one)));
    let near = known
        .iter()
        .map(|(name, _)| name)
        .chain(spellings)
        .map(|name| (family::distance(&key.text, name), *name))
        .filter(|(distance, name)| *distance <= family::tolerance(name))
        .min();
    let message = format!("`@{of}` has no option `{key}`");
    cx.tell(match near {
        Some((_, near)) => Diagnostic::warning(&codes::OPTION_UNKNOWN, message, key.span)
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`; as it is, it has no effect"))
            .fix(Fix {
                message: format!("write `{near}`"),
                span: key.span,
                replacement: near.to_owned(),
                applicability: Applicability::Unsafe,
            }),
        None => Diagnostic::new(&codes::OPTION_UNKNOWN, Severity::Note, message, key.span)
            .label("kept, without effect")
            .help(format!("`holoc explain @{of}` lists its options")),
    });
}

fn check_value(cx: &mut Cx<'_>, key: &Name, value: &Value, wants: Wants) {
    // What is worked out when the program runs cannot be checked here.
    if matches!(
        value.kind,
        ValueKind::Expr | ValueKind::Call(_) | ValueKind::Function
    ) {
        return;
    }
    let expected = match wants {
        Wants::Any => return,
        Wants::Flag if flag(value).is_some() => return,
        Wants::Flag => "`true` or `false`".to_owned(),
        Wants::FlagOr(words) if flag(value).is_some() || known(value, words) => return,
        Wants::FlagOr(words) => format!("`true`, `false` or one of {}", listed(words)),
        Wants::Word(words) if known(value, words) => return,
        Wants::Word(words) => format!("one of {}", listed(words)),
        Wants::Millis | Wants::Seconds => match time(value, 1.0) {
            Time::Millis(ms) if (0.0..=f64::from(u32::MAX)).contains(&ms) => return,
            Time::Millis(_) => "a time from 0 to 49 days".to_owned(),
            Time::Unit(unit) => return wrong_unit(cx, value, &unit, wants),
            Time::Nonsense => "a time, as in `100ms` or `5s`".to_owned(),
        },
        Wants::Count if count(value).is_some() => return,
        Wants::Count => "a whole number from 0".to_owned(),
        Wants::Number if number(value).is_some() => return,
        Wants::Number => "a number from 0".to_owned(),
        Wants::Text if word(value).is_some() => return,
        Wants::Text => "a text".to_owned(),
    };
    let written = shorten(cx.written(value.span));
    let near = near(value, wants);
    // A word like none of ours may mean something to another tool.
    let foreign = near.is_none() && word(value).is_some() && words_of(wants).is_some();
    let severity = if foreign {
        Severity::Note
    } else {
        Severity::Warning
    };
    let message = format!("`{written}` is no value of `{key}`");
    let mut report = Diagnostic::new(&codes::OPTION_VALUE, severity, message, value.span)
        .label(format!("expected {expected}"))
        .help("as it is, the option keeps its default");
    if let Some(near) = near {
        report.primary.message = format!("did you mean \"{near}\"?");
        report = report.help(format!(
            "expected {expected}; as it is, the option keeps its default"
        ));
        report = report.fix(Fix {
            message: format!("write \"{near}\""),
            span: value.span,
            replacement: format!("\"{near}\""),
            applicability: Applicability::Unsafe,
        });
    }
    cx.tell(report);
}

fn words_of(wants: Wants) -> Option<&'static [&'static str]> {
    match wants {
        Wants::Word(words) | Wants::FlagOr(words) => Some(words),
        _ => None,
    }
}

fn wrong_unit(cx: &mut Cx<'_>, value: &Value, unit: &str, wants: Wants) {
    let warning = Diagnostic::warning(
        &codes::OPTION_UNIT,
        format!("`{unit}` is not a unit of time"),
        value.span,
    )
    .label("expected `ms`, `s`, `min` or `h`")
    .help("write how long, as in `100ms`; as it is, the option keeps its default");
    let written = cx.written(value.span).trim_matches(['"', '\'']);
    let number = written.strip_suffix(unit).map(str::trim_end);
    // The number without its unit would be in these.
    let meant = if wants == Wants::Seconds { "s" } else { "ms" };
    cx.tell(match number {
        Some(number) => {
            let text = format!("{number}{meant}");
            warning.fix(repair::write(value.span, text, Applicability::Unsafe))
        }
        None => warning,
    });
}

fn near(value: &Value, wants: Wants) -> Option<&'static str> {
    let words = words_of(wants)?;
    let written = word(value)?;
    let near = words
        .iter()
        .map(|one| (family::distance(written, one), *one));
    let near = near
        .filter(|(distance, one)| *distance <= family::tolerance(one))
        .min();
    near.map(|(_, one)| one)
}

fn listed(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

fn known(value: &Value, words: &[&str]) -> bool {
    word(value).is_some_and(|word| words.contains(&word))
}

/// A word, in quotes or bare.
pub(super) fn word(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Str(text) => Some(text),
        ValueKind::Path(names) => match names.as_slice() {
            [name] => Some(&name.text),
            _ => None,
        },
        _ => None,
    }
}

/// A truth value.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value.kind {
        ValueKind::Bool(on) => Some(on),
        ValueKind::Null => Some(false),
        _ => None,
    }
}

/// A whole number from 0.
pub(super) fn count(value: &Value) -> Option<u32> {
    match value.kind {
        ValueKind::Int(n) => u32::try_from(n).ok(),
        _ => None,
    }
}

/// A number from 0.
pub(super) fn number(value: &Value) -> Option<f64> {
    let x = match value.kind {
        ValueKind::Int(n) => n as f64,
        ValueKind::Float(x) | ValueKind::Quantity { number: x, .. } => x,
        _ => return None,
    };
    (x.is_finite() && x >= 0.0).then_some(x)
}

/// A time as written.
pub(super) enum Time {
    /// In milliseconds.
    Millis(f64),
    /// A number with a unit that is no time.
    Unit(String),
    /// No time at all.
    Nonsense,
}

/// A time; a bare number is so many milliseconds each.
pub(super) fn time(value: &Value, bare: f64) -> Time {
    match &value.kind {
        ValueKind::Int(n) => Time::Millis(*n as f64 * bare),
        ValueKind::Float(x) => Time::Millis(x * bare),
        ValueKind::Quantity { number, unit } => united(*number, unit),
        ValueKind::Str(text) => {
            let text = text.trim();
            let end = text
                .find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(text.len());
            match (text[..end].parse::<f64>(), text[end..].trim()) {
                (Ok(number), "") => Time::Millis(number * bare),
                (Ok(number), unit) => united(number, unit),
                (Err(_), _) => Time::Nonsense,
            }
        }
        _ => Time::Nonsense,
    }
}

fn united(number: f64, unit: &str) -> Time {
    let each = match unit {
        "ms" => 1.0,
        "s" | "sec" => 1000.0,
        "min" => 60_000.0,
        "h" => 3_600_000.0,
        "d" | "days" => 86_400_000.0,
        _ => return Time::Unit(unit.to_owned()),
    };
    Time::Millis(number * each)
}

/// A time in whole milliseconds, if it is one that fits.
pub(super) fn millis(value: &Value, bare: f64) -> Option<u32> {
    match time(value, bare) {
        // The range is checked, so nothing is cut off.
        Time::Millis(ms) if (0.0..=f64::from(u32::MAX)).contains(&ms) => Some(ms.round() as u32),
        _ => None,
    }
}

//! How often an orb sends: `20hz`, `"20hz"`, `20`, `50ms`, and what is wrong with everything else.

use holo_grammar::ast::{Value, ValueKind};
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use super::Cx;
use super::options::{OptionUse, Options};
use crate::codes;

/// What an orb sends at when nobody says.
const DEFAULT_NETWORKED: f64 = 20.0;
const DEFAULT_SYNCED: f64 = 30.0;

/// The slowest and the fastest rate.
pub(super) const RANGE: std::ops::RangeInclusive<f64> = 1.0..=240.0;

/// A rate as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Written<'a> {
    /// In hertz, whatever the unit was.
    Hertz(f64),
    /// A number without a unit.
    Bare(f64),
    /// A number with a unit that is no rate.
    Unit(f64, &'a str),
    /// No number at all.
    Nonsense,
}

/// The rate in hertz, if the value is one.
pub(super) fn hertz(value: &Value) -> Option<f64> {
    match read(value) {
        Written::Hertz(hz) | Written::Bare(hz) => Some(hz),
        _ => None,
    }
}

/// Whether a value is a frequency or a period, right or wrong, and no mere number.
pub(super) fn is_frequency(value: &Value) -> bool {
    match read(value) {
        Written::Hertz(_) => true,
        Written::Unit(_, unit) => meant(unit) == Some("hz"),
        Written::Bare(_) | Written::Nonsense => false,
    }
}

/// The rate of an orb, with every mistake in it told.
pub(super) fn decide(cx: &mut Cx<'_>, options: &Options<'_>, networked: bool) -> f64 {
    let fallback = options
        .last("syncTier")
        .and_then(tier)
        .unwrap_or(if networked {
            DEFAULT_NETWORKED
        } else {
            DEFAULT_SYNCED
        });
    let mut decided = fallback;
    for used in options.all("rate") {
        decided = check(cx, used).unwrap_or(fallback);
    }
    decided
}

fn tier(used: &OptionUse<'_>) -> Option<f64> {
    let name = match &used.value.kind {
        ValueKind::Str(text) => text.as_str(),
        ValueKind::Path(names) => names.first()?.text.as_str(),
        _ => return None,
    };
    match name {
        "physics" => Some(60.0),
        "movement" => Some(20.0),
        "ai_agent" => Some(5.0),
        "cosmetic" => Some(1.0),
        _ => None,
    }
}

fn check(cx: &mut Cx<'_>, used: &OptionUse<'_>) -> Option<f64> {
    let span = used.value.span;
    let written = cx.written(span);
    let hz = match read(used.value) {
        Written::Hertz(hz) => hz,
        Written::Bare(hz) => {
            if RANGE.contains(&hz) {
                bare(cx, used, hz);
            }
            hz
        }
        Written::Unit(number, unit) => {
            let report = Diagnostic::error(
                &codes::RATE_UNIT,
                format!("`{unit}` is not a unit of a rate here"),
                span,
            )
            .label("expected `hz`, `ms` or `s`")
            .help("write how often a second, as in `20hz`, or the time between two, as in `50ms`");
            cx.tell(match meant(unit) {
                Some(meant) => {
                    report.fix(fix(used, format!("{number}{meant}"), Applicability::Unsafe))
                }
                None => report,
            });
            return None;
        }
        Written::Nonsense => {
            cx.tell(
                Diagnostic::error(
                    &codes::RATE_NOT_A_RATE,
                    format!("`{}` is not a rate", shorten(written)),
                    span,
                )
                .label("expected a number of hertz")
                .help(
                    "write how often a second, as in `20hz`, or the time between two, as in `50ms`",
                ),
            );
            return None;
        }
    };
    if RANGE.contains(&hz) {
        return Some(hz);
    }
    let message = format!("`{written}` is outside the range of a rate");
    let nearest = if hz > *RANGE.end() { "240hz" } else { "1hz" };
    cx.tell(
        Diagnostic::error(&codes::RATE_RANGE, message, span)
            .label("a rate is from 1hz to 240hz")
            .help("to send nothing at all, take the sync traits away")
            .fix(fix(used, nearest.to_owned(), Applicability::Unsafe)),
    );
    None
}

/// The unit that another one stands for, as far as it can be told.
fn meant(unit: &str) -> Option<&'static str> {
    Some(match unit.to_lowercase().as_str() {
        "hertz" | "fps" | "tps" | "ups" => "hz",
        "msec" | "millis" | "millisecond" | "milliseconds" => "ms",
        "sec" | "secs" | "second" | "seconds" => "s",
        unit if unit.ends_with("hz") => "hz",
        _ => return None,
    })
}

fn bare(cx: &mut Cx<'_>, used: &OptionUse<'_>, hz: f64) {
    let fix = fix(used, format!("{hz}hz"), Applicability::Safe);
    // Said once per file: whoever writes one rate without a unit writes them all so.
    if std::mem::replace(&mut cx.bare_rate_told, true) {
        let mut told = cx.diagnostics.iter_mut();
        if let Some(first) = told.find(|one| *one.code == codes::RATE_BARE) {
            let mut known = first.fixes.iter().chain(&first.along);
            if known.all(|one| one.span != fix.span) {
                first.along.push(fix);
            }
        }
        return;
    }
    let warning = Diagnostic::warning(
        &codes::RATE_BARE,
        format!("`{hz}` has no unit and is read as {hz} Hz"),
        used.value.span,
    )
    .label("in hertz")
    .help(format!("write `{hz}hz`"))
    .fix(fix);
    cx.tell(warning);
}

fn fix(used: &OptionUse<'_>, replacement: String, applicability: Applicability) -> Fix {
    Fix {
        message: format!("write `{replacement}`"),
        span: used.value.span,
        replacement,
        applicability,
    }
}

fn read(value: &Value) -> Written<'_> {
    match &value.kind {
        ValueKind::Int(number) => Written::Bare(*number as f64),
        ValueKind::Float(number) => Written::Bare(*number),
        ValueKind::Quantity { number, unit } => quantity(*number, unit),
        ValueKind::Str(text) => {
            let text = text.trim();
            let digits = text
                .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
                .unwrap_or(text.len());
            match text[..digits].parse() {
                Ok(number) => quantity(number, text[digits..].trim()),
                Err(_) => Written::Nonsense,
            }
        }
        _ => Written::Nonsense,
    }
}

fn quantity(number: f64, unit: &str) -> Written<'_> {
    match unit.to_ascii_lowercase().as_str() {
        "" => Written::Bare(number),
        "hz" => Written::Hertz(number),
        // A period of nothing is a rate beyond every bound, which the range then says.
        "ms" => Written::Hertz(1000.0 / number),
        "s" => Written::Hertz(1.0 / number),
        _ => Written::Unit(number, unit),
    }
}

/// The start of a text that may be long, on one line. Where it ends does not depend on how the text is laid out.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if count == LONGEST {
                out.truncate(out.trim_end().len());
                out.push('…');
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}

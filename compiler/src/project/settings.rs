//! What `holo.toml` says, and everything that can be wrong with it.
//!
//! Text in, settings and diagnostics out. What the settings do is for the parent module and the commands.

use std::collections::BTreeMap;
use std::ops::Range;

use holo_grammar::ast::Span;
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::levels::Level;
use crate::{codes, family};

/// Every table and its keys.
pub const KEYS: &[(&str, &[&str])] = &[
    ("project", &["root"]),
    ("build", &["src", "out", "lock"]),
    ("check", &["allow", "warn", "deny"]),
    ("limits", &["shown"]),
];

/// How many diagnostics a person may ask to be shown.
const SHOWN: std::ops::RangeInclusive<usize> = 1..=10_000;

/// What the file says; all paths as they are written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What paths are relative to, from the folder of the file.
    pub root: Option<String>,
    /// The sources.
    pub src: Vec<String>,
    /// Where Rust is written.
    pub out: Option<String>,
    /// Where the lock is.
    pub lock: Option<String>,
    /// How many diagnostics a person is shown.
    pub shown: Option<usize>,
    /// Codes that count for more or less than usual.
    pub levels: BTreeMap<&'static str, Level>,
}

impl Settings {
    /// Reads the file, and says what is wrong with it.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader::default();
        match DeTable::parse(text) {
            Ok(table) => reader.file(table.get_ref()),
            Err(error) => {
                let message = error.message().lines().next().unwrap_or_default();
                let at = error.span().unwrap_or_default();
                reader.wrong(format!("this is no TOML: {message}"), at, |told| told);
            }
        }
        (reader.settings, reader.told)
    }
}

/// The settings while they are read.
#[derive(Debug, Default)]
struct Reader {
    settings: Settings,
    told: Vec<Diagnostic>,
}

impl Reader {
    fn file(&mut self, table: &DeTable<'_>) {
        let tables: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
        for (name, value) in table {
            let Some((_, keys)) = KEYS.iter().find(|(known, _)| *known == name.get_ref()) else {
                self.unknown("table", name, &tables);
                continue;
            };
            let Some(entries) = value.get_ref().as_table() else {
                self.expected("a table", value);
                continue;
            };
            for (key, value) in entries {
                if keys.contains(&key.get_ref().as_ref()) {
                    self.entry(key.get_ref(), value);
                } else {
                    self.unknown("key", key, keys);
                }
            }
        }
        self.told.sort_by_key(|one| one.primary.span);
    }

    fn entry(&mut self, key: &str, value: &Spanned<DeValue<'_>>) {
        match key {
            "root" => self.settings.root = self.text(value),
            "out" => self.settings.out = self.text(value),
            "lock" => self.settings.lock = self.text(value),
            "src" => {
                self.settings.src = self
                    .texts(value)
                    .into_iter()
                    .map(|(text, _)| text)
                    .collect()
            }
            "allow" => self.level(Level::Allow, value),
            "warn" => self.level(Level::Warn, value),
            "deny" => self.level(Level::Deny, value),
            "shown" => self.settings.shown = self.shown(value),
            _ => {}
        }
    }

    /// A path: any text but an empty one.
    fn text(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.expected("a path in quotes", value);
        }
        text.map(str::to_owned)
    }

    /// A list of texts, or a single one.
    fn texts(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<(String, Range<usize>)> {
        let all: Vec<&Spanned<DeValue<'_>>> = match value.get_ref().as_array() {
            Some(list) => list.iter().collect(),
            None => vec![value],
        };
        let mut texts = Vec::with_capacity(all.len());
        for one in all {
            match one.get_ref().as_str().filter(|text| !text.is_empty()) {
                Some(text) => texts.push((text.to_owned(), one.span())),
                None => self.expected("a list of texts, as in `[\"world\"]`", one),
            }
        }
        texts
    }

    fn level(&mut self, level: Level, value: &Spanned<DeValue<'_>>) {
        for (text, at) in self.texts(value) {
            let Some(code) = codes::all().find(|code| code.id == text) else {
                let near = codes::all()
                    .map(|code| (family::distance(code.id, &text.to_uppercase()), code.id))
                    .filter(|(distance, _)| *distance <= 1)
                    .min();
                self.wrong(format!("there is no code `{text}`"), at.clone(), |told| {
                    let told = told.help("`holoc explain` lists all codes");
                    match near {
                        Some((_, near)) => meant(told, near, format!("\"{near}\""), at),
                        None => told,
                    }
                });
                continue;
            };
            let before = self.settings.levels.insert(code.id, level);
            if before.is_some_and(|before| before != level) {
                self.wrong(format!("`{text}` stands in two lists"), at, |told| {
                    told.help("keep one of the two")
                });
            }
        }
    }

    fn shown(&mut self, value: &Spanned<DeValue<'_>>) -> Option<usize> {
        let integer = value.get_ref().as_integer();
        let number = integer.and_then(|one| usize::from_str_radix(one.as_str(), one.radix()).ok());
        let number = number.filter(|number| SHOWN.contains(number));
        if number.is_none() {
            self.expected("a whole number from 1 to 10000", value);
        }
        number
    }

    fn unknown<T: AsRef<str>>(&mut self, what: &str, name: &Spanned<T>, known: &[&str]) {
        let written = name.get_ref().as_ref();
        let near = known
            .iter()
            .map(|known| (family::distance(&written.to_lowercase(), known), *known))
            .filter(|(distance, known)| *distance <= family::tolerance(known))
            .min();
        let list: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
        self.wrong(
            format!("there is no {what} `{written}`"),
            name.span(),
            |told| {
                let told = told.help(format!("known here: {}", list.join(", ")));
                match near {
                    Some((_, near)) => meant(told, near, near.to_owned(), name.span()),
                    None => told.label("unknown"),
                }
            },
        );
    }

    fn expected(&mut self, what: &str, value: &Spanned<DeValue<'_>>) {
        let found = value.get_ref().type_str();
        self.wrong(format!("expected {what}"), value.span(), |told| {
            told.label(format!("found this {found}"))
                .help("`docs/project.md` says what each key holds")
        });
    }

    fn wrong(
        &mut self,
        message: String,
        at: Range<usize>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let told = Diagnostic::error(&codes::SETTING_WRONG, message, span(at));
        self.told.push(more(told));
    }
}

/// Adds what was probably meant.
fn meant(told: Diagnostic, near: &str, replacement: String, at: Range<usize>) -> Diagnostic {
    told.label(format!("did you mean `{near}`?")).fix(Fix {
        message: format!("write `{near}`"),
        span: span(at),
        replacement,
        applicability: Applicability::Unsafe,
    })
}

fn span(at: Range<usize>) -> Span {
    let end = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(end(at.start), end(at.end))
}

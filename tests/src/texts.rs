//! Texts to try laws on: sources that people wrote, random programs, and both with random damage.
//!
//! What belongs here: making bytes from a seed. What never will: what must hold for them, which `crate::laws` says.

use camino::{Utf8Path, Utf8PathBuf};

use crate::fixtures::here;
use crate::programs::program;
use crate::rng::Rng;

/// Words and marks that the language is made of; the fuzz targets take them as their dictionary.
pub const DICTIONARY: &str = include_str!("../../fuzz/hsplus.dict");

/// How much of a source is used, so that a run gets through many.
const LONGEST: usize = 4_000;

/// Sources and words from which texts are made.
#[derive(Debug)]
pub struct Texts {
    sources: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
}

impl Texts {
    /// The fixtures of this project, the public corpus if it is there, and a few random programs.
    #[must_use]
    pub fn read() -> Self {
        let folders = [
            "fixtures",
            "../examples",
            "../compiler/tests/fixtures",
            "../compiler/tests/format",
            "../compiler/tests/it",
            "../../shared/corpus",
        ];
        let files = folders.iter().flat_map(|folder| sources(&here(folder)));
        let mut sources: Vec<Vec<u8>> = files.filter_map(|path| std::fs::read(path).ok()).collect();
        sources.extend((0..50).map(|seed| program(seed).into_bytes()));
        Self {
            sources,
            words: words(DICTIONARY),
        }
    }

    /// The text of a seed.
    #[must_use]
    pub fn text(&self, seed: u64) -> Vec<u8> {
        let mut rng = Rng::new(seed);
        let mut text = match rng.below(8) {
            0 => self.soup(&mut rng),
            1 => program(rng.bits()).into_bytes(),
            _ => self.part(&mut rng),
        };
        for _ in 0..rng.below(8) {
            self.damage(&mut text, &mut rng);
        }
        text
    }

    /// Nothing but words.
    fn soup(&self, rng: &mut Rng) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..rng.below(120) {
            text.extend(rng.pick(&self.words));
            text.extend(rng.pick(&[" ", "\n", "", "\n  "]).bytes());
        }
        text
    }

    /// A piece of a source.
    fn part(&self, rng: &mut Rng) -> Vec<u8> {
        let source = rng.pick(&self.sources);
        let from = if source.len() > LONGEST {
            rng.below(source.len() - LONGEST)
        } else {
            0
        };
        source[from..source.len().min(from + LONGEST)].to_vec()
    }

    /// One change: something cut, copied, put in, put over, or another source spliced in.
    fn damage(&self, text: &mut Vec<u8>, rng: &mut Rng) {
        let at = rng.below(text.len() + 1);
        let until = (at + rng.below(40)).min(text.len());
        let word = rng.pick(&self.words);
        match rng.below(8) {
            0 => drop(text.drain(at..until)),
            1 | 2 => drop(text.splice(at..at, word.iter().copied())),
            3 => drop(text.splice(at..until, word.iter().copied())),
            4 => {
                let copied = text[at..until].to_vec();
                let to = rng.below(text.len() + 1);
                text.splice(to..to, copied);
            }
            5 if at < text.len() => text[at] = rng.below(256) as u8,
            6 => {
                let blank = *rng.pick(&[" ", "\n", "\n\n", "\t", "\r\n", "\u{a0}", "      "]);
                text.splice(at..at, blank.bytes());
            }
            _ => {
                let mut other = self.part(rng);
                other.truncate(1 + rng.below(200));
                text.splice(at..at, other);
            }
        }
    }
}

/// The entries of a dictionary in the form of AFL: `"…"` a line, with `\"`, `\\` and `\xNN`.
fn words(dictionary: &str) -> Vec<Vec<u8>> {
    let quoted = dictionary
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescape).collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        match escaped {
            None => out.push(byte),
            Some(b'x') => {
                let digits = [rest.next(), rest.next()].map(Option::unwrap_or_default);
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                out.extend(u8::from_str_radix(digits, 16));
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// All sources below a folder; none if there is no such folder.
#[must_use]
pub fn sources(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries {
        let path = entry.into_path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension() == Some("hsplus") {
            found.push(path);
        }
    }
    found.sort();
    found
}

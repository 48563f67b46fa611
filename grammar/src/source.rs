//! Bytes to text: encodings, limits and the line index.
//!
//! What belongs here: what can be said about a file before it is read as a language. What never will: file access, and
//! anything that knows a token.

use crate::ast::Span;
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix};

/// The largest source that is read, in bytes.
pub const MAX_SOURCE_BYTES: usize = 16 * 1024 * 1024;

/// One file: its name, its text and where its lines begin.
///
/// All spans refer to [`SourceFile::text`], from which a byte order mark is dropped, in which bytes that are no UTF-8 are
/// U+FFFD, and in which a carriage return that stands alone is a line feed.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    lines: Vec<u32>,
    /// How many characters begin before each block of [`BLOCK`] bytes, so that a column in a long line is quickly found.
    blocks: Vec<u32>,
}

/// The size of a block of text whose characters are counted once.
const BLOCK: usize = 1024;

impl SourceFile {
    /// Reads bytes as UTF-8. Always gives a file; what could not be read is in the diagnostics.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> (Self, Vec<Diagnostic>) {
        let name = name.into();
        if bytes.len() > MAX_SOURCE_BYTES {
            return (
                Self::from_text(name, String::new()),
                vec![too_large(bytes.len())],
            );
        }
        if let Some(encoding) = wide_encoding(&bytes) {
            let report = Diagnostic::error(
                &codes::WIDE_ENCODING,
                format!("this file is {encoding}; HoloScript is read as UTF-8"),
                Span::default(),
            )
            .label("nothing of it is read")
            .help("save the file as UTF-8");
            return (Self::from_text(name, String::new()), vec![report]);
        }
        let mut reports = Vec::new();
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                // Every byte before the bad one is kept as it is, so its offset holds in the repaired text too.
                let offset = error.utf8_error().valid_up_to();
                reports.push((
                    offset,
                    error.as_bytes().get(offset).copied().unwrap_or_default(),
                ));
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }
        };
        let mark = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        text.drain(..mark);
        let mut diagnostics: Vec<_> = reports
            .into_iter()
            .map(|(offset, byte)| not_utf8(offset, mark, byte))
            .collect();
        diagnostics.extend(nul_byte(&text));
        (Self::from_text(name, text), diagnostics)
    }

    /// A file of text that is known to be good, as from an editor.
    #[must_use]
    pub fn from_text(name: impl Into<String>, text: String) -> Self {
        let text = break_lines(text);
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let mut before = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let here = before;
            before += starts(block);
            here
        });
        let mut blocks: Vec<u32> = blocks.collect();
        blocks.push(before);
        Self {
            name: name.into(),
            text,
            lines,
            blocks,
        }
    }

    /// How many characters begin before an offset.
    fn characters(&self, offset: usize) -> u32 {
        let block = offset / BLOCK;
        self.blocks[block] + starts(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// The name it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text that spans refer to.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset, both from 1; a column is a Unicode character.
    ///
    /// An offset inside a character counts as the start of it, one past the end as the end.
    #[must_use]
    pub fn line_col(&self, offset: u32) -> (u32, u32) {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self
            .lines
            .partition_point(|start| *start as usize <= offset);
        let start = self.lines[line - 1] as usize;
        let column = self.characters(offset) - self.characters(start) + 1;
        (line as u32, column)
    }

    /// The span of a line counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<Span> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.lines.get(index)?;
        let end = self
            .lines
            .get(index + 1)
            .map_or(self.text.len(), |next| *next as usize - 1);
        let text = self.text[start as usize..end].trim_end_matches('\r');
        Some(Span::new(start, start + text.len() as u32))
    }

    /// How many lines there are; an empty file has one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }
}

/// Makes a line break of each carriage return that stands alone, as old editors wrote it. No byte moves.
fn break_lines(text: String) -> String {
    let bytes = text.as_bytes();
    let alone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(alone) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in (0..bytes.len()).filter(|at| alone(*at)) {
        out.push_str(&text[from..at]);
        out.push('\n');
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out
}

/// How many characters begin in some bytes of UTF-8.
fn starts(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .filter(|byte| **byte & 0b1100_0000 != 0b1000_0000)
        .count() as u32
}

/// The report on a source beyond the limit.
pub(crate) fn too_large(bytes: usize) -> Diagnostic {
    Diagnostic::error(
        &codes::TOO_LARGE,
        format!("this file has {bytes} bytes; at most {MAX_SOURCE_BYTES} are read"),
        Span::default(),
    )
    .help("split it into several files and import them")
}

fn not_utf8(offset: usize, mark: usize, byte: u8) -> Diagnostic {
    let start = offset.saturating_sub(mark) as u32;
    Diagnostic::error(
        &codes::NOT_UTF8,
        format!("the byte 0x{byte:02X} at offset {offset} is not valid UTF-8"),
        Span::new(start, start + '\u{fffd}'.len_utf8() as u32),
    )
    .label("the first bad byte")
    .help("save the file as UTF-8")
}

fn nul_byte(text: &str) -> Option<Diagnostic> {
    let start = text.find('\0')? as u32;
    let span = Span::new(start, start + 1);
    let fix = Fix {
        message: "remove it".into(),
        span,
        replacement: String::new(),
        applicability: Applicability::Unsafe,
    };
    Some(
        Diagnostic::error(
            &codes::NUL_BYTE,
            "a NUL byte cannot stand in a source",
            span,
        )
        .label("the first NUL byte")
        .help("look whether this is a text at all; then remove the byte")
        .fix(fix),
    )
}

/// Tells UTF-16 and UTF-32 by their mark, and unmarked UTF-16 by its zero bytes.
fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some("UTF-16"),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(64)];
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let half = head.len() / 2;
    (half >= 4 && (zeros(0) == half || zeros(1) == half) && zeros(0) != zeros(1))
        .then_some("UTF-16")
}

//! Lays a source out: text to text, changing nothing but the white space between tokens and comments.
//!
//! What belongs here: indentation, blank lines and the few spaces that have one right number. What never will: files, the
//! order of anything, where a line ends, what a token says.
//!
//! Rules:
//! - A line begins two spaces further in than the line on which the bracket around it opens. Items begin exactly there; a
//!   line that goes on with an item, and code, keep what they stand further in than that.
//! - At most one blank line in a row, none after an opening bracket or before a closing one.
//! - `key: value`, `name {`, and in the blocks of nodes `{ a: 1 }`. All other spaces within a line are the author's.
//! - A comment behind something stays in its column as far as there is room.
//! - White space at the end of a line goes; the file ends with a line break. Line breaks are `\n`, or `\r\n` where the
//!   whole file has them.
//! - The inside of strings, templates and comments stays as it is; but for `/** … */` whose lines begin with `*`, which
//!   are moved along, and for line breaks.
//! - White space that is not plain (`\u{a0}`, `\f`) stays where it is.
//!
//! | file | |
//! |---|---|
//! | `marks.rs` | what the tree says about layout |
//! | `indent.rs` | how far in a line begins |
//! | `write.rs` | the text |

mod indent;
mod marks;
mod write;

use holo_grammar::diagnostic::{Diagnostic, Severity};
use holo_grammar::{MAX_SOURCE_BYTES, Parsed, Piece, PieceKind, parse, pieces};

use marks::Marks;

/// Why a text is left as it is.
#[derive(Debug)]
pub enum Refusal {
    /// It has mistakes, and what cannot be read cannot be laid out.
    Mistakes(Vec<Diagnostic>),
    /// Laid out, it would be larger than a source may be.
    TooLarge,
    /// Laid out, it would not say the same: a mistake of the formatter, found before anything was lost.
    Changed,
}

/// Lays a text out.
///
/// # Errors
/// When the text has mistakes, or when the result would not say the same; then the text is to be left alone.
pub fn format(text: &str) -> Result<String, Refusal> {
    let parsed = parse(text);
    let is_wrong = |one: &Diagnostic| one.severity == Severity::Error;
    if parsed.diagnostics.iter().any(is_wrong) {
        return Err(Refusal::Mistakes(parsed.diagnostics));
    }
    let before = Layout::new(text, &parsed).ok_or(Refusal::Changed)?;
    drop(parsed);
    let result = write::write(text, &before.pieces, &before.pairs, &before.marks);
    if result == text {
        return Ok(result);
    }
    if result.len() > MAX_SOURCE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let after = Layout::new(&result, &parse(&result));
    if after.is_some_and(|after| before.says_the_same(&after)) {
        Ok(result)
    } else {
        Err(Refusal::Changed)
    }
}

/// A text as the formatter sees it.
struct Layout<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    /// For each bracket the index of its partner.
    pairs: Vec<usize>,
    marks: Marks,
    /// The codes of what there is to tell, with their places.
    told: Vec<(&'static str, u32)>,
}

impl<'t> Layout<'t> {
    /// Nothing if some bracket has no partner, which no text without mistakes has.
    fn new(text: &'t str, parsed: &Parsed) -> Option<Self> {
        let pieces = pieces(text);
        let pairs = indent::pairs(text, &pieces)?;
        let marks = Marks::new(text, &pieces, &pairs, &parsed.file);
        let told = parsed
            .diagnostics
            .iter()
            .map(|one| (one.code.id, one.primary.span.start))
            .collect();
        Some(Self {
            text,
            pieces,
            pairs,
            marks,
            told,
        })
    }

    /// Whether two texts have the same pieces on the same lines, read in the same way.
    fn says_the_same(&self, other: &Self) -> bool {
        self.pieces.len() == other.pieces.len()
            && (0..self.pieces.len()).all(|at| self.is_same_piece(other, at))
            && self.marks.places(&self.pieces) == other.marks.places(&other.pieces)
            && self.told_places() == other.told_places()
    }

    fn is_same_piece(&self, other: &Self, at: usize) -> bool {
        let (one, two) = (self.pieces[at], other.pieces[at]);
        let (a, b) = (&self.text[one.span.range()], &other.text[two.span.range()]);
        let same = if one.kind == PieceKind::Comment {
            a.lines().map(str::trim).eq(b.lines().map(str::trim))
        } else {
            a == b
        };
        same && one.kind == two.kind && self.begins_line(at) == other.begins_line(at)
    }

    fn begins_line(&self, at: usize) -> bool {
        let end = at
            .checked_sub(1)
            .map_or(0, |before| self.pieces[before].span.end);
        let gap = &self.text[end as usize..self.pieces[at].span.start as usize];
        at == 0 || gap.contains('\n')
    }

    fn told_places(&self) -> Vec<(&'static str, u32)> {
        let place = |(code, start): &(&'static str, u32)| {
            let at = self.pieces.partition_point(|one| one.span.start < *start);
            (*code, at as u32)
        };
        self.told.iter().map(place).collect()
    }
}

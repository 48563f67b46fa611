//! The text: pieces as they were, white space between them as it should be.
//!
//! What belongs here: line breaks, blank lines and spaces within a line. What never will: where a line begins
//! (`indent.rs`), what a piece means (`marks.rs`).

use holo_grammar::{Piece, PieceKind};

use super::indent::{Indent, Start, is_marked};
use super::marks::Marks;

/// How wide a tab counts before a comment that keeps its column.
const TAB: usize = 4;

/// Writes the pieces of a text anew.
pub(super) fn write(text: &str, pieces: &[Piece], pairs: &[usize], marks: &Marks) -> String {
    let mut writer = Writer {
        text,
        pieces,
        pairs,
        marks,
        line_break: line_break(text),
        out: String::with_capacity(text.len() + text.len() / 8),
        begun: 0,
        indent: Indent::new(text, pieces, marks),
        line: Line::default(),
        key: None,
        heads: 0,
    };
    for at in 0..pieces.len() {
        writer.piece(at);
    }
    writer.end();
    writer.out
}

/// `\r\n` where the whole text has it.
fn line_break(text: &str) -> &'static str {
    let mut breaks = text.match_indices('\n').map(|(at, _)| at).peekable();
    let windows = |at: usize| at > 0 && text.as_bytes()[at - 1] == b'\r';
    if breaks.peek().is_some() && breaks.all(windows) {
        "\r\n"
    } else {
        "\n"
    }
}

/// The line that is being written.
#[derive(Clone, Copy, Default)]
struct Line {
    /// How far in it begins.
    column: u32,
    /// How far in it began.
    before: u32,
    /// How many characters were written behind that.
    written: usize,
    /// How many there were.
    had: usize,
}

struct Writer<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    pairs: &'a [usize],
    marks: &'a Marks,
    line_break: &'static str,
    out: String,
    /// Where its last line begins.
    begun: usize,
    indent: Indent<'a>,
    line: Line,
    /// The key that was written last and the byte of its line at which it stands.
    key: Option<(usize, u32)>,
    /// How many heads of nodes lie before this place.
    heads: usize,
}

impl<'a> Writer<'a> {
    fn piece(&mut self, at: usize) {
        let piece = self.pieces[at];
        let gap = self.gap(at);
        if at == 0 || gap.contains('\n') {
            self.begin_line(at, gap);
        } else {
            let spaces = self.spaces(at, gap);
            self.line.had += gap.chars().count();
            self.line.written += spaces.chars().count();
            self.push(&spaces);
        }
        if is_marked(&self.marks.keys, piece) {
            self.key = Some((at, self.byte_column()));
        }
        self.copy(at);
        self.indent.step(at, self.line.column, self.line.before);
    }

    /// The white space before a piece.
    fn gap(&self, at: usize) -> &'a str {
        let end = at
            .checked_sub(1)
            .map_or(0, |before| self.pieces[before].span.end);
        &self.text[end as usize..self.pieces[at].span.start as usize]
    }

    fn show(&self, at: usize) -> &'a str {
        &self.text[self.pieces[at].span.range()]
    }

    fn begin_line(&mut self, at: usize, gap: &str) {
        let start = Start::of(gap);
        let mut column = self.indent.line(start, self.head(at));
        if is_marked(&self.marks.below, self.pieces[at])
            && let Some((_, key)) = self.key
            && !start.fixed
        {
            column = column.max(key + 1);
        }
        if is_plain(gap) {
            self.breaks(at, gap.matches('\n').count());
            self.indent_by(column as usize);
        } else {
            // Only the line itself counts for where it begins; what is odd may stand on those before it.
            match gap.rsplit_once('\n') {
                Some((before, here)) if is_plain(here) => {
                    self.verbatim(before);
                    self.push(self.line_break);
                    self.indent_by(column as usize);
                }
                _ => self.verbatim(gap),
            }
        }
        self.line = Line {
            column,
            before: start.column,
            ..Line::default()
        };
    }

    /// The first token in the line that a piece begins, if there is more in it than comments.
    fn head(&self, first: usize) -> Option<usize> {
        let rest = first..self.pieces.len();
        rest.take_while(|at| *at == first || !self.gap(*at).contains('\n'))
            .find(|at| self.pieces[*at].kind != PieceKind::Comment)
    }

    fn breaks(&mut self, at: usize, breaks: usize) {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        let edge =
            self.pieces[before].kind == PieceKind::Open || self.pieces[at].kind == PieceKind::Close;
        self.push(self.line_break);
        if breaks > 1 && !edge {
            self.push(self.line_break);
        }
    }

    /// The spaces between a piece and the one before it on its line.
    fn spaces(&mut self, at: usize, gap: &'a str) -> std::borrow::Cow<'a, str> {
        let before = at - 1;
        let (piece, last) = (self.pieces[at], self.pieces[before]);
        let one = if self.may_part(at) { " " } else { gap };
        if !is_plain(gap) {
            return gap.into();
        }
        if self.ends_line(at) && self.may_part(at) {
            return " ".repeat(self.to_column(gap)).into();
        }
        if self.is_colon(at) && last.kind != PieceKind::Comment {
            return "".into();
        }
        if self.is_colon(before) || is_marked(&self.marks.braces, piece) {
            return one.into();
        }
        let opens = is_marked(&self.marks.blocks, last);
        let closes = piece.kind == PieceKind::Close
            && is_marked(&self.marks.blocks, self.pieces[self.pairs[at]]);
        if opens && self.pairs[before] == at {
            return "".into();
        }
        if opens || closes || !gap.is_empty() && self.in_head(piece) {
            return one.into();
        }
        gap.into()
    }

    /// Whether a space may stand before a piece without making something else of it.
    fn may_part(&self, at: usize) -> bool {
        let comment = self.pieces[at].kind == PieceKind::Comment;
        let glued = self.gap(at).is_empty();
        let text = self.show(at);
        let before = self.show(at - 1);
        // With a space, `#` and `//` may begin a comment; a `$` takes the brace as its own.
        let risky = text == "#" || text.starts_with("//") || before.ends_with('$');
        !glued || before != "#" && (comment || !risky)
    }

    /// Whether a piece is a comment with nothing behind it on its line.
    fn ends_line(&self, at: usize) -> bool {
        let last = at + 1 == self.pieces.len() || self.gap(at + 1).contains('\n');
        last && self.pieces[at].kind == PieceKind::Comment
    }

    /// How many spaces keep a comment in its column.
    fn to_column(&self, gap: &str) -> usize {
        let width = |c| if c == '\t' { TAB } else { 1 };
        let column = self.line.had + gap.chars().map(width).sum::<usize>();
        column.saturating_sub(self.line.written).max(1)
    }

    /// Whether a piece is the colon behind a key.
    fn is_colon(&self, at: usize) -> bool {
        let Some((key, _)) = self.key else {
            return false;
        };
        let asks = || at == key + 2 && self.show(key + 1) == "?";
        (at == key + 1 || asks()) && self.show(at) == ":"
    }

    fn in_head(&mut self, piece: Piece) -> bool {
        let (heads, start) = (&self.marks.heads, piece.span.start);
        while heads.get(self.heads).is_some_and(|head| head.1 < start) {
            self.heads += 1;
        }
        heads.get(self.heads).is_some_and(|head| head.0 < start)
    }

    fn byte_column(&self) -> u32 {
        (self.out.len() - self.begun) as u32
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        if let Some(at) = text.rfind('\n') {
            self.begun = self.out.len() - (text.len() - at - 1);
        }
    }

    fn indent_by(&mut self, column: usize) {
        self.out.extend(std::iter::repeat_n(' ', column));
    }

    fn copy(&mut self, at: usize) {
        let (piece, text) = (self.pieces[at], self.show(at));
        let first = self.line.had == 0;
        if piece.kind == PieceKind::Comment {
            self.comment(text, first);
        } else {
            self.push(text);
        }
        let width = text.rsplit('\n').next().unwrap_or_default();
        let width = width.chars().count();
        if text.contains('\n') {
            (self.line.written, self.line.had) = (width, width);
        } else {
            self.line.written += width;
            self.line.had += width;
        }
    }

    /// A comment; one whose lines begin with `*` is moved along with its first line.
    fn comment(&mut self, text: &str, first: bool) {
        let mut lines = text.split('\n');
        let starred = first
            && lines
                .by_ref()
                .skip(1)
                .all(|line| line.trim_start().starts_with('*'));
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if index > 0 {
                self.push(self.line_break);
            }
            if index > 0 && starred {
                let column = self.line.column as usize + 1;
                self.indent_by(column);
                self.push(trim_plain(line.trim_start()));
            } else if starred || !text.starts_with("/*") {
                self.push(trim_plain(line));
            } else {
                self.push(line);
            }
        }
    }

    /// White space that is not plain, but for its line breaks.
    fn verbatim(&mut self, gap: &str) {
        for (index, line) in gap.split('\n').enumerate() {
            if index > 0 {
                self.push(self.line_break);
            }
            self.push(line.trim_end_matches('\r'));
        }
    }

    fn end(&mut self) {
        let end = self.pieces.last().map_or(0, |last| last.span.end);
        let rest = &self.text[end as usize..];
        if !is_plain(rest) {
            self.verbatim(rest);
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.push(self.line_break);
        }
    }
}

/// Whether white space is nothing but spaces, tabs and line breaks.
fn is_plain(gap: &str) -> bool {
    gap.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

fn trim_plain(line: &str) -> &str {
    line.trim_end_matches([' ', '\t', '\r'])
}

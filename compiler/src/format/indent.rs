//! How far in a line begins.
//!
//! What belongs here: groups of brackets, and what the lines in them are measured from. What never will: spaces within a
//! line.

use std::cmp::Ordering;

use holo_grammar::{Piece, PieceKind};

use super::marks::Marks;

/// How much further in the inside of a group begins.
const STEP: u32 = 2;

/// No line begins further in than this, so that a small text cannot grow without bound.
const FURTHEST: u32 = 120;

/// How wide a tab counts where a line keeps what it stands further in.
const TAB: u32 = 2;

/// For each piece that is a bracket, the index of its partner; nothing if some bracket has none.
pub(super) fn pairs(text: &str, pieces: &[Piece]) -> Option<Vec<usize>> {
    let mut partner = vec![0; pieces.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            PieceKind::Open => open.push(at),
            PieceKind::Close => {
                let opener = open.pop()?;
                let [left, right] = [pieces[opener], *piece].map(|one| &text[one.span.range()]);
                if !is_pair(left, right) {
                    return None;
                }
                partner[opener] = at;
                partner[at] = opener;
            }
            _ => {}
        }
    }
    open.is_empty().then_some(partner)
}

/// Whether two brackets are of one shape. In code, those of wide scripts are brackets too.
fn is_pair(left: &str, right: &str) -> bool {
    matches!(
        (left, right),
        ("(" | "\u{ff08}", ")" | "\u{ff09}")
            | ("[" | "\u{ff3b}", "]" | "\u{ff3d}")
            | ("{" | "\u{ff5b}", "}" | "\u{ff5d}")
    )
}

/// What stands before the first piece of a line.
#[derive(Clone, Copy)]
pub(super) struct Start {
    /// How far in it begins now.
    pub(super) column: u32,
    /// There is something but blanks, so that it stays as it is.
    pub(super) fixed: bool,
}

impl Start {
    /// Reads the white space between the piece before and the first of the line.
    pub(super) fn of(gap: &str) -> Self {
        let width = |c| if c == '\t' { TAB } else { u32::from(c != '\r') };
        let blanks = gap.rsplit('\n').next().unwrap_or_default();
        Self {
            column: blanks.chars().map(width).sum(),
            fixed: blanks.contains(|c| !matches!(c, ' ' | '\t' | '\r')),
        }
    }
}

/// What lines in a group are measured from.
struct Group {
    /// Its lines begin here.
    inside: u32,
    /// The line of its opener begins here.
    outside: u32,
    /// It holds items; otherwise code or something else that is kept as it is.
    has_items: bool,
    /// How far in the line stood, before, that the lines which go on with it are measured from.
    from: Option<u32>,
}

/// What was found out about a group before the first line is written.
#[derive(Clone, Copy, Default)]
struct Known {
    has_items: bool,
    first_token: Option<u32>,
    first_comment: Option<u32>,
}

/// The groups around the place that has been reached.
pub(super) struct Indent<'a> {
    pieces: &'a [Piece],
    /// By the index of the opener, and the file itself at the end.
    known: Vec<Known>,
    open: Vec<Group>,
    marks: &'a Marks,
}

impl<'a> Indent<'a> {
    /// At the start of a text.
    pub(super) fn new(text: &str, pieces: &'a [Piece], marks: &'a Marks) -> Self {
        let known = survey(text, pieces, marks);
        let file = Group {
            inside: 0,
            outside: 0,
            has_items: known[pieces.len()].has_items,
            from: known[pieces.len()].first(),
        };
        Self {
            pieces,
            known,
            open: vec![file],
            marks,
        }
    }

    /// Where a line begins; `head` is its first token, if there is more in it than comments.
    pub(super) fn line(&mut self, start: Start, head: Option<usize>) -> u32 {
        let is_item = head.is_some_and(|head| is_marked(&self.marks.items, self.pieces[head]));
        let closes = head.is_some_and(|head| self.pieces[head].kind == PieceKind::Close);
        let Some(group) = self.open.last_mut() else {
            return start.column;
        };
        let column = if closes {
            group.outside
        } else if group.has_items && (is_item || head.is_none()) {
            if is_item && !start.fixed {
                group.from = Some(start.column);
            }
            group.inside
        } else {
            let from = group.from.unwrap_or(start.column);
            group
                .inside
                .saturating_add(start.column.saturating_sub(from))
        };
        if start.fixed {
            start.column
        } else {
            column.min(FURTHEST)
        }
    }

    /// Steps over a piece on a line that begins at a column, and began at another one before.
    pub(super) fn step(&mut self, at: usize, line: u32, before: u32) {
        match self.pieces[at].kind {
            PieceKind::Open => {
                let known = self.known[at];
                let from = if known.has_items {
                    Some(before.saturating_add(STEP))
                } else {
                    known.first()
                };
                self.open.push(Group {
                    inside: line.saturating_add(STEP).min(FURTHEST),
                    outside: line,
                    has_items: known.has_items,
                    from,
                });
            }
            PieceKind::Close if self.open.len() > 1 => drop(self.open.pop()),
            _ => {}
        }
    }
}

impl Known {
    fn first(self) -> Option<u32> {
        self.first_token.or(self.first_comment)
    }
}

/// Whether a piece begins at a mark.
pub(super) fn is_marked(marks: &[u32], piece: Piece) -> bool {
    marks.binary_search(&piece.span.start).is_ok()
}

/// Which groups hold items, and how far in their first lines stand.
fn survey(text: &str, pieces: &[Piece], marks: &Marks) -> Vec<Known> {
    let mut known = vec![Known::default(); pieces.len() + 1];
    let mut open = vec![pieces.len()];
    let (mut end, mut items) = (0, marks.items.iter().peekable());
    let mut line = Start::of("");
    let mut pending = false;
    for (at, piece) in pieces.iter().enumerate() {
        let gap = &text[end..piece.span.start as usize];
        end = piece.span.end as usize;
        if at == 0 || gap.contains('\n') {
            line = Start::of(gap);
            pending = true;
        }
        let Some(group) = open.last().map(|group| &mut known[*group]) else {
            break;
        };
        while items.next_if(|mark| **mark < piece.span.start).is_some() {}
        if items.peek().map(|mark| (**mark).cmp(&piece.span.start)) == Some(Ordering::Equal) {
            group.has_items = true;
        }
        let comment = piece.kind == PieceKind::Comment;
        if pending && !line.fixed {
            if comment {
                group.first_comment.get_or_insert(line.column);
            } else if piece.kind != PieceKind::Close {
                group.first_token.get_or_insert(line.column);
            }
        }
        pending &= comment;
        match piece.kind {
            PieceKind::Open => open.push(at),
            PieceKind::Close if open.len() > 1 => drop(open.pop()),
            _ => {}
        }
    }
    known
}

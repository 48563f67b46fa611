//! Comments that document an item.
//!
//! What belongs here: which comments belong to an item, and their text without markers. What never will: what is written
//! in them.

use super::cursor::Cursor;
use crate::token::Comment;

impl Cursor<'_, '_> {
    /// The lines of the comments directly before a byte, with no empty line between.
    pub(super) fn docs_before(&self, start: u32) -> Vec<String> {
        let comments = self.context.0.comments;
        let end = comments.partition_point(|one| one.span.end <= start);
        let mut first = end;
        let mut below = start;
        while let Some(one) = first.checked_sub(1).and_then(|at| comments.get(at)) {
            if !one.own_line || !self.is_gap(one.span.end, below, 1) {
                break;
            }
            first -= 1;
            below = one.span.start;
        }
        let mut lines: Vec<String> = comments[first..end]
            .iter()
            .flat_map(|one| self.comment_lines(*one))
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let empty = lines.iter().take_while(|line| line.is_empty()).count();
        lines.drain(..empty);
        lines
    }

    /// Adds the comment that ends the line on which a field ended.
    pub(super) fn trailing_docs(&self, end: u32, docs: &mut Vec<String>) {
        let comments = self.context.0.comments;
        let Some(one) = comments.get(comments.partition_point(|one| one.span.start < end)) else {
            return;
        };
        let next_is_item = self
            .peek(0)
            .is_some_and(|next| !next.first && next.start > one.span.end);
        if !next_is_item && !one.own_line && self.is_gap(end, one.span.start, 0) {
            docs.extend(
                self.comment_lines(*one)
                    .into_iter()
                    .filter(|line| !line.is_empty()),
            );
        }
    }

    /// Whether only blanks, separators and at most `breaks` line breaks stand between two bytes.
    fn is_gap(&self, from: u32, to: u32, breaks: usize) -> bool {
        let Some(gap) = self.context.0.text.get(from as usize..to as usize) else {
            return false;
        };
        gap.chars()
            .all(|c| c.is_whitespace() || (breaks == 0 && matches!(c, ',' | ';')))
            && gap.bytes().filter(|byte| *byte == b'\n').count() <= breaks
    }

    fn comment_lines(&self, comment: Comment) -> Vec<String> {
        let text = self.slice(comment.span);
        if let Some(inner) = text.strip_prefix("/*") {
            let inner = inner.strip_suffix("*/").unwrap_or(inner);
            // The blanks before the end are no line, however far in it stands.
            return inner
                .trim_end()
                .lines()
                .map(|line| clean(line.trim().trim_start_matches('*')))
                .collect();
        }
        vec![clean(text.trim_start_matches(['/', '#', '!']))]
    }
}

/// A line without blanks around it; a rule drawn of punctuation is empty.
fn clean(line: &str) -> String {
    let line = line.trim();
    let is_rule = line
        .chars()
        .all(|c| matches!(c, '=' | '-' | '*' | '_' | '─' | '━' | '═' | '~' | '#'));
    if is_rule {
        String::new()
    } else {
        line.to_owned()
    }
}

//! Text as it may be shown: what would move the cursor, change colours or turn the line around is made visible.

/// A text made visible, and how offsets into it come from offsets into the original.
#[derive(Debug)]
pub(super) struct Visible {
    pub(super) text: String,
    /// Where the two run apart: (offset in the original, offset in the copy), from the start of each difference on.
    shifts: Vec<(usize, usize)>,
}

impl Visible {
    /// Makes a text visible, line breaks and tabs kept.
    pub(super) fn of(original: &str) -> Self {
        let mut visible = Self {
            text: String::with_capacity(original.len()),
            shifts: Vec::new(),
        };
        for (at, c) in original.char_indices() {
            let before_break = c == '\r' && original[at + 1..].starts_with('\n');
            match c {
                '\n' | '\t' => visible.text.push(c),
                _ if before_break => visible.shifts.push((at + 1, visible.text.len())),
                _ => match stand_in(c) {
                    None => visible.text.push(c),
                    Some(shown) => {
                        visible.text.push_str(&shown);
                        visible.shifts.push((at + c.len_utf8(), visible.text.len()));
                    }
                },
            }
        }
        visible
    }

    /// The offset in the copy of a character boundary of the original.
    pub(super) fn offset(&self, original: usize) -> usize {
        let shift = self
            .shifts
            .partition_point(|(from, _)| *from <= original)
            .checked_sub(1);
        let mut offset = shift
            .map_or(original, |i| {
                self.shifts[i].1 + (original - self.shifts[i].0)
            })
            .min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// A short text, such as a message, in one line and made visible.
#[must_use]
pub fn visible(text: &str) -> String {
    let shown = |c| stand_in(c).unwrap_or_else(|| String::from(c));
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\t') {
                " ".to_owned()
            } else {
                shown(c)
            }
        })
        .collect()
}

/// What to show for a character that must not be shown itself.
fn stand_in(c: char) -> Option<String> {
    match c {
        // The pictures of the control characters stand in the same order as they do.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\u{7f}' => Some('\u{2421}'.into()),
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => Some(format!("<{:04x}>", u32::from(c))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_the_text() {
        let original = "a\0b\r\nc\u{202e}d";
        let shown = Visible::of(original);
        assert_eq!(shown.text, "a\u{2400}b\nc<202e>d");
        for needle in ['a', 'b', 'c', 'd'] {
            let at = original.find(needle).unwrap();
            assert!(
                shown.text[shown.offset(at)..].starts_with(needle),
                "{needle}"
            );
        }
        assert_eq!(shown.offset(original.len()), shown.text.len());
    }
}

//! Characters that are not what they seem.
//!
//! What belongs here: which character is meant by which, and which cannot be seen. What never will: where in a text one
//! may stand.

/// The character of the language that another only looks like; none if it looks like no other.
pub(crate) fn meant(c: char) -> Option<char> {
    Some(match c {
        '\u{37e}' | '\u{ff1b}' => ';',
        '\u{ff1a}' | '\u{fe55}' => ':',
        '\u{ff0c}' | '\u{fe50}' | '\u{3001}' => ',',
        '\u{ff1d}' => '=',
        '\u{ff20}' => '@',
        '\u{ff0e}' => '.',
        '\u{ff1f}' => '?',
        '\u{ff5c}' => '|',
        '\u{ff5b}' => '{',
        '\u{ff5d}' => '}',
        '\u{ff3b}' => '[',
        '\u{ff3d}' => ']',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        _ if is_blank(c) => ' ',
        _ => return None,
    })
}

/// What a look-alike is called.
pub(super) fn name(c: char) -> &'static str {
    match c {
        '\u{37e}' => "a Greek question mark",
        '\u{2010}' | '\u{2011}' => "a hyphen of typesetting",
        '\u{2012}'..='\u{2013}' => "an en dash",
        '\u{2014}'..='\u{2015}' => "an em dash",
        '\u{2212}' => "a mathematical minus sign",
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{2028}' | '\u{2029}' => "a Unicode line separator",
        '\u{3001}' => "an ideographic comma",
        '\u{3000}' => "an ideographic space",
        _ if is_blank(c) => "a Unicode space",
        _ => "a full-width character",
    }
}

/// A blank other than those of ASCII.
fn is_blank(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace() && c != '\u{85}'
}

/// A character without width and without effect on the order of the text.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{61c}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
    )
}

/// A character that shows what follows in another order than it has.
pub(super) fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A control character other than tabs and line breaks.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\0' | '\t'..='\r')
}

/// A character that must not reach a terminal as it is.
pub(crate) fn is_hidden(c: char) -> bool {
    is_bidi(c) || is_invisible(c) || is_control(c)
}

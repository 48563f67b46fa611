//! The table of everything that can be wrong with a text.
//!
//! What belongs here: one [`Code`] for each kind of mistake that this crate reports. What never will: the words of one
//! particular report, which are made where the mistake is found.

use crate::diagnostic::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $title:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, title: $title };)*
        /// Every code of this crate, in the order of its number.
        pub const ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// Bytes that are no UTF-8.
    NOT_UTF8 = "HS001", "the file is not valid UTF-8";
    /// A UTF-16 or UTF-32 file.
    WIDE_ENCODING = "HS002", "the file is UTF-16 or UTF-32, not UTF-8";
    /// A NUL byte.
    NUL_BYTE = "HS003", "the file contains a NUL byte";
    /// A file beyond the size limit.
    TOO_LARGE = "HS004", "the file is too large";
    /// A string without its closing quote.
    UNTERMINATED_STRING = "HS005", "a string is not closed";
    /// A block comment without `*/`.
    UNTERMINATED_COMMENT = "HS006", "a comment is not closed";
    /// `\u` or `\x` that name no character.
    BAD_ESCAPE = "HS007", "an escape in a string names no character";
    /// An integer beyond 64 bits.
    INTEGER_TOO_LARGE = "HS008", "an integer does not fit 64 bits";
    /// An opening bracket without its partner.
    UNCLOSED = "HS009", "a bracket is not closed";
    /// A closing bracket without its partner.
    STRAY_CLOSER = "HS010", "a closing bracket closes nothing";
    /// A bracket closed by one of another kind.
    MISMATCHED_CLOSER = "HS011", "a bracket is closed by one of another kind";
    /// Brackets nested beyond the limit.
    TOO_DEEP = "HS012", "brackets are nested too deeply";
    /// `health 100`.
    MISSING_COLON = "HS013", "a name and its value need a `:` between them";
    /// `health:`.
    MISSING_VALUE = "HS014", "a value is missing";
    /// `a: 1,, b: 2`.
    DOUBLE_COMMA = "HS015", "a comma stands where an item was expected";
    /// `“text”`.
    SMART_QUOTES = "HS016", "typographic quotes do not make a string";
    /// Something that can begin no item.
    UNEXPECTED = "HS017", "this cannot stand here";
    /// `a: 1 2`.
    AFTER_VALUE = "HS018", "a value is followed by something else";
    /// `health：100`, a dash as a minus sign, a no-break space.
    LOOK_ALIKE = "HS019", "a character only looks like one of the language";
    /// A zero-width character.
    INVISIBLE = "HS020", "a character cannot be seen";
    /// A control character other than a tab or a line break.
    CONTROL_CHARACTER = "HS021", "a control character stands in the text";
    /// U+202E and its relatives, which show a text in another order than it has.
    BIDI_CONTROL = "HS022", "a character hides the true order of the text";
    /// `"\q"`.
    UNKNOWN_ESCAPE = "HS023", "an escape in a string has no meaning";
    /// `1e999`.
    NUMBER_TOO_LARGE = "HS024", "a number is larger than any float";
}

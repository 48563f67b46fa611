//! Names in Rust, as Rust and file systems tell them apart.
//!
//! Rust takes `é` for the same letter however it is written, so names are brought to one form before anything compares them. What
//! is called what is decided elsewhere.

use holo_codegen::names;
use unicode_normalization::UnicodeNormalization;

/// Names that no file may have on Windows, whatever its ending.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// The same with a number behind it.
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// The name of a type; none where no letter or digit is left.
#[must_use]
pub fn pascal_case(name: &str) -> Option<String> {
    names::pascal_case(&one_form(name)).map(|name| one_form(&name))
}

/// The name of a field or a module; none where no letter or digit is left.
#[must_use]
pub fn snake_case(name: &str) -> Option<String> {
    names::snake_case(&one_form(name)).map(|name| one_form(&name))
}

/// The letters that Rust reads: case may part them again, so this comes first and last.
fn one_form(name: &str) -> String {
    name.nfc().collect()
}

/// The name of a module whose file can be there: every folder has a `mod.rs`, and some names belong to devices.
#[must_use]
pub fn module(name: &str) -> Option<String> {
    let name = snake_case(name)?;
    let plain = name.strip_prefix("r#").unwrap_or(&name);
    let numbered = |stem: &&str| {
        let rest = plain.strip_prefix(stem).unwrap_or_default();
        matches!(rest.as_bytes(), [b'1'..=b'9'])
    };
    let taken = plain == "mod" || DEVICES.contains(&plain) || NUMBERED.iter().any(numbered);
    Some(if taken { format!("{plain}_") } else { name })
}

/// What is the same for names that a file system without capital letters takes for one.
#[must_use]
pub fn folded(name: &str) -> String {
    let upper = name.chars().flat_map(char::to_uppercase);
    let folded: String = upper.flat_map(char::to_lowercase).collect();
    one_form(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_one_letter_however_it_is_written() {
        assert_eq!(snake_case("cafe\u{301}"), snake_case("caf\u{e9}"));
        assert_eq!(pascal_case("aE\u{301}B"), pascal_case("a\u{c9}B"));
        // Its capital is three signs, two of which are one again.
        let name = pascal_case("\u{390}").unwrap();
        assert_eq!(name, one_form(&name));
    }

    #[test]
    fn no_module_is_named_like_a_device() {
        for (name, expected) in [
            ("Aux", "aux_"),
            ("com1", "com1_"),
            ("com10", "com10"),
            ("com", "com"),
            ("mod", "mod_"),
            ("type", "r#type"),
            ("console", "console"),
        ] {
            assert_eq!(module(name).as_deref(), Some(expected));
        }
    }

    #[test]
    fn letters_that_differ_only_in_case_are_one() {
        assert_eq!(folded("\u{17f}"), folded("s"));
        assert_eq!(folded("\u{3c2}"), folded("\u{3c3}"));
        assert_ne!(folded("a"), folded("b"));
    }
}

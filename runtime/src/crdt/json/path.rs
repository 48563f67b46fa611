//! [`JsonPath`]: the way to a place in a document.

use std::fmt;
use std::str::FromStr;

use crate::codec::MAX_DEPTH;

/// The keys that lead from the root of a document to a place in it.
///
/// As text the keys stand between dots: `lamp.color`. A key that holds a dot, a quote or a backslash, or nothing at all, stands
/// in quotes, where `\"` is a quote and `\\` a backslash: `rooms."2.14".door`. No text at all is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(Vec<String>);

/// Why a text is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Nothing between two dots, or before the first or after the last.
    #[error("a key is missing; an empty key is written \"\"")]
    Empty,
    /// A quote that does not close.
    #[error("a quote that does not close")]
    Quote,
    /// A quote in the middle of a key.
    #[error("a quote inside a key; put all of the key in quotes")]
    Inside,
    /// Too many keys.
    #[error("more than {MAX_DEPTH} keys")]
    Depth,
}

/// What can be read as a path: text with dots, a list of keys as they are, or a path.
pub trait AsPath {
    /// The path.
    ///
    /// # Errors
    /// When it is no path, or too long a one.
    fn as_path(&self) -> Result<JsonPath, PathError>;
}

impl JsonPath {
    /// The path of these keys, each as it is. O(keys).
    ///
    /// # Errors
    /// When there are more than 64.
    pub fn new<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Result<Self, PathError> {
        let keys = keys.into_iter().take(MAX_DEPTH + 1).map(Into::into);
        let keys: Vec<String> = keys.collect();
        if keys.len() > MAX_DEPTH {
            return Err(PathError::Depth);
        }
        Ok(Self(keys))
    }

    /// Its keys, from the root on. O(1).
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.0
    }
}

impl FromStr for JsonPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let (mut keys, mut rest) = (Vec::new(), text);
        while !(rest.is_empty() && keys.is_empty()) {
            let (key, after) = first_key(rest)?;
            keys.push(key);
            if keys.len() > MAX_DEPTH {
                return Err(PathError::Depth);
            }
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None if after.is_empty() => break,
                None => return Err(PathError::Inside),
            }
        }
        Ok(Self(keys))
    }
}

/// The first key of a text, and what follows it.
fn first_key(text: &str) -> Result<(String, &str), PathError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        let (key, after) = text.split_at(end);
        return match key {
            "" => Err(PathError::Empty),
            key if key.contains(['"', '\\']) => Err(PathError::Inside),
            key => Ok((key.to_owned(), after)),
        };
    };
    let (mut key, mut chars) = (String::new(), quoted.char_indices());
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((key, &quoted[at + 1..])),
            '\\' => match chars.next() {
                Some((_, escaped @ ('"' | '\\'))) => key.push(escaped),
                _ => return Err(PathError::Quote),
            },
            other => key.push(other),
        }
    }
    Err(PathError::Quote)
}

/// As it would be read again.
impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { "." } else { "" })?;
            if key.is_empty() || key.contains(['.', '"', '\\']) {
                let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "\"{escaped}\"")?;
            } else {
                f.write_str(key)?;
            }
        }
        Ok(())
    }
}

impl AsPath for JsonPath {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        Ok(self.clone())
    }
}

impl AsPath for str {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        self.parse()
    }
}

impl AsPath for String {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        self.parse()
    }
}

impl<K: AsRef<str>> AsPath for [K] {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        JsonPath::new(self.iter().map(AsRef::as_ref))
    }
}

impl<K: AsRef<str>, const N: usize> AsPath for [K; N] {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        self.as_slice().as_path()
    }
}

impl<P: AsPath + ?Sized> AsPath for &P {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        (**self).as_path()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_and_written_again() {
        let read = |text: &str| text.parse::<JsonPath>();
        let keys = |keys: &[&str]| JsonPath::new(keys.iter().copied());
        for (text, expected) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("lamp.color", &["lamp", "color"]),
            (r#"rooms."2.14".door"#, &["rooms", "2.14", "door"]),
            (r#""".x.日本"#, &["", "x", "日本"]),
            (r#""a\"b\\c""#, &[r#"a"b\c"#]),
        ] {
            assert_eq!(read(text), keys(expected), "{text}");
            assert_eq!(read(text).map(|path| path.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_path_says_why() {
        let read = |text: &str| text.parse::<JsonPath>().err();
        for text in [".", "a.", ".a", "a..b"] {
            assert_eq!(read(text), Some(PathError::Empty), "{text}");
        }
        for text in [r#"""#, r#"a."b"#, r#""a\"#, r#""\x""#] {
            assert_eq!(read(text), Some(PathError::Quote), "{text}");
        }
        for text in [r#"a"b"#, r#""a"b"#, r"a\b"] {
            assert_eq!(read(text), Some(PathError::Inside), "{text}");
        }
        let long = vec!["k"; 65];
        assert_eq!(read(&long.join(".")), Some(PathError::Depth));
        assert_eq!(long.as_path(), Err(PathError::Depth));
        assert!(long[1..].as_path().is_ok());
    }
}

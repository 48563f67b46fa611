//! [`JsonPath`]: the way to a place in a document.

use std::fmt;
use std::str::FromStr;

use crate::codec::MAX_DEPTH;

/// The keys and indices that lead from the root of a document to a place in it.
///
/// As text they stand between dots: `lamp.color`, `todos.0.done`. Digits are an index into a list. A key that looks like one, or
/// holds a dot, a quote or a backslash, or nothing at all, stands in quotes, where `\"` is a quote and `\\` a backslash:
/// `rooms."2.14".door`. No text at all is the root. In code [`crate::path!`] takes keys and indices as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(Vec<JsonKey>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonKey {
    /// The key of a map.
    Name(String),
    /// An index into a list, from 0.
    Index(usize),
}

/// Why a path is none, or leads nowhere.
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
    /// An index where there is no list.
    #[error("an index where there is no list; a key of digits stands in quotes")]
    NoList,
    /// An index beyond the end of a list.
    #[error("index {index} is beyond the end of the list, which is at {len}")]
    Beyond {
        /// The index.
        index: usize,
        /// The length.
        len: usize,
    },
}

/// What can be read as a path: text with dots, a list of keys as they are, a [`crate::path!`], or a path.
pub trait AsPath {
    /// The path.
    ///
    /// # Errors
    /// When it is no path, or too long a one.
    fn as_path(&self) -> Result<JsonPath, PathError>;
}

/// A path of keys and indices as they are: `path!["todos", 0, "done"]`.
///
/// ```
/// use holo_runtime::{JsonDoc, Replica, ReplicaId, path};
///
/// let mut alice = Replica::<JsonDoc>::new(ReplicaId::random());
/// alice.edit(|doc| {
///     doc.push("todos", "milk");
///     doc.set(path!["todos", 0], "bread");
/// });
/// assert_eq!(alice.state().get("todos.0").and_then(|item| item.as_str()), Some("bread"));
/// ```
#[macro_export]
macro_rules! path {
    ($($key:expr),* $(,)?) => {{
        let keys: &[$crate::JsonKey] = &[$($crate::JsonKey::from($key)),*];
        $crate::JsonPath::of(keys)
    }};
}

impl JsonPath {
    /// The path of these keys, each as it is. O(keys).
    ///
    /// # Errors
    /// When there are more than 64.
    pub fn new<K: Into<JsonKey>>(keys: impl IntoIterator<Item = K>) -> Result<Self, PathError> {
        let keys = keys.into_iter().take(MAX_DEPTH + 1).map(Into::into);
        let keys: Vec<JsonKey> = keys.collect();
        if keys.len() > MAX_DEPTH {
            return Err(PathError::Depth);
        }
        Ok(Self(keys))
    }

    /// What [`crate::path!`] makes; how long it may be is looked at where it is used. O(keys).
    #[doc(hidden)]
    #[must_use]
    pub fn of(keys: &[JsonKey]) -> Self {
        Self(keys.to_vec())
    }

    /// Its keys, from the root on. O(1).
    #[must_use]
    pub fn keys(&self) -> &[JsonKey] {
        &self.0
    }
}

impl JsonKey {
    /// As it stands between dots, unless quotes are needed. O(length).
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Index(index) => index.to_string(),
        }
    }
}

/// The index that a text is: digits, with no zero before others.
fn index(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading = text.len() > 1 && text.starts_with('0');
    (digits && !leading).then(|| text.parse().ok()).flatten()
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$type> for JsonKey {
            fn from($value: $type) -> Self {
                $make
            }
        }
    )*};
}

from! {
    &str => |name| Self::Name(name.to_owned()),
    &String => |name| Self::Name(name.clone()),
    String => |name| Self::Name(name),
    usize => |index| Self::Index(index),
    u32 => |index| Self::Index(index as usize),
    // What is negative is beyond every end.
    i32 => |index| Self::Index(usize::try_from(index).unwrap_or(usize::MAX)),
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
fn first_key(text: &str) -> Result<(JsonKey, &str), PathError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        let (key, after) = text.split_at(end);
        return match key {
            "" => Err(PathError::Empty),
            key if key.contains(['"', '\\']) => Err(PathError::Inside),
            key => Ok((index(key).map_or_else(|| key.into(), JsonKey::Index), after)),
        };
    };
    let (mut key, mut chars) = (String::new(), quoted.char_indices());
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((JsonKey::Name(key), &quoted[at + 1..])),
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
        for (place, key) in self.0.iter().enumerate() {
            f.write_str(if place > 0 { "." } else { "" })?;
            match key {
                JsonKey::Name(key)
                    if key.is_empty() || key.contains(['.', '"', '\\']) || index(key).is_some() =>
                {
                    let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
                    write!(f, "\"{escaped}\"")?;
                }
                key => f.write_str(&key.text())?,
            }
        }
        Ok(())
    }
}

impl AsPath for JsonPath {
    fn as_path(&self) -> Result<JsonPath, PathError> {
        match self.0.len() > MAX_DEPTH {
            true => Err(PathError::Depth),
            false => Ok(self.clone()),
        }
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
            (r#""0"."12".007"#, &["0", "12", "007"]),
            (r#""".x.日本"#, &["", "x", "日本"]),
            (r#""a\"b\\c""#, &[r#"a"b\c"#]),
        ] {
            assert_eq!(read(text), keys(expected), "{text}");
            assert_eq!(read(text).map(|path| path.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn digits_are_an_index() {
        for (text, keys) in [
            ("todos.0.done", path!["todos", 0, "done"]),
            ("10", path![10]),
        ] {
            assert_eq!(text.parse(), Ok(keys.clone()));
            assert_eq!(keys.to_string(), text);
        }
        let far = "99999999999999999999999".parse::<JsonPath>();
        assert!(matches!(
            far.as_ref().map(JsonPath::keys),
            Ok([JsonKey::Name(_)])
        ));
        assert_eq!(path![-1].keys(), [JsonKey::Index(usize::MAX)]);
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

//! The trait of everything that can be a value.

use std::fmt::Debug;
use std::hash::Hasher;

use super::Value;
use crate::codec::{Dec, DecodeError, ValueKind};

/// A type whose values can be held by a CRDT.
///
/// Laws: [`Element::encode`] is injective up to [`Element::same`], `decode(encode(v))` is the same as `v.canonical()`, and
/// values that are the same feed the same bytes to a hasher.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value of a CRDT",
    label = "not a value type",
    note = "values are bool, i32, i64, u32, u64, f32, f64, String, Vec3, Quat, Color, Value, ReplicaId, InstanceId, types with #[derive(Element)], and Option or Vec of these"
)]
pub trait Element: Clone + Debug + Send + Sync + 'static {
    /// What has to be known at run time to read one: nothing, unless the type itself is only known then.
    type Tag: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// The descriptor of this type.
    fn kind(tag: &Self::Tag) -> ValueKind;

    /// The value as it will be held: one not-a-number, no negative zero, quaternions of length one.
    #[must_use]
    fn canonical(self) -> Self {
        self
    }

    /// Appends the canonical bytes.
    fn encode(&self, out: &mut Vec<u8>);

    /// Reads what `encode` wrote.
    ///
    /// # Errors
    /// When the bytes are not canonical.
    fn decode(tag: &Self::Tag, input: &mut Dec<'_>) -> Result<Self, DecodeError>;

    /// True when both have the same canonical bytes.
    fn same(&self, other: &Self) -> bool;

    /// Feeds a hasher, equally for values that are the same.
    fn feed<H: Hasher>(&self, hasher: &mut H);

    /// An upper bound of the length of its encoding; for limits.
    fn size(&self) -> usize {
        16
    }

    /// How deep it nests; a plain value does not.
    fn depth(&self) -> usize {
        0
    }

    /// It as a part of a record, or as a constant: vectors are lists, colours and ids text, nothing is null.
    fn to_value(&self) -> Value;

    /// It from such a value; none where that does not fit.
    fn from_value(value: &Value) -> Option<Self>;

    /// Its numbers, where it is made of up to four that can be anything in between: then it moves smoothly.
    #[doc(hidden)]
    fn numbers(&self) -> Option<[f64; 4]> {
        None
    }

    /// It from its numbers.
    #[doc(hidden)]
    fn from_numbers(_numbers: &[f64; 4]) -> Option<Self> {
        None
    }

    /// The same where its type is known only at run time.
    #[doc(hidden)]
    fn tagged(_tag: &Self::Tag, value: &Value) -> Option<Self> {
        Self::from_value(value)
    }

    /// It without what other versions of its type wrote.
    #[doc(hidden)]
    #[must_use]
    fn alone(self) -> Self {
        self
    }
}

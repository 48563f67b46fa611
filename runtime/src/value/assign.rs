//! [`Assign`]: what may be written where, so that literals and borrowed text fit without ceremony.

use super::{Color, Custom, Element, InstanceId, Quat, Value, Vec3};
use crate::ReplicaId;

/// Something that can be written where a `V` is held.
///
/// There is exactly one integer type for each target, so that `health.set(3_000_000_000)` is read as an `i64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written to a field of `{V}`",
    label = "expected something that gives a `{V}`"
)]
pub trait Assign<V: Element> {
    /// The value to hold.
    fn assign(self) -> V;
}

macro_rules! itself {
    ($($type:ty),*) => {$(
        impl Assign<$type> for $type {
            fn assign(self) -> $type {
                self
            }
        }
    )*};
}

itself!(
    bool, i32, i64, u32, u64, f32, f64, String, Vec3, Quat, Color, Value, ReplicaId, InstanceId
);

macro_rules! into {
    ($target:ty: $($type:ty),*) => {$(
        impl Assign<$target> for $type {
            fn assign(self) -> $target {
                <$target>::from(self)
            }
        }
    )*};
}

into!(String: &str);
into!(Value: bool, i64, f64, &str, &String, String, Vec<Value>, std::collections::BTreeMap<String, Value>);
into!(Vec3: [f64; 3]);

/// What is borrowed is cloned.
impl<V: Element> Assign<V> for &V {
    fn assign(self) -> V {
        self.clone()
    }
}

impl<V: Element> Assign<Option<V>> for Option<V> {
    fn assign(self) -> Option<V> {
        self
    }
}

impl<T: Custom> Assign<T> for T {
    fn assign(self) -> T {
        self
    }
}

impl<T: Custom> Assign<Option<T>> for T {
    fn assign(self) -> Option<T> {
        Some(self)
    }
}

impl<V: Element> Assign<Vec<V>> for Vec<V> {
    fn assign(self) -> Vec<V> {
        self
    }
}

/// An array of whatever may be written where the elements are.
impl<V: Element, A: Assign<V>, const N: usize> Assign<Vec<V>> for [A; N] {
    fn assign(self) -> Vec<V> {
        self.into_iter().map(A::assign).collect()
    }
}

macro_rules! some {
    ($target:ty: $($type:ty),*) => {$(
        impl Assign<Option<$target>> for $type {
            fn assign(self) -> Option<$target> {
                Some(self.into())
            }
        }
    )*};
}

some!(Value: Value, bool, i64, f64, &str, &String, String);
some!(String: &str, String);
some!(i64: i64);
some!(f64: f64);
some!(bool: bool);
some!(i32: i32);
some!(u32: u32);
some!(u64: u64);
some!(f32: f32);
some!(ReplicaId: ReplicaId);
some!(InstanceId: InstanceId);
some!(Vec3: Vec3);
some!(Quat: Quat);
some!(Color: Color);

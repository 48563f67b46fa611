//! Values: what a CRDT holds.
//!
//! Each type of value has one canonical encoding, and two values are the same exactly when their encodings are. How
//! concurrent writes of values are decided does not belong here.

#[cfg(feature = "dynamic")]
mod any;
mod assign;
mod custom;
mod dynamic;
mod element;
mod geometry;
mod instance;
mod list;
mod primitive;
mod raw;

#[cfg(feature = "dynamic")]
pub(crate) use any::Any;
pub use assign::Assign;
pub use custom::{Custom, Kept, Shape};
#[doc(hidden)]
pub use custom::{constant, read};
pub use dynamic::Value;
pub use element::Element;
pub use geometry::{Color, ParseColorError, Quat, Vec3};
pub use instance::{InstanceId, ParseInstanceIdError};
pub(crate) use primitive::{canonical_f32, canonical_f64};
pub(crate) use raw::Raw;

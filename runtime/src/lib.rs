//! State that several people change at once, and that comes out the same for all of them.
//!
//! Put CRDTs into a struct, derive [`Synced`], and hold it in a [`Replica`]. Edits become [`Change`]s; apply them anywhere,
//! in any order, any number of times, and all replicas agree to the bit.
//!
//! ```
//! use holo_runtime::{LwwRegister, OrSet, Replica, ReplicaId, Synced};
//!
//! #[derive(Synced)]
//! #[synced(rate = "20hz")]
//! struct Player {
//!     #[synced(initial = 100)]
//!     health: LwwRegister<i64>,
//!     inventory: OrSet<String>,
//! }
//!
//! let mut alice = Replica::<Player>::new(ReplicaId::random());
//! let mut bob = Replica::<Player>::new(ReplicaId::random());
//! alice.edit(|p| { p.health.set(90); p.inventory.insert("sword"); });
//! bob.apply(alice.changes_since(bob.version()))?;
//! assert_eq!(bob.state().health.get(), &90);
//! # Ok::<(), holo_runtime::Error>(())
//! ```

mod by_id;
mod change;
mod codec;
mod crdt;
#[cfg(feature = "dynamic")]
pub mod dynamic;
pub mod edit;
mod error;
pub mod history;
mod link;
pub mod live;
#[doc(hidden)]
pub mod mutants;
pub mod policy;
mod replica;
#[cfg(feature = "sim")]
pub mod sim;
mod snapshot;
pub mod sync;
mod time;
pub mod value;
mod version;

pub use change::Change;
pub use codec::DecodeError;
pub use crdt::{
    Anchor, AsPath, Authority, Field, GCounter, GCounterEdit, GSet, GSetEdit, IndexError, JsonDoc,
    JsonDocEdit, JsonKey, JsonPath, JsonRef, Lane, LwwMap, LwwMapEdit, LwwRegister,
    LwwRegisterEdit, MvRegister, MvRegisterEdit, OrMap, OrMapEdit, OrSet, OrSetEdit, Orb, OrbInfo,
    PathError, PnCounter, PnCounterEdit, Sequence, SequenceEdit, Side, Synced, Text, TextEdit,
    TwoPSet, TwoPSetEdit,
};
pub use error::{Error, Limit};
#[cfg(feature = "derive")]
pub use holo_macros::{Element, Synced};
pub use link::{Packer, Unpacker};
pub use replica::{
    Applied, Delta, Divergence, Fork, Guard, Replica, Restamped, Standing, Status, Stored,
};
pub use snapshot::Snapshot;
pub use time::{Clock, Hlc, ReplicaId, Stamp};
pub use value::{Color, InstanceId, Kept, Quat, Value, Vec3};
pub use version::Version;

/// What generated code needs and nobody else does. Not covered by semantic versioning.
#[doc(hidden)]
pub mod codegen {
    pub use crate::codec::{Dec, Enc, Kind, ValueKind};
    pub use crate::crdt::{
        Apply, Crdt, Held, Merge, Restamp, RestampItems, UnknownFields, describe, list, map, nested,
    };
    pub use crate::value::{Shape, constant, read};
}

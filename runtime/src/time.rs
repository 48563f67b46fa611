//! Time and identity: hybrid logical clocks, replica ids and the stamps made of both.
//!
//! Everything that orders events lives here. What has happened (versions, changes) and what it means (CRDTs) does not.

mod clock;
mod stamp;

pub use clock::Clock;
pub use stamp::{Hlc, ReplicaId, Stamp};

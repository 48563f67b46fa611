//! Which fields travel live: the pose, and listed vectors and rotations with interpolation.

use holo_codegen::schema::{Crdt, Lane, ValueType};

use super::options::Options;
use super::select::{POSE, Pick, Why};

/// The lane of a field.
pub(super) fn decide(pick: &Pick<'_>, crdt: &Crdt, options: &Options<'_>, networked: bool) -> Lane {
    let moves = matches!(crdt, Crdt::LwwRegister(ValueType::Vec3 | ValueType::Quat));
    if !moves {
        return Lane::Durable;
    }
    let interpolation = options.flag("interpolation");
    let live = match pick.why {
        Why::Interpolated => true,
        _ if POSE.contains(&pick.name) => interpolation != Some(false),
        // `@networked` interpolates unless told otherwise.
        Why::Listed | Why::Marked => interpolation.unwrap_or(networked),
        Why::State | Why::Written | Why::Pose | Why::Declared => false,
    };
    if live { Lane::Live } else { Lane::Durable }
}

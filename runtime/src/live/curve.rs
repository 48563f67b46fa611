//! Interpolation: the value at a moment between samples.
//!
//! Pure functions of samples and a time. Which samples there are, and whether they show at all, is `super::track`'s.

use super::form::Form;
use crate::policy::Interpolation;
use crate::{Quat, Vec3};

/// A value at a moment of the local clock, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) at: i64,
    pub(super) value: [f64; 4],
    /// True when it is not reached on a way from the sample before.
    pub(super) jump: bool,
}

/// A way from one sample to the next takes at most this long. After a longer pause nobody knows when it began.
const LONGEST_WAY_MS: i64 = 250;
/// So long before the first sample after a pause the way to it begins.
pub(super) const LEAD_MS: i64 = 50;
/// How far beyond the last sample a motion is carried on.
const EXTRAPOLATION_MS: i64 = 100;
/// Two positions farther apart than this, in metres, are a jump.
const SNAP: f64 = 5.0;

/// The value at `t`. Samples ascend in time; `rests` says that the last is known to stand. None before the first.
pub(super) fn at(
    samples: &[Sample],
    form: Form,
    mode: Interpolation,
    t: i64,
    rests: bool,
) -> Option<[f64; 4]> {
    let next = samples.partition_point(|sample| sample.at <= t);
    let last = next.checked_sub(1)?;
    let from = samples.get(last)?;
    let Some(to) = samples.get(next) else {
        let before = last.checked_sub(1).and_then(|before| samples.get(before));
        return Some(match (before, rests || mode == Interpolation::None) {
            (Some(before), false) => carried_on(before, from, form, t),
            _ => from.value,
        });
    };
    if mode == Interpolation::None || is_jump(from, to, form) {
        return Some(from.value);
    }
    let paused = to.at - from.at > LONGEST_WAY_MS;
    let start = if paused { to.at - LEAD_MS } else { from.at };
    if t <= start {
        return Some(from.value);
    }
    let length = (to.at - start) as f64;
    let s = (t - start) as f64 / length;
    if let Form::Rotation(_) = form {
        return Some(slerp(from.value, to.value, s));
    }
    let speeds = match mode {
        // A way that does not begin at a sample begins at rest.
        _ if paused => None,
        Interpolation::Hermite => {
            Some((arriving(samples, last, form), arriving(samples, next, form)))
        }
        Interpolation::CatmullRom => {
            Some((passing(samples, last, form), passing(samples, next, form)))
        }
        _ => None,
    };
    Some(match speeds {
        None => mix(from.value, to.value, s),
        Some((v0, v1)) => hermite(from.value, to.value, v0, v1, s, length),
    })
}

/// True when the second is not reached on a way from the first.
fn is_jump(from: &Sample, to: &Sample, form: Form) -> bool {
    let far = || vector(from.value).distance(vector(to.value)) > SNAP;
    to.jump || (matches!(form, Form::Vector(_)) && far())
}

fn vector([x, y, z, _]: [f64; 4]) -> Vec3 {
    Vec3::new(x, y, z)
}

fn mix(from: [f64; 4], to: [f64; 4], s: f64) -> [f64; 4] {
    // Written so that both ends are met exactly.
    std::array::from_fn(|part| from[part] * (1.0 - s) + to[part] * s)
}

fn slerp(from: [f64; 4], to: [f64; 4], s: f64) -> [f64; 4] {
    let quat = |[x, y, z, w]: [f64; 4]| Quat::new(x, y, z, w);
    let Quat { x, y, z, w } = quat(from).slerp(quat(to), s).normalized();
    [x, y, z, w]
}

/// The cubic through both values with these speeds, a millisecond.
fn hermite(
    p0: [f64; 4],
    p1: [f64; 4],
    v0: [f64; 4],
    v1: [f64; 4],
    s: f64,
    length: f64,
) -> [f64; 4] {
    let way = norm(std::array::from_fn(|part| p1[part] - p0[part]));
    let (v0, v1) = (limited(v0, way / length), limited(v1, way / length));
    let (s2, s3) = (s * s, s * s * s);
    let (h00, h10) = (2.0 * s3 - 3.0 * s2 + 1.0, s3 - 2.0 * s2 + s);
    let (h01, h11) = (3.0 * s2 - 2.0 * s3, s3 - s2);
    std::array::from_fn(|part| {
        let speeds = h10 * v0[part] + h11 * v1[part];
        h00 * p0[part] + h01 * p1[part] + speeds * length
    })
}

/// A speed, at most three times that of the straight way: a sample that came a millisecond after another must not throw the
/// way to the next far out.
fn limited(speed: [f64; 4], straight: f64) -> [f64; 4] {
    let (held, most) = (norm(speed), 3.0 * straight);
    if held <= most {
        return speed;
    }
    speed.map(|part| part / held * most)
}

fn norm(parts: [f64; 4]) -> f64 {
    parts.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// The speed from one sample to another, a millisecond; none over a jump or a pause.
fn speed(from: &Sample, to: &Sample, form: Form) -> [f64; 4] {
    let time = to.at - from.at;
    if time <= 0 || time > LONGEST_WAY_MS || is_jump(from, to, form) {
        return [0.0; 4];
    }
    std::array::from_fn(|part| (to.value[part] - from.value[part]) / time as f64)
}

/// The speed with which a sample was reached.
fn arriving(samples: &[Sample], index: usize, form: Form) -> [f64; 4] {
    match index.checked_sub(1) {
        Some(before) => speed(&samples[before], &samples[index], form),
        None => [0.0; 4],
    }
}

/// The speed from the sample before to the one after.
fn passing(samples: &[Sample], index: usize, form: Form) -> [f64; 4] {
    let arriving = arriving(samples, index, form);
    let Some(after) = samples.get(index + 1) else {
        return arriving;
    };
    let (Some(before), leaving) = (index.checked_sub(1), speed(&samples[index], after, form))
    else {
        return speed(&samples[index], after, form);
    };
    if arriving == [0.0; 4] || leaving == [0.0; 4] {
        return [0.0; 4];
    }
    let time = (after.at - samples[before].at) as f64;
    std::array::from_fn(|part| (after.value[part] - samples[before].value[part]) / time)
}

/// The last motion, carried on a little: straight, then standing.
fn carried_on(before: &Sample, last: &Sample, form: Form, t: i64) -> [f64; 4] {
    let time = last.at - before.at;
    let on = (t - last.at).min(EXTRAPOLATION_MS).min(time);
    if time <= 0 || time > LONGEST_WAY_MS || on <= 0 || is_jump(before, last, form) {
        return last.value;
    }
    let s = 1.0 + on as f64 / time as f64;
    match form {
        Form::Rotation(_) => {
            // A turn carried on is the same turn again from where it ended.
            let again = on as f64 / time as f64;
            let quat = |[x, y, z, w]: [f64; 4]| glam::DQuat::from_xyzw(x, y, z, w);
            let (a, b) = (quat(before.value), quat(last.value));
            let end = b * a.inverse() * b;
            slerp(last.value, [end.x, end.y, end.z, end.w], again)
        }
        _ => mix(before.value, last.value, s),
    }
}

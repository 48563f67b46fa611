//! [`Form`]: how a value becomes whole numbers on the way, and comes back.
//!
//! Rounding only. How these numbers are packed is `super::columns`'s.

use crate::codec::ValueKind;
use crate::{DecodeError, Quat};

/// The step to which positions and other numbers are rounded where nothing is declared: a millimetre.
pub const QUANTUM: f64 = 0.001;
/// The bits of each of the three parts of a rotation where nothing is declared: at most 0.14 degrees off.
const ROTATION_BITS: u8 = 10;
/// Whole numbers beyond this are not sent: a sender stops there, a receiver refuses.
const MOST: f64 = (1u64 << 50) as f64;
/// No part of a rotation but its largest is larger.
const PART: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// A value as it is while it moves: up to four numbers, or bytes that jump.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A number, a vector or a rotation.
    Numbers([f64; 4]),
    /// Canonical bytes of anything else.
    Bytes(std::sync::Arc<[u8]>),
}

/// A value in whole numbers.
pub(super) type Cell = [i64; 4];

/// How values of a field travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// As their canonical bytes.
    Raw,
    /// One number in steps.
    Scalar(f64),
    /// Three numbers in steps.
    Vector(f64),
    /// The smallest three parts of a quaternion, each in so many bits.
    Rotation(u8),
}

impl Form {
    /// How values of this kind travel, with the step that was declared for them.
    pub(super) fn of(kind: &ValueKind, quantum: Option<f64>) -> Self {
        let step = quantum.filter(|step| fits(*step)).unwrap_or(QUANTUM);
        match kind {
            ValueKind::F32 | ValueKind::F64 => Self::Scalar(step),
            ValueKind::Vec3 => Self::Vector(step),
            ValueKind::Quat => Self::Rotation(quantum.map_or(ROTATION_BITS, bits_for)),
            _ => Self::Raw,
        }
    }

    /// How many whole numbers stand in a column of their own.
    pub(super) fn parts(self) -> usize {
        match self {
            Self::Raw | Self::Rotation(_) => 0,
            Self::Scalar(_) => 1,
            Self::Vector(_) => 3,
        }
    }

    /// The numbers in steps, rounded to the nearest.
    pub(super) fn quantise(self, value: &[f64; 4]) -> Cell {
        let round = |value: f64, step: f64| nearest((value / step).clamp(-MOST, MOST));
        let [x, y, z, w] = *value;
        match self {
            Self::Raw => [0; 4],
            Self::Scalar(step) => [round(x, step), 0, 0, 0],
            Self::Vector(step) => [round(x, step), round(y, step), round(z, step), 0],
            Self::Rotation(bits) => smallest_three(Quat::new(x, y, z, w), bits),
        }
    }

    /// The numbers again, at most half a step away from what they were.
    pub(super) fn restore(self, cell: &Cell) -> [f64; 4] {
        let [a, b, c, _] = cell.map(|part| part as f64);
        match self {
            Self::Raw => [0.0; 4],
            Self::Scalar(step) => [a * step, 0.0, 0.0, 0.0],
            Self::Vector(step) => [a * step, b * step, c * step, 0.0],
            Self::Rotation(bits) => rotation(cell, bits),
        }
    }

    /// Appends what a receiver has to know: a tag, and the step where it is not the usual one.
    pub(super) fn encode(self, out: &mut Vec<u8>) {
        let (tag, step) = match self {
            Self::Raw => (0, None),
            Self::Scalar(step) => (1, Some(step)),
            Self::Vector(step) => (3, Some(step)),
            Self::Rotation(bits) => return out.extend_from_slice(&[5, bits]),
        };
        match step {
            Some(step) if step.to_bits() != QUANTUM.to_bits() => {
                out.push(tag + 1);
                out.extend_from_slice(&step.to_le_bytes());
            }
            _ => out.push(tag),
        }
    }

    /// Reads what [`Form::encode`] wrote.
    pub(super) fn decode(input: &mut crate::codec::Dec<'_>) -> Result<Self, DecodeError> {
        let tag = input.u8()?;
        let step = match tag {
            2 | 4 => {
                let step = f64::from_le_bytes(input.array()?);
                if !fits(step) || step.to_bits() == QUANTUM.to_bits() {
                    return Err(DecodeError::Range("step of a live field"));
                }
                step
            }
            _ => QUANTUM,
        };
        match tag {
            0 => Ok(Self::Raw),
            1 | 2 => Ok(Self::Scalar(step)),
            3 | 4 => Ok(Self::Vector(step)),
            5 => match input.u8()? {
                bits @ 2..=20 => Ok(Self::Rotation(bits)),
                _ => Err(DecodeError::Range("bits of a rotation")),
            },
            tag => Err(DecodeError::UnknownTag {
                what: "live field",
                tag,
            }),
        }
    }

    /// True for whole numbers that a sender may have made.
    pub(super) fn admits(self, cell: &Cell) -> bool {
        match self {
            Self::Raw | Self::Rotation(_) => true,
            Self::Scalar(_) | Self::Vector(_) => {
                cell.iter().all(|part| part.unsigned_abs() <= MOST as u64)
            }
        }
    }
}

/// The nearest whole number; `f64::round` is a call on targets without an instruction for it.
fn nearest(value: f64) -> i64 {
    (value + 0.5f64.copysign(value)) as i64
}

fn fits(step: f64) -> bool {
    (1e-9..=1e9).contains(&step)
}

/// The fewest bits whose steps are no coarser.
fn bits_for(step: f64) -> u8 {
    let bits = (2..20).find(|bits| PART / f64::from(most_of(*bits)) <= step);
    bits.unwrap_or(20)
}

/// The greatest number of steps from zero that so many bits hold on either side.
pub(super) fn most_of(bits: u8) -> i32 {
    (1 << (bits - 1)) - 1
}

/// Which part is largest, then the other three; the sign is turned so that the largest is positive.
fn smallest_three(value: Quat, bits: u8) -> Cell {
    let Quat { x, y, z, w } = value.normalized();
    let parts = [x, y, z, w];
    let mut largest = 3;
    for index in (0..3).rev() {
        if parts[index].abs() > parts[largest].abs() {
            largest = index;
        }
    }
    let sign = if parts[largest] < 0.0 { -1.0 } else { 1.0 };
    let most = f64::from(most_of(bits));
    let mut cell = [largest as i64, 0, 0, 0];
    let others = (0..4).filter(|index| *index != largest);
    for (place, index) in others.enumerate() {
        let steps = parts[index] * sign * (most / PART);
        cell[place + 1] = nearest(steps.clamp(-most, most));
    }
    cell
}

fn rotation(cell: &Cell, bits: u8) -> [f64; 4] {
    let [largest, parts @ ..] = *cell;
    let most = f64::from(most_of(bits));
    let [a, b, c] = parts.map(|part| part as f64 / most * PART);
    let square = 1.0 - a * a - b * b - c * c;
    let rest = square.max(0.0).sqrt();
    let whole = match largest {
        0 => [rest, a, b, c],
        1 => [a, rest, b, c],
        2 => [a, b, rest, c],
        _ => [a, b, c, rest],
    };
    if square > 0.0 {
        return whole;
    }
    // Three parts that no rotation has.
    let [x, y, z, w] = whole;
    let Quat { x, y, z, w } = Quat::new(x, y, z, w).normalized();
    [x, y, z, w]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_off_by_more_than_half_a_step() {
        for step in [0.001, 0.25, 3.0] {
            let form = Form::Vector(step);
            for number in -2_000..2_000 {
                let value = f64::from(number) * 0.377_311 * step;
                let back = form.restore(&form.quantise(&[value, -value, 0.0, 0.0]));
                assert!((back[0] - value).abs() <= step / 2.0 * (1.0 + 1e-9));
                assert!((back[1] + value).abs() <= step / 2.0 * (1.0 + 1e-9));
            }
        }
        let huge = Form::Scalar(1e-9).quantise(&[f64::MAX, 0.0, 0.0, 0.0]);
        assert!(Form::Scalar(1e-9).admits(&huge));
    }

    #[test]
    fn rotations_keep_their_parts_within_half_a_step_and_no_rotation_exactly() {
        let form = Form::Rotation(10);
        let none = form.restore(&form.quantise(&[0.0, 0.0, 0.0, 1.0]));
        assert_eq!(none, [0.0, 0.0, 0.0, 1.0]);
        let step = PART / f64::from(most_of(10));
        for seed in 0..2_000u32 {
            let angle = |factor: f64| (f64::from(seed) * factor).sin();
            let q = Quat::new(angle(0.7), angle(1.3), angle(2.1), angle(3.7)).normalized();
            let [x, y, z, w] = form.restore(&form.quantise(&[q.x, q.y, q.z, q.w]));
            let dot = q.x * x + q.y * y + q.z * z + q.w * w;
            let sign = dot.signum();
            let off = [
                q.x - x * sign,
                q.y - y * sign,
                q.z - z * sign,
                q.w - w * sign,
            ];
            let parts = off.iter().filter(|off| off.abs() <= step / 2.0 * 1.01);
            assert!(parts.count() >= 3, "{q:?} {off:?}");
            assert!(dot.abs() > 0.999_99, "{q:?} {dot}");
        }
    }

    #[test]
    fn a_declared_step_decides_the_bits_of_a_rotation() {
        let bits = |step| Form::of(&ValueKind::Quat, Some(step));
        assert_eq!(bits(0.001_4), Form::Rotation(10));
        assert_eq!(bits(0.102), Form::Rotation(4));
        assert_eq!(bits(1e-12), Form::Rotation(20));
    }
}

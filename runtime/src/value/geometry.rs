//! Vectors, rotations and colours. The mathematics is glam's; these types fix what is stored and how it compares.

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

use super::{Element, Value, canonical_f64};
use crate::codec::{Dec, DecodeError, ValueKind, write_f64};

/// A point or direction, in metres where it is a position.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vec3 {
    /// To the right.
    pub x: f64,
    /// Up.
    pub y: f64,
    /// Towards the viewer.
    pub z: f64,
}

impl Vec3 {
    /// All zero.
    pub const ZERO: Self = Self::new(0.0, 0.0, 0.0);
    /// All one.
    pub const ONE: Self = Self::new(1.0, 1.0, 1.0);

    /// From its components.
    #[must_use]
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    /// The vector `t` of the way from here to there.
    #[must_use]
    pub fn lerp(self, to: Self, t: f64) -> Self {
        glam::DVec3::from(self).lerp(to.into(), t).into()
    }

    /// The distance between two points.
    #[must_use]
    pub fn distance(self, to: Self) -> f64 {
        glam::DVec3::from(self).distance(to.into())
    }
}

impl From<Vec3> for glam::DVec3 {
    fn from(v: Vec3) -> Self {
        Self::new(v.x, v.y, v.z)
    }
}

impl From<glam::DVec3> for Vec3 {
    fn from(v: glam::DVec3) -> Self {
        Self::new(v.x, v.y, v.z)
    }
}

impl From<[f64; 3]> for Vec3 {
    fn from([x, y, z]: [f64; 3]) -> Self {
        Self::new(x, y, z)
    }
}

impl fmt::Display for Vec3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}, {}]", self.x, self.y, self.z)
    }
}

/// A rotation as a quaternion of length one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quat {
    /// First imaginary part.
    pub x: f64,
    /// Second imaginary part.
    pub y: f64,
    /// Third imaginary part.
    pub z: f64,
    /// Real part.
    pub w: f64,
}

impl Quat {
    /// No rotation.
    pub const IDENTITY: Self = Self::new(0.0, 0.0, 0.0, 1.0);

    /// From its components; it is brought to length one when it is written.
    #[must_use]
    pub const fn new(x: f64, y: f64, z: f64, w: f64) -> Self {
        Self { x, y, z, w }
    }

    /// The same rotation at length one; what has no direction (zero, infinite, not a number) is no rotation.
    #[must_use]
    pub fn normalized(self) -> Self {
        let length = glam::DQuat::from(self).length();
        if (length - 1.0).abs() <= 4.0 * f64::EPSILON {
            return self;
        }
        // Scaled by its largest part first, so that no square over- or underflows.
        let parts = [self.x, self.y, self.z, self.w];
        let largest = parts
            .iter()
            .fold(0.0f64, |largest, part| largest.max(part.abs()));
        let finite = parts.iter().all(|part| part.is_finite());
        if !finite || largest < f64::MIN_POSITIVE {
            return Self::IDENTITY;
        }
        let [x, y, z, w] = parts.map(|part| part / largest);
        let length = glam::DQuat::from_xyzw(x, y, z, w).length();
        let scaled = Self::new(x, y, z, w);
        scaled.divided(length)
    }

    fn divided(self, length: f64) -> Self {
        Self::new(
            self.x / length,
            self.y / length,
            self.z / length,
            self.w / length,
        )
    }

    /// The rotation `t` of the way from here to there, along the shorter arc.
    #[must_use]
    pub fn slerp(self, to: Self, t: f64) -> Self {
        glam::DQuat::from(self).slerp(to.into(), t).into()
    }

    /// The vector after this rotation.
    #[must_use]
    pub fn rotate(self, v: Vec3) -> Vec3 {
        glam::DQuat::from(self).mul_vec3(v.into()).into()
    }
}

impl Default for Quat {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl From<Quat> for glam::DQuat {
    fn from(q: Quat) -> Self {
        Self::from_xyzw(q.x, q.y, q.z, q.w)
    }
}

impl From<glam::DQuat> for Quat {
    fn from(q: glam::DQuat) -> Self {
        Self::new(q.x, q.y, q.z, q.w)
    }
}

impl fmt::Display for Quat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}, {}, {}]", self.x, self.y, self.z, self.w)
    }
}

/// A colour: red, green, blue and alpha, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity; 255 is opaque.
    pub a: u8,
}

impl Color {
    /// From its channels.
    #[must_use]
    pub const fn rgba(r: u8, g: u8, b: u8, a: u8) -> Self {
        Self { r, g, b, a }
    }
}

impl Default for Color {
    /// Opaque white.
    fn default() -> Self {
        Self::rgba(255, 255, 255, 255)
    }
}

/// The text is not a colour of the form `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a colour: write #rgb, #rgba, #rrggbb or #rrggbbaa")]
pub struct ParseColorError(String);

impl FromStr for Color {
    type Err = ParseColorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseColorError(text.chars().take(32).collect());
        let digits: Vec<u8> = text
            .strip_prefix('#')
            .ok_or_else(wrong)?
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
                    .ok_or_else(wrong)
            })
            .collect::<Result<_, _>>()?;
        match *digits.as_slice() {
            [r, g, b] => Ok(Self::rgba(r * 17, g * 17, b * 17, 255)),
            [r, g, b, a] => Ok(Self::rgba(r * 17, g * 17, b * 17, a * 17)),
            [r, s, g, h, b, c] => Ok(Self::rgba(r * 16 + s, g * 16 + h, b * 16 + c, 255)),
            [r, s, g, h, b, c, a, d] => {
                Ok(Self::rgba(r * 16 + s, g * 16 + h, b * 16 + c, a * 16 + d))
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a == 255 {
            Ok(())
        } else {
            write!(f, "{:02x}", self.a)
        }
    }
}

/// As they are written one by one.
fn write_f64s(out: &mut Vec<u8>, parts: &[f64]) {
    out.reserve(8 * parts.len());
    parts.iter().for_each(|part| write_f64(out, *part));
}

macro_rules! floats {
    ($type:ident, $($part:ident)*; $canonical:expr; $numbers:expr) => {
        impl Element for $type {
            type Tag = ();

            fn kind((): &()) -> ValueKind {
                ValueKind::$type
            }

            fn canonical(self) -> Self {
                let canonical: fn(Self) -> Self = $canonical;
                let value = canonical(self);
                Self { $($part: canonical_f64(value.$part)),* }
            }

            fn encode(&self, out: &mut Vec<u8>) {
                let parts = [$(self.$part),*];
                write_f64s(out, &parts);
            }

            fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
                let [$($part),*] = input.f64s()?;
                Ok(Self { $($part),* })
            }

            fn same(&self, other: &Self) -> bool {
                $(self.$part.same(&other.$part))&&*
            }

            fn feed<H: Hasher>(&self, hasher: &mut H) {
                $(self.$part.feed(hasher);)*
            }

            fn size(&self) -> usize {
                32
            }

            fn numbers(&self) -> Option<[f64; 4]> {
                let numbers: fn(&Self) -> [f64; 4] = $numbers;
                Some(numbers(self))
            }

            fn from_numbers(numbers: &[f64; 4]) -> Option<Self> {
                let mut numbers = numbers.iter();
                let value = Self { $($part: *numbers.next()?),* };
                Some(value.canonical())
            }

            fn to_value(&self) -> Value {
                let value = (*self).canonical();
                Value::List(vec![$(Value::Float(value.$part)),*])
            }

            fn from_value(value: &Value) -> Option<Self> {
                let Value::List(items) = value else {
                    return None;
                };
                let mut items = items.iter();
                let value = Self { $($part: f64::from_value(items.next()?)?),* };
                items.next().is_none().then(|| value.canonical())
            }
        }
    };
}

floats!(Vec3, x y z; |value| value; |value| [value.x, value.y, value.z, 0.0]);
floats!(Quat, x y z w; Quat::normalized; |value| [value.x, value.y, value.z, value.w]);

impl Element for Color {
    type Tag = ();

    fn kind((): &()) -> ValueKind {
        ValueKind::Color
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.r, self.g, self.b, self.a]);
    }

    fn decode((): &(), input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        input.array().map(|[r, g, b, a]| Self { r, g, b, a })
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn feed<H: Hasher>(&self, hasher: &mut H) {
        std::hash::Hash::hash(self, hasher);
    }

    fn to_value(&self) -> Value {
        Value::Str(self.to_string())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quaternions_are_held_at_length_one() {
        let held = Quat::new(0.0, 3.0, 0.0, 4.0).canonical();
        assert_eq!(held, Quat::new(0.0, 0.6, 0.0, 0.8));
        assert_eq!(held.canonical(), held, "normalising twice changes nothing");
        assert_eq!(Quat::new(0.0, 0.0, 0.0, 0.0).canonical(), Quat::IDENTITY);
        assert_eq!(
            Quat::new(f64::NAN, 0.0, 0.0, 1.0).canonical(),
            Quat::IDENTITY
        );
    }

    #[test]
    fn floats_have_one_zero_and_one_nan() {
        let held = Vec3::new(-0.0, -f64::NAN, 1.0).canonical();
        assert_eq!(held.x.to_bits(), 0);
        assert_eq!(held.y.to_bits(), 0x7ff8_0000_0000_0000);
    }

    #[test]
    fn colours_are_read_in_all_four_lengths() {
        assert_eq!("#f80".parse(), Ok(Color::rgba(255, 136, 0, 255)));
        assert_eq!("#f808".parse(), Ok(Color::rgba(255, 136, 0, 136)));
        assert_eq!("#ff8800".parse(), Ok(Color::rgba(255, 136, 0, 255)));
        assert_eq!("#FF880080".parse(), Ok(Color::rgba(255, 136, 0, 128)));
        for wrong in ["", "#", "ff8800", "#ff88", "#ggg", "#ff880"] {
            assert_eq!(wrong.parse::<Color>().is_ok(), wrong == "#ff88", "{wrong}");
        }
        assert_eq!(Color::rgba(255, 136, 0, 128).to_string(), "#ff880080");
    }
}

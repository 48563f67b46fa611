//! Random edits for the view of every CRDT, so that any generated orb can be driven without knowing its fields.

use holo_runtime::value::Element;
use holo_runtime::{
    Color, GCounterEdit, GSetEdit, InstanceId, JsonDocEdit, JsonKey, JsonPath, JsonRef, LwwMapEdit,
    LwwRegisterEdit, MvRegisterEdit, OrMapEdit, OrSetEdit, PnCounterEdit, Quat, ReplicaId,
    SequenceEdit, Synced, TextEdit, TwoPSetEdit, Value, Vec3,
};

use crate::rng::Rng;

/// A view that can do something random.
pub trait Poke {
    /// Does it.
    fn poke(&mut self, rng: &mut Rng);
}

/// A value type of which a random one can be made, from a small stock, so that writes meet.
pub trait Random {
    /// One of them.
    fn random(rng: &mut Rng) -> Self;
}

macro_rules! random {
    ($($type:ty => |$rng:ident| $make:expr),* $(,)?) => {$(
        impl Random for $type {
            fn random($rng: &mut Rng) -> Self {
                $make
            }
        }
    )*};
}

random! {
    bool => |rng| rng.chance(50),
    i64 => |rng| *rng.pick(&[0, 1, -1, 100, i64::MAX, i64::MIN]),
    i32 => |rng| *rng.pick(&[0, 1, -1, i32::MIN]),
    u32 => |rng| *rng.pick(&[0, 1, u32::MAX]),
    u64 => |rng| *rng.pick(&[0, 1, u64::MAX]),
    f32 => |rng| *rng.pick(&[0.0, -0.0, 1.5, f32::NAN]),
    f64 => |rng| *rng.pick(&[0.0, -0.0, 1.6, -2.5e300, f64::NAN, f64::INFINITY]),
    String => |rng| (*rng.pick(&["", "sword", "bow", "日本語"])).to_owned(),
    Vec3 => |rng| Vec3::new(f64::random(rng), 1.6, f64::random(rng)),
    Quat => |rng| Quat::new(f64::random(rng), 1.0, 0.0, f64::random(rng)),
    Color => |rng| Color::rgba(rng.below(3) as u8, 2, 3, 255),
    ReplicaId => |rng| ReplicaId::new(1 + rng.below(4) as u64).unwrap_or_else(ReplicaId::random),
    Value => |rng| match rng.below(6) {
        0 => Value::Null,
        1 => Value::Int(i64::random(rng)),
        2 => Value::Float(f64::random(rng)),
        3 => Value::List(vec![Value::random(rng)]),
        4 => Value::Map([(String::random(rng), Value::random(rng))].into()),
        _ => Value::Str(String::random(rng)),
    },
}

impl Random for InstanceId {
    fn random(rng: &mut Rng) -> Self {
        let (time, number) = (1 + rng.below(2), rng.below(2));
        match format!("{time:016x}{:016x}{number:04x}", 1).parse() {
            Ok(id) => id,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<V: Random> Random for Option<V> {
    fn random(rng: &mut Rng) -> Self {
        rng.chance(70).then(|| V::random(rng))
    }
}

impl<V: Random> Random for Vec<V> {
    fn random(rng: &mut Rng) -> Self {
        (0..rng.below(4)).map(|_| V::random(rng)).collect()
    }
}

impl<V: Random + Element<Tag = ()>> Poke for LwwRegisterEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        self.set(&V::random(rng));
    }
}

impl<V: Random + Element<Tag = ()>> Poke for OrSetEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        let value = V::random(rng);
        match rng.below(10) {
            0 => self.clear(),
            1..5 => drop(self.remove(&value)),
            _ => drop(self.insert(&value)),
        }
    }
}

impl<V: Random + Element<Tag = ()>> Poke for MvRegisterEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        self.set(&V::random(rng));
    }
}

impl<V: Random + Element<Tag = ()>> Poke for GSetEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        self.insert(&V::random(rng));
    }
}

impl<V: Random + Element<Tag = ()>> Poke for TwoPSetEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        let value = V::random(rng);
        match rng.below(10) {
            0 => self.clear(),
            1..4 => drop(self.remove(&value)),
            _ => drop(self.insert(&value)),
        }
    }
}

/// A place in something of this length; sometimes one that is not there, which is refused.
fn place(len: usize, rng: &mut Rng) -> usize {
    rng.below(len + 2)
}

impl<V: Random + Element<Tag = ()>> Poke for SequenceEdit<'_, V> {
    fn poke(&mut self, rng: &mut Rng) {
        let (len, value) = (self.len(), V::random(rng));
        let (a, b) = (place(len, rng), place(len, rng));
        match rng.below(20) {
            0 => self.clear(),
            1 => drop(self.pop()),
            2 => drop(self.shift()),
            3..6 => assert_eq!(self.delete(a).is_ok(), a < len),
            6..8 => assert_eq!(self.delete_range(a..b).is_ok(), a <= b && b <= len),
            8..11 => assert_eq!(self.move_item(a, b).is_ok(), a < len && b < len),
            11..13 => assert_eq!(self.set(a, &value).is_ok(), a < len),
            13..15 => self.push(&value),
            15 => self.extend([&value, &V::random(rng)]),
            _ => assert_eq!(self.insert(a, &value).is_ok(), a <= len),
        }
    }
}

impl Poke for JsonDocEdit<'_> {
    fn poke(&mut self, rng: &mut Rng) {
        let path = random_path(self.root(), rng);
        let list = self.get(&path).filter(|place| place.is_list());
        let (free, len) = (self.get(&path).is_none(), list.map_or(0, |list| list.len()));
        let (a, b) = (rng.below(len.max(1)), rng.below(len.max(1)));
        match rng.below(16) {
            0 => self.clear(),
            1..4 => drop(self.delete(&path)),
            4..7 if free || list.is_some() => self.push(&path, Value::random(rng)),
            7..9 if free || list.is_some() => {
                self.insert(&path, rng.below(len + 1), Value::random(rng));
            }
            9..12 if len > 0 => self.move_item(&path, a, b),
            12 => {
                let items = (0..rng.below(4)).map(|_| Value::random(rng)).collect();
                self.set(&path, Value::List(items));
            }
            _ => self.set(&path, Value::random(rng)),
        }
    }
}

/// A path that leads through maps by one of few keys, and through lists by an index, and ends at the latest where nothing is.
fn random_path(mut place: JsonRef<'_>, rng: &mut Rng) -> JsonPath {
    let mut keys: Vec<JsonKey> = Vec::new();
    for _ in 0..rng.below(4) {
        let next = match (place.is_list(), place.len()) {
            (true, 0) => break,
            (true, len) => {
                let index = rng.below(len);
                keys.push(index.into());
                place.item(index)
            }
            _ => {
                let name = *rng.pick(&["a", "b.c"]);
                keys.push(name.into());
                place.get(name)
            }
        };
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    JsonPath::of(&keys)
}

impl Poke for TextEdit<'_> {
    fn poke(&mut self, rng: &mut Rng) {
        let piece = *rng.pick(&["", "a", "bc", "\r\n", "é", "日本", "🦀", "e\u{301}🧑‍🚀"]);
        let len = self.len();
        let (a, b) = (place(len, rng), place(len, rng));
        match rng.below(20) {
            0 => self.clear(),
            1..5 => assert_eq!(self.delete(a..b).is_ok(), a <= b && b <= len),
            5 => assert_eq!(self.replace(a..b, piece).is_ok(), a <= b && b <= len),
            6 => assert_eq!(self.splice(a, b, piece).is_ok(), a + b <= len),
            7..10 => {
                let here = self.to_utf16(a.min(len)).unwrap_or_default();
                assert!(self.insert_utf16(here, piece).is_ok());
            }
            10..13 => self.push(piece),
            _ => assert_eq!(self.insert(a, piece).is_ok(), a <= len),
        }
    }
}

impl<K: Random + Element<Tag = ()>, V: Random + Element<Tag = ()>> Poke for LwwMapEdit<'_, K, V> {
    fn poke(&mut self, rng: &mut Rng) {
        let key = K::random(rng);
        match rng.below(10) {
            0 => self.clear(),
            1..4 => drop(self.delete(&key)),
            _ => self.set(&key, &V::random(rng)),
        }
    }
}

impl<K, V> Poke for OrMapEdit<'_, K, V>
where
    K: Random + Element<Tag = ()>,
    V: Synced,
    for<'v> V::Edit<'v>: Poke,
{
    fn poke(&mut self, rng: &mut Rng) {
        let key = K::random(rng);
        match rng.below(12) {
            0 => self.clear(),
            1 | 2 => drop(self.insert(&key)),
            3..6 => drop(self.remove(&key)),
            6 => {
                if let Some(mut view) = self.get_mut(&key) {
                    view.poke(rng);
                }
            }
            _ => self.entry(&key).poke(rng),
        }
    }
}

impl Poke for PnCounterEdit<'_> {
    fn poke(&mut self, rng: &mut Rng) {
        let by = rng.below(5) as i64;
        if rng.chance(60) {
            self.increment(by)
        } else {
            self.decrement(by)
        }
    }
}

impl Poke for GCounterEdit<'_> {
    fn poke(&mut self, rng: &mut Rng) {
        self.increment(rng.below(5) as u64);
    }
}

/// Makes a generated orb a subject of the simulator: `subject!(Player { position, health })`, views of nested orbs
/// pokable: `subject!(nested StatsEdit { strength, wit })`, and values of the program's own random: `subject!(value Item)`.
#[macro_export]
macro_rules! subject {
    (value $value:ty) => {
        impl $crate::poke::Random for $value {
            fn random(rng: &mut $crate::rng::Rng) -> Self {
                // What is no value of this type gives its default, and what is one of another shape is kept.
                let value = $crate::poke::Random::random(rng);
                holo_runtime::value::Custom::from_value(&value).unwrap_or_default()
            }
        }
    };
    (nested $view:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::poke::Poke for $view {
            fn poke(&mut self, rng: &mut $crate::rng::Rng) {
                let fields: &[fn(&mut Self, &mut $crate::rng::Rng)] =
                    &[$(|view, rng| $crate::poke::Poke::poke(&mut view.$field, rng)),+];
                (rng.pick(fields))(self, rng);
            }
        }
    };
    ($orb:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::sim::Subject for $orb {
            type Op = ();

            fn act(edit: &mut Self::Edit<'_>, rng: &mut $crate::rng::Rng) -> Vec<()> {
                for _ in 0..=rng.below(3) {
                    let field = *rng.pick(&[$(stringify!($field)),+]);
                    $(if field == stringify!($field) {
                        $crate::poke::Poke::poke(&mut edit.$field, rng);
                    })+
                }
                Vec::new()
            }
        }
    };
}

//! The views of live fields: what an update writes through, and what is shown. Generated structs are made of these.
//!
//! A view holds the durable register beside its place; what rules between the two is decided in `super::showing`.

use std::fmt;

use super::core::{Core, Spot};
use super::epoch::Grant;
use super::form::Reading;
use super::{LiveError, Moving};
use crate::codec::Dec;
use crate::value::{Assign, Element};
use crate::{LwwRegister, OrMap, Stamp};

/// What views write with while an update runs.
pub(super) trait Pen {
    /// The entity of a map's entry.
    fn enter(&self, map: Spot, key: &[u8], born: Stamp) -> Option<Spot>;
    fn set(&self, spot: Spot, durable: Stamp, kind: crate::codec::ValueKind, set: Set);
    fn shown(&self, spot: Spot, durable: Stamp, stood: Reading) -> Option<Reading>;
    fn grant(&self, entity: u32, grant: Grant);
}

/// A value to be set.
pub(super) struct Set {
    pub(super) value: Reading,
    pub(super) jump: bool,
}

/// Where a view is made: the entity, and the next of its places. Only generated code has one.
#[doc(hidden)]
pub struct LiveAt<'a> {
    pub(super) pen: &'a dyn Pen,
    pub(super) spot: Spot,
}

impl<'a> LiveAt<'a> {
    /// The view of the next live field.
    pub fn field<V: Element<Tag = ()>>(&mut self, register: &'a LwwRegister<V>) -> LiveEdit<'a, V> {
        LiveEdit {
            register,
            pen: self.pen,
            spot: self.spot.next(),
        }
    }

    /// The view of the next map.
    pub fn map<K: Element<Tag = ()>, V: Moving>(
        &mut self,
        map: &'a OrMap<K, V>,
    ) -> LiveMapEdit<'a, K, V> {
        LiveMapEdit {
            map,
            pen: self.pen,
            spot: self.spot.next(),
        }
    }
}

impl fmt::Debug for LiveAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spot.fmt(f)
    }
}

/// The view of a live field inside an update.
pub struct LiveEdit<'a, V: Element<Tag = ()>> {
    register: &'a LwwRegister<V>,
    pen: &'a dyn Pen,
    spot: Spot,
}

impl<V: Element<Tag = ()>> LiveEdit<'_, V> {
    /// Moves the field: the value is sent with the next frame, and made durable once it stands still.
    ///
    /// Numbers that are infinite or not numbers leave the field as it is. Numbers beyond declared bounds are brought to them.
    pub fn set(&mut self, value: impl Assign<V>) {
        self.put(value.assign(), false);
    }

    /// As [`LiveEdit::set`], to a place that is not on the way: it is shown at once, with nothing in between.
    pub fn jump(&mut self, value: impl Assign<V>) {
        self.put(value.assign(), true);
    }

    fn put(&mut self, value: V, jump: bool) {
        let value = reading(&value.canonical());
        if let Reading::Numbers(numbers) = &value
            && !numbers.iter().all(|number| number.is_finite())
        {
            return;
        }
        let set = Set { value, jump };
        self.pen
            .set(self.spot, self.register.stamp(), V::kind(&()), set);
    }

    /// The value as it is shown here now.
    #[must_use]
    pub fn get(&self) -> V {
        let durable = self.register.get();
        let shown = self
            .pen
            .shown(self.spot, self.register.stamp(), reading(durable));
        shown
            .and_then(|it| value(&it))
            .unwrap_or_else(|| durable.clone())
    }
}

impl<V: Element<Tag = ()>> fmt::Debug for LiveEdit<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// The view of a map inside an update: the live fields of its entries. Entries come and go by edits of the replica.
pub struct LiveMapEdit<'a, K: Element<Tag = ()>, V: Moving> {
    map: &'a OrMap<K, V>,
    pen: &'a dyn Pen,
    spot: Spot,
}

impl<'a, K: Element<Tag = ()>, V: Moving> LiveMapEdit<'a, K, V> {
    /// The live fields of an entry, if it is there. O(1).
    #[must_use]
    pub fn get(&self, key: impl Assign<K>) -> Option<V::Live<'a>> {
        let key = key.assign().canonical();
        let (value, born) = self.map.born(&key)?;
        let mut at = LiveAt {
            pen: self.pen,
            spot: self.pen.enter(self.spot, &bytes(&key), born)?,
        };
        Some(value.live(&mut at))
    }

    /// Takes note that a server has made somebody the owner of an entry.
    pub fn grant(&self, key: impl Assign<K>, grant: Grant) {
        let key = key.assign().canonical();
        let found = self.map.born(&key);
        let spot = found.and_then(|(_, born)| self.pen.enter(self.spot, &bytes(&key), born));
        if let Some(spot) = spot {
            self.pen.grant(spot.entity, grant);
        }
    }
}

impl<K: Element<Tag = ()>, V: Moving> fmt::Debug for LiveMapEdit<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveMapEdit({:?})", self.spot)
    }
}

/// Where a shown value is made. Only generated code has one.
#[doc(hidden)]
#[derive(Clone)]
pub struct ShownAt<'a> {
    pub(super) core: &'a Core,
    pub(super) spot: Option<Spot>,
    pub(super) now: u64,
}

impl<'a> ShownAt<'a> {
    /// The next live field as it is shown.
    pub fn field<V: Element<Tag = ()>>(&mut self, register: &LwwRegister<V>) -> V {
        let durable = register.get();
        let spot = self.spot.as_mut().map(Spot::next);
        let shown = spot.and_then(|spot| {
            let stood = || reading(durable);
            self.core.shown(spot, register.stamp(), &stood, self.now)
        });
        let shown = shown.and_then(|it| value(&it));
        shown.unwrap_or_else(|| durable.clone())
    }

    /// The next map.
    pub fn map<K: Element<Tag = ()>, V: Moving>(
        &mut self,
        map: &'a OrMap<K, V>,
    ) -> ShownMap<'a, K, V> {
        let spot = self.spot.as_mut().map(Spot::next);
        ShownMap {
            map,
            at: Self {
                spot,
                ..self.clone()
            },
        }
    }
}

impl fmt::Debug for ShownAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spot.fmt(f)
    }
}

/// The entries of a map as they are shown.
pub struct ShownMap<'a, K: Element<Tag = ()>, V: Moving> {
    map: &'a OrMap<K, V>,
    at: ShownAt<'a>,
}

impl<'a, K: Element<Tag = ()>, V: Moving> ShownMap<'a, K, V> {
    /// The live fields of an entry as they are shown, if it is there. O(1).
    #[must_use]
    pub fn get(&self, key: impl Assign<K>) -> Option<V::Shown<'a>> {
        self.get_held(&key.assign().canonical())
    }

    /// All entries, in an order of this replica's own.
    pub fn iter(&self) -> impl Iterator<Item = (&'a K, V::Shown<'a>)> {
        let keys = self.map.iter().map(|(key, _)| key);
        keys.filter_map(|key| Some((key, self.get_held(key)?)))
    }

    fn get_held(&self, key: &K) -> Option<V::Shown<'a>> {
        let (value, born) = self.map.born(key)?;
        let core = self.at.core;
        let spot = self
            .at
            .spot
            .and_then(|map| core.entry(map, &bytes(key), born));
        let mut at = ShownAt {
            spot,
            ..self.at.clone()
        };
        Some(value.shown(&mut at))
    }
}

impl<K: Element<Tag = ()>, V: Moving> Clone for ShownMap<'_, K, V> {
    fn clone(&self) -> Self {
        Self {
            map: self.map,
            at: self.at.clone(),
        }
    }
}

impl<K: Element<Tag = ()>, V: Moving> fmt::Debug for ShownMap<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Refuses an update for what a view could not do.
pub(super) fn first(held: &std::cell::Cell<Option<LiveError>>, error: LiveError) {
    let before = held.take();
    held.set(Some(before.unwrap_or(error)));
}

fn reading<V: Element>(value: &V) -> Reading {
    match value.numbers() {
        Some(numbers) => Reading::Numbers(numbers),
        None => Reading::Bytes(bytes(value).into()),
    }
}

fn bytes<V: Element>(value: &V) -> Vec<u8> {
    let mut out = Vec::new();
    value.encode(&mut out);
    out
}

fn value<V: Element<Tag = ()>>(reading: &Reading) -> Option<V> {
    match reading {
        Reading::Numbers(numbers) => V::from_numbers(numbers),
        Reading::Bytes(bytes) => {
            let mut input = Dec::plain(bytes);
            let value = V::decode(&(), &mut input).ok()?;
            input.is_empty().then_some(value)
        }
    }
}

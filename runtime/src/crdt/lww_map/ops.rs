//! Ops, state and merge of a map.

use super::{LwwMap, LwwMapEdit};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::crdt::atoms::Atoms;
use crate::crdt::{Apply, Crdt, Merge, Restamp, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::mutants::{Mutant, on};
use crate::value::Element;
use crate::{Hlc, Stamp, Value};

impl<K: Element, V: Element> Crdt for LwwMap<K, V> {
    fn kind(&self) -> Kind {
        Kind::LwwMap(K::kind(&self.tag.0), V::kind(&self.tag.1))
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        !self.dirty.is_empty()
    }

    fn pristine(&self) -> bool {
        self.slots.iter().next().is_none()
    }

    fn encode_ops(&mut self, _tx: Stamp, out: &mut Enc) {
        out.varint(self.dirty.len() as u64);
        for slot in self.dirty.drain(..) {
            if let Some((key, entry)) = self.slots.get(slot) {
                key.encode(&mut out.out);
                entry.value.encode(&mut out.out);
            }
        }
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let key = K::decode(&self.tag.0, input)?;
            let value = Option::<V>::decode(&self.tag.1, input)?;
            self.change(key, |held| {
                held.offer(cx.stamp, value, cx.keyed);
                held.prune(cx.floor);
            });
        }
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        // Whether a dead stamp has been collected yet is no part of the state that replicas compare.
        let hashing = out.mode() == Mode::Hash;
        let slots = self.slots.sorted(|entry| !hashing || entry.value.is_some());
        out.varint(slots.len() as u64);
        for slot in slots {
            if let Some((key, entry)) = self.slots.get(slot) {
                out.leaf(
                    |path| key.encode(path),
                    |out| {
                        key.encode(&mut out.out);
                        entry.encode_state(out);
                    },
                );
            }
        }
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let mut met = vec![false; self.slots.bound()];
        if let Some(input) = input {
            for _ in 0..input.count()? {
                let key = K::decode(&self.tag.0, input)?;
                let theirs = Atoms::<Option<V>>::decode(&self.tag.1, input, cx.keyed)?;
                let slot = self.change(key, |held| {
                    held.merge(theirs, cx);
                });
                if let Some(met) = met.get_mut(slot as usize) {
                    *met = true;
                }
            }
        }
        // Outside maps a dead stamp is kept, so a key that one side lacks was never cut.
        for slot in (0..met.len()).filter(|slot| cx.keyed && !met[*slot]) {
            self.change_slot(slot as u32, |held| {
                held.merge(Vec::new(), cx);
            });
        }
        Ok(())
    }

    /// A map starts empty.
    fn start(&mut self, _value: &Value) {}

    fn describe(&self, out: &mut String) {
        out.push_str(&format!("{}={{}}", self.kind()));
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.restore(input)
    }

    fn blank(&self) -> bool {
        self.len == 0
    }

    /// Whoever writes from now on has seen these deletes, and writes with a greater stamp.
    fn collect(&mut self, floor: Hlc) {
        for slot in 0..self.slots.bound() as u32 {
            self.change_slot(slot, |held| held.prune(floor));
        }
        self.slots.shrink();
        self.dirty.shrink_to(self.slots.bound());
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        for _ in 0..input.count()? {
            let key = K::decode(&self.tag.0, input)?;
            let value = Option::<V>::decode(&self.tag.1, input)?;
            let mut view = LwwMapEdit { map: self, at };
            if value.is_some() {
                view.write(key, value);
            } else if !view.take_out(key) {
                cx.drop_one();
            }
        }
        Ok(())
    }

    /// The value before comes back, or none, while nobody has written to the key since. Of a delete that a floor has collected
    /// nothing is left; then nobody has, or there would be a value.
    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let key = K::decode(&self.tag.0, input)?;
        let value = Option::<V>::decode(&self.tag.1, input)?;
        let held = self.slots.find(&key).and_then(|slot| self.slots.get(slot));
        let rules = match held {
            Some((_, held)) => cx.rules(held.stamp),
            None => !cx.probes(),
        };
        let mut view = LwwMapEdit { map: self, at };
        match value {
            _ if !rules => {}
            None => drop(view.take_out(key)),
            value => view.write(key, value),
        }
        Ok(())
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        let mut view = LwwMapEdit { map: self, at };
        if how == Assume::Restored {
            let gone = view.map.sorted().into_iter().map(|(key, _)| key.clone());
            let gone: Vec<K> = gone.filter(|key| then.live(key).is_none()).collect();
            for key in gone {
                view.take_out(key);
            }
        }
        // Deletes come back too: an older step may have made them.
        let all = how == Assume::Revived;
        let slots = then.slots.sorted(|entry| all || entry.value.is_some());
        for (key, entry) in slots.into_iter().filter_map(|slot| then.slots.get(slot)) {
            let stands = match (how, view.map.live(key), &entry.value) {
                (Assume::Revived, ..) => view.map.slots.find(key).is_some(),
                (Assume::Restored, Some(held), Some(value)) => held.same(value),
                (Assume::Restored, ..) => false,
            };
            if !stands {
                at.revives(entry.stamp);
                view.write(key.clone(), entry.value.clone());
            }
        }
    }
}

impl<K: Element, V: Element> LwwMap<K, V> {
    fn live(&self, key: &K) -> Option<&V> {
        let (_, entry) = self.slots.get(self.slots.find(key)?)?;
        entry.value.as_ref()
    }

    /// Changes what was written to a key; one that nobody wrote to is taken out. The slot it stands in, or stood in.
    fn change(&mut self, key: K, change: impl FnOnce(&mut Atoms<Option<V>>)) -> u32 {
        let slot = self.slot(key);
        self.change_slot(slot, change);
        slot
    }

    fn change_slot(&mut self, slot: u32, change: impl FnOnce(&mut Atoms<Option<V>>)) {
        let Some(held) = self.slots.entry_mut(slot) else {
            return;
        };
        let before = held.value.is_some();
        change(held);
        let mut written = !held.is_origin();
        if on(Mutant::EarlyTombstoneDrop) {
            written &= held.value.is_some();
        }
        let after = written && held.value.is_some();
        self.len = self.len + usize::from(after) - usize::from(before);
        if !written {
            self.slots.remove(slot);
        }
    }
}

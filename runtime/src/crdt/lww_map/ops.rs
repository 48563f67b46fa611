//! Ops, state and merge of a map.

use super::{Entry, LwwMap};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::crdt::{Apply, Crdt, Merge, Unknown};
use crate::value::Element;
use crate::{Stamp, Value};

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
            self.offer(key, cx.stamp, value);
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
                key.encode(&mut out.out);
                out.stamp(entry.stamp);
                entry.value.encode(&mut out.out);
            }
        }
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        _cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        // A key's writes and deletes supersede each other by stamp, and a dead stamp is kept, so the greatest wins.
        if let Some(input) = input {
            for _ in 0..input.count()? {
                let key = K::decode(&self.tag.0, input)?;
                let stamp = input.stamp()?;
                let value = Option::<V>::decode(&self.tag.1, input)?;
                self.offer(key, stamp, value);
            }
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
}

impl<K: Element, V: Element> LwwMap<K, V> {
    /// The greater stamp wins; equal stamps mean one write, or a forged twin, where the greater bytes win.
    fn offer(&mut self, key: K, stamp: Stamp, value: Option<V>) {
        let slot = self.slot(key);
        let Some((_, held)) = self.slots.get(slot) else {
            return;
        };
        let bytes = |value: &Option<V>| {
            let mut out = Vec::new();
            value.encode(&mut out);
            out
        };
        if stamp > held.stamp || (stamp == held.stamp && bytes(&value) > bytes(&held.value)) {
            self.put(slot, Some(Entry { stamp, value }));
        }
    }
}

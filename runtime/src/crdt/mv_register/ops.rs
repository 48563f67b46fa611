//! Ops, state, merge and inverse records of a register that keeps concurrent writes.
//!
//! A write is an atom and carries a cut: the stamps that its author replaced. That a replica's write replaces its own earlier one
//! goes without saying.

use super::{MvRegister, MvRegisterEdit};
use crate::codec::{Dec, DecodeError, Enc, Kind, write_varint};
use crate::crdt::atoms::merge_writes;
use crate::crdt::dots::{Dots, read_plain, write_plain};
use crate::crdt::{Apply, Crdt, Merge, Restamp, Unknown, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::value::Element;
use crate::{Stamp, Value};

impl<V: Element> Crdt for MvRegister<V> {
    fn kind(&self) -> Kind {
        Kind::MvRegister(V::kind(&self.tag))
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        self.writes.last().is_some_and(|(last, _)| *last == tx)
    }

    fn pristine(&self) -> bool {
        self.writes.is_empty()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        let own = self.writes.iter().find(|(stamp, _)| *stamp == tx);
        if let Some((_, value)) = own {
            value.encode(&mut out.out);
            self.cut.encode(out);
        }
        self.cut = Dots::None;
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        let count = input.varint()?;
        let cut = Dots::decode(input, count)?;
        self.writes
            .retain(|(stamp, _)| !cut.cuts(*stamp) && stamp.replica != cx.stamp.replica);
        self.writes.push((cx.stamp, value));
        self.writes.sort_by_key(|(stamp, _)| *stamp);
        Ok(())
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        let mut writes: Vec<&(Stamp, V)> = self.writes.iter().collect();
        writes.sort_by_key(|(stamp, _)| stamp.replica);
        out.varint(writes.len() as u64);
        for (stamp, value) in writes {
            out.stamp(*stamp);
            value.encode(&mut out.out);
        }
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let mut theirs = Vec::new();
        if let Some(input) = input {
            for _ in 0..input.count()? {
                theirs.push((input.stamp()?, V::decode(&self.tag, input)?));
            }
        }
        let ours = std::mem::take(&mut self.writes);
        self.writes = merge_writes(ours, theirs, cx);
        self.writes.sort_by_key(|(stamp, _)| *stamp);
        Ok(())
    }

    fn start(&mut self, value: &Value) {
        if let Some(value) = V::tagged(&self.tag, value) {
            self.initial = value.alone().canonical();
        }
    }

    fn describe(&self, out: &mut String) {
        crate::crdt::describe_line(&self.kind(), &self.initial.to_value(), out);
    }

    fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.cut = Dots::read_record(input)?;
        self.writes = (0..input.varint()?)
            .map(|_| Ok((read_plain(input)?, V::decode(&self.tag, input)?)))
            .collect::<Result<_, DecodeError>>()?;
        Ok(())
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        let count = input.varint()?;
        let mut seen = cx.translate(&Dots::decode(input, count)?);
        let own = cx.own();
        own.as_slice().iter().for_each(|own| seen.insert(*own));
        MvRegisterEdit { register: self, at }.write(value, Some(&seen));
        Ok(())
    }

    /// The value before comes back in place of the own one, while that is there. What was written concurrently stays beside it.
    fn undo(
        &mut self,
        _leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        let value = V::decode(&self.tag, input)?;
        let mut own = self.writes.iter().map(|(stamp, _)| *stamp);
        if let Some(own) = own.find(|stamp| cx.rules(*stamp)) {
            let seen = Dots::One(own);
            MvRegisterEdit { register: self, at }.write(value, Some(&seen));
        }
        Ok(())
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        let Some(then) = same::<Self>(then) else {
            return;
        };
        let stamp = then.writes.last().map(|(stamp, _)| *stamp);
        let differs = match how {
            // Of several values that were there the one is written that was shown.
            Assume::Restored => {
                let all = (self.values(), then.values());
                let mut pairs = all.0.iter().zip(&all.1);
                let same = all.0.len() == all.1.len() && pairs.all(|(now, then)| now.same(then));
                !same && (self.has_conflict() || !self.get().same(then.get()))
            }
            Assume::Revived => self.writes.is_empty() && stamp.is_some(),
        };
        if differs {
            at.revives(stamp.unwrap_or(Stamp::ORIGIN));
            let value = then.get().clone();
            MvRegisterEdit { register: self, at }.write(value, None);
        }
    }
}

impl<V: Element> MvRegister<V> {
    /// A write of the open change in place of what it has seen; of all that is there, where that is not said.
    pub(super) fn write(&mut self, tx: Stamp, value: V, seen: Option<&Dots>) {
        let cut = &mut self.cut;
        self.writes.retain(|(stamp, _)| {
            let own = stamp.replica == tx.replica;
            let goes = own || seen.is_none_or(|seen| seen.cuts(*stamp));
            if goes && !own {
                cut.insert(*stamp);
            }
            !goes
        });
        self.writes.push((tx, value));
    }

    /// Writes all of it into the undo log.
    pub(super) fn write_record(&self, out: &mut Vec<u8>) {
        self.cut.write_record(out);
        write_varint(out, self.writes.len() as u64);
        for (stamp, value) in &self.writes {
            write_plain(*stamp, out);
            value.encode(out);
        }
    }
}

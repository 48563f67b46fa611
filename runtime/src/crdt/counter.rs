//! [`GCounter`] and [`PnCounter`]: one atom per replica, its running total.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use super::{Apply, Crdt, Merge, Restamp, Synced, Unknown, same};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::mutants::{Mutant, on};
use crate::value::Element;
use crate::{Limit, ReplicaId, Stamp, Value};

/// Per replica the last total and the stamp that made it, by replica.
///
/// An op carries the author's whole total, so that applying it twice, or skipping ops that it supersedes, does no harm. The
/// greatest stamp wins, not the greatest total: a total may go down.
#[derive(Clone, Debug, Default, PartialEq)]
struct Totals(Vec<(Stamp, i128)>);

/// What an edit found: the total of its author before the open change.
type Base = i128;

impl Totals {
    fn find(&self, replica: Option<ReplicaId>) -> Result<usize, usize> {
        self.0
            .binary_search_by_key(&replica, |(stamp, _)| stamp.replica)
    }

    fn of(&self, replica: Option<ReplicaId>) -> Option<(Stamp, i128)> {
        self.find(replica).ok().map(|index| self.0[index])
    }

    /// Takes an atom unless a greater one of its replica is there. Equal stamps mean one op, or a forged twin: then the
    /// greater total wins, so that even that is decided everywhere alike.
    fn offer(&mut self, stamp: Stamp, total: i128) {
        let loses = |held| Self::loses(held, (stamp, total));
        if self.of(stamp.replica).is_none_or(loses) {
            self.put(stamp, total);
        }
    }

    fn put(&mut self, stamp: Stamp, total: i128) {
        let place = self.find(stamp.replica);
        self.put_at(place, (stamp, total));
    }

    /// Puts an atom where its replica was looked for.
    fn put_at(&mut self, place: Result<usize, usize>, atom: (Stamp, i128)) {
        match place {
            Ok(index) => self.0[index] = atom,
            Err(index) => {
                // Most counters of a map have one author.
                if self.0.is_empty() {
                    self.0.reserve_exact(1);
                }
                self.0.insert(index, atom);
            }
        }
    }

    /// True when one atom of a replica loses against another.
    fn loses(held: (Stamp, i128), to: (Stamp, i128)) -> bool {
        match on(Mutant::GreatestTotal) {
            true => held.1 < to.1,
            false => held < to,
        }
    }

    /// The sum of at most 2^64 totals of 64 bits: it cannot overflow.
    fn sum(&self) -> i128 {
        self.0.iter().map(|(_, total)| total).sum()
    }

    /// Merges atoms that ascend by replica, as the walker has made sure.
    fn merge(&mut self, theirs: &[(Stamp, i128)], cx: &Merge<'_>) {
        let ours = std::mem::take(&mut self.0);
        self.0.reserve_exact(ours.len().max(theirs.len()));
        let (mut ours, mut theirs) = (ours.as_slice(), theirs);
        loop {
            let (held, told) = match (ours.first(), theirs.first()) {
                (None, None) => return,
                (Some(held), Some(told)) => match held.0.replica.cmp(&told.0.replica) {
                    Ordering::Less => (Some(*held), None),
                    Ordering::Equal => (Some(*held), Some(*told)),
                    Ordering::Greater => (None, Some(*told)),
                },
                (held, told) => (held.copied(), told.copied()),
            };
            ours = &ours[usize::from(held.is_some())..];
            theirs = &theirs[usize::from(told.is_some())..];
            let both = held.is_some() && held.map(|atom| atom.0) == told.map(|atom| atom.0);
            let held = held.filter(|(stamp, _)| cx.keep_ours(*stamp, both));
            let told = told.filter(|(stamp, _)| cx.keep_theirs(*stamp, both));
            self.0.extend(match (held, told) {
                (Some(held), Some(told)) if Self::loses(held, told) => Some(told),
                (held, told) => held.or(told),
            });
        }
    }

    /// The author's new total, or none where it would not fit its type.
    #[inline]
    fn add(
        &mut self,
        base: &mut Base,
        at: At<'_>,
        by: i128,
        range: std::ops::RangeInclusive<i128>,
    ) {
        // One more of many in an edit, by the only author.
        if let [(stamp, total)] = self.0.as_mut_slice()
            && *stamp == at.stamp()
            && range.contains(&(*total + by))
            && at.is_recorded()
        {
            *total += by;
            return;
        }
        self.add_first(base, at, by, range);
    }

    fn add_first(
        &mut self,
        base: &mut Base,
        at: At<'_>,
        by: i128,
        range: std::ops::RangeInclusive<i128>,
    ) {
        let place = self.find(Some(at.replica()));
        let (stamp, total) = place.map_or((Stamp::ORIGIN, 0), |index| self.0[index]);
        let next = total + by;
        if !range.contains(&next) {
            return at.refuse(Limit::Overflow);
        }
        at.record_once(|out| {
            super::dots::write_wide(at.stamp(), out);
            super::dots::write_wide(stamp, out);
            crate::codec::write_zigzag(out, total);
        });
        if *range.start() < 0 {
            at.note_amount(by);
        }
        if stamp != at.stamp() {
            at.add_op(32);
            *base = total;
        }
        self.put_at(place, (at.stamp(), next));
    }

    /// The same, or nothing where it would not fit or is none.
    fn add_if_it_fits(
        &mut self,
        base: &mut Base,
        at: At<'_>,
        by: i128,
        range: std::ops::RangeInclusive<i128>,
    ) {
        let (_, total) = self.of(Some(at.replica())).unwrap_or((Stamp::ORIGIN, 0));
        if by != 0 && range.contains(&(total + by)) {
            self.add(base, at, by, range);
        }
    }

    /// The sum of the totals of those who have none in another.
    fn beyond(&self, others: &Self) -> i128 {
        let totals = self.0.iter();
        let beyond = totals.filter(|(stamp, _)| others.find(stamp.replica).is_err());
        beyond.map(|(_, total)| total).sum()
    }

    fn revert(&mut self, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        let current = super::dots::read_wide(input)?.replica;
        let stamp = super::dots::read_wide(input)?;
        let total = input.zigzag()?;
        if let Ok(index) = self.find(current) {
            if stamp.is_origin() {
                self.0.remove(index);
            } else {
                self.0[index] = (stamp, total);
            }
        }
        Ok(())
    }
}

macro_rules! counter {
    (
        $name:ident, $view:ident, $value:ty, $read:expr, $write:expr, $range:expr,
        $(#[$doc:meta])*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $name {
            initial: $value,
            totals: Totals,
            base: Base,
        }

        impl $name {
            /// A counter that starts at a constant, the same everywhere. O(1).
            #[must_use]
            pub fn new(initial: $value) -> Self {
                Self { initial, ..Self::default() }
            }

            /// The sum of all replicas' totals and the initial value; beyond its type it stays at the type's end. O(replicas).
            #[must_use]
            pub fn value(&self) -> $value {
                let sum = i128::from(self.initial) + self.totals.sum();
                <$value>::try_from(sum).unwrap_or(if sum < 0 { <$value>::MIN } else { <$value>::MAX })
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.value().fmt(f)
            }
        }

        impl Crdt for $name {
            fn kind(&self) -> Kind {
                Kind::$name
            }

            fn settle(&mut self, tx: Stamp) -> bool {
                self.totals.find(tx.replica).is_ok_and(|index| self.totals.0[index].0 == tx)
            }

            fn pristine(&self) -> bool {
                self.totals.0.is_empty()
            }

            fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
                if let Ok(index) = self.totals.find(tx.replica) {
                    $write(out, self.totals.0[index].1);
                    out.bases.push(self.base);
                }
            }

            fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
                self.totals.offer(cx.stamp, $read(input)?);
                Ok(())
            }

            fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
                out.varint(self.totals.0.len() as u64);
                for (stamp, total) in &self.totals.0 {
                    out.stamp(*stamp);
                    $write(out, *total);
                }
            }

            fn merge_state(&mut self, input: Option<&mut Dec<'_>>, cx: &mut Merge<'_>) -> Result<(), DecodeError> {
                let mut theirs = Vec::new();
                if let Some(input) = input {
                    let count = input.count()?;
                    theirs.reserve_exact(count);
                    for _ in 0..count {
                        theirs.push((input.stamp()?, $read(input)?));
                    }
                }
                self.totals.merge(&theirs, cx);
                Ok(())
            }

            fn start(&mut self, value: &Value) {
                if let Some(initial) = Element::from_value(value) {
                    self.initial = initial;
                }
            }

            fn describe(&self, out: &mut String) {
                super::describe_line(&self.kind(), &self.initial.to_value(), out);
            }

            fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
                self.totals.revert(input)
            }

            fn restamp(
                &mut self,
                input: &mut Dec<'_>,
                at: At<'_>,
                cx: &mut Restamp<'_>,
            ) -> Result<(), DecodeError> {
                let by = cx.added($read(input)?);
                self.totals.add(&mut self.base, at, by, $range);
                Ok(())
            }

            /// The opposite amount. One that only grows stays.
            fn undo(
                &mut self,
                _leaf: u32,
                _input: &mut Dec<'_>,
                at: At<'_>,
                cx: &mut Undo,
            ) -> Result<(), DecodeError> {
                let by = match on(Mutant::UndoSetsTotal) {
                    true => -self.totals.sum(),
                    false => -cx.amount(),
                };
                self.totals.add_if_it_fits(&mut self.base, at, by, $range);
                Ok(())
            }

            /// Amounts stay, save where all that was counted had gone.
            fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
                if let (Assume::Revived, Some(then)) = (how, same::<Self>(then)) {
                    let by = then.totals.beyond(&self.totals);
                    self.totals.add_if_it_fits(&mut self.base, at, by, $range);
                }
            }
        }

        impl Synced for $name {
            type Edit<'a> = $view<'a>;

            fn kind_of() -> Kind {
                Kind::$name
            }

            fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
                $view { counter: self, at }
            }
        }

        /// The view of the counter inside an edit.
        #[derive(Debug)]
        pub struct $view<'a> {
            counter: &'a mut $name,
            at: At<'a>,
        }

        impl $view<'_> {
            #[inline]
            fn add(&mut self, by: i128) {
                let counter = &mut *self.counter;
                counter.totals.add(&mut counter.base, self.at, by, $range);
            }
        }

        impl Deref for $view<'_> {
            type Target = $name;

            fn deref(&self) -> &Self::Target {
                self.counter
            }
        }
    };
}

fn read_unsigned(input: &mut Dec<'_>) -> Result<i128, DecodeError> {
    input.varint().map(i128::from)
}

fn write_unsigned(out: &mut Enc, total: i128) {
    out.varint(u64::try_from(total).unwrap_or(u64::MAX));
}

fn read_signed(input: &mut Dec<'_>) -> Result<i128, DecodeError> {
    input.zigzag()
}

fn write_signed(out: &mut Enc, total: i128) {
    out.zigzag(total);
}

counter! {
    GCounter, GCounterEdit, u64, read_unsigned, write_unsigned, 0..=i128::from(u64::MAX),
    /// A counter that only grows.
    ///
    /// # Law
    /// Increments of all replicas add up; each is counted once however often it arrives. Per replica
    /// the total with the greatest stamp is held, and the value is their sum; so merging is commutative, associative and idempotent.
    ///
    /// # Cost
    /// An increment is O(log replicas), reading and merging are O(replicas); in memory 32 bytes a replica that ever wrote.
    ///
    /// # Paper
    /// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011. Totals go by stamp, as
    /// in Almeida and Baquero, "Scalable eventually consistent counters over unreliable networks", 2019, so that a map may cut them.
}

counter! {
    PnCounter, PnCounterEdit, i64, read_signed, write_signed, i128::from(i64::MIN)..=i128::from(i64::MAX),
    /// A counter that grows and shrinks.
    ///
    /// # Law
    /// Increments and decrements of all replicas add up; each is counted once however often it arrives. Per replica
    /// the total with the greatest stamp is held, and the value is their sum; so merging is commutative, associative and idempotent.
    ///
    /// # Cost
    /// An increment is O(log replicas), reading and merging are O(replicas); in memory 32 bytes a replica that ever wrote.
    ///
    /// # Paper
    /// Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011. Totals go by stamp, as
    /// in Almeida and Baquero, "Scalable eventually consistent counters over unreliable networks", 2019, so that a map may cut them.
}

impl GCounterEdit<'_> {
    /// Adds to it. A replica's own total beyond 64 bits refuses the whole edit. Concurrent increments add up. O(log replicas).
    #[inline]
    pub fn increment(&mut self, by: u64) {
        if by > 0 {
            self.add(i128::from(by));
        }
    }
}

impl PnCounterEdit<'_> {
    /// Adds to it. A replica's own total beyond 64 bits refuses the whole edit. Concurrent increments add up. O(log replicas).
    #[inline]
    pub fn increment(&mut self, by: i64) {
        if by != 0 {
            self.add(i128::from(by));
        }
    }

    /// Takes from it. A replica's own total beyond 64 bits refuses the whole edit. Concurrent increments and decrements add up.
    /// O(log replicas).
    #[inline]
    pub fn decrement(&mut self, by: i64) {
        if by != 0 {
            self.add(-i128::from(by));
        }
    }
}

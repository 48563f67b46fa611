//! [`Mover`]: the live values that this replica sets on one entity, from the first until they have settled.

use super::form::{Cell, Form, Reading};
use crate::Hlc;

/// What is moved on one entity.
#[derive(Debug, Default)]
pub(super) struct Mover {
    /// What the entity is.
    pub(super) shape: u32,
    /// The fields that move, by place.
    pub(super) slots: Vec<Slot>,
    /// True while it waits for the next frame.
    pub(super) queued: bool,
}

/// A field that moves.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) slot: u32,
    pub(super) path: u32,
    pub(super) form: Form,
    pub(super) value: Reading,
    /// The value in steps.
    pub(super) cell: Cell,
    /// The tick of the value, and of its epoch.
    pub(super) tick: Hlc,
    pub(super) epoch: u32,
    /// When it was set.
    pub(super) at: u64,
    pub(super) jump: bool,
    /// It is to be sent.
    pub(super) dirty: bool,
    /// It differs from what was sent, but by so little that it waits until the field stands still.
    pub(super) small: bool,
    /// What was sent last, as it was and in steps.
    pub(super) sent: Option<(Cell, Reading)>,
    /// When it is due again, in microseconds.
    pub(super) due_us: u64,
    /// When anything was set, different or not.
    pub(super) touched: u64,
    /// It was made durable just now and goes on under a tick after that.
    pub(super) again: bool,
    /// A value of this motion has been made durable.
    pub(super) written: bool,
    /// It is about to become durable for the last time.
    pub(super) settles: bool,
    /// When its value was last made durable, or the motion began.
    pub(super) keyed: u64,
}

impl Mover {
    pub(super) fn find(&self, slot: u32) -> Option<&Slot> {
        let place = self.slots.binary_search_by_key(&slot, |it| it.slot).ok()?;
        self.slots.get(place)
    }

    pub(super) fn find_mut(&mut self, slot: u32) -> Option<&mut Slot> {
        let place = self.slots.binary_search_by_key(&slot, |it| it.slot).ok()?;
        self.slots.get_mut(place)
    }

    pub(super) fn insert(&mut self, slot: Slot) {
        if let Err(place) = self.slots.binary_search_by_key(&slot.slot, |it| it.slot) {
            self.slots.insert(place, slot);
        }
    }
}

impl Slot {
    /// One of which nothing was sent yet: its place, path and form; its value, under a tick and epoch.
    pub(super) fn new(
        (slot, path, form): (u32, u32, Form),
        (value, cell): (Reading, Cell),
        (tick, epoch): (Hlc, u32),
        now: u64,
    ) -> Self {
        Self {
            slot,
            path,
            form,
            value,
            cell,
            tick,
            epoch,
            at: now,
            jump: false,
            dirty: false,
            small: false,
            again: false,
            sent: None,
            due_us: 0,
            touched: now,
            keyed: now,
            written: false,
            settles: false,
        }
    }

    /// True when a value would be sent just as the last one was.
    pub(super) fn is_as_sent(&self, value: &Reading, cell: &Cell) -> bool {
        match (&self.sent, value) {
            (Some((sent, _)), Reading::Numbers(_)) => sent == cell,
            (Some((_, sent)), Reading::Bytes(_)) => sent == value,
            (None, _) => false,
        }
    }

    /// True when a value differs from what was sent by less than the threshold.
    pub(super) fn is_near(&self, value: &Reading, threshold: Option<f64>) -> bool {
        let (Some((_, Reading::Numbers(sent))), Reading::Numbers(value)) = (&self.sent, value)
        else {
            return false;
        };
        let parts = sent.iter().zip(value);
        let square: f64 = parts.map(|(a, b)| (a - b) * (a - b)).sum();
        threshold.is_some_and(|threshold| square.sqrt() < threshold)
    }
}

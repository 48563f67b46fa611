//! [`Unknown`]: the fields that a peer's schema has and this one's type lacks. They are held, merged and passed on.

use super::few::Few;
use super::{
    Apply, Crdt, GCounter, GSet, JsonDoc, LwwMap, LwwRegister, Merge, MvRegister, OrMap, OrSet,
    PnCounter, Sequence, Text, TwoPSet,
};
use crate::codec::{Dec, DecodeError, Enc, Kind, Mode};
use crate::{Hlc, Stamp, Value, Version};

/// What holds a field of this kind where its type is not known.
pub(super) fn fresh(kind: &Kind) -> Box<dyn Crdt> {
    match kind.clone() {
        Kind::LwwRegister(value) => Box::new(LwwRegister::unknown(value)),
        Kind::GCounter => Box::new(GCounter::default()),
        Kind::PnCounter => Box::new(PnCounter::default()),
        Kind::OrSet(value) => Box::new(OrSet::unknown(value)),
        Kind::LwwMap(key, value) => Box::new(LwwMap::unknown(key, value)),
        Kind::OrMap(key, value) => Box::new(OrMap::unknown(key, *value)),
        Kind::GSet(value) => Box::new(GSet::unknown(value)),
        Kind::TwoPSet(value) => Box::new(TwoPSet::unknown(value)),
        Kind::MvRegister(value) => Box::new(MvRegister::unknown(value)),
        Kind::JsonDoc => Box::new(JsonDoc::default()),
        Kind::Sequence(value) => Box::new(Sequence::unknown(value)),
        Kind::Text => Box::new(Text::default()),
        Kind::Orb => Box::new(Unknown::default()),
    }
}

/// Fields without a place in the Rust type, by id and kind. As a [`Crdt`] it is an orb all of whose fields are unknown.
#[derive(Default)]
pub struct Unknown {
    fields: Few<(u32, Kind), Box<dyn Crdt>>,
    orbs: Few<u32, Unknown>,
}

impl Unknown {
    /// True when every field was known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.values().all(|field| field.pristine()) && self.orbs.values().all(Self::is_empty)
    }

    /// A copy of what an entry of a map does not know, by way of its bytes: the holders have types of their own.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::default();
        if self.is_empty() {
            return copy;
        }
        let (mut none, nothing) = (Self::default(), Version::new());
        let mut out = Enc::new(Mode::Body, Hlc::MAX);
        out.map(|out| self.encode_state(&none, out));
        let body = out.finish();
        let mut cx = Merge {
            theirs: &nothing,
            ours: &nothing,
            keyed: true,
            reset: false,
            unknown: &mut none,
        };
        let read = Dec::body(&body, Hlc::MAX);
        let read = read.and_then(|mut input| copy.merge_state(Some(&mut input), &mut cx));
        debug_assert!(read.is_ok(), "own bytes did not decode: {read:?}");
        copy
    }

    /// What a nested orb, known or not, does not know.
    pub(crate) fn orb(&self, id: u32) -> Option<&Self> {
        self.orbs.get(&id)
    }

    pub(crate) fn orb_mut(&mut self, id: u32) -> &mut Self {
        self.orbs.entry(id, Self::default)
    }

    /// The holder of a field that is not an orb, made at first sight.
    pub(crate) fn field_mut(&mut self, id: u32, kind: &Kind) -> &mut dyn Crdt {
        self.fields
            .entry((id, kind.clone()), || fresh(kind))
            .as_mut()
    }

    /// Applies the ops of one field that the type lacks.
    pub(crate) fn apply_field(
        &mut self,
        id: u32,
        kind: &Kind,
        input: &mut Dec<'_>,
        cx: &Apply<'_>,
    ) -> Result<(), DecodeError> {
        let mut none = Self::default();
        let unknown = &mut none;
        let mut cx = Apply { unknown, ..*cx };
        match kind {
            Kind::Orb => self.orb_mut(id).apply_ops(input, &mut cx),
            _ => self.field_mut(id, kind).apply_ops(input, &mut cx),
        }
    }

    /// Merges the state of one field that the type lacks; `versions` are theirs and ours.
    pub(crate) fn merge_field(
        &mut self,
        id: u32,
        kind: &Kind,
        input: Option<&mut Dec<'_>>,
        versions: (&Version, &Version),
        keyed: bool,
    ) -> Result<(), DecodeError> {
        let mut none = Self::default();
        let mut cx = Merge {
            theirs: versions.0,
            ours: versions.1,
            keyed,
            reset: false,
            unknown: &mut none,
        };
        match kind {
            Kind::Orb => self.orb_mut(id).merge_state(input, &mut cx),
            _ => self.field_mut(id, kind).merge_state(input, &mut cx),
        }
    }

    /// The unknown fields that hold something, nested orbs too unless the type knows them.
    pub(crate) fn written(&self, hashing: bool) -> impl Iterator<Item = (u32, Kind)> + '_ {
        let said = move |field: &dyn Crdt| match hashing {
            true => !field.blank(),
            false => !field.pristine(),
        };
        let fields = self
            .fields
            .iter()
            .filter(move |(_, field)| said(field.as_ref()))
            .map(|(key, _)| key.clone());
        let orbs = self.orbs.iter().filter(move |(_, orb)| said(*orb));
        fields.chain(orbs.map(|(id, _)| (*id, Kind::Orb)))
    }

    /// Writes the state of one unknown field.
    pub(crate) fn encode_field(&self, id: u32, kind: &Kind, out: &mut Enc) {
        let none = Self::default();
        match kind {
            Kind::Orb => self
                .orbs
                .get(&id)
                .into_iter()
                .for_each(|orb| orb.encode_state(&none, out)),
            _ => self
                .fields
                .get(&(id, kind.clone()))
                .into_iter()
                .for_each(|field| field.encode_state(&none, out)),
        }
    }
}

impl std::fmt::Debug for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.written(false)).finish()
    }
}

impl Crdt for Unknown {
    fn kind(&self) -> Kind {
        Kind::Orb
    }

    fn leaves(&self) -> u32 {
        0
    }

    fn settle(&mut self, _tx: Stamp) -> bool {
        false
    }

    fn pristine(&self) -> bool {
        self.is_empty()
    }

    fn encode_ops(&mut self, _tx: Stamp, _out: &mut Enc) {}

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        let shape = input.shape()?;
        shape.each(|id, kind| self.apply_field(id, kind, input, cx))
    }

    fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
        let mut shape: Vec<_> = self.written(out.mode() == Mode::Hash).collect();
        shape.sort();
        out.shape(shape.clone());
        for (at, (id, kind)) in shape.iter().enumerate() {
            out.leaf(
                |path| super::orb::leaf_of_field(&shape, at, path),
                |out| self.encode_field(*id, kind, out),
            );
        }
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        let mut ours: Vec<_> = self.written(false).collect();
        let versions = (cx.theirs, cx.ours);
        if let Some(input) = input {
            ours.sort();
            let shape = input.shape()?;
            shape.each(|id, kind| self.merge_field(id, kind, Some(input), versions, cx.keyed))?;
            ours = shape.lacks(ours)?;
        }
        for (id, kind) in ours {
            self.merge_field(id, &kind, None, versions, cx.keyed)?;
        }
        Ok(())
    }

    fn start(&mut self, _value: &Value) {}

    fn describe(&self, _out: &mut String) {}

    fn revert(&mut self, _leaf: u32, _input: &mut Dec<'_>) -> Result<(), DecodeError> {
        Ok(())
    }

    fn blank(&self) -> bool {
        self.fields.values().all(|field| field.blank()) && self.orbs.values().all(Crdt::blank)
    }

    fn collect(&mut self, floor: Hlc) {
        for field in self.fields.values_mut() {
            field.collect(floor);
        }
        for orb in self.orbs.values_mut() {
            orb.collect(floor);
        }
    }
}

//! [`Orb`]: a struct of CRDTs. Generated code gives a table of fields; everything else is done here, once.

use super::{Apply, Crdt, Merge, OrbInfo, Restamp, RestampItems, Unknown};
use crate::codec::{Dec, DecodeError, Enc, Kind, MAX_ROWS, Mode};
use crate::edit::At;
use crate::{Hlc, Stamp, Value};

/// A struct whose fields are synchronised, each by its CRDT. Implemented by `holoc` and by `#[derive(Synced)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an orb",
    note = "put `#[derive(Synced)]` on the struct, or generate it with holoc"
)]
pub trait Orb: Send + Sync + 'static {
    /// What the declaration says of the type and its fields.
    const INFO: &'static OrbInfo;

    /// The field at a place in `INFO.fields`.
    #[doc(hidden)]
    fn field(&self, index: usize) -> &dyn Crdt;

    /// The field at a place in `INFO.fields`.
    #[doc(hidden)]
    fn field_mut(&mut self, index: usize) -> &mut dyn Crdt;
}

/// An orb without its type. What follows is compiled once for all orbs; a type of its own costs a table and a few shims.
pub(crate) trait Table {
    /// How many fields it has.
    fn len(&self) -> usize;
    /// Number and name of the field at a place. Fields stand by number.
    fn field_at(&self, index: usize) -> (u32, &str);
    /// The place of the field with a number.
    fn index_of(&self, id: u32) -> Option<usize>;
    fn at(&self, index: usize) -> &dyn Crdt;
    fn at_mut(&mut self, index: usize) -> &mut dyn Crdt;
}

impl<T: Orb> Table for T {
    fn len(&self) -> usize {
        T::INFO.fields.len()
    }

    fn field_at(&self, index: usize) -> (u32, &str) {
        let field = &T::INFO.fields[index];
        (field.id, field.name)
    }

    fn index_of(&self, id: u32) -> Option<usize> {
        T::INFO.index_of(id)
    }

    fn at(&self, index: usize) -> &dyn Crdt {
        self.field(index)
    }

    fn at_mut(&mut self, index: usize) -> &mut dyn Crdt {
        self.field_mut(index)
    }
}

impl<T: Orb> Crdt for T {
    fn kind(&self) -> Kind {
        const {
            assert!(
                T::INFO.depth() <= MAX_ROWS,
                "structs nest deeper than a change can say"
            )
        };
        Kind::Orb
    }

    fn leaves(&self) -> u32 {
        leaves(self)
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        settle(self, tx)
    }

    fn pristine(&self) -> bool {
        pristine(self)
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        encode_ops(self, tx, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        apply_ops(self, input, cx)
    }

    fn encode_state(&self, unknown: &Unknown, out: &mut Enc) {
        encode_state(self, unknown, out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        merge_state(self, input, cx)
    }

    fn start(&mut self, value: &Value) {
        start(self, value);
    }

    fn describe(&self, out: &mut String) {
        describe(self, out);
    }

    fn revert(&mut self, leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        revert(self, leaf, input)
    }

    fn blank(&self) -> bool {
        blank(self)
    }

    fn collect(&mut self, floor: Hlc) {
        collect(self, floor);
    }

    fn items(&self, out: &mut RestampItems) {
        items(self, out);
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        restamp(self, input, at, cx)
    }
}

fn indices(orb: &dyn Table) -> std::ops::Range<usize> {
    0..orb.len()
}

/// The field that ops or a state of this id and kind belong to, if the type has it.
fn known(orb: &dyn Table, id: u32, kind: &Kind) -> Option<usize> {
    let index = orb.index_of(id);
    index.filter(|index| orb.at(*index).is(kind))
}

pub(crate) fn leaves(orb: &dyn Table) -> u32 {
    indices(orb).map(|index| orb.at(index).leaves()).sum()
}

pub(crate) fn settle(orb: &mut dyn Table, tx: Stamp) -> bool {
    let mut any = false;
    for index in indices(orb) {
        any |= orb.at_mut(index).settle(tx);
    }
    any
}

pub(crate) fn pristine(orb: &dyn Table) -> bool {
    indices(orb).all(|index| orb.at(index).pristine())
}

pub(crate) fn encode_ops(orb: &mut dyn Table, tx: Stamp, out: &mut Enc) {
    let mut touched = std::mem::take(&mut out.places);
    touched.clear();
    touched.extend(indices(orb).filter(|index| orb.at_mut(*index).settle(tx)));
    let fields: &dyn Table = orb;
    let is = |shape: &[(u32, Kind)]| {
        let same = |(index, (id, kind)): (&usize, &(u32, Kind))| {
            fields.field_at(*index).0 == *id && fields.at(*index).is(kind)
        };
        shape.len() == touched.len() && touched.iter().zip(shape).all(same)
    };
    let field = |index: &usize| (fields.field_at(*index).0, fields.at(*index).kind());
    out.shape_of(is, || touched.iter().map(field).collect());
    for index in &touched {
        orb.at_mut(*index).encode_ops(tx, out);
    }
    out.places = touched;
}

pub(crate) fn apply_ops(
    orb: &mut dyn Table,
    input: &mut Dec<'_>,
    cx: &mut Apply<'_>,
) -> Result<(), DecodeError> {
    let shape = input.shape()?;
    shape.each(|id, kind| match known(orb, id, kind) {
        Some(index) if *kind == Kind::Orb => {
            let unknown = cx.unknown.orb_mut(id);
            let mut cx = Apply { unknown, ..*cx };
            orb.at_mut(index).apply_ops(input, &mut cx)
        }
        Some(index) => orb.at_mut(index).apply_ops(input, cx),
        None => {
            let none = &mut Unknown::default();
            let (stamp, floor, keyed) = (cx.stamp, cx.floor, cx.keyed);
            let unknown = Apply {
                stamp,
                floor,
                keyed,
                unknown: none,
            };
            cx.unknown.apply_field(id, kind, input, &unknown)
        }
    })
}

pub(crate) fn blank(orb: &dyn Table) -> bool {
    indices(orb).all(|index| orb.at(index).blank())
}

pub(crate) fn collect(orb: &mut dyn Table, floor: Hlc) {
    for index in indices(orb) {
        orb.at_mut(index).collect(floor);
    }
}

pub(crate) fn items(orb: &dyn Table, out: &mut RestampItems) {
    indices(orb).for_each(|index| orb.at(index).items(out));
}

/// Makes the ops of the fields that the type has again. Of what it lacks it cannot make any.
pub(crate) fn restamp(
    orb: &mut dyn Table,
    input: &mut Dec<'_>,
    at: At<'_>,
    cx: &mut Restamp<'_>,
) -> Result<(), DecodeError> {
    let shape = input.shape()?;
    shape.each(|id, kind| match known(orb, id, kind) {
        Some(index) => {
            let mut at = at;
            for before in 0..index {
                let _ = at.take(orb.at(before).leaves());
            }
            orb.at_mut(index).restamp(input, at, cx)
        }
        None => cx.drop_ops(kind, input),
    })
}

/// The fields that differ from their initial state, known and unknown, by (id, kind).
fn shape_of_state(orb: &dyn Table, unknown: &Unknown, hashing: bool) -> Vec<(u32, Kind)> {
    let written = indices(orb).filter(|index| match hashing {
        true => !orb.at(*index).blank(),
        false => !orb.at(*index).pristine(),
    });
    let mut shape: Vec<_> = written
        .map(|index| (orb.field_at(index).0, orb.at(index).kind()))
        .collect();
    shape.extend(unknown.written(hashing));
    shape.sort();
    shape.dedup();
    shape
}

pub(crate) fn encode_state(orb: &dyn Table, unknown: &Unknown, out: &mut Enc) {
    let shape = shape_of_state(orb, unknown, out.mode() == Mode::Hash);
    out.shape(shape.clone());
    let none = Unknown::default();
    for (id, kind) in &shape {
        match known(orb, *id, kind) {
            Some(index) if !(*kind == Kind::Orb && orb.at(index).pristine()) => {
                orb.at(index)
                    .encode_state(unknown.orb(*id).unwrap_or(&none), out);
            }
            _ => unknown.encode_field(*id, kind, out),
        }
    }
}

pub(crate) fn merge_state(
    orb: &mut dyn Table,
    input: Option<&mut Dec<'_>>,
    cx: &mut Merge<'_>,
) -> Result<(), DecodeError> {
    let mut ours = shape_of_state(orb, cx.unknown, false);
    if let Some(input) = input {
        let shape = input.shape()?;
        shape.each(|id, kind| merge_field(orb, id, kind, Some(input), cx))?;
        ours = shape.lacks(ours)?;
    }
    for (id, kind) in ours {
        merge_field(orb, id, &kind, None, cx)?;
    }
    Ok(())
}

fn merge_field(
    orb: &mut dyn Table,
    id: u32,
    kind: &Kind,
    input: Option<&mut Dec<'_>>,
    cx: &mut Merge<'_>,
) -> Result<(), DecodeError> {
    match known(orb, id, kind) {
        Some(index) if *kind == Kind::Orb => {
            let unknown = cx.unknown.orb_mut(id);
            let mut inner = Merge { unknown, ..*cx };
            orb.at_mut(index).merge_state(input, &mut inner)?;
            cx.reset |= inner.reset;
            Ok(())
        }
        Some(index) => orb.at_mut(index).merge_state(input, cx),
        None => {
            let (theirs, ours) = (cx.theirs, cx.ours);
            cx.unknown
                .merge_field(id, kind, input, (theirs, ours), cx.keyed)
        }
    }
}

/// Gives the fields that the map names the values that it has for them.
pub(crate) fn start(orb: &mut dyn Table, value: &Value) {
    if let Value::Map(entries) = value {
        for index in indices(orb) {
            if let Some(value) = entries.get(orb.field_at(index).1) {
                orb.at_mut(index).start(value);
            }
        }
    }
}

pub(crate) fn describe(orb: &dyn Table, out: &mut String) {
    out.push_str("Struct{");
    for index in indices(orb) {
        out.push_str(&format!("{}:", orb.field_at(index).0));
        orb.at(index).describe(out);
        out.push(';');
    }
    out.push('}');
}

pub(crate) fn revert(
    orb: &mut dyn Table,
    leaf: u32,
    input: &mut Dec<'_>,
) -> Result<(), DecodeError> {
    let mut first = 0;
    for index in indices(orb) {
        let next = first + orb.at(index).leaves();
        if leaf < next {
            return orb.at_mut(index).revert(leaf - first, input);
        }
        first = next;
    }
    Err(DecodeError::Range("leaf"))
}

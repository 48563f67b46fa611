//! One field of a [`Dynamic`]: a CRDT of the type that the schema says.

use std::sync::Arc;

use super::Dynamic;
use super::schema::OrbSchema;
use super::types::{Form, Type};
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::crdt::{Apply, Crdt, Held, Merge, Restamp, RestampItems, UnknownFields, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::value::{Any, Element};
use crate::{
    GCounter, GSet, Hlc, JsonDoc, LwwMap, LwwRegister, MvRegister, OrMap, OrSet, PnCounter,
    Sequence, Stamp, Text, TwoPSet, Value,
};

/// Every CRDT, over values whose types are known at run time.
#[derive(Clone)]
pub(super) enum Field {
    LwwRegister(LwwRegister<Any>),
    MvRegister(MvRegister<Any>),
    GCounter(GCounter),
    PnCounter(PnCounter),
    OrSet(OrSet<Any>),
    GSet(GSet<Any>),
    TwoPSet(TwoPSet<Any>),
    Sequence(Sequence<Any>),
    LwwMap(LwwMap<Any, Any>),
    OrMap(OrMap<Any, Field>),
    JsonDoc(JsonDoc),
    Text(Text),
    Orb(Dynamic),
}

impl Field {
    /// One that nobody wrote to. A schema that was read has initial values that fit.
    pub(super) fn new(form: &Form, initial: Option<&Value>) -> Self {
        let single = |ty: &Type| {
            let given = initial.and_then(|value| ty.any(value));
            given.or_else(|| ty.any(&ty.zero()?))
        };
        let started = |mut field: Self, ty: &Type| {
            if let Some(Value::List(items)) = initial {
                let items = items.iter().filter_map(|item| ty.resolve(item));
                field.crdt_mut().start(&Value::List(items.collect()));
            }
            field
        };
        match form {
            Form::LwwRegister(ty) => match single(ty) {
                Some(value) => Self::LwwRegister(LwwRegister::with_tag(value, ty.kind())),
                None => Self::Orb(Dynamic::default()),
            },
            Form::MvRegister(ty) => match single(ty) {
                Some(value) => Self::MvRegister(MvRegister::with_tag(value, ty.kind())),
                None => Self::Orb(Dynamic::default()),
            },
            Form::GCounter => {
                let initial = initial.and_then(u64::from_value);
                Self::GCounter(GCounter::new(initial.unwrap_or_default()))
            }
            Form::PnCounter => {
                let initial = initial.and_then(i64::from_value);
                Self::PnCounter(PnCounter::new(initial.unwrap_or_default()))
            }
            Form::OrSet(ty) => started(Self::OrSet(OrSet::with_tag(ty.kind())), ty),
            Form::GSet(ty) => started(Self::GSet(GSet::with_tag(ty.kind())), ty),
            Form::TwoPSet(ty) => started(Self::TwoPSet(TwoPSet::with_tag(ty.kind())), ty),
            Form::Sequence(ty) => started(Self::Sequence(Sequence::with_tag(ty.kind())), ty),
            Form::LwwMap(key, ty) => Self::LwwMap(LwwMap::with_tag((key.kind(), ty.kind()))),
            Form::OrMap(key, held) => Self::OrMap(OrMap::with_tag((key.kind(), held.clone()))),
            Form::JsonDoc => Self::JsonDoc(match initial {
                Some(value) => JsonDoc::new(value.clone()),
                None => JsonDoc::default(),
            }),
            Form::Text => Self::Text(match initial {
                Some(Value::Str(text)) => Text::new(text),
                _ => Text::default(),
            }),
            Form::Orb(orb) => Self::Orb(Dynamic::of(orb, initial)),
        }
    }

    pub(super) fn crdt(&self) -> &dyn Crdt {
        match self {
            Self::LwwRegister(it) => it,
            Self::MvRegister(it) => it,
            Self::GCounter(it) => it,
            Self::PnCounter(it) => it,
            Self::OrSet(it) => it,
            Self::GSet(it) => it,
            Self::TwoPSet(it) => it,
            Self::Sequence(it) => it,
            Self::LwwMap(it) => it,
            Self::OrMap(it) => it,
            Self::JsonDoc(it) => it,
            Self::Text(it) => it,
            Self::Orb(it) => it,
        }
    }

    pub(super) fn crdt_mut(&mut self) -> &mut dyn Crdt {
        match self {
            Self::LwwRegister(it) => it,
            Self::MvRegister(it) => it,
            Self::GCounter(it) => it,
            Self::PnCounter(it) => it,
            Self::OrSet(it) => it,
            Self::GSet(it) => it,
            Self::TwoPSet(it) => it,
            Self::Sequence(it) => it,
            Self::LwwMap(it) => it,
            Self::OrMap(it) => it,
            Self::JsonDoc(it) => it,
            Self::Text(it) => it,
            Self::Orb(it) => it,
        }
    }
}

impl Dynamic {
    /// One that nobody wrote to, with values of its holder's where it gives any.
    pub(super) fn of(info: &Arc<OrbSchema>, given: Option<&Value>) -> Self {
        let parts = match given {
            Some(Value::Map(parts)) => Some(parts),
            _ => None,
        };
        let fields = info.fields.iter().map(|field| {
            let given = parts.and_then(|parts| parts.get(&field.name));
            Field::new(&field.form, given.or(field.initial.as_ref()))
        });
        Self {
            fields: fields.collect(),
            info: info.clone(),
        }
    }
}

impl Held for Field {
    type Tag = Arc<Form>;

    fn fresh(form: &Arc<Form>) -> Self {
        Self::new(form, None)
    }

    fn kind_of(form: &Arc<Form>) -> Kind {
        form.kind()
    }
}

impl Crdt for Field {
    fn kind(&self) -> Kind {
        self.crdt().kind()
    }

    fn leaves(&self) -> u32 {
        self.crdt().leaves()
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        self.crdt_mut().settle(tx)
    }

    fn pristine(&self) -> bool {
        self.crdt().pristine()
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        self.crdt_mut().encode_ops(tx, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        self.crdt_mut().apply_ops(input, cx)
    }

    fn encode_state(&self, unknown: &UnknownFields, out: &mut Enc) {
        self.crdt().encode_state(unknown, out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        self.crdt_mut().merge_state(input, cx)
    }

    fn start(&mut self, value: &Value) {
        self.crdt_mut().start(value);
    }

    fn describe(&self, out: &mut String) {
        self.crdt().describe(out);
    }

    fn revert(&mut self, leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        self.crdt_mut().revert(leaf, input)
    }

    fn blank(&self) -> bool {
        self.crdt().blank()
    }

    fn collect(&mut self, floor: Hlc) {
        self.crdt_mut().collect(floor);
    }

    fn items(&self, out: &mut RestampItems) {
        self.crdt().items(out);
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        self.crdt_mut().restamp(input, at, cx)
    }

    fn undo(
        &mut self,
        leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        self.crdt_mut().undo(leaf, input, at, cx)
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        if let Some(then) = same::<Self>(then) {
            self.crdt_mut().assume(then.crdt(), at, how);
        }
    }
}

//! Editing by name: the way to a field, and its verbs with values as arguments.

mod documents;
mod lists;

use std::fmt;
use std::ops::Deref;

use super::Dynamic;
use super::error::CallError;
use super::field::Field;
use super::types::{Form, Type};
use super::verbs::{self, Verb};
use crate::crdt::{
    Crdt, GSetEdit, LwwMapEdit, LwwRegisterEdit, MvRegisterEdit, OrMapEdit, OrSetEdit,
    SequenceEdit, Synced, TwoPSetEdit,
};
use crate::edit::At;
use crate::value::{Any, Element};
use crate::{JsonKey, JsonPath, Value};

/// The view of a [`Dynamic`] inside an edit.
pub struct DynamicEdit<'a> {
    orb: &'a mut Dynamic,
    at: At<'a>,
}

type Result<T = Value> = std::result::Result<T, CallError>;

impl<'a> DynamicEdit<'a> {
    pub(super) fn new(orb: &'a mut Dynamic, at: At<'a>) -> Self {
        Self { orb, at }
    }

    /// Calls a verb of a field by the name of its method, and returns what the method does, or null.
    ///
    /// A path leads through nested structs by name (`stats.kills`) and into maps of synchronised values by key
    /// (`players.anna.score`), whose entries are made if need be. The rest of a path into an [`crate::LwwMap`] or a
    /// [`crate::JsonDoc`] is their first argument. O(path) beside what the verb costs in its CRDT; of concurrent calls, what its
    /// CRDT says.
    ///
    /// # Errors
    /// When there is no such field or verb, or the arguments do not fit it.
    pub fn call(&mut self, path: &str, verb: &str, args: &[Value]) -> Result {
        let parsed: JsonPath = path
            .parse()
            .map_err(|error: crate::PathError| CallError::Path {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
        Call { path, verb }.in_orb(self.orb, self.at, parsed.keys(), args)
    }
}

impl Deref for DynamicEdit<'_> {
    type Target = Dynamic;

    fn deref(&self) -> &Self::Target {
        self.orb
    }
}

impl fmt::Debug for DynamicEdit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.orb.fmt(f)
    }
}

/// A verb on its way to what it is called on.
#[derive(Clone, Copy)]
struct Call<'c> {
    path: &'c str,
    verb: &'c str,
}

impl Call<'_> {
    fn in_orb(self, orb: &mut Dynamic, mut at: At<'_>, keys: &[JsonKey], args: &[Value]) -> Result {
        let Some((name, keys)) = keys.split_first() else {
            if let ("set" | "put" | "insert", [Value::Map(parts)]) = (self.verb, args) {
                return self.put_parts(orb, at, parts);
            }
            // What a map forwards names the field in front.
            if let Some((Value::Str(name), rest)) = args.split_first() {
                let name = JsonKey::from(name);
                return self.in_orb(orb, at, std::slice::from_ref(&name), rest);
            }
            return Err(self.unknown_verb("Struct"));
        };
        let info = orb.info.clone();
        let Some(place) = info.place(&name.text()) else {
            let known = info.fields.iter().map(|field| field.name.clone()).collect();
            let path = self.path.to_owned();
            return Err(CallError::UnknownField { path, known });
        };
        for before in &orb.fields[..place] {
            let _ = at.take(before.leaves());
        }
        let (field, form) = (&mut orb.fields[place], &info.fields[place].form);
        self.in_field(field, form, at, keys, args)
    }

    /// Sets the registers of a struct, and of structs in it, that a map names.
    fn put_parts(
        self,
        orb: &mut Dynamic,
        at: At<'_>,
        parts: &std::collections::BTreeMap<String, Value>,
    ) -> Result {
        for (name, value) in parts {
            let call = Call {
                verb: "set",
                ..self
            };
            call.in_orb(orb, at, &[JsonKey::from(name)], std::slice::from_ref(value))?;
        }
        Ok(Value::Null)
    }

    fn in_field(
        self,
        field: &mut Field,
        form: &Form,
        at: At<'_>,
        keys: &[JsonKey],
        args: &[Value],
    ) -> Result {
        match (field, form, keys) {
            (Field::Orb(orb), _, _) => self.in_orb(orb, at, keys, args),
            (field, _, []) => self.on(field, form, at, args),
            (Field::OrMap(map), Form::OrMap(key, held), [name, keys @ ..]) => {
                let name = name.text();
                let key = Any::of_key(&key.kind(), &name)
                    .ok_or_else(|| self.argument(&Value::Str(name), key))?;
                let mut map = OrMapEdit::new(map, at);
                let (field, at) = map.open(key);
                self.in_field(field, held, at, keys, args)
            }
            (field @ Field::LwwMap(_), _, [name]) => {
                let mut all = vec![Value::Str(name.text())];
                all.extend_from_slice(args);
                self.on(field, form, at, &all)
            }
            (field @ Field::JsonDoc(_), _, keys) => {
                let keys = keys.iter().map(|key| match key {
                    JsonKey::Name(name) => Value::Str(name.clone()),
                    JsonKey::Index(index) => Value::Int(i64::try_from(*index).unwrap_or(i64::MAX)),
                });
                let keys = keys.collect();
                let mut all = vec![Value::List(keys)];
                all.extend_from_slice(args);
                self.on(field, form, at, &all)
            }
            (_, form, _) => Err(CallError::Path {
                path: self.path.to_owned(),
                reason: format!("a {} has no parts", form.name()),
            }),
        }
    }

    /// Calls the verb on what the path led to.
    fn on(self, field: &mut Field, form: &Form, at: At<'_>, args: &[Value]) -> Result {
        if let (Field::OrMap(map), Form::OrMap(key, held)) = (&mut *field, form) {
            return self.on_entries(map, (key, held), at, args);
        }
        let verb = self.find(form.name(), args)?;
        match (field, form) {
            (Field::LwwRegister(it), Form::LwwRegister(ty)) => {
                LwwRegisterEdit::new(it, at).set(&self.value(args, 0, ty)?);
                Ok(Value::Null)
            }
            (Field::MvRegister(it), Form::MvRegister(ty)) => {
                MvRegisterEdit::new(it, at).set(&self.value(args, 0, ty)?);
                Ok(Value::Null)
            }
            (Field::GCounter(it), _) => {
                it.edit(at)
                    .increment(self.amount(args, "a number from 0 on")?);
                Ok(Value::Null)
            }
            (Field::PnCounter(it), _) => {
                let (by, mut view) = (self.amount(args, "a whole number")?, it.edit(at));
                match verb.name {
                    "increment" => view.increment(by),
                    _ => view.decrement(by),
                }
                Ok(Value::Null)
            }
            (Field::OrSet(it), Form::OrSet(ty)) => {
                let mut view = OrSetEdit::new(it, at);
                self.on_set(verb, args, ty, &mut |action| match action {
                    Action::Insert(value) => view.insert(&value),
                    Action::Remove(value) => view.remove(&value),
                    Action::Clear => {
                        view.clear();
                        true
                    }
                })
            }
            (Field::GSet(it), Form::GSet(ty)) => {
                let value = self.value(args, 0, ty)?;
                Ok(Value::Bool(GSetEdit::new(it, at).insert(&value)))
            }
            (Field::TwoPSet(it), Form::TwoPSet(ty)) => {
                let mut view = TwoPSetEdit::new(it, at);
                self.on_set(verb, args, ty, &mut |action| match action {
                    Action::Insert(value) => view.insert(&value),
                    Action::Remove(value) => view.remove(&value),
                    Action::Clear => {
                        view.clear();
                        true
                    }
                })
            }
            (Field::Sequence(it), Form::Sequence(ty)) => {
                self.on_sequence(verb, args, ty, SequenceEdit::new(it, at))
            }
            (Field::Text(it), _) => self.on_text(verb, args, it.edit(at)),
            (Field::LwwMap(it), Form::LwwMap(key, ty)) => {
                self.on_map(verb, args, (key, ty), LwwMapEdit::new(it, at))
            }
            (Field::JsonDoc(it), _) => self.on_document(verb, args, it.edit(at)),
            _ => Err(self.unknown_verb(form.name())),
        }
    }

    fn on_set(
        self,
        verb: &Verb,
        args: &[Value],
        ty: &Type,
        act: &mut dyn FnMut(Action) -> bool,
    ) -> Result {
        let action = match verb.name {
            "insert" => Action::Insert(self.value(args, 0, ty)?),
            "remove" => Action::Remove(self.value(args, 0, ty)?),
            _ => Action::Clear,
        };
        let clears = matches!(action, Action::Clear);
        let done = act(action);
        Ok(if clears {
            Value::Null
        } else {
            Value::Bool(done)
        })
    }

    fn on_map(
        self,
        verb: &Verb,
        args: &[Value],
        (key, ty): (&Type, &Type),
        mut view: LwwMapEdit<'_, Any, Any>,
    ) -> Result {
        match verb.name {
            "set" => view.set(&self.key(args, key)?, &self.value(args, 1, ty)?),
            "delete" => return Ok(Value::Bool(view.delete(&self.key(args, key)?))),
            _ => view.clear(),
        }
        Ok(Value::Null)
    }

    /// The verbs of a map of synchronised values; any other is meant for what stands under the key in front.
    fn on_entries(
        self,
        map: &mut crate::OrMap<Any, Field>,
        (key, held): (&Type, &Form),
        at: At<'_>,
        args: &[Value],
    ) -> Result {
        let mut view = OrMapEdit::new(map, at);
        let own = verbs::find("OrMap", self.verb);
        let Some(verb) = own.filter(|verb| args.len() <= verb.counts().1) else {
            let Some((_, rest)) = args.split_first() else {
                return Err(self.unknown_verb("OrMap"));
            };
            let key = self.key(args, key)?;
            let (field, at) = view.open(key);
            return self.in_field(field, held, at, &[], rest);
        };
        self.find("OrMap", args)?;
        match verb.name {
            "insert" => Ok(Value::Bool(view.insert(&self.key(args, key)?))),
            "remove" => Ok(Value::Bool(view.remove(&self.key(args, key)?))),
            "spawn" => {
                let id = view.identity().to_value();
                let key = self.key(std::slice::from_ref(&id), key)?;
                view.insert(&key);
                Ok(id)
            }
            _ => {
                view.clear();
                Ok(Value::Null)
            }
        }
    }

    /// The verb, if it is there and the arguments are as many as it takes.
    fn find(self, crdt: &'static str, args: &[Value]) -> Result<&'static Verb> {
        let verb = verbs::find(crdt, self.verb).ok_or_else(|| self.unknown_verb(crdt))?;
        let (least, most) = verb.counts();
        if (least..=most).contains(&args.len()) {
            return Ok(verb);
        }
        Err(CallError::Count {
            verb: self.verb.to_owned(),
            expected: verb.args,
            found: args.len(),
        })
    }

    fn unknown_verb(self, crdt: &'static str) -> CallError {
        let known = verbs::verbs(crdt).iter();
        CallError::UnknownVerb {
            verb: self.verb.to_owned(),
            crdt,
            known: known.map(|verb| verb.name.to_owned()).collect(),
        }
    }

    fn value(self, args: &[Value], place: usize, ty: &Type) -> Result<Any> {
        let given = args.get(place).unwrap_or(&Value::Null);
        Any::of(&ty.kind(), given).ok_or_else(|| self.argument(given, ty))
    }

    /// The key in front, which may be text where it stands for something else.
    fn key(self, args: &[Value], ty: &Type) -> Result<Any> {
        let given = args.first().unwrap_or(&Value::Null);
        let key = Any::of(&ty.kind(), given).or_else(|| match given {
            Value::Str(text) => Any::of_key(&ty.kind(), text),
            _ => None,
        });
        key.ok_or_else(|| self.argument(given, ty))
    }

    /// The amount that a counter is changed by: one, if nothing is said.
    fn amount<N: Element>(self, args: &[Value], expected: &str) -> Result<N> {
        let given = args.first().cloned().unwrap_or(Value::Int(1));
        N::from_value(&given).ok_or_else(|| self.misfit(&given, expected.to_owned()))
    }

    fn argument(self, given: &Value, ty: &Type) -> CallError {
        self.misfit(given, format!("a value of type {ty}"))
    }

    fn misfit(self, given: &Value, expected: String) -> CallError {
        CallError::Argument {
            verb: self.verb.to_owned(),
            expected,
            found: given.to_string(),
        }
    }
}

/// What a verb does to a set.
enum Action {
    Insert(Any),
    Remove(Any),
    Clear,
}

//! `holo.lock`: the stable number of every field, and what each number has ever meant.
//!
//! Pure: text in, text out. A number is never given to anything else, and nothing that was once here is forgotten.

mod apply;
pub mod compat;
mod form;

use std::collections::BTreeMap;

use holo_codegen::schema::{Crdt, ValueType};
use holo_grammar::diagnostic::Diagnostic;

/// The name of the file, in the folder of the generated code.
pub const FILE_NAME: &str = "holo.lock";

/// Everything that is locked, by source and orb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    orbs: BTreeMap<(String, String), Locked>,
}

/// The numbers of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Locked {
    /// The next number to give.
    next: u32,
    /// Every field that ever was, by number.
    fields: Vec<Entry>,
}

impl Default for Locked {
    fn default() -> Self {
        Self {
            next: 1,
            fields: Vec::new(),
        }
    }
}

/// One number and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    id: u32,
    wire: String,
    ty: String,
    initial: String,
    retired: bool,
}

impl Lock {
    /// Reads a lock file.
    ///
    /// # Errors
    /// What is wrong with it and where; a lock that cannot be trusted must not be guessed at.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        form::read(text)
    }

    /// What is locked of one source alone.
    #[must_use]
    pub(crate) fn of_source(&self, source: &str) -> Self {
        let first = (source.to_owned(), String::new());
        let own = self.orbs.range(first..);
        let own = own.take_while(|((of, _), _)| of == source);
        Self {
            orbs: own.map(|(name, one)| (name.clone(), one.clone())).collect(),
        }
    }

    /// Writes the lock file. Equal locks give equal text.
    #[must_use]
    pub fn render(&self) -> String {
        form::write(self)
    }
}

/// The text of a type in the lock. Types of the program's own go by what they are on the wire, not by their names: a struct by
/// its fields, an enum is text, a record is a value.
fn type_text(crdt: &Crdt) -> String {
    crdt.wire().to_string()
}

/// A type from its text; a nested struct has no name here.
fn type_from(text: &str) -> Option<Crdt> {
    let inner = |head: &str| {
        text.strip_prefix(head)?
            .strip_prefix('<')?
            .strip_suffix('>')
    };
    match text {
        "GCounter" => return Some(Crdt::GCounter),
        "PnCounter" => return Some(Crdt::PnCounter),
        "JsonDoc" => return Some(Crdt::JsonDoc),
        "Text" => return Some(Crdt::Text),
        "Struct" => return Some(Crdt::Nested("Struct".to_owned())),
        _ => {}
    }
    if let Some(ty) = inner("LwwRegister") {
        return value_from(ty).map(Crdt::LwwRegister);
    }
    if let Some(ty) = inner("OrSet") {
        return value_from(ty).map(Crdt::OrSet);
    }
    if let Some(ty) = inner("MvRegister") {
        return value_from(ty).map(Crdt::MvRegister);
    }
    if let Some(ty) = inner("GSet") {
        return value_from(ty).map(Crdt::GSet);
    }
    if let Some(ty) = inner("TwoPSet") {
        return value_from(ty).map(Crdt::TwoPSet);
    }
    if let Some(ty) = inner("Sequence") {
        return value_from(ty).map(Crdt::Sequence);
    }
    if let Some(of) = inner("OrMap") {
        let (key, value) = of.split_once(", ")?;
        return Some(Crdt::OrMap(value_from(key)?, Box::new(type_from(value)?)));
    }
    let (key, value) = inner("LwwMap")?.split_once(", ")?;
    Some(Crdt::LwwMap(value_from(key)?, value_from(value)?))
}

fn value_from(text: &str) -> Option<ValueType> {
    if let Some(inner) = text
        .strip_prefix("Option<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        return Some(ValueType::Option(Box::new(value_from(inner)?)));
    }
    if let Some(inner) = text
        .strip_prefix("Vec<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        return Some(ValueType::List(Box::new(value_from(inner)?)));
    }
    Some(match text {
        "bool" => ValueType::Bool,
        "i32" => ValueType::I32,
        "i64" => ValueType::I64,
        "u32" => ValueType::U32,
        "u64" => ValueType::U64,
        "f32" => ValueType::F32,
        "f64" => ValueType::F64,
        "String" => ValueType::String,
        "Vec3" => ValueType::Vec3,
        "Quat" => ValueType::Quat,
        "Color" => ValueType::Color,
        "Value" => ValueType::Value,
        "ReplicaId" => ValueType::ReplicaId,
        "InstanceId" => ValueType::InstanceId,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_from_its_text() {
        use ValueType as V;
        let values = [
            V::Bool,
            V::I32,
            V::I64,
            V::U32,
            V::U64,
            V::F32,
            V::F64,
            V::String,
            V::Vec3,
            V::Quat,
            V::Color,
            V::Value,
            V::ReplicaId,
            V::InstanceId,
            V::List(Box::new(V::I64)),
        ];
        let optional = values.iter().map(|v| V::Option(Box::new(v.clone())));
        for value in values.iter().cloned().chain(optional) {
            for crdt in [
                Crdt::LwwRegister(value.clone()),
                Crdt::OrSet(value.clone()),
                Crdt::MvRegister(value.clone()),
                Crdt::GSet(value.clone()),
                Crdt::TwoPSet(value.clone()),
                Crdt::OrMap(V::String, Box::new(Crdt::JsonDoc)),
                Crdt::Sequence(value.clone()),
                Crdt::LwwMap(V::String, value.clone()),
                Crdt::OrMap(
                    value,
                    Box::new(Crdt::OrMap(V::Bool, Box::new(Crdt::PnCounter))),
                ),
            ] {
                assert_eq!(type_from(&type_text(&crdt)), Some(crdt));
            }
        }
        assert_eq!(type_from(&type_text(&Crdt::Text)), Some(Crdt::Text));
        let named = Crdt::OrMap(
            V::Enum("Side".into()),
            Box::new(Crdt::Nested("Pose".into())),
        );
        assert_eq!(type_text(&named), "OrMap<String, Struct>");
        assert_eq!(type_from("OrMap<String, Struct>"), Some(named.wire()));
        assert_eq!(type_from("LwwRegister<i65>"), None);
    }
}

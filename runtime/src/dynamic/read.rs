//! Schemas from JSON: as `holoc build --emit schema` writes them, and shorter. `docs/schema.md` says what may stand there.

mod expr;
mod json;
mod spell;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use self::expr::Expr;
use self::json::{authority, declared, entries, join, list, rate, text};
use super::error::SchemaError;
use super::schema::{FieldSchema, OrbSchema, Schema};
use super::types::{Enum, Form, Part, Record, Type};
use crate::codec::MAX_ROWS;
use crate::{Lane, Value};

/// A schema is at most this long.
const MAX_TEXT: usize = 4 << 20;

/// It has at most so many places for values, structs in structs counted as often as they occur.
const MAX_LEAVES: usize = 65_536;

/// A record has at most so many parts, those of records in it counted too.
const MAX_PARTS: usize = 4_096;

type Result<T> = std::result::Result<T, SchemaError>;
type Entries = BTreeMap<String, Value>;

impl Schema {
    /// The schema of the one orb that a text describes, or the first of several. O(text).
    ///
    /// # Errors
    /// When the text is no JSON or no schema; the error names the place.
    pub fn from_json(text: &str) -> Result<Self> {
        let first = Self::all_from_json(text)?.into_iter().next();
        first.ok_or_else(|| SchemaError::new("orbs", "there is no orb"))
    }

    /// The schema of one type of a document, struct or orb, by its name in Rust. O(text).
    ///
    /// # Errors
    /// When the text is no JSON or no schema, or has no such type.
    pub fn named(text: &str, name: &str) -> Result<Self> {
        let document = Value::from_json(text)?;
        let found = Reader::new(entries("", &document)?)?.nested(name, 0)?;
        found
            .map(Self::of)
            .ok_or_else(|| SchemaError::new("", format!("there is no `{name}`")))
    }

    /// The schemas of all orbs that a text describes, in its order. O(text).
    ///
    /// # Errors
    /// When the text is no JSON or no schema; the error names the place.
    pub fn all_from_json(text: &str) -> Result<Vec<Self>> {
        if text.len() > MAX_TEXT {
            return Err(SchemaError::new(
                "",
                format!("longer than {MAX_TEXT} bytes"),
            ));
        }
        Self::all_from_value(&Value::from_json(text)?)
    }

    /// The same from a value. O(value).
    ///
    /// # Errors
    /// When the value is no schema; the error names the place.
    pub fn all_from_value(value: &Value) -> Result<Vec<Self>> {
        let document = entries("", value)?;
        let reader = Reader::new(document)?;
        let orbs = match document.get("orbs") {
            Some(orbs) => list("orbs", orbs)?.iter().collect(),
            None => vec![value],
        };
        let orbs = orbs.into_iter().enumerate().map(|(index, orb)| {
            let at = if document.contains_key("orbs") {
                format!("orbs[{index}]")
            } else {
                String::new()
            };
            reader
                .orb(&at, &at, orb, 0)
                .map(|orb| Self::of(Arc::new(orb)))
        });
        orbs.collect()
    }
}

/// What a document declares beside its orbs, read when it is first used.
struct Reader<'v> {
    enums: BTreeMap<&'v str, Arc<Enum>>,
    structs: BTreeMap<&'v str, (String, &'v Value)>,
    orbs: RefCell<BTreeMap<String, Arc<OrbSchema>>>,
    records: RefCell<BTreeMap<String, Arc<Record>>>,
}

impl<'v> Reader<'v> {
    fn new(document: &'v Entries) -> Result<Self> {
        let mut reader = Self {
            enums: BTreeMap::new(),
            structs: BTreeMap::new(),
            orbs: RefCell::default(),
            records: RefCell::default(),
        };
        for (at, name, value) in declared("enums", document)? {
            let words = match value {
                Value::Map(entries) => entries.get("words").or(entries.get("variants")),
                words => Some(words),
            };
            let words = list(&at, words.unwrap_or(&Value::Null))?.iter();
            let words = words.map(|word| text(&at, word).map(str::to_owned));
            let words = words.collect::<Result<_>>()?;
            let name_owned = name.to_owned();
            let it = Enum {
                name: name_owned,
                words,
            };
            reader.enums.insert(name, Arc::new(it));
        }
        for group in ["orbs", "structs", "records"] {
            for (at, name, value) in declared(group, document)? {
                reader.structs.insert(name, (at, value));
            }
        }
        Ok(reader)
    }

    fn orb(&self, at: &str, name: &str, value: &Value, depth: usize) -> Result<OrbSchema> {
        let (name, declared) = match value {
            Value::List(_) => (name, value),
            _ => {
                let entries = entries(at, value)?;
                let named = ["orb", "name", "struct"]
                    .iter()
                    .find_map(|word| entries.get(*word));
                let name = named.map_or(Ok(name), |name| text(at, name))?;
                let fields = entries.get("fields");
                (
                    name,
                    fields.ok_or_else(|| SchemaError::new(at, "it has no fields"))?,
                )
            }
        };
        let mut fields = Vec::new();
        for (index, field) in list(&join(at, "fields"), declared)?.iter().enumerate() {
            let at = join(at, &format!("fields[{index}]"));
            fields.push(self.field(&at, index, field, depth)?);
        }
        fields.sort_by_key(|field| field.id);
        if let Some(pair) = fields.windows(2).find(|pair| pair[0].id == pair[1].id) {
            let message = format!("`{}` and `{}` have one id", pair[0].name, pair[1].name);
            return Err(SchemaError::new(at, message));
        }
        let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(SchemaError::new(
                at,
                format!("`{}` is there twice", pair[0]),
            ));
        }
        let orb = OrbSchema {
            name: name.to_owned(),
            rate_hz: rate(at, value)?,
            authority: authority(at, value)?,
            depth: 1 + fields
                .iter()
                .map(|field| field.form.depth())
                .max()
                .unwrap_or(0),
            leaves: fields.iter().map(|field| field.form.leaves()).sum(),
            fields,
        };
        if orb.depth > MAX_ROWS {
            return Err(SchemaError::new(
                at,
                format!("structs and maps nest deeper than {MAX_ROWS}"),
            ));
        }
        if orb.leaves > MAX_LEAVES {
            return Err(SchemaError::new(
                at,
                format!("more than {MAX_LEAVES} fields in all"),
            ));
        }
        Ok(orb)
    }

    fn field(&self, at: &str, index: usize, value: &Value, depth: usize) -> Result<FieldSchema> {
        let entries = entries(at, value)?;
        let name = entries
            .get("name")
            .ok_or_else(|| SchemaError::new(at, "it has no name"))?;
        let id = match entries.get("id") {
            None => u32::try_from(index + 1).ok(),
            Some(Value::Int(id)) => u32::try_from(*id).ok().filter(|id| *id > 0),
            Some(_) => None,
        };
        let form = self.form(at, entries, depth)?;
        let lane = match entries.get("lane").map(|lane| text(at, lane)).transpose()? {
            None | Some("durable") => Lane::Durable,
            Some("live") => Lane::Live,
            Some(_) => return Err(SchemaError::new(&join(at, "lane"), "it is durable or live")),
        };
        let initial = entries.get("initial");
        // A null where there is no such value says as much as nothing.
        let initial = initial.filter(|value| **value != Value::Null || form.admits(Some(value)));
        if !form.admits(initial) {
            let message = match initial {
                Some(value) => format!("{value} is no initial value of {form}"),
                None => format!("{form} has no zero; make it an Option"),
            };
            return Err(SchemaError::new(&join(at, "initial"), message));
        }
        Ok(FieldSchema {
            id: id.ok_or_else(|| SchemaError::new(&join(at, "id"), "a number from 1 on"))?,
            name: text(at, name)?.to_owned(),
            form,
            lane,
            initial: initial.cloned(),
            wire: match entries.get("wire") {
                Some(wire) => Some(text(&join(at, "wire"), wire)?.to_owned()),
                None => None,
            },
        })
    }

    fn form(&self, at: &str, entries: &Entries, depth: usize) -> Result<Form> {
        if depth >= MAX_ROWS {
            let message = format!("structs nest deeper than {MAX_ROWS}, or hold themselves");
            return Err(SchemaError::new(at, message));
        }
        let read = |word: &str| {
            let at = join(at, word);
            let value = entries
                .get(word)
                .map(|value| text(&at, value))
                .transpose()?;
            value.map(|text| Expr::list(&at, text)).transpose()
        };
        if entries.contains_key("fields") {
            let inline = Value::Map(entries.clone());
            let orb = Form::Orb(Arc::new(self.orb(at, at, &inline, depth + 1)?));
            return spell::inline(self, at, read("crdt")?, read("type")?, orb);
        }
        spell::form(self, at, read("crdt")?, read("type")?, depth)
    }

    /// The struct with a name, as something that merges.
    fn nested(&self, name: &str, depth: usize) -> Result<Option<Arc<OrbSchema>>> {
        if let Some(orb) = self.orbs.borrow().get(name) {
            return Ok(Some(orb.clone()));
        }
        let Some((at, value)) = self.structs.get(name) else {
            return Ok(None);
        };
        let orb = Arc::new(self.orb(at, name, value, depth + 1)?);
        self.orbs.borrow_mut().insert(name.to_owned(), orb.clone());
        Ok(Some(orb))
    }

    /// The enum or struct with a name, as a value.
    fn custom(&self, name: &str, depth: usize) -> Result<Option<Type>> {
        if let Some(it) = self.enums.get(name) {
            return Ok(Some(Type::Enum(it.clone())));
        }
        if let Some(record) = self.records.borrow().get(name) {
            return Ok(Some(Type::Record(record.clone())));
        }
        let Some((at, value)) = self.structs.get(name) else {
            return Ok(None);
        };
        let fields = match value {
            Value::Map(entries) => entries.get("fields").unwrap_or(&Value::Null),
            fields => fields,
        };
        let (mut parts, mut weight) = (Vec::new(), 1);
        for (index, part) in list(&join(at, "fields"), fields)?.iter().enumerate() {
            let at = join(at, &format!("fields[{index}]"));
            parts.push(self.part(&at, part, depth, &mut weight)?);
        }
        let record = Arc::new(Record {
            name: name.to_owned(),
            parts,
            weight,
        });
        self.records
            .borrow_mut()
            .insert(name.to_owned(), record.clone());
        Ok(Some(Type::Record(record)))
    }

    /// A part of a record whose zero has so many values up to here. It is bounded before it is made: records in records could
    /// make it as large as they like.
    fn part(&self, at: &str, value: &Value, depth: usize, weight: &mut usize) -> Result<Part> {
        let entries = entries(at, value)?;
        let name = entries
            .get("name")
            .ok_or_else(|| SchemaError::new(at, "it has no name"))?;
        let ty = text(at, entries.get("type").unwrap_or(&Value::Null))?;
        let ty = spell::value_type(self, at, &Expr::one(at, ty)?, depth + 1)?;
        *weight += ty.weight();
        if *weight > MAX_PARTS {
            let message = format!("a record of more than {MAX_PARTS} parts in all");
            return Err(SchemaError::new(at, message));
        }
        let initial = entries.get("initial").cloned();
        let initial = initial.filter(|value| ty.resolve(value).is_some());
        let initial = initial.or_else(|| ty.zero());
        Ok(Part {
            name: text(at, name)?.to_owned(),
            initial: initial.ok_or_else(|| SchemaError::new(at, format!("{ty} has no zero")))?,
            ty,
        })
    }
}

impl Form {
    fn depth(&self) -> usize {
        match self {
            Self::Orb(orb) => orb.depth,
            Self::OrMap(_, held) => 1 + held.depth(),
            _ => 0,
        }
    }

    fn leaves(&self) -> usize {
        match self {
            Self::Orb(orb) => orb.leaves,
            Self::OrMap(_, held) => held.leaves(),
            Self::LwwRegister(ty) | Self::MvRegister(ty) => ty.weight(),
            _ => 1,
        }
    }
}

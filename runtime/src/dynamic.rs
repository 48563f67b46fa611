//! [`Dynamic`]: state whose type is read at run time, for tools, servers and tests. It speaks as the generated type would.
//!
//! Here is what it is; how schemas are read stands in [`Schema`]'s modules, and how its fields are edited in `call`. No CRDT is
//! implemented here: each field is one of `crate::crdt`, over values of types known at run time.

mod call;
mod compare;
mod error;
mod field;
mod read;
mod schema;
mod show;
mod types;
mod verbs;

use std::fmt;
use std::sync::Arc;

pub use call::DynamicEdit;
pub use compare::Difference;
pub use error::{CallError, SchemaError};
pub use schema::{FieldInfo, Schema};
pub use verbs::{CRDTS, Verb, verbs};

use self::field::Field;
use self::schema::OrbSchema;
use crate::codec::{Dec, DecodeError, Enc, Kind};
use crate::crdt::orb::{self, Table};
use crate::crdt::{Apply, Crdt, Merge, Restamp, RestampItems, Synced, UnknownFields, same};
use crate::edit::At;
use crate::history::{Assume, Undo};
use crate::live::{Reading, Step};
use crate::{Hlc, Stamp, Value};

/// An orb of a schema that is read at run time.
///
/// It has the bytes, the hashes and the merge of the type that is generated from the same schema, so the two exchange changes and
/// snapshots. By [`Default`] it has no fields, and keeps all that arrives without looking into it.
///
/// ```
/// use holo_runtime::dynamic::{CallError, Dynamic, Schema};
/// use holo_runtime::{Clock, Replica, ReplicaId, Value};
///
/// let schema = Schema::from_json(r#"{"orb": "lamp", "fields": [{"name": "on", "type": "bool", "crdt": "LwwRegister"}]}"#)?;
/// let mut lamp = Replica::with_state(ReplicaId::random(), Clock::System, Dynamic::new(&schema));
/// lamp.try_edit(|lamp| lamp.call("on", "set", &[Value::Bool(true)]))?;
/// assert_eq!(lamp.state().to_value().to_string(), r#"{"on": true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Dynamic {
    info: Arc<OrbSchema>,
    fields: Vec<Field>,
}

impl Dynamic {
    /// One that nobody wrote to. O(fields), those of structs in it too.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        Self::of(schema.root(), None)
    }

    /// The schema that it has. O(1).
    #[must_use]
    pub fn schema(&self) -> Schema {
        Schema::of(self.info.clone())
    }
}

impl Default for Dynamic {
    fn default() -> Self {
        Self::new(&Schema::default())
    }
}

impl fmt::Debug for Dynamic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_value(), f)
    }
}

impl Synced for Dynamic {
    type Edit<'a> = DynamicEdit<'a>;

    fn fresh(&self) -> Self {
        Self::of(&self.info, None)
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        DynamicEdit::new(self, at)
    }
}

impl Table for Dynamic {
    fn len(&self) -> usize {
        self.fields.len()
    }

    fn field_at(&self, index: usize) -> (u32, &str) {
        let field = &self.info.fields[index];
        (field.id, &field.name)
    }

    fn index_of(&self, id: u32) -> Option<usize> {
        let fields = &self.info.fields;
        fields.binary_search_by_key(&id, |field| field.id).ok()
    }

    fn at(&self, index: usize) -> &dyn Crdt {
        self.fields[index].crdt()
    }

    fn at_mut(&mut self, index: usize) -> &mut dyn Crdt {
        self.fields[index].crdt_mut()
    }
}

impl Crdt for Dynamic {
    fn kind(&self) -> Kind {
        Kind::Orb
    }

    fn leaves(&self) -> u32 {
        orb::leaves(self)
    }

    fn settle(&mut self, tx: Stamp) -> bool {
        orb::settle(self, tx)
    }

    fn pristine(&self) -> bool {
        orb::pristine(self)
    }

    fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
        orb::encode_ops(self, tx, out);
    }

    fn apply_ops(&mut self, input: &mut Dec<'_>, cx: &mut Apply<'_>) -> Result<(), DecodeError> {
        orb::apply_ops(self, input, cx)
    }

    fn encode_state(&self, unknown: &UnknownFields, out: &mut Enc) {
        orb::encode_state(self, unknown, out);
    }

    fn merge_state(
        &mut self,
        input: Option<&mut Dec<'_>>,
        cx: &mut Merge<'_>,
    ) -> Result<(), DecodeError> {
        orb::merge_state(self, input, cx)
    }

    fn start(&mut self, value: &Value) {
        *self = Self::of(&self.info, Some(value));
    }

    fn describe(&self, out: &mut String) {
        orb::describe(self, out);
    }

    fn stamp_at(&self, way: &[Step<'_>]) -> Option<Stamp> {
        orb::stamp_at(self, way)
    }

    fn write_at(&mut self, way: &[Step<'_>], value: &Reading, at: At<'_>) -> bool {
        orb::write_at(self, way, value, at)
    }

    fn revert(&mut self, leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
        orb::revert(self, leaf, input)
    }

    fn blank(&self) -> bool {
        orb::blank(self)
    }

    fn collect(&mut self, floor: Hlc) {
        orb::collect(self, floor);
    }

    fn items(&self, out: &mut RestampItems) {
        orb::items(self, out);
    }

    fn restamp(
        &mut self,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Restamp<'_>,
    ) -> Result<(), DecodeError> {
        orb::restamp(self, input, at, cx)
    }

    fn undo(
        &mut self,
        leaf: u32,
        input: &mut Dec<'_>,
        at: At<'_>,
        cx: &mut Undo,
    ) -> Result<(), DecodeError> {
        orb::undo(self, leaf, input, at, cx)
    }

    fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
        if let Some(then) = same::<Self>(then).filter(|then| then.fields.len() == self.fields.len())
        {
            orb::assume(self, then, at, how);
        }
    }
}

//! [`JsonDoc`]: a JSON document that is edited by path and merges map by map.

mod again;
mod children;
mod list;
mod node;
mod ops;
mod path;
mod read;
mod undo;
mod view;
mod wire;

use std::fmt;

pub use path::{AsPath, JsonKey, JsonPath, PathError};
pub use read::JsonRef;
pub use view::JsonDocEdit;
pub(crate) use wire::read_path;

use self::node::Node;
use super::Synced;
use super::dots::Dots;
use crate::codec::Kind;
use crate::edit::At;
use crate::value::Element;
use crate::{Stamp, Value};

/// A JSON document: maps and lists in one another, with plain values at the ends, edited by path.
///
/// Two replicas that write to different paths both prevail, and what both make under one key is one map, or one list, as long as
/// both make the same. Under one path the greater stamp shows. A write or delete kills what its author had seen at the path and
/// below, so what was written there concurrently stays: a set inside a map that somebody deletes, or puts a plain value in place
/// of, survives. Where a map, a list and a plain value stand under one key the one with the greater stamp shows, of a map or list
/// its last write; the others stay hidden until somebody who has seen them writes there.
///
/// A list is a sequence: what others insert, move and delete at once all takes effect, and what one inserts in a row stays together.
/// An item may hold maps and lists of its own, and is addressed by its index, which names the item that stands there now, wherever
/// others move it to meanwhile. A write into an item that somebody deletes at once keeps it, with what was written.
///
/// What was deleted from maps leaves nothing behind, save that initial values remember it. Where an item of a list stood is
/// remembered, so that others may stand beside it. Where the document stands in an entry of an [`crate::OrMap`], removing the entry
/// takes the items that its author had seen with all that is written in them.
///
/// # Law
/// The state is a set of atoms, and a merge keeps an atom that both sides hold, or that one holds and the other's version does not
/// cover; so merging is commutative, associative and idempotent.
///
/// # Cost
/// Reading and writing are O(depth × log width), a delete is O(what it deletes). Paths and values together nest at most 64 deep.
///
/// # Paper
/// Kleppmann and Beresford, "A conflict-free replicated JSON datatype", 2017; cuts after Bieniusa et al., "An optimized
/// conflict-free replicated set", 2012.
///
/// # Example
/// ```
/// use holo_runtime::{JsonDoc, Replica, ReplicaId, path};
///
/// let mut alice = Replica::<JsonDoc>::new(ReplicaId::random());
/// let mut bob = Replica::<JsonDoc>::new(ReplicaId::random());
/// alice.edit(|doc| doc.set("lamp.color", "#ff0000"));
/// bob.edit(|doc| {
///     doc.set("lamp.on", true);
///     doc.push("rooms", "hall");
/// });
/// bob.apply(alice.changes_since(bob.version()))?;
/// bob.edit(|doc| doc.insert("rooms", 0, "attic"));
/// assert_eq!(
///     bob.state().to_string(),
///     r##"{"lamp": {"color": "#ff0000", "on": true}, "rooms": ["attic", "hall"]}"##,
/// );
/// assert_eq!(bob.state().get(path!["rooms", 1]).and_then(|room| room.as_str()), Some("hall"));
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct JsonDoc {
    root: Node,
    initial: Value,
    /// What the open change did, in order.
    ops: Vec<Op>,
    /// The lists in which it made or moved items, in order.
    shaped: Vec<Vec<Key>>,
}

/// A step on the way to a place: the key of a map, or an item of a list by its stamp, which outlasts its index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Name(String),
    Item(Stamp),
}

/// One step of a change: what its author had seen at a path goes, and something may come in its place.
#[derive(Clone, Debug)]
struct Op {
    path: Vec<Key>,
    cut: Dots,
    put: Put,
    /// What was found at the path, until the change is sealed.
    found: Option<Box<Node>>,
}

/// What comes.
#[derive(Clone, Debug)]
enum Put {
    Nothing,
    /// A plain value.
    Plain(Value),
    /// An empty map.
    Map,
    /// An empty list.
    List,
}

impl JsonDoc {
    /// A document that nobody wrote to, with what stands in it everywhere until somebody does. O(n).
    #[must_use]
    pub fn new(initial: impl Into<Value>) -> Self {
        Self {
            root: Node::default(),
            initial: initial.into().canonical(),
            ops: Vec::new(),
            shaped: Vec::new(),
        }
    }

    /// The whole of it. O(1).
    #[must_use]
    pub fn root(&self) -> JsonRef<'_> {
        JsonRef::root(&self.root, &self.initial)
    }

    /// What stands at a path, if anything does. A path that cannot be read leads nowhere; [`JsonPath`] tells why. O(depth × log
    /// width).
    #[must_use]
    pub fn get(&self, path: impl AsPath) -> Option<JsonRef<'_>> {
        let path = path.as_path().ok()?;
        let mut keys = path.keys().iter();
        keys.try_fold(self.root(), |at, key| match key {
            JsonKey::Name(name) => at.get(name),
            JsonKey::Index(index) => at.item(*index),
        })
    }

    /// The whole of it as a value. O(n).
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.root().to_value()
    }
}

/// Starts as an empty map.
impl Default for JsonDoc {
    fn default() -> Self {
        Self::new(Value::Map(Default::default()))
    }
}

/// As JSON.
impl fmt::Display for JsonDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for JsonDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Synced for JsonDoc {
    type Edit<'a> = JsonDocEdit<'a>;

    fn kind_of() -> Kind {
        Kind::JsonDoc
    }

    fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
        JsonDocEdit::new(self, at)
    }
}

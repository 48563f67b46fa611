//! [`JsonDoc`]: a JSON document that is edited by path and merges map by map.

mod children;
mod node;
mod ops;
mod path;
mod read;
mod view;

use std::fmt;

pub use path::{AsPath, JsonPath, PathError};
pub use read::JsonRef;
pub use view::JsonDocEdit;

use self::node::Node;
use super::Synced;
use super::dots::Dots;
use crate::Value;
use crate::codec::Kind;
use crate::edit::At;
use crate::value::Element;

/// A JSON document: maps in maps, with plain values at the ends, edited by path.
///
/// Two replicas that write to different paths both prevail, and maps that both make under one key are one map. Under one path the
/// greater stamp shows. A write or delete kills what its author had seen at the path and below, so what was written there
/// concurrently stays: a set inside a map that somebody deletes, or puts a plain value in place of, survives. Where a map and a
/// plain value stand under one key the one with the greater stamp shows, of the map its last write; the other stays hidden until
/// somebody who has seen it writes there. What was deleted leaves nothing behind, save that initial values remember it.
///
/// A list is a plain value here: it is replaced as a whole, with all that is in it.
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
/// use holo_runtime::{JsonDoc, Replica, ReplicaId};
///
/// let mut alice = Replica::<JsonDoc>::new(ReplicaId::random());
/// let mut bob = Replica::<JsonDoc>::new(ReplicaId::random());
/// alice.edit(|doc| doc.set("lamp.color", "#ff0000"));
/// bob.edit(|doc| doc.set("lamp.on", true));
/// bob.apply(alice.changes_since(bob.version()))?;
/// assert_eq!(bob.state().to_string(), r##"{"lamp": {"color": "#ff0000", "on": true}}"##);
/// # Ok::<(), holo_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct JsonDoc {
    root: Node,
    initial: Value,
    /// What the open change did, in order.
    ops: Vec<Op>,
    /// What each of these found at its path.
    found: Vec<Node>,
}

/// One step of a change: what its author had seen at a path goes, and something may come in its place.
#[derive(Clone, Debug)]
struct Op {
    path: Vec<String>,
    cut: Dots,
    put: Put,
}

/// What comes.
#[derive(Clone, Debug)]
enum Put {
    Nothing,
    /// A plain value.
    Plain(Value),
    /// An empty map.
    Map,
}

impl JsonDoc {
    /// A document that nobody wrote to, with what stands in it everywhere until somebody does. O(n).
    #[must_use]
    pub fn new(initial: impl Into<Value>) -> Self {
        Self {
            root: Node::default(),
            initial: initial.into().canonical(),
            ops: Vec::new(),
            found: Vec::new(),
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
        keys.try_fold(self.root(), |at, key| at.get(key))
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

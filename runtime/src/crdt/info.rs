//! What a declaration says of an orb and its fields, as constants in the generated code.
//!
//! Only data and how it is described on the wire; what is done with it is in `super::orb`.

use crate::policy::{FieldPolicy, Policy};

/// What a declaration says of a type.
#[derive(Debug, PartialEq)]
pub struct OrbInfo {
    /// The name as declared.
    pub name: &'static str,
    /// How often changes are sent, in hertz; none where nothing was said.
    pub rate_hz: Option<f64>,
    /// Who may write.
    pub authority: Authority,
    /// Options that are not data.
    pub policy: &'static Policy,
    /// The fields by id.
    pub fields: &'static [Field],
}

/// What a declaration says of a field.
#[derive(Debug)]
pub struct Field {
    /// The stable number of the field, never reused.
    pub id: u32,
    /// The name as declared.
    pub name: &'static str,
    /// The lane it travels on.
    pub lane: Lane,
    /// CRDT, type and initial value in one canonical line; what two schemas must share to share the field. Of a field that holds
    /// types of the program's own it is the Rust type.
    pub wire: &'static str,
    /// The fields of a nested orb, or of the orbs in a map.
    pub orb: Option<&'static OrbInfo>,
    /// Writes the line where only the types of the program's own can tell it.
    #[doc(hidden)]
    pub describe: Option<fn(&mut String)>,
    /// Options of this field alone.
    pub policy: &'static FieldPolicy,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        let line = |field: &Self| {
            let mut line = String::new();
            field.describe(&mut line);
            line
        };
        let head = |field: &Self| (field.id, field.name, field.lane, field.describe.is_some());
        let policies = self.policy == other.policy;
        head(self) == head(other) && policies && self.orb == other.orb && line(self) == line(other)
    }
}

/// How a field travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// As changes: ordered, kept, merged.
    Durable,
    /// As the latest value at the orb's rate, settling into a durable change.
    Live,
}

/// Who may write an orb. The runtime records it; enforcing it is the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Everybody.
    Shared,
    /// Whoever owns it.
    Owner,
    /// The host of the session.
    Host,
    /// The server.
    Server,
}

impl Field {
    /// A field held by a CRDT.
    #[must_use]
    pub const fn new(id: u32, name: &'static str, lane: Lane, wire: &'static str) -> Self {
        Self {
            id,
            name,
            lane,
            wire,
            orb: None,
            describe: None,
            policy: &FieldPolicy::DEFAULT,
        }
    }

    /// A field that holds values of types of the program's own, which tell what they are on the wire.
    #[must_use]
    pub const fn described(
        id: u32,
        name: &'static str,
        lane: Lane,
        rust: &'static str,
        describe: fn(&mut String),
    ) -> Self {
        let mut field = Self::new(id, name, lane, rust);
        field.describe = Some(describe);
        field
    }

    /// The same with the fields of the struct that it is, or of those that it maps to.
    #[must_use]
    pub const fn with_orb(mut self, orb: &'static OrbInfo) -> Self {
        self.orb = Some(orb);
        self
    }

    /// How many maps stand around what it holds at the bottom.
    const fn maps(&self) -> usize {
        let (head, wire) = (b"OrMap<", self.wire.as_bytes());
        let (mut maps, mut start) = (0, 0);
        while start + head.len() <= wire.len() {
            let mut same = 0;
            while same < head.len() && wire[start + same] == head[same] {
                same += 1;
            }
            maps += (same == head.len()) as usize;
            start += 1;
        }
        maps
    }

    fn describe(&self, out: &mut String) {
        match (self.describe, self.orb) {
            (Some(describe), _) => describe(out),
            (None, Some(orb)) => {
                out.push_str(self.wire);
                orb.describe(out);
            }
            (None, None) => out.push_str(self.wire),
        }
    }

    /// The same with options of its own.
    #[must_use]
    pub const fn with_policy(mut self, policy: &'static FieldPolicy) -> Self {
        self.policy = policy;
        self
    }
}

impl OrbInfo {
    /// A type that everybody may write, with no rate and default options. Fields stand by id.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            rate_hz: None,
            authority: Authority::Shared,
            policy: &Policy::DEFAULT,
            fields,
        }
    }

    /// The same, sent so often a second.
    #[must_use]
    pub const fn with_rate(mut self, hertz: f64) -> Self {
        self.rate_hz = Some(hertz);
        self
    }

    /// The same, written by these alone.
    #[must_use]
    pub const fn with_authority(mut self, authority: Authority) -> Self {
        self.authority = authority;
        self
    }

    /// The same with options of its own.
    #[must_use]
    pub const fn with_policy(mut self, policy: &'static Policy) -> Self {
        self.policy = policy;
        self
    }

    /// A hash of ids, CRDTs, types and initial values: equal hashes mean equal bytes for equal states. Names, rates and
    /// lanes may differ.
    #[must_use]
    pub fn wire_hash(&self) -> u64 {
        let mut text = String::new();
        self.describe(&mut text);
        xxhash_rust::xxh3::xxh3_64(text.as_bytes())
    }

    /// How many orbs and maps deep it is, itself included.
    pub(super) const fn depth(&self) -> usize {
        let (mut deepest, mut index) = (0, 0);
        while index < self.fields.len() {
            let mut depth = self.fields[index].maps();
            if let Some(orb) = self.fields[index].orb {
                depth += orb.depth();
            }
            deepest = if depth > deepest { depth } else { deepest };
            index += 1;
        }
        deepest + 1
    }

    /// True when a field goes by this name among peers.
    #[doc(hidden)]
    #[must_use]
    pub const fn has(&self, name: &str) -> bool {
        let mut index = 0;
        while index < self.fields.len() {
            let (held, name) = (self.fields[index].name.as_bytes(), name.as_bytes());
            let mut same = 0;
            while same < held.len() && same < name.len() && held[same] == name[same] {
                same += 1;
            }
            if same == held.len() && same == name.len() {
                return true;
            }
            index += 1;
        }
        false
    }

    fn describe(&self, out: &mut String) {
        out.push('{');
        for field in self.fields {
            out.push_str(&format!("{}:", field.id));
            field.describe(out);
            out.push(';');
        }
        out.push('}');
    }

    pub(super) fn index_of(&self, id: u32) -> Option<usize> {
        self.fields.binary_search_by_key(&id, |field| field.id).ok()
    }
}

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
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The stable number of the field, never reused.
    pub id: u32,
    /// The name as declared.
    pub name: &'static str,
    /// The lane it travels on.
    pub lane: Lane,
    /// CRDT, type and initial value in one canonical line; what two schemas must share to share the field.
    pub wire: &'static str,
    /// The fields of a nested orb.
    pub orb: Option<&'static OrbInfo>,
    /// Options of this field alone.
    pub policy: &'static FieldPolicy,
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
            policy: &FieldPolicy::DEFAULT,
        }
    }

    /// A field that is a struct of its own, merged field by field.
    #[must_use]
    pub const fn nested(id: u32, name: &'static str, lane: Lane, orb: &'static OrbInfo) -> Self {
        Self {
            id,
            name,
            lane,
            wire: "Struct",
            orb: Some(orb),
            policy: &FieldPolicy::DEFAULT,
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

    /// How many orbs deep it is, itself included.
    pub(super) const fn depth(&self) -> usize {
        let (mut deepest, mut index) = (0, 0);
        while index < self.fields.len() {
            if let Some(orb) = self.fields[index].orb {
                let depth = orb.depth();
                deepest = if depth > deepest { depth } else { deepest };
            }
            index += 1;
        }
        deepest + 1
    }

    fn describe(&self, out: &mut String) {
        out.push('{');
        for field in self.fields {
            out.push_str(&format!("{}:{}", field.id, field.wire));
            if let Some(orb) = field.orb {
                orb.describe(out);
            }
            out.push(';');
        }
        out.push('}');
    }

    pub(super) fn index_of(&self, id: u32) -> Option<usize> {
        self.fields.binary_search_by_key(&id, |field| field.id).ok()
    }
}

//! What inference decides about a source: orbs, their fields with the reason for each, and instances of templates.
//!
//! Plain data between `infer`, `lock`, `lower` and `report`. No syntax trees; spans only to say where.

use holo_codegen::schema::{Authority, Crdt, Enum, FieldPolicy, Initial, Lane, Policy, Record};
use holo_grammar::ast::Span;

/// All that one source says about synchronising.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// Enums that are types of values.
    pub enums: Vec<Enum>,
    /// Structs that are types of values.
    pub records: Vec<Record>,
    /// Types, in source order; a nested struct stands before its holder. Compositions that are types only for what they hold come last.
    pub orbs: Vec<Orb>,
    /// Objects that use a synced template without a shape of their own.
    pub instances: Vec<Instance>,
}

/// One synchronised type.
#[derive(Clone, Debug, PartialEq)]
pub struct Orb {
    /// The scope path as written: `Shop/Sign`; a nested struct adds `.field`.
    pub wire: String,
    /// The name as written, without its scope.
    pub label: String,
    /// The word that heads it, or `struct` for a nested one.
    pub kind: String,
    /// The Rust type.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// Its name in the source.
    pub span: Span,
    /// How often it sends; none for a nested struct and for a composition that has no state of its own.
    pub rate_hz: Option<f64>,
    /// Who may write.
    pub authority: Authority,
    /// Options that matter while a program runs.
    pub policy: Policy,
    /// Fields in declaration order, pose first.
    pub fields: Vec<Field>,
    /// What a composition holds: its objects, then what is spawned in it.
    pub members: Vec<Field>,
}

impl Orb {
    /// Its own fields and its members: all that its type in Rust has.
    pub fn parts(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.members)
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.fields.iter_mut().chain(&mut self.members)
    }

    /// Whether it is a composition that synchronises nothing but what it holds.
    #[must_use]
    pub fn is_world(&self) -> bool {
        self.rate_hz.is_none() && !self.members.is_empty()
    }
}

/// One synchronised field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its stable number; 0 until the lock has given one.
    pub id: u32,
    /// The name as written.
    pub wire: String,
    /// The Rust field.
    pub rust: String,
    /// Doc comment, one entry a line.
    pub docs: Vec<String>,
    /// Where it is declared, or the node that gives it.
    pub span: Span,
    /// The CRDT.
    pub crdt: Crdt,
    /// Durable or live.
    pub lane: Lane,
    /// The value before anybody wrote.
    pub initial: Initial,
    /// Whether the author wrote the type; a guess yields to the lock, an annotation does not.
    pub annotated: bool,
    /// Options of this field alone.
    pub policy: FieldPolicy,
    /// Why it is what it is.
    pub reason: Reason,
}

/// Why a field is what it is, and how to say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule of inference, `R5`.
    pub rule: &'static str,
    /// What the rule saw, in a sentence without a full stop.
    pub text: String,
    /// How to get something else, in the imperative; empty when the author already said it.
    pub otherwise: String,
}

impl Reason {
    /// A reason with the way to override it.
    #[must_use]
    pub fn new(rule: &'static str, text: impl Into<String>, otherwise: impl Into<String>) -> Self {
        Self {
            rule,
            text: text.into(),
            otherwise: otherwise.into(),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.text)?;
        if !self.otherwise.is_empty() {
            write!(f, "; {}", self.otherwise)?;
        }
        Ok(())
    }
}

/// An object that uses a synced template and adds nothing to its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The object's name.
    pub name: String,
    /// The template's name.
    pub of: String,
    /// The object's name in the source.
    pub span: Span,
}

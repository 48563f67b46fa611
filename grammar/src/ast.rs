//! The syntax tree of one source file.
//!
//! What belongs here: the shapes that the parser builds, with byte spans into the source and the doc comments that stand
//! before an item. What never will: names resolved to other files, CRDTs, defaults; the tree says what is written.

use std::fmt;

/// A range of bytes in the source, `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end`.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The span as a range of indices.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A word of the source and where it stands: an identifier, or the text of a string that serves as a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text, with the escapes of a string undone.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One source file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct File {
    /// What stands at the top level, in source order.
    pub items: Vec<Item>,
}

/// One thing in a file or in a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `orb player @networked { … }`: any keyword may head a node.
    Node(Node),
    /// `health: 100`, `level: synced int = 1`, or a bare flag.
    Field(Field),
    /// `@networked(rate: 20)` on its own in a body.
    Trait(TraitUse),
    /// `state { … }`, `state Name { … }`, `@state { … }`, `@props`, `data`, `props`.
    State(StateBlock),
    /// `networked { position: synced }`.
    Networked(NetworkedBlock),
    /// `import { a } from "x"`, `@import "x" as y`.
    Import(Import),
    /// A handler, action, method, function or any other code whose body is kept as balanced raw text.
    Code(Code),
    /// `...Base`: takes over the shape of what it names.
    Spread(Name),
    /// `const limit: int = 10`, `let`, `var`.
    Const(Const),
    /// `type Mode = "calm" | "wild"`. One that stands for `{ … }` is a node of kind `type`, as a `struct` is.
    Alias(Alias),
    /// Something kept as raw text because nothing here needs to look inside: an export list, a class, a connection.
    Other(Span),
}

/// A node: keyword, name, header and body.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Lines of the comment that stands directly before it, without comment markers.
    pub docs: Vec<String>,
    /// The word that heads it (`orb`, `template`, …). A head of one identifier with a body has it as kind *and* name.
    pub kind: Name,
    /// The name that follows the keyword, from `orb x`, `orb "x"` or `kw@x`; `kw#id` gives `id`.
    pub name: Option<Name>,
    /// The id of `kw#id`.
    pub id: Option<Name>,
    /// The template named by `using "T"`.
    pub using: Option<Name>,
    /// Traits in the header, before the `{`. A trait here never owns the `{`.
    pub header: Vec<TraitUse>,
    /// The items of the body; empty when there is no body.
    pub items: Vec<Item>,
    /// The braces of the body, if it has one.
    pub block: Option<Span>,
    /// The whole node.
    pub span: Span,
}

impl Node {
    /// The name it goes by: the given name, else the id, else the keyword itself.
    #[must_use]
    pub fn label(&self) -> &Name {
        self.name
            .as_ref()
            .or(self.id.as_ref())
            .unwrap_or(&self.kind)
    }
}

/// A use of a trait with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitUse {
    /// The name without the `@`.
    pub name: Name,
    /// Arguments of `(…)` first, then the fields of a `{…}` block, in source order.
    pub args: Vec<Arg>,
    /// From the `@` to the end of the arguments.
    pub span: Span,
}

/// One argument of a trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The option's name; none for a positional argument.
    pub key: Option<Name>,
    /// Its value; a bare flag is `true`.
    pub value: Value,
    /// Key and value.
    pub span: Span,
}

/// `state { … }` and its relatives.
#[derive(Clone, Debug, PartialEq)]
pub struct StateBlock {
    /// `state`, `props` or `data`, without an `@`.
    pub kind: Name,
    /// The name in `state Name { … }`.
    pub name: Option<Name>,
    /// Fields, and traits that stand alone on a line and govern what follows.
    pub items: Vec<Item>,
    /// The whole block.
    pub span: Span,
}

/// `networked { … }` inside a node.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkedBlock {
    /// Entries such as `position: synced` and options such as `sync_rate: 20hz`.
    pub items: Vec<Item>,
    /// The whole block.
    pub span: Span,
}

/// A field of a node, a state block or a structured value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Lines of the comment directly before it, then the comment that ends its line, without markers.
    pub docs: Vec<String>,
    /// Its name.
    pub key: Name,
    /// True for `key?: T`.
    pub optional: bool,
    /// `synced` or `replicated` in `level: synced int = 1`.
    pub modifier: Option<Name>,
    /// The annotated type in `k: T = v` or in a typed field without a value (`k: PNCounter`).
    pub ty: Option<Type>,
    /// Its value; a bare flag has `true`.
    pub value: Option<Value>,
    /// Traits on the same line: `score: 0 @counter`, or `@networked room: ""`.
    pub traits: Vec<TraitUse>,
    /// The condition of `if (…)`.
    pub condition: Option<Span>,
    /// The whole field without its comments.
    pub span: Span,
}

/// A type annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// A plain or dotted name, with the arguments of `Map<K, V>` if it has any. `T[]` is `Array` of one argument.
    Named(String, Vec<Type>),
    /// `A | B`, including string literals and `null`.
    Union(Vec<Type>),
    /// `"idle"` in a union.
    Literal(String),
    /// A function type, an inline struct, a tuple or anything else, kept as text.
    Other,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a value. Literals are exact; whatever has to be evaluated keeps its text only.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`, `none`, `undefined`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A number with a unit, `20hz`.
    Quantity {
        /// The number.
        number: f64,
        /// The unit as written.
        unit: String,
    },
    /// A string without interpolation, escapes undone.
    Str(String),
    /// `#4a9eff`, as written.
    Color(String),
    /// `[a, b]`.
    List(Vec<Value>),
    /// `{ a: 1 }`.
    Map(Vec<Field>),
    /// A bare or dotted name: `position`, `state.health`.
    Path(Vec<Name>),
    /// `uuid()`, `now()`: the callee as written.
    Call(String),
    /// A function value: `() => { … }`.
    Function,
    /// Anything else: `${…}`, arithmetic, a ternary. Its text is at the span.
    Expr,
}

/// `import` in any of its forms, or `export { a } from "x"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Whether the names are only handed on, as `export … from` does.
    pub exported: bool,
    /// The path in quotes.
    pub path: Name,
    /// The names taken, with their aliases.
    pub names: Vec<(Name, Option<Name>)>,
    /// `as y` or `* as y`.
    pub alias: Option<Name>,
    /// The whole statement.
    pub span: Span,
}

/// A piece of code: handler, action, method, function, directive with a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// `action`, `function`, `on_grab`, `logic`, …: the word that heads it.
    pub kind: Name,
    /// The name that follows, for `action attack(…)`.
    pub name: Option<Name>,
    /// Sync-family traits written directly before it: they annotate it and sync nothing.
    pub traits: Vec<TraitUse>,
    /// The body's text without its outer braces; empty span when there is none.
    pub body: Span,
    /// The whole of it.
    pub span: Span,
}

/// A constant or variable outside code.
#[derive(Clone, Debug, PartialEq)]
pub struct Const {
    /// Lines of the comment directly before it, without markers.
    pub docs: Vec<String>,
    /// `const`, `let` or `var`.
    pub kind: Name,
    /// Its name.
    pub name: Name,
    /// The annotated type.
    pub ty: Option<Type>,
    /// Its value, if it has one.
    pub value: Option<Value>,
    /// The whole of it.
    pub span: Span,
}

/// Another name for a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// Lines of the comment directly before it, without markers.
    pub docs: Vec<String>,
    /// The name it gives.
    pub name: Name,
    /// The type it stands for.
    pub ty: Type,
    /// The whole of it.
    pub span: Span,
}

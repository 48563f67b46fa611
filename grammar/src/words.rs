//! The words that the parser treats apart.
//!
//! What belongs here: words, each list with what it means to the parser; editors and the grammar document are held to them.
//! What never will: what is done about a word. The language is open: any other word may head a node, and any other trait is
//! read without complaint.

/// Heads in whose bodies a mistake is reported. Bodies of other heads may follow rules of their own, so there what cannot
/// be read is passed over, unless something in them asks to be synchronised.
pub const NODES: &[&str] = &[
    "orb",
    "object",
    "template",
    "composition",
    "world",
    "scene",
    "group",
    "spatial_group",
    "environment",
    "light",
    "camera",
    "npc",
    "zone",
    "system",
    "config",
    "policy",
    "channel",
    "room",
    "networked_object",
    "component",
    "panel",
    "text",
    "module",
    "struct",
    "enum",
    "interface",
    "entity",
    "player",
    "agent",
];

/// Words that head a block of code.
pub const CODE_BLOCKS: &[&str] = &[
    "logic",
    "actions",
    "computed",
    "watch",
    "methods",
    "functions",
    "handlers",
    "effects",
    "render",
    "script",
    "style",
    "styles",
    "state_machine",
    "try",
    "do",
];

/// Words that stand before the name of a function.
pub const CODE_HEADS: &[&str] = &[
    "action", "function", "async", "method", "fn", "func", "def", "on", "get", "set", "static",
    "private", "public", "abstract", "class",
];

/// Words that begin a statement with a condition.
pub const CONTROL: &[&str] = &[
    "if", "for", "while", "switch", "forEach", "foreach", "catch", "else", "else_if", "elif",
    "match", "every",
];

/// Words that begin a statement which is kept as text.
pub const STATEMENTS: &[&str] = &[
    "const", "let", "var", "type", "return", "throw", "await", "emit", "connect", "export",
    "yield", "break", "continue", "declare", "use",
];

/// Traits that decide what is synchronised. A mistake in their arguments is reported; in others the text is kept.
pub const SYNC_TRAITS: &[&str] = &[
    "networked",
    "synced",
    "replicated",
    "owned",
    "ownership",
    "persistent",
    "host_only",
    "local_only",
    "owner_only",
    "sync",
    "crdt",
    "sync_tier",
];

/// Directives whose body is code whatever it looks like.
pub const CODE_DIRECTIVES: &[&str] = &[
    "render", "style", "script", "method", "action", "function", "logic", "actions", "for",
    "forEach", "while", "if", "else", "migrate", "test",
];

/// Words between two operands.
pub const INFIX: &[&str] = &["in", "of", "is", "as", "and", "or", "instanceof"];

/// Words before an operand.
pub const PREFIX: &[&str] = &[
    "new", "await", "async", "typeof", "not", "match", "return", "emit", "delete", "void", "throw",
    "yield", "switch", "spawn",
];

/// Blocks of fields. With an `@` before them they are the same.
pub const STATE_BLOCKS: &[&str] = &["state", "props", "data"];

/// Words before the type or value of a field that ask for synchronising it.
pub const FIELD_MODIFIERS: &[&str] = &["synced", "replicated"];

/// Words that are values.
pub const VALUES: &[&str] = &["true", "false", "null", "none", "undefined"];

/// Words that mean something in one place only: in heads, imports, exports, types and conditions, and behind code.
pub const PLACED: &[&str] = &[
    "using",
    "extends",
    "networked",
    "import",
    "from",
    "as",
    "type",
    "export",
    "default",
    "typeof",
    "if",
    "event",
    "signal",
    "else",
    "catch",
    "finally",
];

/// Words before the name of a function that only say how it is called.
pub const CODE_MODIFIERS: &[&str] = &[
    "async",
    "static",
    "private",
    "public",
    "protected",
    "override",
];

/// All lists by name.
pub const ALL: &[(&str, &[&str])] = &[
    ("NODES", NODES),
    ("CODE_BLOCKS", CODE_BLOCKS),
    ("CODE_HEADS", CODE_HEADS),
    ("CONTROL", CONTROL),
    ("STATEMENTS", STATEMENTS),
    ("SYNC_TRAITS", SYNC_TRAITS),
    ("CODE_DIRECTIVES", CODE_DIRECTIVES),
    ("INFIX", INFIX),
    ("PREFIX", PREFIX),
    ("STATE_BLOCKS", STATE_BLOCKS),
    ("FIELD_MODIFIERS", FIELD_MODIFIERS),
    ("VALUES", VALUES),
    ("PLACED", PLACED),
    ("CODE_MODIFIERS", CODE_MODIFIERS),
];

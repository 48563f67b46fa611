//! The verbs of every CRDT by name: one table, for calling, for messages and for the documentation.

/// A verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// The name of the method of the edit view.
    pub name: &'static str,
    /// Other names that it goes by.
    pub aliases: &'static [&'static str],
    /// What it takes, as a list; one with a `=` may be left out.
    pub args: &'static str,
}

const fn verb(name: &'static str, aliases: &'static [&'static str], args: &'static str) -> Verb {
    Verb {
        name,
        aliases,
        args,
    }
}

/// The CRDTs that a field can be, by name.
pub const CRDTS: [&str; 13] = [
    "LwwRegister",
    "MvRegister",
    "GCounter",
    "PnCounter",
    "OrSet",
    "GSet",
    "TwoPSet",
    "Sequence",
    "Text",
    "LwwMap",
    "OrMap",
    "JsonDoc",
    "Struct",
];

const REGISTER: &[Verb] = &[verb("set", &["put"], "value")];

const GROWING: &[Verb] = &[verb("increment", &["add"], "by = 1")];

const COUNTER: &[Verb] = &[
    verb("increment", &["add"], "by = 1"),
    verb("decrement", &["subtract"], "by = 1"),
];

const GROWING_SET: &[Verb] = &[verb("insert", &["add", "put"], "value")];

const SET: &[Verb] = &[
    verb("insert", &["add", "put"], "value"),
    verb("remove", &["delete"], "value"),
    verb("clear", &[], ""),
];

const LIST: &[Verb] = &[
    verb("insert", &["add"], "index, value"),
    verb("insert_all", &[], "index, values"),
    verb("push", &["append"], "value"),
    verb("extend", &[], "values"),
    verb("set", &["put"], "index, value"),
    verb("delete", &["remove"], "index"),
    verb("delete_range", &[], "start, end"),
    verb("pop", &[], ""),
    verb("shift", &[], ""),
    verb("move", &["move_item"], "from, to"),
    verb("clear", &[], ""),
];

const WRITING: &[Verb] = &[
    verb("insert", &[], "position, text"),
    verb("push", &["append"], "text"),
    verb("delete", &["remove"], "start, end = start + 1"),
    verb("replace", &[], "start, end, text"),
    verb("splice", &[], "position, deleted, text"),
    verb("insert_utf16", &[], "position, text"),
    verb("delete_utf16", &[], "start, end"),
    verb("replace_utf16", &[], "start, end, text"),
    verb("clear", &[], ""),
];

const MAP: &[Verb] = &[
    verb("set", &["put", "insert"], "key, value"),
    verb("delete", &["remove"], "key"),
    verb("clear", &[], ""),
];

const KEYED: &[Verb] = &[
    verb("insert", &["add"], "key"),
    verb("remove", &["delete"], "key"),
    verb("clear", &[], ""),
    verb("spawn", &[], ""),
];

const DOCUMENT: &[Verb] = &[
    verb("set", &["put"], "path, value"),
    verb("insert", &["add"], "path, index, value"),
    verb("push", &["append"], "path, value"),
    verb("move", &["move_item"], "path, from, to"),
    verb("delete", &["remove"], "path"),
    verb("clear", &[], ""),
];

/// The verbs of a CRDT, by its name as in [`CRDTS`]. A struct has none: its fields have.
#[must_use]
pub fn verbs(crdt: &str) -> &'static [Verb] {
    match crdt {
        "LwwRegister" | "MvRegister" => REGISTER,
        "GCounter" => GROWING,
        "PnCounter" => COUNTER,
        "GSet" => GROWING_SET,
        "OrSet" | "TwoPSet" => SET,
        "Sequence" => LIST,
        "Text" => WRITING,
        "LwwMap" => MAP,
        "OrMap" => KEYED,
        "JsonDoc" => DOCUMENT,
        _ => &[],
    }
}

/// The verb that goes by a name.
pub(super) fn find(crdt: &str, name: &str) -> Option<&'static Verb> {
    let all = verbs(crdt);
    let by_name = all.iter().find(|verb| verb.name == name);
    by_name.or_else(|| all.iter().find(|verb| verb.aliases.contains(&name)))
}

impl Verb {
    /// How many arguments it takes at least and at most.
    pub(super) fn counts(&self) -> (usize, usize) {
        let args = self.args.split(',').filter(|arg| !arg.is_empty());
        let (optional, needed): (Vec<&str>, Vec<&str>) = args.partition(|arg| arg.contains('='));
        (needed.len(), needed.len() + optional.len())
    }
}

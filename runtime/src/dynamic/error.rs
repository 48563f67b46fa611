//! What can be wrong with a schema, and with a verb that is called by name.

use crate::Error;

/// Why a text is no schema: where, and what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub struct SchemaError {
    /// The place, as in `fields[2].type`.
    pub at: String,
    /// What is wrong there.
    pub message: String,
}

impl SchemaError {
    pub(super) fn new(at: &str, message: impl Into<String>) -> Self {
        let at = if at.is_empty() { "the schema" } else { at };
        Self {
            at: at.to_owned(),
            message: message.into(),
        }
    }
}

/// Why a verb could not be called. Nothing was changed; an edit that returns it is taken back as a whole.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such field.
    #[error("there is no field `{path}`; there {}", listed(known))]
    UnknownField {
        /// The path as far as it was followed.
        path: String,
        /// The fields that there are.
        known: Vec<String>,
    },
    /// A path that cannot be read, or that goes on behind what has no parts.
    #[error("the path `{path}` leads nowhere: {reason}")]
    Path {
        /// The path as given.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The type has no such verb.
    #[error("a {crdt} has no verb `{verb}`; there {}", listed(known))]
    UnknownVerb {
        /// The verb as given.
        verb: String,
        /// The CRDT.
        crdt: &'static str,
        /// The verbs that it has.
        known: Vec<String>,
    },
    /// Too many arguments, or too few.
    #[error("`{verb}` takes ({expected}), and was given {found} arguments")]
    Count {
        /// The verb.
        verb: String,
        /// What it takes.
        expected: &'static str,
        /// How many there were.
        found: usize,
    },
    /// An argument of another type.
    #[error("`{verb}` takes {expected} and was given {found}")]
    Argument {
        /// The verb.
        verb: String,
        /// What it takes in this place.
        expected: String,
        /// What there was.
        found: String,
    },
    /// The edit as a whole could not be made.
    #[error(transparent)]
    Edit(#[from] Error),
}

fn listed(known: &[String]) -> String {
    match known {
        [] => "are none".to_owned(),
        [one] => format!("is `{one}`"),
        all => {
            let all: Vec<String> = all.iter().take(32).map(|one| format!("`{one}`")).collect();
            format!("are {}", all.join(", "))
        }
    }
}

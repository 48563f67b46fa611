//! Tokens to the tree.
//!
//! What belongs here: what a sequence of tokens means. What never will: the text below tokens, and anything that needs a
//! second file. Items and values are decided by peeking at two or three tokens, never by trying one rule after another;
//! headers, types, trait arguments and imports are combinators (`rules.rs`).
//!
//! | file | reads |
//! |---|---|
//! | `cursor.rs` | the place in the tokens, and reports |
//! | `items.rs` | a body: which item begins here |
//! | `nodes.rs` | nodes, state blocks, networked blocks |
//! | `traits.rs` | everything that begins with `@` |
//! | `fields.rs` | `key: value` in all its forms |
//! | `types.rs` | where a type stands |
//! | `values.rs`, `literals.rs` | values |
//! | `extent.rs` | where an expression or statement ends |
//! | `code.rs` | handlers, methods and other raw bodies |
//! | `declarations.rs` | `const`, `type` |
//! | `docs.rs` | comments that document an item |

mod after;
mod code;
mod cursor;
mod declarations;
mod docs;
mod extent;
mod fields;
mod imports;
mod items;
mod literals;
mod nodes;
mod rules;
mod traits;
mod types;
mod values;

use std::rc::Rc;

use chumsky::inspector::SimpleState;

use crate::ast::File;
use crate::diagnostic::{Diagnostic, Reports};
use crate::token::{Comment, Tok};
use cursor::{Context, Cursor};
use items::Scope;
use rules::Rules;

/// Reads a whole file of paired tokens.
pub(crate) fn parse(text: &str, tokens: &[Tok], comments: &[Comment]) -> (File, Vec<Diagnostic>) {
    let mut context = SimpleState(Context {
        text,
        comments,
        diagnostics: Reports::default(),
        rules: Rc::new(Rules::new()),
    });
    let items = Cursor::new(tokens, &mut context).items(Scope::File);
    (File { items }, context.0.diagnostics.into_vec())
}

//! Random programs: seeded `.hsplus` texts that are right by construction and as hostile as they may be.
//!
//! To add a construct, add a row to a table: a field to `fields.rs`, a node to `nodes.rs`, a name, text or comment to
//! `words.rs`. What never belongs here: what the compiler makes of them.

mod fields;
mod nodes;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::rng::Rng;

/// The program of a seed.
#[must_use]
pub fn program(seed: u64) -> String {
    let mut program = Program {
        rng: Rng::new(seed),
        out: String::new(),
        depth: 0,
        enums: Vec::new(),
        structs: Vec::new(),
        templates: Vec::new(),
        names: Scope::default(),
    };
    nodes::types(&mut program);
    for _ in 0..1 + program.rng.below(3) {
        nodes::node(&mut program);
    }
    program.out
}

/// Names in use where they would collide, told apart as Rust would.
#[derive(Debug, Default, Clone)]
struct Scope(BTreeSet<String>);

impl Scope {
    /// A name that is new here, made of one that may be taken.
    fn fresh(&mut self, base: &str) -> String {
        let plain = |name: &str| -> String {
            let name = name.chars().filter(|c| c.is_alphanumeric());
            name.flat_map(char::to_lowercase).collect()
        };
        let mut name = base.to_owned();
        let mut number = 2;
        while !self.0.insert(plain(&name)) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }
}

/// A program that is being written.
struct Program {
    rng: Rng,
    out: String,
    depth: usize,
    /// The enums that were declared, each with a variant.
    enums: Vec<(String, String)>,
    structs: Vec<String>,
    templates: Vec<String>,
    names: Scope,
}

impl Program {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{:1$}{text}", "", 2 * self.depth);
    }

    /// A head, what its block holds, and the end of it.
    fn block(&mut self, head: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line("}");
    }

    fn docs(&mut self) {
        if self.rng.chance(30) {
            let text = *self.rng.pick(words::COMMENTS);
            self.line(&format!("// {text}"));
        }
        if self.rng.chance(10) {
            let text = self.rng.pick(words::COMMENTS).replace("*/", "* /");
            self.line(&format!("/** {text} */"));
        }
    }

    /// A name for a node, as an identifier or in quotes, and so that no other collides with it.
    fn name(&mut self) -> (String, String) {
        if self.rng.chance(30) {
            let base = *self.rng.pick(words::QUOTED_NAMES);
            let name = self.names.fresh(base);
            return (format!("\"{name}\""), name);
        }
        let base = *self.rng.pick(words::NAMES);
        let name = self.names.fresh(base);
        let shown = if self.rng.chance(50) {
            format!("\"{name}\"")
        } else {
            name.clone()
        };
        (shown, name)
    }

    fn text(&mut self) -> String {
        (*self.rng.pick(words::TEXTS)).to_owned()
    }
}

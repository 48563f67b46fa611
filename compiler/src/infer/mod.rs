//! The rules of inference, one file per family: what is an orb, which fields it has, and what each of them is.
//!
//! Nothing here reads files, knows the lock or writes Rust. A decision that is not reported through a [`Reason`] or a
//! diagnostic must not be made here.
//!
//! [`Reason`]: crate::model::Reason

mod authority;
mod counting;
mod declared;
mod elsewhere;
mod fields;
mod lane;
mod literals;
mod makers;
mod names;
mod nested;
mod options;
mod orbs;
mod policy;
mod rate;
mod select;
mod traits;
mod types;
mod usage;
mod values;
mod words;

pub use types::article;
pub use values::{fit, json, literal_type};

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use holo_grammar::ast::{File, Item, Node, Span, Value, ValueKind};
use holo_grammar::diagnostic::{Diagnostic, Label};

use crate::model::{Orb, World};
use crate::resolve::program::away;
use crate::resolve::{Program, Scopes};
use usage::{Usage, Write};

/// How many comparisons of names a file is worth; one with more has other troubles.
const MOST_COMPARED: usize = 1_000_000;

/// What the rules share while they work on one source.
pub(crate) struct Cx<'a> {
    /// All sources that it is understood with.
    program: &'a Program<'a>,
    /// Their nodes.
    scopes: Rc<Scopes<'a>>,
    /// Which of them it is.
    part: usize,
    /// Names that are indexed by something that is no literal, found when first asked for.
    indexed: OnceCell<BTreeSet<&'a str>>,
    /// What the code of the source writes, found when first asked for.
    usage: OnceCell<Usage<'a>>,
    /// Which declared names are whole numbers, found when first asked for.
    whole: OnceCell<BTreeMap<&'a str, bool>>,
    /// What there is to tell.
    diagnostics: Vec<Diagnostic>,
    /// Nested structs of the orb at hand, innermost first.
    nested: Vec<Orb>,
    /// How many names may still be compared in search of the one that a misspelt one means.
    comparisons: usize,
    /// Whether the file's one warning about a bare rate is out.
    bare_rate_told: bool,
}

impl<'a> Cx<'a> {
    fn new(program: &'a Program<'a>, scopes: &Rc<Scopes<'a>>, part: usize) -> Self {
        Self {
            program,
            scopes: Rc::clone(scopes),
            part,
            indexed: OnceCell::new(),
            usage: OnceCell::new(),
            whole: OnceCell::new(),
            diagnostics: Vec::new(),
            nested: Vec::new(),
            comparisons: MOST_COMPARED,
            bare_rate_told: false,
        }
    }

    /// The same source, for asking a question without telling anybody.
    fn quiet(&self) -> Self {
        Self {
            comparisons: 0,
            bare_rate_told: true,
            ..Self::new(self.program, &self.scopes, self.part)
        }
    }

    /// What is written at a span.
    fn written(&self, span: Span) -> &'a str {
        self.program.written(span)
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the file indexes a field of that name by something that is no literal, as one does with a map.
    fn is_indexed(&self, name: &str) -> bool {
        self.indexed
            .get_or_init(|| usage::indexed(self.program.parts[self.part].text))
            .contains(name)
    }

    /// Every write in the source to something of that name.
    fn writes(&self, name: &str) -> &[Write<'a>] {
        let scan = || {
            let bodies = usage::bodies(&self.program.parts[self.part].tree.items).into_iter();
            Usage::of(bodies.map(|span| (self.program.written(span), span.start)))
        };
        self.usage.get_or_init(scan).of_name(name)
    }

    /// Whether all that is declared under a name is a whole number.
    fn is_whole(&self, name: &str) -> bool {
        let scan = || {
            let mut found = BTreeMap::new();
            counting::whole_numbers(&self.program.parts[self.part].tree.items, &mut found);
            found
        };
        self.whole.get_or_init(scan).get(name) == Some(&true)
    }

    /// The line of a place, from 1.
    fn line(&self, span: Span) -> usize {
        let part = &self.program.parts[self.program.part_of(span)];
        part.line(span)
    }

    /// The words of the enum of that name.
    fn enumeration(&self, name: &str) -> Option<Vec<&'a str>> {
        let at = self.scopes.type_named(self.program, self.part, name)?;
        let node = self.scopes.entries[at].node;
        (node.kind.text == "enum").then(|| variants(node))
    }

    /// Whether there is a struct of that name.
    fn is_struct(&self, name: &str) -> bool {
        let at = self.scopes.type_named(self.program, self.part, name);
        at.is_some_and(|at| self.scopes.entries[at].node.kind.text == "struct")
    }

    /// The variant that `Mode.Idle` names and all that `Mode` has, if there is an enum `Mode` in the file.
    fn variant(&self, value: &'a Value) -> Option<(&'a str, Vec<String>)> {
        let ValueKind::Path(names) = &value.kind else {
            return None;
        };
        let [of, name] = names.as_slice() else {
            return None;
        };
        let all = self.enumeration(&of.text)?;
        Some((&name.text, all.iter().map(ToString::to_string).collect()))
    }

    /// Whether a value is never synchronised: a function, a computed value, `${…}` or a member expression.
    fn never_synced(&self, value: &'a Value) -> bool {
        self.variant(value).is_none() && values::never_synced(value, self.written(value.span))
    }
}

/// Makes every misspelt trait what it was meant to be, and tells of it.
#[must_use]
pub fn mend(tree: &mut File) -> Vec<Diagnostic> {
    traits::mend(tree)
}

/// Decides everything that the sources of a program leave open. What is wrong is told; what could be decided is in the
/// worlds, one for each source.
#[must_use]
pub fn infer(program: &Program<'_>) -> Vec<(World, Vec<Diagnostic>)> {
    let scopes = Rc::new(Scopes::new(program));
    let survey = orbs::Survey::new(program, &scopes);
    let parts = 0..program.parts.len();
    let results = parts.map(|part| {
        let mut cx = Cx::new(program, &scopes, part);
        traits::check(&mut cx, program.parts[part].tree);
        let mut world = orbs::find(&mut cx, &survey);
        home(&mut world, program.parts[part].base);
        (world, told(program, part, cx.diagnostics))
    });
    results.collect()
}

/// Gives the places of a world as they are in its own source.
fn home(world: &mut World, base: u32) {
    for orb in &mut world.orbs {
        orb.span = away(orb.span, base);
        for field in &mut orb.fields {
            field.span = away(field.span, base);
        }
    }
    for instance in &mut world.instances {
        instance.span = away(instance.span, base);
    }
}

/// What there is to tell of one source, in order. What stands in another is told there, and only mentioned here.
fn told(program: &Program<'_>, part: usize, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let base = program.parts[part].base;
    let mut told: Vec<Diagnostic> = Vec::new();
    for mut one in diagnostics {
        if program.part_of(one.primary.span) != part {
            continue;
        }
        one.primary.span = away(one.primary.span, base);
        for fix in &mut one.fixes {
            fix.span = away(fix.span, base);
        }
        let (here, there): (Vec<Label>, Vec<Label>) = std::mem::take(&mut one.secondary)
            .into_iter()
            .partition(|label| program.part_of(label.span) == part);
        one.secondary = here;
        for label in &mut one.secondary {
            label.span = away(label.span, base);
        }
        for label in there {
            let other = &program.parts[program.part_of(label.span)];
            let mention = format!(
                "{}: `{}`, line {}",
                label.message,
                other.name,
                other.line(label.span)
            );
            one.help = Some(match one.help {
                Some(help) => format!("{help} ({mention})"),
                None => mention,
            });
        }
        told.push(one);
    }
    told.sort_by_key(|one| (one.primary.span, one.code.id));
    told.dedup();
    told
}

fn variants(node: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    for item in &node.items {
        if let Item::Field(field) = item {
            names.push(field.key.text.as_str());
        }
    }
    names
}

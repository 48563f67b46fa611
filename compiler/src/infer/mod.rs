//! The rules of inference, one file per family: what is an orb, which fields it has, and what each of them is.
//!
//! Nothing here reads files, knows the lock or writes Rust. A decision that is not reported through a [`Reason`] or a
//! diagnostic must not be made here.
//!
//! [`Reason`]: crate::model::Reason

mod authority;
mod counting;
mod custom;
mod cycles;
mod declared;
mod elsewhere;
mod fields;
mod lane;
mod literals;
mod makers;
mod markers;
mod mistakes;
mod named;
mod names;
mod nested;
mod options;
mod orbs;
mod policy;
mod rate;
mod referred;
mod repair;
mod select;
mod taken;
mod traits;
mod types;
mod usage;
mod values;
mod words;
mod worlds;

pub use types::article;
pub use values::{fit, json, literal_type};

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use holo_grammar::ast::{File, Span, Value, ValueKind};
use holo_grammar::diagnostic::{Diagnostic, Label};

use crate::model::{Orb, World};
use crate::resolve::program::away;
use crate::resolve::{Program, Scopes, aliases};
use custom::{Custom, Customs};
use cycles::Cycles;
use holo_codegen::schema::Record;
use usage::{Usage, Written};
use words::Words;

/// How many comparisons of names a file is worth; one with more has other troubles.
const MOST_COMPARED: usize = 1_000_000;

/// What the rules share while they work on all sources of a program.
struct Shared<'a> {
    program: &'a Program<'a>,
    scopes: Rc<Scopes<'a>>,
    type_names: Rc<BTreeMap<usize, String>>,
    used: Rc<RefCell<BTreeSet<usize>>>,
    cycles: Rc<OnceCell<Cycles>>,
    told: Rc<RefCell<Vec<Diagnostic>>>,
    code: Rc<[Code<'a>]>,
    customs: Rc<Customs>,
}

/// What the code of one source says of names, each found when first asked for.
#[derive(Default)]
struct Code<'a> {
    /// Names that are indexed by something that is no literal.
    indexed: OnceCell<BTreeSet<&'a str>>,
    /// What is written.
    usage: OnceCell<Usage<'a>>,
    /// Which declared names are whole numbers.
    whole: OnceCell<BTreeMap<&'a str, bool>>,
}

impl<'a> Shared<'a> {
    fn new(program: &'a Program<'a>, scopes: &Rc<Scopes<'a>>) -> Self {
        Self {
            program,
            scopes: Rc::clone(scopes),
            type_names: Rc::new(named::rust_names(program, scopes)),
            used: Rc::default(),
            cycles: Rc::default(),
            told: Rc::default(),
            customs: Rc::default(),
            code: program.parts.iter().map(|_| Code::default()).collect(),
        }
    }
}

/// What the rules share while they work on one source.
pub(crate) struct Cx<'a> {
    /// All sources that it is understood with.
    program: &'a Program<'a>,
    /// Their nodes.
    scopes: Rc<Scopes<'a>>,
    /// The Rust name of each struct and enum.
    type_names: Rc<BTreeMap<usize, String>>,
    /// Structs and enums that are types of values somewhere.
    used: Rc<RefCell<BTreeSet<usize>>>,
    /// Which structs hold one another, found when first asked for.
    cycles: Rc<OnceCell<Cycles>>,
    /// What there is to tell of types, in whichever source they stand.
    told: Rc<RefCell<Vec<Diagnostic>>>,
    /// Which of the sources it is.
    part: usize,
    /// What the code of each source says.
    code: Rc<[Code<'a>]>,
    /// What names of types mean.
    customs: Rc<Customs>,
    /// Names of fields whose words have been told to be wrong, so that nothing more is told of their types.
    misread: BTreeSet<Span>,
    /// What there is to tell.
    diagnostics: Vec<Diagnostic>,
    /// Nested structs of the orb at hand, innermost first.
    nested: Vec<Orb>,
    /// The structs that are being made, each for a field of the one before, by their places.
    making: Vec<Span>,
    /// How many structs were made for fields.
    made: usize,
    /// Records made for the elements of lists, each with the name of the list.
    records: Vec<(Record, Span)>,
    /// How many names may still be compared in search of the one that a misspelt one means.
    comparisons: usize,
    /// Whether the file's one warning about a bare rate is out.
    bare_rate_told: bool,
}

impl<'a> Cx<'a> {
    fn new(shared: &Shared<'a>, part: usize) -> Self {
        Self {
            program: shared.program,
            scopes: Rc::clone(&shared.scopes),
            type_names: Rc::clone(&shared.type_names),
            used: Rc::clone(&shared.used),
            cycles: Rc::clone(&shared.cycles),
            told: Rc::clone(&shared.told),
            part,
            code: Rc::clone(&shared.code),
            customs: Rc::clone(&shared.customs),
            misread: BTreeSet::new(),
            diagnostics: Vec::new(),
            nested: Vec::new(),
            making: Vec::new(),
            made: 0,
            records: Vec::new(),
            comparisons: MOST_COMPARED,
            bare_rate_told: false,
        }
    }

    /// The same source afresh.
    fn again(&self) -> Self {
        let shared = Shared {
            program: self.program,
            scopes: Rc::clone(&self.scopes),
            type_names: Rc::clone(&self.type_names),
            used: Rc::clone(&self.used),
            cycles: Rc::clone(&self.cycles),
            told: Rc::clone(&self.told),
            code: Rc::clone(&self.code),
            customs: Rc::clone(&self.customs),
        };
        Self::new(&shared, self.part)
    }

    /// The same source, for asking a question without telling anybody.
    fn quiet(mut self) -> Self {
        self.comparisons = 0;
        self.bare_rate_told = true;
        self
    }

    /// What is written at a span.
    fn written(&self, span: Span) -> &'a str {
        self.program.written(span)
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Tells something of a type, in the source that declares it.
    fn later(&self, diagnostic: Diagnostic) {
        let mut told = self.told.borrow_mut();
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }

    /// Tells what several rules may find at one place, unless one of them has told it.
    fn tell_once(&mut self, diagnostic: Diagnostic) {
        let (code, span) = (diagnostic.code, diagnostic.primary.span);
        let mut told = self.diagnostics.iter();
        if !told.any(|one| one.code == code && one.primary.span == span) {
            self.tell(diagnostic);
        }
    }

    /// Whether the file indexes a field of that name by something that is no literal, as one does with a map.
    fn is_indexed(&self, name: &str) -> bool {
        self.code[self.part]
            .indexed
            .get_or_init(|| usage::indexed(self.program.parts[self.part].text))
            .contains(name)
    }

    /// What code of the source does to something of that name, if it writes it.
    fn writes(&self, name: &str) -> Option<&Written> {
        let scan = || {
            let bodies = usage::bodies(&self.program.parts[self.part].tree.items).into_iter();
            let bodies = bodies.map(|span| (self.program.written(span), span.start));
            Usage::of(bodies, |name| self.is_whole(name))
        };
        self.code[self.part].usage.get_or_init(scan).of_name(name)
    }

    /// Whether all that is declared under a name is a whole number.
    fn is_whole(&self, name: &str) -> bool {
        let scan = || {
            let mut found = BTreeMap::new();
            counting::whole_numbers(&self.program.parts[self.part].tree.items, &mut found);
            found
        };
        self.code[self.part].whole.get_or_init(scan).get(name) == Some(&true)
    }

    /// The line of a place, from 1.
    fn line(&self, span: Span) -> usize {
        let part = &self.program.parts[self.program.part_of(span)];
        part.line(span)
    }

    /// The variant that `Mode.Idle` names, all that `Mode` has, and its path, if there is an enum `Mode`.
    fn variant(&self, value: &'a Value) -> Option<(&'a str, Rc<Words>, Option<String>)> {
        let ValueKind::Path(names) = &value.kind else {
            return None;
        };
        let [of, name] = names.as_slice() else {
            return None;
        };
        match self.custom(&of.text, value.span)? {
            Custom::Enum(all, path) => Some((&name.text, all, path)),
            Custom::Alias(declared) => match *declared {
                declared::Declared::Words(all, path) => Some((&name.text, all, path)),
                _ => None,
            },
            Custom::Struct(_) => None,
        }
    }

    /// Whether a value is never synchronised: a function, a computed value, `${…}` or a member expression.
    fn never_synced(&self, value: &'a Value) -> bool {
        self.variant(value).is_none() && values::never_synced(value, self.written(value.span))
    }
}

/// Makes every misspelt trait what it was meant to be, and tells of it; makes an enum of every alias for some words.
#[must_use]
pub fn mend(tree: &mut File) -> Vec<Diagnostic> {
    aliases::name_words(tree);
    traits::mend(tree)
}

/// Decides everything that the sources of a program leave open. What is wrong is told; what could be decided is in the
/// worlds, one for each source.
#[must_use]
pub fn infer(program: &Program<'_>) -> Vec<(World, Vec<Diagnostic>)> {
    let scopes = Rc::new(Scopes::new(program));
    let shared = Shared::new(program, &scopes);
    let survey = orbs::Survey::new(&shared);
    let mut cxs: Vec<Cx<'_>> = (0..program.parts.len())
        .map(|part| Cx::new(&shared, part))
        .collect();
    let mut worlds = Vec::with_capacity(cxs.len());
    for cx in &mut cxs {
        traits::check(cx, program.parts[cx.part].tree);
        worlds.push(orbs::find(cx, &survey));
    }
    worlds::build(&mut cxs, &mut worlds, &survey);
    for (cx, world) in cxs.iter_mut().zip(&worlds) {
        names::check_nested(cx, &world.orbs);
        names::check_views(cx, &world.orbs);
    }
    named::build(&mut cxs, &mut worlds);
    referred::keep(&mut worlds);
    let results = cxs.into_iter().zip(worlds).map(|(cx, mut world)| {
        home(&mut world, program.parts[cx.part].base);
        let mut diagnostics = cx.diagnostics;
        diagnostics.extend(cx.told.borrow().iter().cloned());
        (world, told(program, cx.part, diagnostics))
    });
    results.collect()
}

/// Gives the places of a world as they are in its own source.
fn home(world: &mut World, base: u32) {
    for orb in &mut world.orbs {
        orb.span = away(orb.span, base);
        for field in orb.parts_mut() {
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
        one.along.retain(|fix| program.part_of(fix.span) == part);
        one.fixes.retain(|fix| program.part_of(fix.span) == part);
        for fix in one.fixes.iter_mut().chain(&mut one.along) {
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

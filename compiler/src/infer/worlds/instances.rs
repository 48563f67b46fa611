//! R7: what an object of a template starts with where it differs from its template.
//!
//! The object is built as if it had a type of its own, and compared with the type that it has.

use std::collections::BTreeMap;

use holo_codegen::initial::canonical;
use holo_codegen::schema::{Crdt, Initial};
use holo_grammar::diagnostic::{Code, Diagnostic};

use super::Known;
use crate::codes;
use crate::infer::Cx;
use crate::infer::orbs::{self, Survey};
use crate::model::{Field, Orb};

/// What there is to tell of a value, wherever the type comes from.
const OF_VALUES: [&Code; 3] = [&codes::VALUE_MISFIT, &codes::NO_INITIAL, &codes::NOT_YET];

/// The values of an object that are not those of its template; zero if there are none.
pub(super) fn values<'a>(
    cx: &mut Cx<'a>,
    known: Known<'_>,
    survey: &Survey<'a>,
    (at, of): (usize, usize),
) -> Initial {
    let node = cx.scopes.entries[at].node;
    let rust = survey.rust.get(&of).cloned().unwrap_or_default();
    let home = cx.scopes.entries[of].part;
    let Some(ty) = known.orb(home, &rust) else {
        return Initial::Zero;
    };
    let mut alone = cx.again().quiet();
    let wire = cx.scopes.path(at).join("/");
    let own = orbs::build(&mut alone, node, &survey.shapes[at], rust, wire);
    let compared = Compared {
        types: (known, home),
        own: alone
            .nested
            .iter()
            .map(|orb| (orb.rust.as_str(), orb))
            .collect(),
    };
    let parts = compared.orb(&ty.fields, &own.fields);
    let within = |one: &Diagnostic| {
        node.span.start <= one.primary.span.start && one.primary.span.end <= node.span.end
    };
    let said = alone
        .diagnostics
        .into_iter()
        .filter(|one| OF_VALUES.contains(&one.code) && within(one));
    for one in said {
        cx.tell(one);
    }
    if parts.is_empty() {
        Initial::Zero
    } else {
        Initial::Struct(parts)
    }
}

/// The structs on both sides.
struct Compared<'o> {
    types: (Known<'o>, usize),
    own: BTreeMap<&'o str, &'o Orb>,
}

impl Compared<'_> {
    /// The parts of an object that start with something else than those of its type.
    fn orb(&self, ty: &[Field], own: &[Field]) -> Vec<(String, String, Initial)> {
        let own: BTreeMap<&str, &Field> = own.iter().map(|one| (one.wire.as_str(), one)).collect();
        let mut parts = Vec::new();
        for field in ty {
            let Some(given) = own.get(field.wire.as_str()) else {
                continue;
            };
            if let Some(initial) = self.field(field, given) {
                parts.push((field.rust.clone(), field.wire.clone(), initial));
            }
        }
        parts
    }

    fn field(&self, ty: &Field, own: &Field) -> Option<Initial> {
        if let (Crdt::Nested(theirs), Crdt::Nested(ours)) = (&ty.crdt, &own.crdt) {
            let (known, home) = self.types;
            let (theirs, ours) = (known.orb(home, last(theirs))?, *self.own.get(last(ours))?);
            let parts = self.orb(&theirs.fields, &ours.fields);
            return (!parts.is_empty()).then_some(Initial::Struct(parts));
        }
        // What fits no more has been told where the object was built.
        let initial = canonical(&own.initial, &ty.crdt)?;
        (canonical(&ty.initial, &ty.crdt).as_ref() != Some(&initial)).then_some(initial)
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

//! Which source imports which, and what is wrong with an import.
//!
//! Follows paths and opens files through a [`Host`]. What an imported name means is for `resolve` to say.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use holo_grammar::ast::Import;
use holo_grammar::diagnostic::{Applicability, Diagnostic, Fix};

use super::Unit;
use crate::load::{self, Imported, Place, Source};
use crate::resolve::links::candidates;
use crate::resolve::program::imports;
use crate::{codes, family};

/// How many sources may be read because others import them.
const MOST_IMPORTED: usize = 4096;

/// Where imported sources come from.
pub trait Host {
    /// Looks for a file.
    fn find(&mut self, place: &Place, candidates: &[Utf8PathBuf]) -> Imported;

    /// Reads a file that was found.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    fn open(
        &mut self,
        importer: &Source,
        place: &Place,
        file: Utf8PathBuf,
    ) -> Result<Source, String>;
}

/// The file system.
#[derive(Debug, Default)]
pub struct Disk;

impl Host for Disk {
    fn find(&mut self, place: &Place, candidates: &[Utf8PathBuf]) -> Imported {
        load::find(place, candidates)
    }

    fn open(
        &mut self,
        importer: &Source,
        place: &Place,
        file: Utf8PathBuf,
    ) -> Result<Source, String> {
        load::open(importer, place, file).map_err(|error| error.to_string())
    }
}

/// No files at all.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Host for Nowhere {
    fn find(&mut self, _: &Place, _: &[Utf8PathBuf]) -> Imported {
        Imported::Missing
    }

    fn open(&mut self, _: &Source, _: &Place, file: Utf8PathBuf) -> Result<Source, String> {
        Err(format!("there is no `{file}`"))
    }
}

/// For each unit, where each of its imports leads; units that are only imported are added at the end.
pub(super) fn link(units: &mut Vec<Unit>, host: &mut dyn Host) -> Vec<Vec<Option<usize>>> {
    let mut known: BTreeMap<Utf8PathBuf, usize> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        if let Some(place) = &unit.source.place {
            known.entry(place.file.clone()).or_insert(at);
        }
    }
    let most = units.len().saturating_add(MOST_IMPORTED);
    let mut links: Vec<Vec<Option<usize>>> = Vec::new();
    while links.len() < units.len() {
        let at = links.len();
        let imports: Vec<Import> = imports(&units[at].tree).cloned().collect();
        let mut to = Vec::with_capacity(imports.len());
        for import in &imports {
            let full = units.len() >= most;
            let (target, told) = follow(units, at, import, &known, host, full);
            units[at].diagnostics.extend(told);
            if let Some(Found::New(unit)) = target {
                if let Some(place) = &unit.source.place {
                    known.insert(place.file.clone(), units.len());
                }
                to.push(Some(units.len()));
                units.push(*unit);
            } else if let Some(Found::Known(target)) = target {
                to.push(Some(target));
            } else {
                to.push(None);
            }
        }
        links.push(to);
    }
    names(units, &links);
    circles(units, &links);
    links
}

enum Found {
    Known(usize),
    New(Box<Unit>),
}

fn follow(
    units: &[Unit],
    at: usize,
    import: &Import,
    known: &BTreeMap<Utf8PathBuf, usize>,
    host: &mut dyn Host,
    full: bool,
) -> (Option<Found>, Option<Diagnostic>) {
    let source = &units[at].source;
    let Some(place) = &source.place else {
        return (None, None);
    };
    let folder = place.file.parent().unwrap_or(Utf8Path::new(""));
    let Some(candidates) = candidates(folder, &import.path.text) else {
        return (None, None);
    };
    if let Some(target) = candidates.iter().find_map(|one| known.get(one)) {
        return (Some(Found::Known(*target)), None);
    }
    match host.find(place, &candidates) {
        Imported::File(file) => {
            if let Some(target) = known.get(&file) {
                return (Some(Found::Known(*target)), None);
            }
            if full {
                return (None, Some(unread(import, "too many sources are imported")));
            }
            match host.open(source, place, file) {
                Ok(source) => (Some(Found::New(Box::new(Unit::parse(source)))), None),
                Err(why) => (None, Some(unread(import, &why))),
            }
        }
        Imported::Outside => (None, Some(outside(import))),
        Imported::Missing => (None, Some(missing(import, units, at))),
    }
}

fn unread(import: &Import, why: &str) -> Diagnostic {
    let message = format!("`{}` cannot be imported: {why}", import.path);
    Diagnostic::warning(&codes::IMPORT_MISSING, message, import.path.span)
        .label("what it names is unknown here")
}

fn outside(import: &Import) -> Diagnostic {
    let message = format!("`{}` lies outside the folder that is built", import.path);
    Diagnostic::warning(&codes::IMPORT_OUTSIDE, message, import.path.span)
        .label("what it names is unknown here")
        .help("build a folder that holds both files, as in `holoc build world`")
}

fn missing(import: &Import, units: &[Unit], at: usize) -> Diagnostic {
    let message = format!("there is no file `{}`", import.path);
    let report = Diagnostic::warning(&codes::IMPORT_MISSING, message, import.path.span)
        .label("what it names is unknown here");
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.strip_suffix(".hsplus").unwrap_or(name).to_owned()
    };
    let wanted = stem(&import.path.text);
    let near = units
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at)
        .map(|(_, unit)| {
            (
                family::distance(&stem(&unit.source.path), &wanted),
                &unit.source.path,
            )
        })
        .filter(|(distance, path)| *distance <= family::tolerance(&stem(path)))
        .min();
    match near {
        Some((_, path)) => {
            let written = relative(&units[at].source.path, path);
            let quote = quote_of(import, &units[at]);
            report
                .help(format!(
                    "is `{path}` meant? A path is relative to this file"
                ))
                .fix(Fix {
                    message: format!("write `{written}`"),
                    span: import.path.span,
                    replacement: format!("{quote}{written}{quote}"),
                    applicability: Applicability::Unsafe,
                })
        }
        None => report.help("a path is relative to this file, as in `./shared/types.hsplus`"),
    }
}

/// The path from one source to another, as an import writes it.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len().saturating_sub(1)];
    let parts: Vec<&str> = to.split('/').collect();
    let same = folders
        .iter()
        .zip(&parts[..parts.len().saturating_sub(1)])
        .take_while(|(a, b)| a == b)
        .count();
    let up = folders.len() - same;
    let start = if up == 0 {
        "./".to_owned()
    } else {
        "../".repeat(up)
    };
    format!("{start}{}", parts[same..].join("/"))
}

fn quote_of(import: &Import, unit: &Unit) -> char {
    let written = unit.source.file.text().get(import.path.span.range());
    match written.and_then(|text| text.chars().next()) {
        Some('\'') => '\'',
        _ => '"',
    }
}

/// Warns of imported names that the other source does not even mention.
fn names(units: &mut [Unit], links: &[Vec<Option<usize>>]) {
    let mut told = Vec::new();
    let mut mentioned: BTreeMap<usize, Mentioned<'_>> = BTreeMap::new();
    for (at, to) in links.iter().enumerate() {
        for (import, target) in imports(&units[at].tree).zip(to) {
            let Some(target) = *target else { continue };
            let source = &units[target].source;
            let mentioned = mentioned
                .entry(target)
                .or_insert_with(|| Mentioned::by(source));
            let missing = import.names.iter().map(|(name, _)| name);
            for name in missing.filter(|name| !mentioned.has(&name.text)) {
                let message = format!("`{}` has no `{name}`", import.path);
                let warning = Diagnostic::warning(&codes::IMPORT_NAME, message, name.span)
                    .label("not found there")
                    .help(format!(
                        "declare `{name}` in `{}`, or leave it out",
                        source.file.name()
                    ));
                told.push((at, warning));
            }
        }
    }
    drop(mentioned);
    for (at, warning) in told {
        units[at].diagnostics.push(warning);
    }
}

/// The words that a source has anywhere; none where it may have names from elsewhere, or could not be read.
struct Mentioned<'u>(Option<BTreeSet<&'u str>>);

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

impl<'u> Mentioned<'u> {
    fn by(source: &'u Source) -> Self {
        let text = source.file.text();
        let open = !source.diagnostics.is_empty() || text.contains("export *");
        Self((!open).then(|| words(text).collect()))
    }

    fn has(&self, name: &str) -> bool {
        let Some(known) = &self.0 else { return true };
        name == "default" || words(name).all(|word| known.contains(word))
    }
}

/// Tells of circles of imports: harmless for names, but never meant.
fn circles(units: &mut [Unit], links: &[Vec<Option<usize>>]) {
    // 0: not looked at, 1: open, 2: done.
    let mut state = vec![0u8; units.len()];
    for start in 0..units.len() {
        if state[start] != 0 {
            continue;
        }
        // The open sources, each with the import to look at next.
        let mut open = vec![(start, 0usize)];
        state[start] = 1;
        while let Some((at, next)) = open.last_mut() {
            let (from, import) = (*at, *next);
            *next += 1;
            let Some(target) = links[from].get(import) else {
                state[from] = 2;
                open.pop();
                continue;
            };
            match target {
                Some(target) if state[*target] == 0 => {
                    state[*target] = 1;
                    open.push((*target, 0));
                }
                // Of two imports of one source, one closes the circle.
                Some(target)
                    if state[*target] == 1 && !links[from][..import].contains(&Some(*target)) =>
                {
                    let circle: Vec<usize> = open
                        .iter()
                        .map(|(at, _)| *at)
                        .skip_while(|at| at != target)
                        .collect();
                    tell_circle(units, from, import, &circle);
                }
                _ => {}
            }
        }
    }
}

fn tell_circle(units: &mut [Unit], from: usize, import: usize, circle: &[usize]) {
    let Some(span) = imports(&units[from].tree)
        .nth(import)
        .map(|one| one.path.span)
    else {
        return;
    };
    let mut way: Vec<&str> = circle
        .iter()
        .map(|at| units[*at].source.path.as_str())
        .collect();
    way.extend(circle.first().map(|at| units[*at].source.path.as_str()));
    let way = way.join(" → ");
    units[from].diagnostics.push(
        Diagnostic::warning(
            &codes::IMPORT_CYCLE,
            "sources import one another in a circle",
            span,
        )
        .label(way)
        .help("move what both need into a source of its own"),
    );
}

/// The sources that are connected by imports, group by group, each in order.
pub(super) fn groups(links: &[Vec<Option<usize>>]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..links.len()).collect();
    fn find(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    for (from, to) in links.iter().enumerate() {
        for target in to.iter().flatten() {
            let (a, b) = (find(&mut leader, from), find(&mut leader, *target));
            leader[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..links.len() {
        groups.entry(find(&mut leader, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

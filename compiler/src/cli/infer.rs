//! `holoc infer`: what was inferred, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use holo_codegen::schema::{Authority, Crdt, Initial, Lane};
use serde::Serialize;

use super::session::{Failure, Session, tell};
use super::{FINE, Plain, WRONG};
use crate::infer::{article, json};
use crate::model::{Field, Orb};
use crate::pipeline::Unit;
use crate::report::visible;

/// The types of a source by their Rust names.
type Structs<'a> = BTreeMap<&'a str, &'a Orb>;

/// How far a column is filled up; one long name must not push all others off the screen.
const WIDEST: usize = 48;

#[derive(Serialize)]
struct Answer {
    orbs: Vec<OrbOut>,
    worlds: Vec<WorldOut>,
    instances: Vec<InstanceOut>,
}

#[derive(Serialize)]
struct OrbOut {
    name: String,
    kind: String,
    rust: String,
    file: String,
    line: u32,
    rate_hz: Option<f64>,
    authority: &'static str,
    fields: Vec<FieldOut>,
}

/// A composition and what it holds.
#[derive(Serialize)]
struct WorldOut {
    name: String,
    kind: String,
    rust: String,
    file: String,
    line: u32,
    members: Vec<FieldOut>,
}

#[derive(Serialize)]
struct FieldOut {
    name: String,
    wire_id: u32,
    r#type: String,
    crdt: &'static str,
    lane: &'static str,
    initial: serde_json::Value,
    why: String,
    line: u32,
}

#[derive(Serialize)]
struct InstanceOut {
    name: String,
    of: String,
    file: String,
    line: u32,
}

pub(super) fn run(
    paths: &[Utf8PathBuf],
    format: Plain,
    out: Option<&Utf8Path>,
) -> Result<u8, Failure> {
    let session = Session::open(paths, out)?;
    tell(&session.told())?;
    let answer = answer(&session.units);
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    match format {
        Plain::Json => {
            serde_json::to_writer_pretty(&mut stdout, &answer).map_err(io::Error::from)?;
            writeln!(stdout)?;
        }
        Plain::Human => human(&answer, &mut stdout)?,
    }
    stdout.flush()?;
    Ok(if session.failed() { WRONG } else { FINE })
}

fn answer(units: &[Unit]) -> Answer {
    let mut answer = Answer {
        orbs: Vec::new(),
        worlds: Vec::new(),
        instances: Vec::new(),
    };
    for unit in units {
        let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
        for orb in &unit.world.orbs {
            *labels.entry(&orb.label).or_default() += 1;
        }
        let mut structs = Structs::new();
        for orb in &unit.world.orbs {
            structs.entry(&orb.rust).or_insert(orb);
        }
        for orb in &unit.world.orbs {
            // Where a name stands for two, only the whole path tells them apart.
            let unique = labels.get(orb.label.as_str()) == Some(&1);
            let name = if unique { &orb.label } else { &orb.wire };
            if !orb.is_world() {
                answer.orbs.push(orb_out(unit, &structs, orb, name));
            }
            if !orb.members.is_empty() {
                answer.worlds.push(world_out(unit, &structs, orb, name));
            }
        }
        answer
            .instances
            .extend(unit.world.instances.iter().map(|instance| InstanceOut {
                name: instance.name.clone(),
                of: instance.of.clone(),
                file: unit.source.file.name().to_owned(),
                line: unit.source.file.line_col(instance.span.start).0,
            }));
    }
    answer
}

fn orb_out(unit: &Unit, structs: &Structs<'_>, orb: &Orb, name: &str) -> OrbOut {
    OrbOut {
        name: name.to_owned(),
        kind: orb.kind.clone(),
        rust: orb.rust.clone(),
        file: unit.source.file.name().to_owned(),
        line: unit.source.file.line_col(orb.span.start).0,
        rate_hz: orb.rate_hz,
        authority: match orb.authority {
            Authority::Shared => "shared",
            Authority::Owner => "owner",
            Authority::Host => "host",
            Authority::Server => "server",
        },
        fields: orb
            .fields
            .iter()
            .map(|field| field_out(unit, structs, field))
            .collect(),
    }
}

fn world_out(unit: &Unit, structs: &Structs<'_>, orb: &Orb, name: &str) -> WorldOut {
    let members = orb.members.iter();
    WorldOut {
        name: name.to_owned(),
        kind: orb.kind.clone(),
        rust: orb.rust.clone(),
        file: unit.source.file.name().to_owned(),
        line: unit.source.file.line_col(orb.span.start).0,
        members: members
            .map(|field| field_out(unit, structs, field))
            .collect(),
    }
}

fn field_out(unit: &Unit, structs: &Structs<'_>, field: &Field) -> FieldOut {
    let line = unit.source.file.line_col(field.span.start).0;
    FieldOut {
        name: field.wire.clone(),
        wire_id: field.id,
        r#type: match &field.crdt {
            Crdt::LwwRegister(ty)
            | Crdt::OrSet(ty)
            | Crdt::MvRegister(ty)
            | Crdt::GSet(ty)
            | Crdt::TwoPSet(ty)
            | Crdt::Sequence(ty) => ty.to_string(),
            Crdt::JsonDoc => "Value".to_owned(),
            Crdt::LwwMap(key, value) => format!("{key}, {value}"),
            Crdt::OrMap(key, value) => format!("{key}, {value}"),
            Crdt::GCounter => "u64".to_owned(),
            Crdt::PnCounter => "i64".to_owned(),
            Crdt::Text => "String".to_owned(),
            Crdt::Nested(name) => name.clone(),
        },
        crdt: field.crdt.name(),
        lane: match field.lane {
            Lane::Durable => "durable",
            Lane::Live => "live",
        },
        initial: initial(structs, field),
        why: format!("{} (line {line})", field.reason),
        line,
    }
}

/// The starting value of a field; that of a struct is made of those of its fields, but for what its holder says.
fn initial(structs: &Structs<'_>, field: &Field) -> serde_json::Value {
    started(structs, field, &field.initial)
}

fn started(structs: &Structs<'_>, field: &Field, start: &Initial) -> serde_json::Value {
    let Crdt::Nested(name) = &field.crdt else {
        return json(start, &field.crdt);
    };
    let own: &[_] = match start {
        Initial::Struct(parts) => parts,
        _ => &[],
    };
    let fields = structs
        .get(name.as_str())
        .into_iter()
        .flat_map(|orb| orb.parts());
    fields
        .map(|field| {
            let own = own.iter().find(|(_, wire, _)| *wire == field.wire);
            let start = own.map_or(&field.initial, |(_, _, value)| value);
            (field.wire.clone(), started(structs, field, start))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn human(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    for (i, orb) in answer.orbs.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        let rate = orb
            .rate_hz
            .map(|hz| format!(", {hz} Hz"))
            .unwrap_or_default();
        let head = format!("{} {}", orb.kind, orb.name);
        writeln!(
            out,
            "{}  ({}:{}, Rust `{}`{rate}, {})",
            visible(&head),
            visible(&orb.file),
            orb.line,
            orb.rust,
            orb.authority
        )?;
        table(&orb.fields, out)?;
    }
    for (i, world) in answer.worlds.iter().enumerate() {
        if i > 0 || !answer.orbs.is_empty() {
            writeln!(out)?;
        }
        let head = visible(&format!("{} {}", world.kind, world.name));
        let (file, line, rust) = (visible(&world.file), world.line, &world.rust);
        writeln!(out, "{head} holds  ({file}:{line}, Rust `{rust}`)")?;
        table(&world.members, out)?;
    }
    let shown = |instance: &&InstanceOut| {
        let mut worlds = answer
            .worlds
            .iter()
            .filter(|world| world.file == instance.file);
        worlds.any(|world| {
            world
                .members
                .iter()
                .any(|member| member.line == instance.line)
        })
    };
    for instance in answer.instances.iter().filter(|instance| !shown(instance)) {
        let (name, of) = (visible(&instance.name), visible(&instance.of));
        let a = article(&of);
        writeln!(
            out,
            "\n{name} is {a} {of}  ({}:{})",
            visible(&instance.file),
            instance.line
        )?;
    }
    if answer.orbs.is_empty() {
        writeln!(
            out,
            "nothing here is synchronised; add `@networked` or `@synced` to a node"
        )?;
    }
    Ok(())
}

/// One line for each field and one for its reason, in columns.
fn table(fields: &[FieldOut], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<[String; 5]> = fields.iter().map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0).min(WIDEST)
    };
    let widths: [usize; 4] = std::array::from_fn(width);
    for (row, field) in rows.iter().zip(fields) {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        writeln!(out, "  {}  {}", cells.join("  "), row[4])?;
        writeln!(out, "      {}", visible(&field.why))?;
    }
    Ok(())
}

fn row(field: &FieldOut) -> [String; 5] {
    let crdt = match field.crdt {
        "PnCounter" | "GCounter" | "JsonDoc" => field.crdt.to_owned(),
        "Struct" => field.r#type.clone(),
        name => format!("{name}<{}>", field.r#type),
    };
    let initial = visible(&field.initial.to_string());
    let initial = if initial.chars().count() > 40 {
        format!("{}…", initial.chars().take(39).collect::<String>())
    } else {
        initial
    };
    [
        format!("#{}", field.wire_id),
        visible(&field.name),
        crdt,
        field.lane.to_owned(),
        format!("= {initial}"),
    ]
}

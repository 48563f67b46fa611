//! Nodes that synchronise, in every form; templates, instances and worlds; enums and structs.

use super::fields::fields;
use super::{Program, words};

/// A node, with everything in it.
type Make = fn(&mut Program);

const NODES: &[Make] = &[orb, orb, orb, object, networked_object, template, world];

/// Options of a trait, in every style.
const OPTIONS: &[&str] = &[
    "",
    "",
    "",
    "()",
    "(sync_rate: 20hz)",
    "(rate = 50ms)",
    "(rate: \"10hz\")",
    "(authority: \"owner\")",
    "(authority = \"host\", reliable: true)",
    "(interpolation: false)",
    "(channel: \"ordered\", sync_rate: 5hz)",
    "(persistence: true)",
    "(room: \"a */ b\")",
];

/// Traits that make an orb.
const TRAITS: &[&str] = &["@networked", "@synced", "@replicated"];

/// Traits that change one, or say nothing about it.
const OTHERS: &[&str] = &[
    "",
    "",
    "",
    "@owned",
    "@host_only",
    "@persistent",
    "@grabbable",
    "@physics(mass: 70)",
];

/// A node of any form.
pub(super) fn node(p: &mut Program) {
    p.docs();
    let make = *p.rng.pick(NODES);
    make(p);
}

/// Enums and structs for fields to name.
pub(super) fn types(p: &mut Program) {
    for _ in 0..p.rng.below(3) {
        let name = type_name(p, "Mode");
        let mut variants = super::Scope::default();
        let all: Vec<String> = (0..=p.rng.below(4))
            .map(|_| variants.fresh(p.rng.pick::<&str>(words::NAMES)))
            .collect();
        p.docs();
        p.block(&format!("enum {name}"), |p| {
            for variant in &all {
                p.line(variant);
            }
        });
        p.enums.push((name, all[0].clone()));
    }
    for _ in 0..p.rng.below(3) {
        let name = type_name(p, "Item");
        p.docs();
        p.block(&format!("struct {name}"), |p| {
            for field in ["id: int", "label: string = \"none\"", "weight: float"] {
                p.line(field);
            }
        });
        p.structs.push(name);
    }
}

fn type_name(p: &mut Program, base: &str) -> String {
    p.names.fresh(base)
}

fn header(p: &mut Program) -> String {
    let [made, options, other] = [TRAITS, OPTIONS, OTHERS].map(|of| *p.rng.pick(of));
    format!("{made}{options} {other}").trim_end().to_owned()
}

fn state(p: &mut Program) -> Vec<String> {
    let head = *p.rng.pick(&["state", "@state", "state"]);
    let mut numbers = Vec::new();
    p.block(head, |p| numbers = fields(p, 6));
    numbers
}

/// Code that writes what is synchronised.
fn handlers(p: &mut Program, numbers: &[String]) {
    let Some(name) = numbers.first() else {
        return;
    };
    let write = *p.rng.pick(&["+= 1", "-= 2", "= 5"]);
    p.block("action hit(n)", |p| p.line(&format!("this.{name} {write}")));
    if p.rng.chance(50) {
        p.block("on_click: () =>", |p| p.line("emit(\"} */\", { a: `b` })"));
    }
}

fn body(p: &mut Program) {
    if p.rng.chance(40) {
        p.line("position: [0, 1.6, 0]");
    }
    let numbers = state(p);
    handlers(p, &numbers);
}

fn orb(p: &mut Program) {
    let ((shown, _), header) = (p.name(), header(p));
    p.block(&format!("orb {shown} {header}"), body);
}

fn object(p: &mut Program) {
    let ((shown, _), header) = (p.name(), header(p));
    p.block(&format!("object {shown}"), |p| {
        p.line(&header);
        body(p);
    });
}

fn networked_object(p: &mut Program) {
    let name = p
        .names
        .fresh(p.rng.pick::<&str>(&["Lamp", "type", "日本語", "Door"]));
    p.block(&format!("networked_object {name}"), |p| {
        p.line("sync_rate: 20hz");
        p.line("position: synced");
        p.line("brightness: synced int = 3");
    });
}

/// A template, and objects that use it.
fn template(p: &mut Program) {
    let ((_, name), header) = (p.name(), header(p));
    p.block(&format!("template \"{name}\""), |p| {
        p.line(&header);
        body(p);
    });
    p.templates.push(name);
    for _ in 0..p.rng.below(3) {
        let name = p.names.fresh("thing");
        instance(p, &name);
    }
}

fn instance(p: &mut Program, name: &str) {
    let Some(of) = p.templates.last().cloned() else {
        return;
    };
    p.block(&format!("object \"{name}\" using \"{of}\""), |p| {
        p.line("position: [1, 2, 3]");
    });
}

/// A composition with objects of its own and a template that is spawned.
fn world(p: &mut Program) {
    let (shown, _) = p.name();
    p.block(&format!("composition {shown}"), |p| {
        template(p);
        orb(p);
        let of = p.templates.last().cloned().unwrap_or_default();
        p.block("action spawn_one(at)", |p| {
            p.line(&format!("spawn(\"{of}\", {{ position: at }})"));
        });
    });
}

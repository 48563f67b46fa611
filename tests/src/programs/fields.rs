//! Fields with every kind of value and every form of type.
//!
//! A row gives what stands behind the name: `: int = 1`.

use super::{Program, words};

/// What stands behind the name of a field, and what may be done to it in code.
type Make = fn(&mut Program) -> String;

const FIELDS: &[Make] = &[
    // Literals.
    |p| {
        format!(
            ": {}",
            p.rng
                .pick(&["0", "100", "-3", "9223372036854775807", "0x10", "1_000"])
        )
    },
    |p| format!(": {}", p.rng.pick(&["1.5", "-0.0", "1e3", "2.5e-300"])),
    |p| format!(": {}", p.rng.pick(&["true", "false"])),
    |p| format!(": {}", p.text()),
    |p| {
        format!(
            ": {}",
            p.rng.pick(&["\"#ff8800\"", "#4a9eff", "#fff", "#ff8800cc"])
        )
    },
    |p| format!(": {}", p.rng.pick(&["null", "none", "uuid()", "now()"])),
    |p| {
        format!(
            ": {}",
            p.rng.pick(&["[1, 2, 3]", "[0.5, 1, -2]", "[0, 1.6, 0]"])
        )
    },
    |p| {
        format!(
            ": {}",
            p.rng
                .pick(&["[]", "[1, 2]", "[1.5]", "[true]", "[1, \"a\", null]"])
        )
    },
    |p| format!(": [{}, {}]", p.text(), p.text()),
    |_| ": {}".to_owned(),
    |p| nested(p, 0),
    |p| format!(": [{{ id: {}, label: {} }}]", p.rng.below(9), p.text()),
    // Types.
    |p| format!(": int = {}", p.rng.below(100)),
    |p| format!(": number = {}.5", p.rng.below(100)),
    |p| format!(": float = {}", p.rng.below(100)),
    |p| format!(": string = {}", p.text()),
    |p| format!(": bool = {}", p.rng.chance(50)),
    |p| format!(": {} = [1, 2, 3]", p.rng.pick(&["vec3", "Vector3"])),
    |_| ": color = \"#336699\"".to_owned(),
    |p| {
        format!(
            ": {}",
            p.rng.pick(&[
                "int",
                "string",
                "bool",
                "float",
                "vec3",
                "quaternion",
                "any"
            ])
        )
    },
    |p| format!(": {}", p.rng.pick(&["PNCounter", "GCounter", "counter"])),
    |p| {
        format!(
            ": {} = []",
            p.rng
                .pick(&["string[]", "int[]", "Set<string>", "array<int>"])
        )
    },
    |p| {
        format!(
            ": {}",
            p.rng.pick(&["Map<string, int>", "Record<string, string>"])
        )
    },
    |p| {
        format!(
            ": {}",
            p.rng.pick(&[
                "Map<string, PNCounter>",
                "Map<int, string[]>",
                "Map<string, Map<string, int>>",
                "ORMap<string, bool>",
                "json",
            ])
        )
    },
    |p| {
        format!(
            ": {}",
            p.rng
                .pick(&["MvRegister<int>", "GSet<string>", "TwoPSet<int>"])
        )
    },
    |p| match p.structs.is_empty() {
        true => ": json = { a: 1 }".to_owned(),
        false => format!(": Map<string, {}>", p.rng.pick(&p.structs)),
    },
    |p| {
        format!(
            ": {} = null",
            p.rng.pick(&["string | null", "int | null", "bool | null"])
        )
    },
    |_| ": \"idle\" | \"busy\" | \"gone\" = \"idle\"".to_owned(),
    |p| named(p, "", ": Option | null = null"),
    |p| named(p, "[]", ": string[] = []"),
    |p| match p.rng.below(p.enums.len() + 1).checked_sub(1) {
        Some(at) => {
            let (name, variant) = &p.enums[at];
            format!(": {name} = {name}.{variant}")
        }
        None => ": \"a\" | \"b\" = \"b\"".to_owned(),
    },
    // Modifiers and traits.
    |p| format!(": synced int = {}", p.rng.below(100)),
    |p| format!(": replicated string = {}", p.text()),
    |_| ": 0 @counter".to_owned(),
];

/// A field of a declared struct, or something else if there is none.
fn named(p: &mut Program, behind: &str, otherwise: &str) -> String {
    if p.structs.is_empty() {
        return otherwise.to_owned();
    }
    format!(": {}{behind}", p.rng.pick(&p.structs))
}

/// A value in braces, which becomes a struct of its own.
fn nested(p: &mut Program, depth: usize) -> String {
    let mut names = super::Scope::default();
    let mut out = ": { ".to_owned();
    for at in 0..=p.rng.below(3) {
        let name = *p.rng.pick(words::NAMES);
        let name = names.fresh(name);
        let value = match p.rng.below(5) {
            0 if depth < 3 => nested(p, depth + 1),
            1 => format!(": {}", p.text()),
            2 => ": 1.5".to_owned(),
            3 => ": true".to_owned(),
            _ => format!(": {}", p.rng.below(9)),
        };
        out.push_str(if at > 0 { ", " } else { "" });
        out.push_str(&name);
        out.push_str(&value);
    }
    out + " }"
}

/// Writes some fields and gives the names of those that are whole numbers.
pub(super) fn fields(p: &mut Program, most: usize) -> Vec<String> {
    let mut names = super::Scope::default();
    let mut numbers = Vec::new();
    for _ in 0..=p.rng.below(most) {
        p.docs();
        let base = *p.rng.pick(words::NAMES);
        let name = names.fresh(base);
        let make = *p.rng.pick(FIELDS);
        let behind = make(p);
        if behind == ": 0" {
            numbers.push(name.clone());
        }
        let end = *p.rng.pick(&["", "", ",", ";"]);
        let comment = if p.rng.chance(15) {
            format!(" // {}", p.rng.pick(words::COMMENTS))
        } else {
            String::new()
        };
        p.line(&format!("{name}{behind}{end}{comment}"));
    }
    numbers
}

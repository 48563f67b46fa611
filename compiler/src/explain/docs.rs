//! The files of `docs/` that are made from the pages.

use std::fmt::Write;

use super::pages::{CODES, Page, RULES, TRAITS};
use super::types;

/// The head of every table of options.
pub(super) const OPTION_HEAD: &str =
    "| option | values | default | meaning | holoc |\n|---|---|---|---|---|\n";

const MADE: &str = "<!-- Made from compiler/src/explain; `UPDATE_GOLDEN=1 cargo test -p holoc explain` writes it anew. -->\n";

/// `docs/codes.md`: every code with its page.
#[must_use]
pub fn codes() -> String {
    let mut out = format!(
        "{MADE}\n# Codes\n\nEvery report carries a code. It keeps its meaning for ever, and `holoc explain HS101` shows its page. The examples are\ntested: the wrong ones give their code and no other, the right ones give nothing above a note.\n"
    );
    for page in CODES {
        add(&mut out, page);
    }
    out
}

/// `docs/traits.md`: every trait and form that synchronises, the rules, and every type.
#[must_use]
pub fn traits() -> String {
    let mut out = format!(
        "{MADE}\n# Traits, rules and types\n\nIn the tables of options, *used* means that the option decides something in the generated code, and *kept* that it is read and\nstands in the tree (`holoc ast`) for other tools. `holoc explain sync_rate` shows one option, `holoc explain @networked` one trait.\n"
    );
    for page in TRAITS.iter().chain(RULES) {
        add(&mut out, page);
    }
    out.push_str(
        "\n## Types\n\n| written | also | Rust | lane | starts from |\n|---|---|---|---|---|\n",
    );
    for ty in types::TYPES.iter().filter_map(|ty| types::ask(*ty)) {
        let [first, others @ ..] = ty.names else {
            continue;
        };
        let quoted: Vec<String> = others.iter().map(|name| code(name)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            code(ty.example.unwrap_or(first)),
            quoted.join(", "),
            code(&ty.rust),
            ty.lane,
            code(&ty.initial)
        );
    }
    out
}

/// A page one level deeper than it stands alone.
fn add(out: &mut String, page: &Page) {
    out.push_str(&format!("\n#{}", page.text));
}

/// Code inside a cell of a table, where `|` would end it.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

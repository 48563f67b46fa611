//! What code brings into being while a program runs: `spawn("Ball", …)`, `spawn Ball`, `instantiate(Ball)`.

use holo_grammar::ast::Span;

use super::tokens::{Kind, tokens};

/// Words that make a new object of a template.
const MAKING: [&str; 2] = ["spawn", "instantiate"];

/// The names behind each of these words in a body that begins at `base`, with where they stand.
pub(in crate::infer) fn spawned(body: &str, base: u32) -> Vec<(&str, Span)> {
    let tokens = tokens(body);
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Word || !MAKING.contains(&token.text) {
            continue;
        }
        let mut next = tokens[index + 1..].iter();
        let Some(mut name) = next.next().filter(|token| !token.fresh) else {
            continue;
        };
        if name.is("(") {
            let Some(inner) = next.next() else { continue };
            name = inner;
        }
        let text = match name.kind {
            Kind::Word => name.text,
            Kind::Text => name.text.trim_matches(['"', '\'', '`']),
            _ => continue,
        };
        let start = base.saturating_add(u32::try_from(name.at).unwrap_or(u32::MAX));
        let end = start.saturating_add(u32::try_from(name.text.len()).unwrap_or(u32::MAX));
        found.push((text, Span::new(start, end)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_behind_the_words_are_spawned() {
        let body = "spawn(\"Ball\", { at: p }); let a = scene.spawn('Cube')\nspawn Enemy at p; instantiate(Tree)
            spawn\nOther(); respawn(\"No\"); spawn_wave(); this.spawn = 3; // spawn(\"Never\")\nspawn(";
        let names: Vec<_> = spawned(body, 0).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Ball", "Cube", "Enemy", "Tree"]);
        assert_eq!(spawned("spawn Ball", 10)[0].1, Span::new(16, 20));
    }
}

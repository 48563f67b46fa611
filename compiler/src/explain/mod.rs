//! `holoc explain`: a page for every code, trait, form, rule and type, and the documentation made from the same pages.
//!
//! Pure: topics in, Markdown out. What is told in one particular report never belongs here.

pub mod docs;
pub mod pages;
pub mod types;

use crate::{codes, family};
use pages::{CODES, Page, RULES, TRAITS};

/// A topic that nothing is known of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no page on `{topic}`{}", hint(near.as_deref()))]
pub struct Unknown {
    /// The topic as asked for.
    pub topic: String,
    /// The topic that was probably meant.
    pub near: Option<String>,
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(
        || "; `holoc explain` lists what there is".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}

/// The page on a topic, as Markdown: a code, a trait, an option of a trait, a rule or a type.
///
/// # Errors
/// When there is none, with the topic that was probably meant.
pub fn explain(topic: &str) -> Result<String, Unknown> {
    let asked = topic.trim();
    let as_trait = asked.strip_prefix('@').unwrap_or(asked);
    let of = |pages: &[Page], name: &str| {
        let page = pages
            .iter()
            .find(|page| page.topic.eq_ignore_ascii_case(name));
        page.map(|page| page.text.to_owned())
    };
    let found = of(CODES, asked)
        .or_else(|| of(RULES, asked))
        .or_else(|| of(TRAITS, as_trait))
        .or_else(|| types::find(asked).and_then(types::ask).map(|ty| ty.page()))
        .or_else(|| option(asked))
        .or_else(|| elsewhere(asked, as_trait));
    found.ok_or_else(|| Unknown {
        topic: asked.to_owned(),
        near: near(asked),
    })
}

/// The traits that have an option of that name, and what it means there.
fn option(name: &str) -> Option<String> {
    let mut page = String::new();
    for owner in TRAITS.iter().filter(|page| page.options().contains(&name)) {
        let quoted = format!("`{name}`");
        let is_row = |line: &&str| {
            let mut cells = line.trim_start_matches("| ").split(" | ");
            cells
                .next()
                .is_some_and(|cell| cell.split(", ").any(|one| one == quoted))
        };
        let rows = owner.text.lines().filter(is_row);
        page.push_str(&format!(
            "\n## An option of {}\n\n{}",
            owner.title(),
            docs::OPTION_HEAD
        ));
        rows.for_each(|row| page.push_str(&format!("{row}\n")));
    }
    (!page.is_empty()).then(|| format!("# {name}\n{page}"))
}

/// What there is to say of a trait that is not ours. Only what is written with its `@`, or known, is taken for one.
fn elsewhere(asked: &str, name: &str) -> Option<String> {
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let taken =
        family::known_elsewhere(name) || (asked != name && family::misspelt(name).is_none());
    (is_name && taken).then(|| {
        format!("# @{name}\n\nA trait of another tool. holoc reads it with its options, keeps it in the tree, and infers nothing from it.\n")
    })
}

/// The topic that was probably meant: letter case first, then the fewest slips.
fn near(asked: &str) -> Option<String> {
    let lower = asked.to_lowercase();
    let bare = lower.strip_prefix('@').unwrap_or(&lower);
    let shown = |page: &Page| {
        let is_trait = page.title().starts_with('@');
        (
            page.topic.to_owned(),
            if is_trait {
                page.title().to_owned()
            } else {
                page.topic.to_owned()
            },
        )
    };
    let names = types::TYPES.iter().flat_map(|ty| ty.names);
    let options = TRAITS.iter().flat_map(Page::options);
    let all = CODES.iter().chain(RULES).chain(TRAITS).map(shown).chain(
        names
            .copied()
            .chain(options)
            .map(|name| (name.to_owned(), name.to_owned())),
    );
    let slips = |(name, shown): (String, String)| {
        let slips = family::distance(bare, &name.to_lowercase());
        let allowed = (name.chars().count() / 3).max(1);
        (slips <= allowed).then_some((slips, shown))
    };
    all.filter_map(slips).min().map(|(_, shown)| shown)
}

/// Everything that there is a page on, in groups.
#[must_use]
pub fn topics() -> String {
    let mut out = String::from("# What `holoc explain TOPIC` explains\n\n## Codes\n\n");
    for code in codes::all() {
        out.push_str(&format!("- {}: {}\n", code.id, code.title));
    }
    out.push_str("\n## Traits and other forms that synchronise\n\n");
    for page in TRAITS {
        out.push_str(&format!("- {}\n", topic_line(page)));
    }
    out.push_str("\n## Options\n\nThe name of any option of these traits, as in `sync_rate`.\n\n## Rules of inference\n\n");
    for page in RULES {
        out.push_str(&format!("- {}\n", page.title()));
    }
    out.push_str("\n## Types\n\n");
    for ty in types::TYPES {
        out.push_str(&format!("- {}\n", ty.names.join(", ")));
    }
    out
}

/// A page in a list; forms that are no traits go by another word than their title.
fn topic_line(page: &Page) -> String {
    let title = page.title();
    let topic = if title.trim_start_matches('@') == page.topic {
        title.to_owned()
    } else {
        format!("{} (`{title}`)", page.topic)
    };
    format!("{topic}: {}", page.summary())
}

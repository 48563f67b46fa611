//! `holoc ast`: the syntax tree of a file as JSON.

use std::io::{self, Write};

use camino::Utf8Path;
use holo_grammar::SourceFile;
use holo_grammar::ast::{
    Arg, Code, Field, Import, Item, Name, NetworkedBlock, Node, Span, StateBlock, TraitUse, Value,
    ValueKind,
};
use serde_json::{Map, Value as Json, json};

use super::session::{Failure, single, tell};
use super::{FINE, Tree, WRONG};
use crate::report::Told;

pub(super) fn run(path: &Utf8Path, format: Tree) -> Result<u8, Failure> {
    let Tree::Json = format;
    let unit = single(path)?;
    tell(&[Told {
        file: &unit.source.file,
        diagnostics: &unit.diagnostics,
    }])?;
    let tree = Printer {
        file: &unit.source.file,
    }
    .tree(&unit.tree.items);
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut stdout, &tree).map_err(io::Error::from)?;
    writeln!(stdout)?;
    stdout.flush()?;
    Ok(if unit.failed() { WRONG } else { FINE })
}

/// Turns a tree into JSON; the file gives lines, and the text of what is no literal.
struct Printer<'a> {
    file: &'a SourceFile,
}

impl Printer<'_> {
    fn line(&self, span: Span) -> u32 {
        self.file.line_col(span.start).0
    }

    /// The line on which something ends.
    fn end_line(&self, span: Span) -> u32 {
        self.file.line_col(span.end.saturating_sub(1)).0
    }

    fn text(&self, span: Span) -> &str {
        self.file.text().get(span.range()).unwrap_or_default()
    }

    /// The nodes of a file; what stands beside them at the top level is kept under its own keys.
    fn tree(&self, items: &[Item]) -> Json {
        let mut tree = Map::new();
        tree.insert("nodes".into(), self.nodes(items).into());
        self.block(&[], items, &mut tree);
        Json::Object(tree)
    }

    fn node(&self, node: &Node) -> Json {
        let mut tree = Map::new();
        let mut put = |key: &str, value: Json| drop(tree.insert(key.into(), value));
        put("kind", json!(node.kind.text));
        put("name", text_of(&node.name));
        put("id", text_of(&node.id));
        put("using", text_of(&node.using));
        put("docs", json!(node.docs));
        put("children", self.nodes(&node.items).into());
        put("line", json!(self.line(node.kind.span)));
        put("end_line", json!(self.end_line(node.span)));
        self.block(&node.header, &node.items, &mut tree);
        Json::Object(tree)
    }

    /// All that may stand in a file, a node or a block, but for nodes: each kind of thing under a key of its own.
    fn block(&self, header: &[TraitUse], items: &[Item], into: &mut Map<String, Json>) {
        let mut put = |key: &str, value: Vec<Json>| drop(into.insert(key.into(), value.into()));
        let header = header.iter().map(|used| self.used(used));
        let body = pick(items, |item| match item {
            Item::Trait(used) => Some(self.used(used)),
            _ => None,
        });
        put("traits", header.chain(body).collect());
        put("fields", self.fields(items));
        put("states", self.states(items));
        put(
            "networked",
            pick(items, |item| match item {
                Item::Networked(block) => Some(self.networked(block)),
                _ => None,
            }),
        );
        put(
            "imports",
            pick(items, |item| match item {
                Item::Import(import) => Some(self.import(import)),
                _ => None,
            }),
        );
        put(
            "code",
            pick(items, |item| match item {
                Item::Code(code) => Some(self.code(code)),
                _ => None,
            }),
        );
        put("spreads", pick(items, |item| self.spread(item)));
        put("constants", pick(items, |item| self.constant(item)));
        put("types", pick(items, |item| self.alias(item)));
        put("other", pick(items, |item| self.other(item)));
    }

    fn nodes(&self, items: &[Item]) -> Vec<Json> {
        pick(items, |item| match item {
            Item::Node(node) => Some(self.node(node)),
            _ => None,
        })
    }

    fn networked(&self, block: &NetworkedBlock) -> Json {
        let mut tree = Map::new();
        tree.insert("children".into(), self.nodes(&block.items).into());
        tree.insert("line".into(), json!(self.line(block.span)));
        self.block(&[], &block.items, &mut tree);
        Json::Object(tree)
    }

    fn import(&self, import: &Import) -> Json {
        let names = import
            .names
            .iter()
            .map(|(name, alias)| json!({ "name": name.text, "alias": text_of(alias) }));
        json!({
            "exported": import.exported,
            "path": import.path.text,
            "names": names.collect::<Vec<_>>(),
            "alias": text_of(&import.alias),
            "line": self.line(import.span),
        })
    }

    fn code(&self, code: &Code) -> Json {
        json!({
            "kind": code.kind.text,
            "name": text_of(&code.name),
            "traits": code.traits.iter().map(|used| self.used(used)).collect::<Vec<_>>(),
            "line": self.line(code.kind.span),
            "end_line": self.end_line(code.span),
        })
    }

    fn spread(&self, item: &Item) -> Option<Json> {
        let Item::Spread(name) = item else {
            return None;
        };
        Some(json!({ "name": name.text, "line": self.line(name.span) }))
    }

    fn constant(&self, item: &Item) -> Option<Json> {
        let Item::Const(one) = item else {
            return None;
        };
        Some(json!({
            "kind": one.kind.text,
            "name": one.name.text,
            "type": one.ty.as_ref().map(|ty| self.text(ty.span)),
            "value": one.value.as_ref().map(|value| self.value(value)),
            "docs": one.docs,
            "line": self.line(one.span),
        }))
    }

    fn alias(&self, item: &Item) -> Option<Json> {
        let Item::Alias(one) = item else {
            return None;
        };
        Some(json!({
            "name": one.name.text,
            "type": self.text(one.ty.span),
            "docs": one.docs,
            "line": self.line(one.span),
        }))
    }

    fn other(&self, item: &Item) -> Option<Json> {
        let Item::Other(span) = item else {
            return None;
        };
        Some(json!({ "text": self.text(*span), "line": self.line(*span) }))
    }

    fn used(&self, used: &TraitUse) -> Json {
        json!({ "name": used.name.text, "args": self.args(&used.args), "line": self.line(used.span) })
    }

    /// Arguments by name; those without one by their place.
    fn args(&self, args: &[Arg]) -> Json {
        let named = |(i, arg): (usize, &Arg)| {
            let key = arg
                .key
                .as_ref()
                .map_or_else(|| i.to_string(), |key| key.text.clone());
            (key, self.value(&arg.value))
        };
        Json::Object(args.iter().enumerate().map(named).collect())
    }

    fn fields(&self, items: &[Item]) -> Vec<Json> {
        pick(items, |item| match item {
            Item::Field(field) => Some(self.field(field)),
            _ => None,
        })
    }

    fn field(&self, field: &Field) -> Json {
        json!({
            "name": field.key.text,
            "optional": field.optional,
            "type": field.ty.as_ref().map(|ty| self.text(ty.span)),
            "value": field.value.as_ref().map(|value| self.value(value)),
            "modifier": text_of(&field.modifier),
            "condition": field.condition.map(|span| self.text(span)),
            "traits": field.traits.iter().map(|used| self.used(used)).collect::<Vec<_>>(),
            "docs": field.docs,
            "line": self.line(field.key.span),
        })
    }

    fn states(&self, items: &[Item]) -> Vec<Json> {
        pick(items, |item| match item {
            Item::State(block) => Some(self.state(block)),
            _ => None,
        })
    }

    fn state(&self, block: &StateBlock) -> Json {
        let mut tree = Map::new();
        let mut put = |key: &str, value: Json| drop(tree.insert(key.into(), value));
        put("kind", json!(block.kind.text));
        put("name", text_of(&block.name));
        put("children", self.nodes(&block.items).into());
        put("line", json!(self.line(block.span)));
        self.block(&[], &block.items, &mut tree);
        Json::Object(tree)
    }

    /// A literal as itself; anything else as its text, so that nothing is lost.
    fn value(&self, value: &Value) -> Json {
        match &value.kind {
            ValueKind::Null => Json::Null,
            ValueKind::Bool(on) => json!(on),
            ValueKind::Int(n) => json!(n),
            ValueKind::Float(x) => json!(x),
            ValueKind::Str(text) => json!(text),
            ValueKind::List(items) => items.iter().map(|item| self.value(item)).collect(),
            ValueKind::Map(fields) => {
                let entry = |field: &Field| {
                    let value = field
                        .value
                        .as_ref()
                        .map_or(Json::Null, |value| self.value(value));
                    (field.key.text.clone(), value)
                };
                Json::Object(fields.iter().map(entry).collect::<Map<_, _>>())
            }
            ValueKind::Quantity { .. }
            | ValueKind::Color(_)
            | ValueKind::Path(_)
            | ValueKind::Call(_)
            | ValueKind::Function
            | ValueKind::Expr => json!(self.text(value.span)),
        }
    }
}

/// What a closure makes of the items that it takes.
fn pick(items: &[Item], take: impl Fn(&Item) -> Option<Json>) -> Vec<Json> {
    items.iter().filter_map(take).collect()
}

fn text_of(name: &Option<Name>) -> Json {
    json!(name.as_ref().map(|name| &name.text))
}

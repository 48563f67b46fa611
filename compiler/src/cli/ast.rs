//! `holoc ast`: the syntax tree of a file as JSON.

use std::io::{self, Write};

use camino::Utf8Path;
use holo_grammar::SourceFile;
use holo_grammar::ast::{Arg, Field, Item, Node, Span, StateBlock, TraitUse, Value, ValueKind};
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

    fn text(&self, span: Span) -> &str {
        self.file.text().get(span.range()).unwrap_or_default()
    }

    /// The nodes of a file; what stands beside them at the top level is kept under its own keys.
    fn tree(&self, items: &[Item]) -> Json {
        json!({
            "nodes": self.children(items),
            "traits": self.traits(&[], items),
            "fields": self.fields(items),
            "states": self.states(items),
        })
    }

    fn children(&self, items: &[Item]) -> Vec<Json> {
        items
            .iter()
            .filter_map(|item| {
                if let Item::Node(node) = item {
                    Some(self.node(node))
                } else {
                    None
                }
            })
            .collect()
    }

    fn node(&self, node: &Node) -> Json {
        let text =
            |name: &Option<holo_grammar::ast::Name>| name.as_ref().map(|name| name.text.clone());
        json!({
            "kind": node.kind.text,
            "name": text(&node.name),
            "id": text(&node.id),
            "using": text(&node.using),
            "traits": self.traits(&node.header, &node.items),
            "fields": self.fields(&node.items),
            "states": self.states(&node.items),
            "children": self.children(&node.items),
            "line": self.line(node.kind.span),
        })
    }

    fn traits(&self, header: &[TraitUse], items: &[Item]) -> Vec<Json> {
        let body = items.iter().filter_map(|item| {
            if let Item::Trait(used) = item {
                Some(used)
            } else {
                None
            }
        });
        header
            .iter()
            .chain(body)
            .map(|used| self.used(used))
            .collect()
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
        items
            .iter()
            .filter_map(|item| {
                if let Item::Field(field) = item {
                    Some(self.field(field))
                } else {
                    None
                }
            })
            .collect()
    }

    fn field(&self, field: &Field) -> Json {
        json!({
            "name": field.key.text,
            "type": field.ty.as_ref().map(|ty| self.text(ty.span)),
            "value": field.value.as_ref().map(|value| self.value(value)),
            "modifier": field.modifier.as_ref().map(|name| name.text.clone()),
            "traits": field.traits.iter().map(|used| self.used(used)).collect::<Vec<_>>(),
            "line": self.line(field.key.span),
        })
    }

    fn states(&self, items: &[Item]) -> Vec<Json> {
        items
            .iter()
            .filter_map(|item| {
                if let Item::State(block) = item {
                    Some(self.state(block))
                } else {
                    None
                }
            })
            .collect()
    }

    fn state(&self, block: &StateBlock) -> Json {
        json!({
            "kind": block.kind.text,
            "name": block.name.as_ref().map(|name| name.text.clone()),
            "traits": self.traits(&[], &block.items),
            "fields": self.fields(&block.items),
            "line": self.line(block.span),
        })
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

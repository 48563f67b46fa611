//! For code scanning: one SARIF 2.1.0 log with every code as a rule.
//!
//! The names are those of the standard, so the shape is told by them and not by us.

use std::collections::BTreeMap;
use std::io::{self, Write};

use holo_grammar::SourceFile;
use holo_grammar::ast::Span;
use holo_grammar::diagnostic::{Code, Diagnostic, Fix, Label};
use serde_json::{Value, json};

use super::{Told, word};
use crate::codes;
use crate::explain::pages::CODES;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn show(told: &[Told<'_>], out: &mut dyn Write) -> io::Result<()> {
    let indices: BTreeMap<&str, usize> = codes::all()
        .enumerate()
        .map(|(index, code)| (code.id, index))
        .collect();
    let results: Vec<Value> = told
        .iter()
        .flat_map(|told| {
            let uri = uri(told.file.name());
            let indices = &indices;
            told.diagnostics.iter().map(move |one| {
                result(
                    &Place {
                        file: told.file,
                        uri: &uri,
                    },
                    one,
                    indices,
                )
            })
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "holoc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            } },
            // Columns count Unicode characters, as everywhere in holoc.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rules() -> Vec<Value> {
    let rule = |code: &Code| {
        let mut rule = json!({
            "id": code.id,
            "shortDescription": { "text": code.title },
        });
        if let Some(page) = CODES.iter().find(|page| page.topic == code.id) {
            rule["help"] = json!({ "text": page.text, "markdown": page.text });
        }
        rule
    };
    codes::all().map(rule).collect()
}

/// One source and how the log names it.
struct Place<'a> {
    file: &'a SourceFile,
    uri: &'a str,
}

fn result(place: &Place<'_>, one: &Diagnostic, indices: &BTreeMap<&str, usize>) -> Value {
    let text = match &one.help {
        Some(help) => format!("{}. {help}", one.message),
        None => one.message.clone(),
    };
    let mut result = json!({
        "ruleId": one.code.id,
        "level": word(one.severity),
        "message": { "text": text },
        "locations": [place.location(&one.primary)],
    });
    if let Some(index) = indices.get(one.code.id) {
        result["ruleIndex"] = json!(index);
    }
    if !one.secondary.is_empty() {
        let related = one.secondary.iter().map(|label| place.location(label));
        result["relatedLocations"] = related.collect();
    }
    if !one.fixes.is_empty() {
        let all = one.fixes.iter().chain(&one.along);
        result["fixes"] = all.map(|fix| place.fix(fix)).collect();
    }
    result
}

impl Place<'_> {
    fn artifact(&self) -> Value {
        json!({ "uri": self.uri })
    }

    fn location(&self, label: &Label) -> Value {
        let mut location = json!({
            "physicalLocation": {
                "artifactLocation": self.artifact(),
                "region": self.region(label.span),
            },
        });
        if !label.message.is_empty() {
            location["message"] = json!({ "text": label.message });
        }
        location
    }

    fn region(&self, span: Span) -> Value {
        let (start, end) = (self.file.line_col(span.start), self.file.line_col(span.end));
        json!({ "startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1 })
    }

    fn fix(&self, fix: &Fix) -> Value {
        json!({
            "description": { "text": fix.message },
            "artifactChanges": [{
                "artifactLocation": self.artifact(),
                "replacements": [{
                    "deletedRegion": self.region(fix.span),
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
        })
    }
}

/// A path as a reference of RFC 3986, relative where the path is.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_references() {
        for (path, uri) in [
            ("./a/b.hsplus", "a/b.hsplus"),
            ("a b:é.hsplus", "a%20b%3A%C3%A9.hsplus"),
            ("/tmp/a.hsplus", "file:///tmp/a.hsplus"),
        ] {
            assert_eq!(super::uri(path), uri);
        }
    }
}

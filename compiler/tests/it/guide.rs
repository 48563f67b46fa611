//! `docs/guide.md`: every declaration in it compiles, and every table under one is what `holoc infer` prints.
//!
//! A fence is `hsplus`, and perhaps `NAME.hsplus` (the file that later blocks import; otherwise `guide.hsplus`) and `tells CODE…`.
//! A `text` block under it is compared; reasons may be left out of it, but not one of them only.
//! `UPDATE_GOLDEN=1 cargo test -p holoc guide` writes these blocks anew.

use std::fmt::Write;
use std::path::PathBuf;

use crate::program::{folder, holoc, write};

/// A fenced block, by the lines of the guide between its fences.
struct Block {
    fence: String,
    first: usize,
    end: usize,
}

#[test]
fn the_guide_is_true() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/guide.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(&lines);
    let folder = folder(&[]);
    let (mut wrong, mut new, mut copied, mut compared) = (String::new(), String::new(), 0, 0);
    for (at, block) in blocks.iter().enumerate() {
        let mut words = block.fence.split(' ');
        if words.next() != Some("hsplus") {
            continue;
        }
        let mut words: Vec<&str> = words.collect();
        let named = words.first().is_some_and(|word| word.ends_with(".hsplus"));
        let file = if named {
            words.remove(0)
        } else {
            "guide.hsplus"
        };
        let source = lines[block.first..block.end].join("\n") + "\n";
        write(folder.path(), file, &source);
        let place = format!("line {}", block.first);
        let expected: Vec<&str> = words.into_iter().filter(|word| *word != "tells").collect();
        let told = holoc(&folder, &["check", "--format", "json", file]).stdout;
        let codes = codes(&told, &expected);
        if codes != expected {
            writeln!(wrong, "{place} gives {codes:?}:\n{source}").unwrap();
        }
        let Some(table) = blocks.get(at + 1).filter(|next| next.fence == "text") else {
            continue;
        };
        let shown = lines[table.first..table.end].join("\n");
        let found = inferred(&holoc(&folder, &["infer", file]).stdout, &shown);
        compared += 1;
        if found != shown {
            writeln!(wrong, "{place} infers\n{found}\nand not\n{shown}").unwrap();
        }
        writeln!(new, "{}\n{found}", lines[copied..table.first].join("\n")).unwrap();
        copied = table.end;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        new.push_str(&lines[copied..].join("\n"));
        std::fs::write(&path, new + "\n").unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
    // A guide whose fences are not found any more would pass otherwise.
    assert!(compared >= 15, "{compared} tables were compared");
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for (number, line) in lines.iter().enumerate() {
        if let Some(fence) = line.strip_prefix("```") {
            open = match open {
                None => Some((fence.to_owned(), number + 1)),
                Some((fence, first)) => {
                    blocks.push(Block {
                        fence,
                        first,
                        end: number,
                    });
                    None
                }
            };
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// The codes of errors and warnings, each once; a note that is not expected is no harm.
fn codes(json: &str, expected: &[&str]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for line in json.lines() {
        let one: serde_json::Value = serde_json::from_str(line).unwrap();
        let code = one["code"].as_str().unwrap().to_owned();
        let counts = one["severity"] != "note" || expected.contains(&code.as_str());
        if counts && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// What is inferred, with the reasons only if some are shown.
fn inferred(printed: &str, shown: &str) -> String {
    let is_reason = |line: &str| line.starts_with("      ");
    let reasons = shown.lines().any(is_reason);
    let kept: Vec<&str> = printed
        .lines()
        .filter(|line| reasons || !is_reason(line))
        .collect();
    kept.join("\n").trim_end().to_owned()
}

/// Everything that asks for synchronisation, and every option of it, is in the guide.
#[test]
fn the_guide_names_every_form_and_every_option() {
    use holoc::explain::pages::TRAITS;

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/guide.md");
    let text = std::fs::read_to_string(path).unwrap();
    let has = |name: &str| {
        let mut places = text.match_indices(name);
        let part = |c: char| c.is_alphanumeric() || c == '_';
        places.any(|(at, _)| {
            !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part)
        })
    };
    let mut missing = Vec::new();
    for page in TRAITS {
        let form = match page.topic {
            "networked_object" => "networked_object X".to_owned(),
            "networked_block" => "networked { … }".to_owned(),
            "synced_field" => "f: synced T = v".to_owned(),
            name => format!("@{name}"),
        };
        let options = page.options().into_iter().map(str::to_owned);
        missing.extend(options.chain([form]).filter(|one| !has(one)));
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(!has("@no_such_trait") && !has("sync_posit"));
}

//! `holoc ast`: everything that the tree holds is in the JSON, each kind of thing under its key.

use std::process::Command;

use serde_json::{Value, json};

/// The tree of a text, as the command prints it.
fn ast(text: &str) -> Value {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.hsplus"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_holoc"))
        .args(["ast", "t.hsplus", "--format", "json"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Those of some keys, in their order.
fn only(all: &Value, keys: &[&str]) -> Value {
    let one = |one: &Value| keys.iter().map(|key| one[key].clone()).collect::<Vec<_>>();
    all.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn a_file_shows_imports_constants_types_and_code() {
    let tree = ast(concat!(
        "// How many.\nconst LIMIT: int = 10\n",
        "type Mode = \"calm\" | \"wild\"\n",
        "function f(a) {\n  g(a)\n}\n",
        "state { hp: 100 }\n",
        "networked { hp: synced }\n",
        "export { a }\nexport { a } from \"b\"\n",
    ));
    assert_eq!(
        tree["constants"],
        json!([{ "kind": "const", "name": "LIMIT", "type": "int", "value": 10, "docs": ["How many."], "line": 2 }])
    );
    assert_eq!(
        tree["types"],
        json!([{ "name": "Mode", "type": "\"calm\" | \"wild\"", "docs": [], "line": 3 }])
    );
    assert_eq!(
        tree["code"],
        json!([{ "kind": "function", "name": "f", "traits": [], "line": 4, "end_line": 6 }])
    );
    assert_eq!(tree["states"][0]["fields"][0]["name"], "hp");
    assert_eq!(tree["networked"][0]["fields"][0]["value"], "synced");
    assert_eq!(tree["networked"][0]["line"], 8);
    assert_eq!(
        tree["other"],
        json!([{ "text": "export { a }", "line": 9 }])
    );
    assert_eq!(tree["imports"][0]["exported"], true);
}

#[test]
fn imports_show_path_names_and_alias() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("x.hsplus"),
        "template \"A\" { }\ntemplate \"C\" { }\n",
    )
    .unwrap();
    let text = "import { A, C as D } from \"./x.hsplus\"\n@import \"./x.hsplus\" as y\n";
    std::fs::write(dir.path().join("t.hsplus"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_holoc"))
        .args(["ast", "t.hsplus"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let tree: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        tree["imports"],
        json!([
            {
                "exported": false,
                "path": "./x.hsplus",
                "names": [{ "name": "A", "alias": null }, { "name": "C", "alias": "D" }],
                "alias": null,
                "line": 1,
            },
            { "exported": false, "path": "./x.hsplus", "names": [], "alias": "y", "line": 2 },
        ])
    );
}

#[test]
fn a_node_shows_code_networked_blocks_and_spreads() {
    let tree = ast(concat!(
        "// A door.\norb door @networked {\n",
        "  ...Base\n",
        "  open?: bool = false // Now.\n",
        "  level: synced int = 1 if (features.x)\n",
        "  networked {\n    position: synced\n    orb inner { }\n  }\n",
        "  @host_only\n  action shut(by) {\n    open = false\n  }\n",
        "  onClick() { }\n",
        "  panel#p { }\n",
        "}\n",
    ));
    let door = &tree["nodes"][0];
    assert_eq!(
        (&door["docs"], &door["line"], &door["end_line"]),
        (&json!(["A door."]), &json!(2), &json!(16))
    );
    assert_eq!(door["spreads"], json!([{ "name": "Base", "line": 3 }]));
    assert_eq!(
        only(
            &door["fields"],
            &[
                "name",
                "optional",
                "type",
                "value",
                "modifier",
                "condition",
                "docs"
            ]
        ),
        json!([
            ["open", true, "bool", false, null, null, ["Now."]],
            ["level", false, "int", 1, "synced", "features.x", []],
        ])
    );
    assert_eq!(only(&door["networked"], &["line"]), json!([[6]]));
    assert_eq!(door["networked"][0]["children"][0]["name"], "inner");
    assert_eq!(
        only(&door["code"], &["kind", "name", "line", "end_line"]),
        json!([["action", "shut", 11, 13], ["onClick", null, 14, 14]])
    );
    assert_eq!(
        door["code"][0]["traits"],
        json!([{ "name": "host_only", "args": {}, "line": 10 }])
    );
    assert_eq!(
        only(&door["children"], &["kind", "id"]),
        json!([["panel", "p"]])
    );
}

#[test]
fn every_value_is_shown() {
    let tree = ast(
        "orb a { v: [1, -2.5, \"s\", true, null, #fff, 20hz, a.b, uuid(), { k: 1 }, x ? 1 : 2] }\n",
    );
    assert_eq!(
        tree["nodes"][0]["fields"][0]["value"],
        json!([1, -2.5, "s", true, null, "#fff", "20hz", "a.b", "uuid()", { "k": 1 }, "x ? 1 : 2"])
    );
}

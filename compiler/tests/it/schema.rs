//! `holoc build --emit schema`: what is written beside the Rust, and that it stays fresh.

use std::path::Path;

use crate::program::{folder, holoc, read, write};

const LAMP: &str = r##"
enum Mode { Off, Dim, Bright }
orb lamp @networked(rate: 20, authority: "server") {
  state { on: false, mode: Mode = "Dim", colour: "#f80", reach: { near: 1.5, far: 9 }, tags: ["new"], used: number @counter }
}
"##;

#[test]
fn a_schema_is_written_when_asked_for_and_kept_fresh_from_then_on() {
    let dir = folder(&[("rooms/lamp.hsplus", LAMP)]);
    let there = |file: &str| Path::new(dir.path()).join(file).exists();
    holoc(&dir, &["build", "."]).exits(0);
    assert!(
        !there("generated/rooms/lamp.schema.json"),
        "nobody asked for it"
    );
    let ran = holoc(&dir, &["build", ".", "--emit", "schema"]).exits(0);
    assert!(
        ran.stdout
            .contains("wrote generated/rooms/lamp.schema.json"),
        "{}",
        ran.stdout
    );
    let text = read(&dir, "generated/rooms/lamp.schema.json");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let orb = &json["orbs"][0];
    assert_eq!(
        (&orb["orb"], &orb["rate_hz"]),
        (&"lamp".into(), &20.0.into())
    );
    assert_eq!(orb["authority"], "server");
    let field = |name: &str| {
        let fields = orb["fields"].as_array().unwrap();
        fields
            .iter()
            .find(|field| field["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(field("on")["initial"], false);
    assert_eq!(
        (&field("colour")["type"], &field("colour")["initial"]),
        (&"color".into(), &"#ff8800".into())
    );
    assert_eq!(field("tags")["crdt"], "OrSet");
    assert_eq!(field("reach")["crdt"], "Struct");
    assert!(json["structs"][0]["fields"].is_array() && json["enums"].is_array());

    write(&dir, "rooms/lamp.hsplus", &LAMP.replace("9 }", "8 }"));
    let stale = holoc(&dir, &["build", ".", "--check"]).exits(1);
    assert!(
        stale.stdout.contains("lamp.schema.json"),
        "{}",
        stale.stdout
    );
    holoc(&dir, &["build", "."]).exits(0);
    assert_ne!(read(&dir, "generated/rooms/lamp.schema.json"), text);
    holoc(&dir, &["build", ".", "--check"]).exits(0);

    write(
        &dir,
        "other.hsplus",
        "orb other @networked { state { x: 1 } }",
    );
    std::fs::remove_file(dir.path().join("rooms/lamp.hsplus")).unwrap();
    holoc(&dir, &["build", "."]).exits(0);
    assert!(
        !there("generated/rooms/lamp.schema.json"),
        "its source is gone"
    );
    assert!(!there("generated/other.schema.json"));
}

#[test]
fn a_file_of_somebody_elses_is_left_alone() {
    let dir = folder(&[
        ("lamp.hsplus", LAMP),
        ("generated/lamp.schema.json", "{\"mine\": true}"),
    ]);
    holoc(&dir, &["build", "."]).exits(0);
    let refused = holoc(&dir, &["build", ".", "--emit", "schema"]).exits(2);
    assert!(
        refused.stderr.contains("lamp.schema.json"),
        "{}",
        refused.stderr
    );
    assert_eq!(read(&dir, "generated/lamp.schema.json"), "{\"mine\": true}");
}

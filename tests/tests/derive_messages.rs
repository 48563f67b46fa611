//! Messages of the derive where the compiler adds words of its own, which change with its version.

// In a test a panic is the message.
#![allow(clippy::unwrap_used)]

fn message(source: &str) -> String {
    let input = syn::parse_str(source).unwrap();
    holo_codegen::derive::schema(&input)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_value_that_no_crdt_can_hold_is_named_with_those_that_can() {
    let said = message("struct P { when: LwwRegister<std::time::Instant> }");
    assert!(
        said.starts_with("`std::time::Instant` cannot be a value of a CRDT: use bool, i32,"),
        "{said}"
    );
}

#[test]
fn a_set_without_its_type_is_told_what_to_write() {
    for bag in ["OrSet", "GSet", "TwoPSet", "MvRegister"] {
        assert_eq!(
            message(&format!("struct P {{ bag: {bag} }}")),
            "name the type of its values, as in `OrSet<String>`"
        );
    }
}

#[test]
fn plain_types_are_told_the_crdt_that_would_hold_them() {
    for (plain, crdt) in [
        ("u8", "LwwRegister<u32>"),
        ("Vec<String>", "OrSet<String>"),
        ("Option<f64>", "LwwRegister<Option<f64>>"),
        ("HashMap<String, i64>", "LwwMap<String, i64>"),
        ("Vec3", "LwwRegister<Vec3>"),
    ] {
        let said = message(&format!("struct P {{ field: {plain} }}"));
        let expected =
            format!("`{plain}` does not say how it merges: write `{crdt}`, or `#[synced(skip)]`");
        assert_eq!(said, expected);
    }
}

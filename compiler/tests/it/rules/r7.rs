//! R7: templates and children.

use super::table;

#[test]
fn r7_templates_and_children() {
    let template = "template \"T\" { @networked\nstate { hp: 100 } }\n";
    let base = "T 20: POSE, hp <i64> 100";
    let rows = [
        ("object \"A\" using \"T\" { hp: 3 }", "\nA of T"),
        (
            "object \"A\" using \"T\" { position: [1, 1, 1]\nstate { hp: 50 } }",
            "\nA of T",
        ),
        (
            "object \"A\" using \"T\" { state { mp: 1 } }",
            "\nA 20: POSE, hp <i64> 100, mp <i64> 1",
        ),
        (
            "object \"A\" using \"T\" { @host_only }",
            "\nA 20 host: POSE, hp <i64> 100",
        ),
        ("object \"A\" { ...T\nstate { hp: 50.5 } }", "\nA of T"),
        ("object \"A\" using \"Missing\" { }", ""),
    ];
    for (object, expected) in rows {
        table(&[(&format!("{template}{object}"), &format!("{base}{expected}"))]);
    }
    table(&[
        (
            "template \"T\" { state { hp: 1 } }\nobject \"A\" using \"T\" { @networked }",
            "A 20: POSE, hp <i64> 1",
        ),
        (
            "object \"Arm\" @networked { object \"Hand\" { position: [1, 1, 1] } }",
            "Arm 20: POSE",
        ),
        (
            "object \"Arm\" { object \"Hand\" @networked { position: [1, 1, 1] } }",
            "Hand 20: ~position <Vec3> [1.0,1.0,1.0], ~rotation <Quat> [0.0,0.0,0.0,1.0]",
        ),
        // A template that uses itself ends somewhere.
        (
            "template \"T\" using \"T\" { @networked }\ntemplate \"U\" using \"V\" { @networked }\ntemplate \"V\" using \"U\" {}",
            "T 20: POSE\nU 20: POSE\nV 20: POSE",
        ),
    ]);
}

#[test]
fn instances_name_a_type() {
    table(&[
        (
            "template \"T\" @synced { state { x: 1 } }\ntemplate \"U\" using \"T\" {}\nobject \"a\" using \"U\"\nobject \"b\" using \"a\"",
            "T 30: x <i64> 1\nU 30: x <i64> 1\na of U\nb of U",
        ),
        (
            "template \"Mug\" @synced { state { x: 1 } }\nobject \"a\" using \"Mgu\"",
            "Mug 30: x <i64> 1\nHS135 line 2",
        ),
        (
            "import { Mgu } from \"x\"\ntemplate \"Mug\" @synced { state { x: 1 } }\nobject \"a\" using \"Mgu\"",
            "Mug 30: x <i64> 1",
        ),
    ]);
}

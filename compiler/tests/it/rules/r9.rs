//! R9: names.

use holoc::lock::Lock;

use super::table;
use crate::support::compile;

#[test]
fn r9_names() {
    table(&[
        ("player { @networked }", "Player 20: POSE"),
        ("panel#main @networked { }", "Main 20: POSE"),
        ("orb@shared { @networked }", "Shared 20: POSE"),
        ("orb \"GameBall 2\" @networked {}", "GameBall2 20: POSE"),
        ("orb \"日本語\" @networked {}", "日本語 20: POSE"),
        ("orb \"3d-model\" @networked {}", "N3dModel 20: POSE"),
        (
            "orb \"\" @networked {}",
            ": POSE\nHS105 line 1".replacen(':', " 20:", 1).as_str(),
        ),
        (
            "zone Shop { sign Sign @networked {} }\nzone Plaza { sign Sign @networked {} }",
            "ShopSign 20: POSE\nPlazaSign 20: POSE",
        ),
        (
            "orb a @networked {}\norb a @networked {}",
            "A 20: POSE\nA 20: POSE\nHS102 line 2",
        ),
        ("orb a {}\norb a @networked {}", "A 20: POSE\nHS102 line 2"),
        ("orb a {}\norb a {}", ""),
        (
            "orb ball @networked {}\norb Ball @networked {}",
            "Ball 20: POSE\nBall 20: POSE\nHS104 line 2",
        ),
        (
            "composition W { template \"Ball\" { @networked }\nobject \"Ball\" using \"Ball\" {} }",
            "Ball 20: POSE\nBall of Ball",
        ),
        (
            "orb a @synced { state { maxHp: 1\nmax_hp: 2 } }",
            "A 30: maxHp <i64> 1, max_hp <i64> 2\nHS103 line 2",
        ),
        (
            "orb a @synced { state { type: 1\nself: 2 } }",
            "A 30: type <i64> 1, self <i64> 2",
        ),
        (
            "orb a @synced { state { x: 1\nx: 2\ny: 3 } }",
            "A 30: x <i64> 1, y <i64> 3\nHS101 line 2",
        ),
    ]);
    let unit = compile(
        "t.hsplus",
        "orb a @synced { state { type: 1\nself: 2 } }",
        &mut Lock::default(),
    );
    let rust: Vec<_> = unit.world.orbs[0]
        .fields
        .iter()
        .map(|field| field.rust.as_str())
        .collect();
    assert_eq!(rust, ["r#type", "self_"]);
    let unit = compile(
        "t.hsplus",
        "zone Shop { sign Sign @networked {} }",
        &mut Lock::default(),
    );
    assert_eq!(unit.world.orbs[0].wire, "Shop/Sign");
    assert_eq!(
        holoc::emit::module_path("a/b-c.hsplus").unwrap(),
        ["a", "b_c"]
    );
    assert_eq!(holoc::emit::module_path("type.hsplus").unwrap(), ["r#type"]);
    assert_eq!(holoc::emit::module_path("mod.hsplus").unwrap(), ["mod_"]);
}

//! The examples' generated code is what the examples' declarations give now.

use holo_tests::fixtures::{compile, here};

#[test]
fn generated_code_of_the_examples_is_fresh() {
    let (_, stale) = compile(
        &here("../examples/player.hsplus"),
        &here("../examples/generated"),
    );
    assert!(
        stale.is_empty(),
        "`holoc build examples/player.hsplus -o examples/generated`\n{stale}"
    );
}

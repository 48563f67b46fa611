//! What the derive says to a struct that it cannot take: one precise error for each mistake.

#[test]
fn wrong_structs_get_one_error_each() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/derive/pass/*.rs");
    cases.compile_fail("tests/derive/fail/*.rs");
}

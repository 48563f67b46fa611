//! Laws of the compiler: text to generated tokens. The laws themselves are in `holo_tests::laws`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| holo_tests::laws::infer(data));

//! The law of `packed` over bytes behind the number of a scenario. The laws themselves are in `holo_tests::hostile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| holo_tests::hostile::fuzz("packed", data));

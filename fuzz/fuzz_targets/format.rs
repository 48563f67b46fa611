//! Laws of the formatter. The laws themselves are in `holo_tests::laws`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| holo_tests::laws::format(data));

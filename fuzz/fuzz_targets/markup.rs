#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server::render::fuzz::markup(bytes));

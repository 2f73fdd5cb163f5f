#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| manicule::fuzzing::run("tei", data));

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| manicule::fuzzing::run("w3c", data));

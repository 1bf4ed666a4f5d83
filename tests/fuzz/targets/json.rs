#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    kechuang_fuzz::read("a.json", bytes);
    kechuang_fuzz::read("a.jsonl", bytes);
});

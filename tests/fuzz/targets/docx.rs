#![no_main]

use kechuang_fuzz::{DOCUMENT, package, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| match bytes.split_first() {
    Some((0, parts)) => read("a.docx", &package(&DOCUMENT, parts)),
    _ => read("a.docx", bytes),
});

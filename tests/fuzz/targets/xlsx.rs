#![no_main]

use kechuang_fuzz::{WORKBOOK, package, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| match bytes.split_first() {
    Some((0, parts)) => read("a.xlsx", &package(&WORKBOOK, parts)),
    _ => read("a.xlsx", bytes),
});

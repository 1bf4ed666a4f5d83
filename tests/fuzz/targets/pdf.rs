//! In the product, a child process runs this and may die of it. A panic within the parser is
//! therefore no finding; one in our own code is.

#![no_main]

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, Once},
};

static PLACE: Mutex<String> = Mutex::new(String::new());
static HOOK: Once = Once::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The hook of libFuzzer would end the process at any panic.
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(|place| place.file().to_owned()).unwrap_or_default();
            if let Ok(mut last) = PLACE.lock() {
                *last = place;
            }
        }));
    });
    let read = panic::catch_unwind(AssertUnwindSafe(|| kechuang_ingest::rows::pdf::extract(bytes)));
    match read {
        Ok(Ok(text)) => {
            let inside = |page: &usize| text.text.is_char_boundary(*page);
            if !text.pages.iter().all(inside) {
                std::process::abort();
            }
        }
        Ok(Err(_)) => {}
        Err(_) => {
            let place = PLACE.lock().map(|place| place.clone()).unwrap_or_default();
            if place.contains("ingest") {
                eprintln!("a panic of our own: {place}");
                std::process::abort();
            }
        }
    }
});

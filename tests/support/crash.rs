//! `kechuang-crash`: the program with a watcher that ends it the hard way at a named step.
//!
//! `KECHUANG_CRASH_AT=data_written:2` kills the process (SIGKILL) when it reaches `data_written` for
//! the second time; without the variable this is the plain program.

use std::{
    process::{Command, ExitCode},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use kechuang_domain::Watch;

fn main() -> ExitCode {
    let watch = match std::env::var("KECHUANG_CRASH_AT") {
        Ok(at) => killing(&at),
        Err(_) => Watch::nobody(),
    };
    kechuang_cli::run(std::env::args_os(), &watch)
}

fn killing(at: &str) -> Watch {
    let (name, count) = at.split_once(':').expect("a step and a count, as in claimed:1");
    let name = name.to_owned();
    let count: usize = count.parse().expect("a count");
    let reached = AtomicUsize::new(0);
    Watch::new(move |step| {
        if step.name() == name && reached.fetch_add(1, Ordering::SeqCst) + 1 == count {
            let own = std::process::id().to_string();
            drop(Command::new("kill").args(["-9", &own]).status());
            // Nothing more may happen until the signal arrives.
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    })
}

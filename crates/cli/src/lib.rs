//! The command line: configuration, wiring, and one file for each command.
//!
//! [`run`] is the whole program; the binary calls it, and so do the crash tests, with a [`Watch`] that
//! ends the process at a named step.
//!
//! Knows: files, environment, terminals, how the parts are put together.
//! Must not know: any rule of matching.

pub mod args;
pub mod assets;
pub mod assist;
pub mod commands;
pub mod config;
pub mod explain;
mod fitted;
pub mod meaning;
pub mod output;
pub mod parts;
pub mod progress;
pub mod reranker;
pub mod sample;
pub mod shelf;
pub mod stop;

use std::{ffi::OsString, io::IsTerminal, process::ExitCode};

use kechuang_domain::Watch;

use output::{Exit, Output};

/// Runs the program with these arguments, the first of them its name. `watch` is told of each step of
/// long work.
pub fn run(arguments: impl IntoIterator<Item = OsString>, watch: &Watch) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match args::parse(&arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            let is_json = arguments.iter().any(|argument| argument == "--json");
            Output::new(is_json).failure("usage", &args::mistake(&error));
            return Exit::Usage.into();
        }
        // Help and version are no mistakes.
        Err(help) => {
            // Nothing can be done where even this cannot be printed.
            drop(help.print());
            return Exit::Done.into();
        }
    };
    let output = Output::new(arguments.json);
    log_to_stderr();
    let done = config::Config::read(&arguments)
        .and_then(|config| commands::run(arguments, config, output, watch));
    match done {
        Ok(exit) => exit.into(),
        Err(error) => explain::failed(&error, output).into(),
    }
}

/// Logs go to standard error, so that standard output is the answer alone. `KECHUANG_LOG` chooses
/// what is logged.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KECHUANG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // Colours are for terminals; in a file they are noise.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second call, as in tests, finds the first one's subscriber and leaves it.
    drop(log.try_init());
}

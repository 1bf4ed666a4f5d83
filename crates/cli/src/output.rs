//! What is printed: the answer on standard output, everything else on standard error.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use serde::Serialize;
use serde_json::json;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is done.
    Done = 0,
    /// The work failed.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Done in part: some rows were rejected.
    Partly = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Where answers go, and in which form.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// For people, or as JSON.
    #[must_use]
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads the answer.
    #[must_use]
    pub const fn is_json(self) -> bool {
        self.json
    }

    /// Prints an answer: one JSON object, or the text for people.
    ///
    /// # Errors
    /// A closed pipe.
    pub fn answer(self, value: &impl Serialize, text: impl FnOnce() -> String) -> io::Result<()> {
        let shown = if self.json { serde_json::to_string(value)? } else { text() };
        line(shown.trim_end())
    }

    /// Tells people what is going on; programs are not told.
    pub fn note(self, text: &str) {
        if !self.json {
            // A closed standard error must not stop the work.
            drop(writeln!(io::stderr(), "{text}"));
        }
    }

    /// Tells of a failure.
    pub fn failure(self, code: &str, message: &str) {
        if self.json {
            drop(line(&json!({ "error": { "code": code, "message": message } }).to_string()));
        }
        drop(writeln!(io::stderr(), "{message}"));
    }

    /// Whether progress bars make sense here.
    #[must_use]
    pub fn draws_progress(self) -> bool {
        !self.json && io::stderr().is_terminal()
    }
}

/// Prints a line on standard output at once.
///
/// # Errors
/// A closed pipe.
pub fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

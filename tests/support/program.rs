//! The program as users run it: a process with arguments, outputs and an exit code.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

/// What a run of the program left.
#[derive(Debug)]
pub struct Program {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Program {
    /// Standard output as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// A command for the program in `binary`, in an environment without settings of the machine.
#[must_use]
pub fn command(binary: &Path, data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    for setting in ["KECHUANG_DATA", "KECHUANG_DATABASE", "KECHUANG_CONFIG", "KECHUANG_LISTEN"] {
        command.env_remove(setting);
    }
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null());
    command
}

/// Runs the program with `--data` set.
#[must_use]
pub fn kechuang(binary: &str, data: &Path, arguments: &[&str]) -> Program {
    let output = command(&PathBuf::from(binary), data, arguments).output().expect("a program");
    Program {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

//! `cargo xtask check`: format, lints, documentation and tests, in the order of their cost.
//!
//! This is the one gate: `.ci/run` calls exactly this, and what passes here passes there.

use std::{
    env,
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// A part of the check: its name, the environment it needs, and the command.
struct Part {
    name: &'static str,
    environment: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
}

const PARTS: [Part; 4] = [
    Part { name: "format", environment: &[], arguments: &["fmt", "--all", "--check"] },
    Part {
        name: "lints",
        environment: &[],
        arguments: &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    },
    Part {
        name: "documentation",
        environment: &[("RUSTDOCFLAGS", "--deny warnings")],
        arguments: &["doc", "--workspace", "--no-deps", "--document-private-items"],
    },
    Part { name: "tests", environment: &[], arguments: &["test", "--workspace"] },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check"] => check(),
        _ => {
            eprintln!("usage: cargo xtask check    format, lints, documentation, tests");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("check failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn check() -> Result<()> {
    let started = Instant::now();
    for part in PARTS {
        let part_started = Instant::now();
        eprintln!("== {}: cargo {}", part.name, part.arguments.join(" "));
        run(&part)?;
        eprintln!("== {} passed in {:.0} s", part.name, part_started.elapsed().as_secs_f64());
    }
    eprintln!("== all passed in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn run(part: &Part) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(part.arguments)
        .envs(part.environment.iter().copied())
        .status()
        .with_context(|| format!("{} could not be started", part.name))?;
    if !status.success() {
        bail!("{}: {status}", part.name);
    }
    Ok(())
}

//! The program itself, built for release, as a process of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// Builds the program and tells where it is.
///
/// # Errors
/// Where it cannot be built.
pub fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(cargo)
        .args(["build", "--release", "--package", "kechuang-cli"])
        .current_dir(&root)
        .status()?;
    if !built.success() {
        bail!("the program could not be built");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("release/kechuang"))
}

/// Starts the program quietly.
///
/// # Errors
/// Where it cannot be started.
pub fn start(program: &Path, data: &Path, arguments: &[&str]) -> Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments).arg("--data").arg(data);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("the program did not start")
}

/// The most memory that a process has had resident, in MiB (`VmHWM` of Linux).
///
/// # Errors
/// On a system without `/proc`.
pub fn peak_mib(process: &Child) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id()))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
    Ok(kib / 1024.0)
}

//! `kechuang`, the product's binary.

use std::process::ExitCode;

use kechuang_domain::Watch;

fn main() -> ExitCode {
    kechuang_cli::run(std::env::args_os(), &Watch::nobody())
}

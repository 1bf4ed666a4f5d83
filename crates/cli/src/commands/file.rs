//! Files that a command makes.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::Path,
};

use crate::explain::{Failed, Usage};

/// Refuses to write what no terminal can show.
pub(super) fn check_binary(to: Option<&Path>, example: &str) -> anyhow::Result<()> {
    if to.is_none() && io::stdout().is_terminal() {
        return Err(Usage(format!(
            "Excel 文件不能显示在终端上；请写到文件，例如在命令后加 > {example} 或 --output {example}"
        ))
        .into());
    }
    Ok(())
}

/// Writes to a file, or to standard output.
pub(super) fn write(to: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    let Some(path) = to else {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        return Ok(out.flush()?);
    };
    let shown = path.display();
    let told = |error: io::Error| {
        Failed(format!("写不了文件 {shown}（{error}）；请核对路径、权限和磁盘空间"))
    };
    Ok(fs::write(path, bytes).map_err(told)?)
}

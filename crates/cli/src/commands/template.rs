//! `template`: a sheet to fill in.

use std::path::Path;

use kechuang_domain::Library;
use kechuang_ingest::sheet;
use serde_json::json;

use super::file;
use crate::{
    assets,
    explain::Usage,
    output::{Exit, Output},
};

pub(super) fn run(output: Output, library: &str, to: Option<&Path>) -> anyhow::Result<Exit> {
    let library: Library = library.parse().map_err(|error| Usage(format!("{error}")))?;
    file::check_binary(to, &format!("{}填报表.xlsx", library.record_label()))?;
    let bytes = sheet::template(library, &assets::choices()?)?;
    file::write(to, &bytes)?;
    if let Some(to) = to {
        let told = || format!("已生成 {}；填好后用 kechuang ingest 导入", to.display());
        output.answer(&json!({ "file": to, "bytes": bytes.len() }), told)?;
    }
    Ok(Exit::Done)
}

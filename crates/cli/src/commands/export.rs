//! `export`: a library as a file, for whoever keeps it.

use std::path::Path;

use kechuang_domain::Library;
use kechuang_ingest::sheet::{self, ExportFormat, Reach};
use kechuang_store::{Store, StoredRecord};
use serde_json::json;

use super::file;
use crate::{
    config::Config,
    explain::Usage,
    output::{Exit, Output},
    progress::Progress,
};

/// Records read at a time.
const PAGE: i64 = 500;

pub(super) async fn run(
    config: &Config,
    output: Output,
    library: &str,
    format: &str,
    to: Option<&Path>,
) -> anyhow::Result<Exit> {
    let library: Library = library.parse().map_err(|error| Usage(format!("{error}")))?;
    let format: ExportFormat = format.parse().map_err(|error| Usage(format!("{error}")))?;
    if format == ExportFormat::Xlsx {
        file::check_binary(to, &format!("{}.xlsx", library.record_label()))?;
    }
    let progress = Progress::begun(output, "导出", 0);
    let records = records(config, library, &progress).await?;
    let bytes = sheet::export(format, library, records.iter(), Reach::Keeper)?;
    file::write(to, &bytes)?;
    progress.done(&format!("{} {} 条", library.label(), records.len()));
    if let Some(to) = to {
        let value = json!({ "file": to, "records": records.len(), "bytes": bytes.len() });
        output.answer(&value, || format!("已写到 {}", to.display()))?;
    }
    Ok(Exit::Done)
}

/// All records of a library, page by page, in the order in which they came.
async fn records(
    config: &Config,
    library: Library,
    progress: &Progress,
) -> anyhow::Result<Vec<StoredRecord>> {
    let store = Store::open(&config.store).await?;
    let mut records = Vec::new();
    let mut last = None;
    loop {
        let page = store.records_after(last, PAGE).await?;
        let Some(end) = page.last() else { return Ok(records) };
        last = Some(end.record.id);
        progress.advance(page.len() as u64);
        records.extend(page.into_iter().filter(|stored| stored.record.library() == library));
    }
}

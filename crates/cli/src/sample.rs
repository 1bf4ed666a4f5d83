//! The sample libraries: taken in once, and again where they have changed.

use std::collections::BTreeMap;

use kechuang_domain::{RecordId, Watch};
use kechuang_ingest::{
    Row, Upload,
    draft::{RowContext, draft},
    enqueue, rows,
};
use kechuang_matching::{Engine, clock};

use crate::assets::{SAMPLES, SampleFile};

/// The source name of sample records.
pub const SOURCE: &str = "示例数据";

/// Saves the rows of every sample file that is not in the store as it is written now, and tells how
/// many rows that were.
///
/// # Errors
/// What the store says.
pub async fn enqueue_missing(engine: &Engine, watch: &Watch) -> anyhow::Result<usize> {
    let mut enqueued = 0;
    for file in SAMPLES {
        let rows = rows::read(file.format, file.text.as_bytes())?;
        if is_saved(engine, file, &rows).await? {
            continue;
        }
        enqueued += rows.len();
        let upload =
            Upload { context: context(file), format: file.format, bytes: file.text.as_bytes() };
        enqueue(engine.store(), &upload, clock::now(), watch).await?;
    }
    Ok(enqueued)
}

fn context(file: SampleFile) -> RowContext {
    RowContext { sample: true, ..RowContext::new(file.library, SOURCE) }
}

/// Whether the store holds every row as it is written.
async fn is_saved(engine: &Engine, file: SampleFile, rows: &[Row]) -> anyhow::Result<bool> {
    let known = engine.store().records_of_source(file.library, SOURCE).await?;
    let known: BTreeMap<String, RecordId> = known.into_iter().collect();
    let ids: Vec<RecordId> = known.values().copied().collect();
    let stored = engine.store().records(&ids).await?;
    for row in rows {
        let Row::Fields { place, fields } = row else { return Ok(false) };
        let Ok(wanted) = draft(&context(file), &rules.tables, place, fields) else {
            return Ok(false);
        };
        let id = known.get(&wanted.source.key);
        let found = stored.iter().find(|stored| Some(&stored.record.id) == id);
        if found.is_none_or(|found| found.record.content != wanted.content) {
            return Ok(false);
        }
    }
    Ok(true)
}

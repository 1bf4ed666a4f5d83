//! The sample libraries: taken in once, and again where they have changed.

use std::collections::BTreeMap;

use kechuang_domain::{RecordId, Status, Watch};
use kechuang_ingest::{
    IngestRules, Mapping, ReadOptions, RowContext, enqueue_rows,
    job::row_draft,
    rows::{Row, read_file},
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
pub async fn enqueue_missing(
    engine: &Engine,
    rules: &IngestRules,
    watch: &Watch,
) -> anyhow::Result<usize> {
    let mut enqueued = 0;
    for file in SAMPLES {
        let rows = rows(file)?;
        if is_saved(engine, rules, file, &rows).await? {
            continue;
        }
        enqueued += rows.len();
        enqueue_rows(engine.store(), &context(file), rows, clock::now(), watch).await?;
    }
    Ok(enqueued)
}

/// The rows of a sample file.
///
/// # Errors
/// What is wrong with the file; a build whose tests passed has none.
pub fn rows(file: &SampleFile) -> anyhow::Result<Vec<Row>> {
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(file.library), mapping: &mapping, pdf: None };
    let name = file.name.rsplit('/').next().unwrap_or(file.name);
    Ok(read_file(&options, name, file.bytes)?.rows)
}

fn context(file: &SampleFile) -> RowContext {
    let mut context = RowContext { sample: true, ..RowContext::new(file.library, SOURCE) };
    context.provenance.file = Some(file.name.to_owned());
    context
}

/// Whether the store holds every row as it is written.
async fn is_saved(
    engine: &Engine,
    rules: &IngestRules,
    file: &SampleFile,
    rows: &[Row],
) -> anyhow::Result<bool> {
    let known = engine.store().records_of_source(file.library, SOURCE).await?;
    let known: BTreeMap<String, RecordId> = known.into_iter().collect();
    let ids: Vec<RecordId> = known.values().copied().collect();
    let stored = engine.store().records(&ids).await?;
    for row in rows {
        let Ok(wanted) = row_draft(&context(file), rules, row) else { return Ok(false) };
        let id = known.get(&wanted.source.key);
        let found = stored.iter().find(|stored| Some(&stored.record.id) == id);
        let is_same = |record: &kechuang_domain::Record| {
            record.content == wanted.content && record.status != Status::Withdrawn
        };
        if !found.is_some_and(|found| is_same(&found.record)) {
            return Ok(false);
        }
    }
    Ok(true)
}

//! Imports: a file is handed in, read by a worker, looked at by a person where they wish, and its rows
//! become records. Web, command line and feeds all come through here.

use std::{collections::BTreeMap, time::Duration};

use kechuang_domain::{
    Import, ImportId, ImportPreview, JobKind, JobStatus, Library, PreviewColumn, Provenance, Step,
    Timestamp, Watch,
};
use kechuang_store::{ClaimedJob, NewImport, ReadOutcome, Store};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    Column, Compared, IngestError, IngestRules, Ingested, Mapping, Outcome, Result, RowContext,
    Worked,
    job::payloads,
    rows::{self, Format, ReadOptions, Row},
};

/// How often a worker that reads a long file tells that it is alive; well within its lease.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Values shown of each column before it is taken.
const SAMPLES: usize = 3;
/// Characters shown of each of them.
const SAMPLE_CHARS: usize = 40;

/// A file to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// Where its rows go.
    pub library: Library,
    /// The source its rows belong to.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether its rows are demonstration data.
    pub sample: bool,
    /// Whether a person looks at the columns before rows are taken.
    pub asks_mapping: bool,
    /// What its sender says of its headers; otherwise what the source has said before.
    pub mapping: Option<Mapping>,
}

/// Takes a file: from here on it is safe, and a worker will read it.
///
/// # Errors
/// [`IngestError::File`] for a name whose ending cannot be read; otherwise what the store says.
pub async fn submit(
    store: &Store,
    file: ImportFile,
    now: Timestamp,
    watch: &Watch,
) -> Result<ImportId> {
    Format::of_name(&file.name)?;
    let mapping = match file.mapping {
        Some(mapping) => serde_json::to_string(&mapping)?,
        None => store
            .source_mapping(file.library, &file.source)
            .await?
            .unwrap_or_else(|| "{}".to_owned()),
    };
    let sha256 = sha256(&file.bytes);
    let new = NewImport {
        library: file.library,
        source: file.source,
        file: file.name,
        sha256,
        bytes: file.bytes,
        sample: file.sample,
        asks_mapping: file.asks_mapping,
        mapping,
    };
    watch.reached(Step::EnqueueStarting);
    let id = store.save_import(&new, now).await?;
    watch.reached(Step::Enqueued);
    Ok(id)
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    kechuang_domain::hex(&Sha256::digest(bytes))
}

/// Takes the rows of an import whose columns a person has looked at. Tells whether it was waiting for
/// that.
///
/// # Errors
/// [`IngestError::File`] naming headers that were given fields the library does not have; otherwise
/// what the store says.
pub async fn start(
    store: &Store,
    import: &Import,
    mapping: &Mapping,
    now: Timestamp,
) -> Result<bool> {
    let mistakes: Vec<String> = mapping
        .mistakes(import.library)
        .map(|(header, code)| format!("“{header}”对应的字段「{code}」"))
        .collect();
    if !mistakes.is_empty() {
        let label = import.library.record_label();
        return Err(IngestError::File(format!("{label}没有{}；请重新选择", mistakes.join("、"))));
    }
    Ok(store.start_import(import, &serde_json::to_string(mapping)?, now).await?)
}

/// Reads the file of an import, as one job.
pub(crate) async fn read(
    store: &Store,
    rules: &IngestRules,
    job: &ClaimedJob,
    now: Timestamp,
    watch: &Watch,
) -> Result<Worked> {
    let id: ImportId = job.payload.parse().map_err(|_| IngestError::Lost(job.payload.clone()))?;
    let import = store.import(id).await?.ok_or_else(|| IngestError::Lost(id.to_string()))?;
    let file = store.import_file(id).await?;
    let (bytes, asks_mapping) = file.ok_or_else(|| IngestError::Lost(id.to_string()))?;
    let (outcome, notes) = match read_rows(store, rules, job, &import, bytes, now).await {
        Ok((rows, notes)) => (outcome(&import, asks_mapping, rows)?, notes),
        Err(IngestError::File(why)) => (ReadOutcome::Failed(why), Vec::new()),
        Err(error) => return Err(error),
    };
    let written = || watch.reached(Step::FileRead);
    store.finish_reading(job, id, &outcome, &notes, now, written).await?;
    Ok(Worked { job: job.id, ingested: Ingested::default() })
}

/// Cuts the file into rows on a thread of its own, for however long that takes.
async fn read_rows(
    store: &Store,
    rules: &IngestRules,
    job: &ClaimedJob,
    import: &Import,
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<(Vec<Row>, Vec<String>)> {
    let (name, library, pdf) = (import.file.clone(), import.library, rules.pdf.clone());
    let mapping: Mapping = serde_json::from_str(&import.mapping)?;
    let mut reading = tokio::task::spawn_blocking(move || {
        let options = ReadOptions { library: Some(library), mapping: &mapping, pdf: pdf.as_ref() };
        rows::read_file(&options, &name, &bytes).map(|file| (file.rows, file.notes))
    });
    let started = tokio::time::Instant::now();
    loop {
        match tokio::time::timeout(HEARTBEAT, &mut reading).await {
            Ok(Ok(read)) => return read,
            Ok(Err(panicked)) => return Err(IngestError::Reader(panicked.to_string())),
            Err(_) => {
                let passed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
                store.heartbeat(job, now.plus_seconds(passed)).await?;
            }
        }
    }
}

fn outcome(import: &Import, asks_mapping: bool, rows: Vec<Row>) -> Result<ReadOutcome> {
    let mapping: Mapping = serde_json::from_str(&import.mapping)?;
    let preview = preview(import.library, &mapping, &rows);
    if asks_mapping {
        return Ok(ReadOutcome::Preview(preview));
    }
    let context = RowContext {
        sample: import.sample,
        mapping,
        provenance: Provenance {
            file: Some(import.file.clone()),
            sha256: Some(import.sha256.clone()),
            fetched_at: Some(import.created_at),
            ..Provenance::default()
        },
        ..RowContext::new(import.library, import.source.clone())
    };
    let row_count = rows.len() as i64;
    Ok(ReadOutcome::Rows { payloads: payloads(&context, rows)?, row_count, preview })
}

/// The columns of these rows with their first values and what they are understood to mean: those that
/// mean nothing first, for they are what a person has to look at, then as on a record's page.
#[must_use]
pub fn preview(library: Library, mapping: &Mapping, rows: &[Row]) -> ImportPreview {
    let mut order: Vec<&String> = Vec::new();
    let mut samples: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let Row::Fields { fields, .. } = row else { continue };
        for (header, value) in fields {
            let seen = samples.entry(header).or_insert_with(|| {
                order.push(header);
                Vec::new()
            });
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if seen.len() < SAMPLES && !text.trim().is_empty() {
                seen.push(text.trim().chars().take(SAMPLE_CHARS).collect());
            }
        }
    }
    let place: Vec<Column> = Column::of(library).collect();
    let mut columns: Vec<(Option<Column>, &String)> =
        order.into_iter().map(|header| (mapping.column(library, header), header)).collect();
    columns.sort_by_key(|(column, _)| {
        column.map(|column| place.iter().position(|one| *one == column).unwrap_or(place.len()))
    });
    let columns = columns.into_iter().map(|(column, header)| PreviewColumn {
        column: column.map(|column| column.code().to_owned()),
        samples: samples.remove(header).unwrap_or_default(),
        header: header.clone(),
    });
    ImportPreview { columns: columns.collect(), rows: rows.len() as u64 }
}

/// What has become of an import's rows so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows that were looked at.
    pub rows_done: usize,
    /// New records.
    pub created: usize,
    /// New revisions.
    pub updated: usize,
    /// Records that said the same already.
    pub unchanged: usize,
    /// What comparing with the library has found.
    #[serde(flatten)]
    pub compared: Compared,
    /// Everything that the jobs have found.
    #[serde(skip)]
    pub ingested: Ingested,
    /// Why a job was given up, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What it means that a job was given up; why stands in the log.
const fn given_up(kind: JobKind) -> &'static str {
    match kind {
        JobKind::ReadImport => "文件屡次未能读取，已放弃；请重新上传，仍不行请管理员查看日志",
        JobKind::FindDuplicates => "与已有记录的比较屡次未能完成；记录已入库，请管理员查看日志",
        JobKind::Ingest | JobKind::AgeRecords | JobKind::Refine => {
            "有的行屡次未能保存；请管理员查看日志后重新导入，已保存的行不会重复"
        }
    }
}

/// Adds up what the jobs of an import have found.
///
/// # Errors
/// What the store says.
pub async fn report(store: &Store, id: ImportId) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    for (_, job) in store.import_jobs(id).await? {
        match (job.status, job.result, job.kind) {
            (JobStatus::Done, Some(result), JobKind::FindDuplicates) => {
                let Compared { linked, offered } = serde_json::from_str(&result)?;
                report.compared.linked += linked;
                report.compared.offered += offered;
            }
            (JobStatus::Done, Some(result), _) => {
                report.ingested.add(serde_json::from_str(&result)?);
            }
            (JobStatus::Dead, _, kind) => report.error = Some(given_up(kind).to_owned()),
            _ => {}
        }
    }
    let ingested = &report.ingested;
    report.rows_done = ingested.saved.len() + ingested.rejected.len();
    report.created = ingested.count(Outcome::Created);
    report.updated = ingested.count(Outcome::Updated);
    report.unchanged = ingested.count(Outcome::Unchanged);
    Ok(report)
}

//! Ingestion as jobs: raw rows in, records out, each step safe to kill and to run again.

use std::collections::BTreeSet;

use kechuang_domain::{JobId, JobKind, RecordId, Step, Timestamp, Watch};
use kechuang_store::{ClaimedJob, SaveKind, Saved, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    columns::column,
    draft::{RowContext, draft},
    rows::{self, Format, Row},
};

/// Rows of one job: one commit costs a file sync, which 500 rows share.
const ROWS_PER_JOB: usize = 500;
/// How long a failed job waits before its next attempt, times the attempts so far, in seconds.
const RETRY_SECONDS: i64 = 10;

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload<'a> {
    /// What its rows have in common.
    pub context: RowContext,
    /// How it is written.
    pub format: Format,
    /// What it holds.
    pub bytes: &'a [u8],
}

#[derive(Serialize, Deserialize)]
struct Payload {
    context: RowContext,
    rows: Vec<Row>,
}

/// A row that became a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRow {
    /// The line it began on.
    pub line: u64,
    /// The record.
    pub id: RecordId,
    /// Its revision now.
    pub revision: i64,
    /// `created`, `updated` or `unchanged`.
    pub change: Outcome,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new record.
    Created,
    /// A new revision.
    Updated,
    /// Known already.
    Unchanged,
}

/// A row that became none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// The line it began on.
    pub line: u64,
    /// Why, in Chinese.
    pub reason: String,
}

/// What a job has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingested {
    /// Rows that became records.
    pub saved: Vec<SavedRow>,
    /// Rows that did not.
    pub rejected: Vec<RejectedRow>,
    /// Headers that mean no field; their values were not taken.
    pub ignored_columns: Vec<String>,
}

/// Saves a file's rows with their jobs and returns the jobs, in the order of the rows.
///
/// # Errors
/// [`crate::IngestError::File`] where the file cannot be cut into rows, or what the store says; then
/// nothing was saved.
pub async fn enqueue(
    store: &Store,
    upload: &Upload<'_>,
    now: Timestamp,
    watch: &Watch,
) -> Result<Vec<JobId>> {
    let rows = rows::read(upload.format, upload.bytes)?;
    let mut payloads = Vec::with_capacity(rows.len().div_ceil(ROWS_PER_JOB));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS_PER_JOB).collect();
        let payload = Payload { context: upload.context.clone(), rows: some };
        payloads.push(serde_json::to_string(&payload)?);
    }
    watch.reached(Step::EnqueueStarting);
    let jobs = store.enqueue(JobKind::Ingest, &payloads, now, now).await?;
    watch.reached(Step::Enqueued);
    Ok(jobs)
}

/// Claims one ingestion job and runs it. `None` where there is nothing to do.
///
/// # Errors
/// What the store says. A job that fails otherwise is given back with its reason.
pub async fn work_one(
    store: &Store,
    now: Timestamp,
    watch: &Watch,
) -> Result<Option<(JobId, Ingested)>> {
    let Some(job) = store.claim(JobKind::Ingest, now).await? else {
        return Ok(None);
    };
    watch.reached(Step::Claimed);
    match run(store, &job, now, watch).await {
        Ok(ingested) => {
            watch.reached(Step::JobFinished);
            Ok(Some((job.id, ingested)))
        }
        Err(error) => {
            let retry_at = now.plus_seconds(RETRY_SECONDS * job.attempts);
            match store.give_back(&job, &error.to_string(), retry_at, now).await {
                // Whoever took the job over will finish it.
                Ok(()) | Err(StoreError::LeaseLost) => Err(error),
                Err(second) => {
                    tracing::error!(%second, "a failed job could not be given back");
                    Err(error)
                }
            }
        }
    }
}

async fn run(store: &Store, job: &ClaimedJob, now: Timestamp, watch: &Watch) -> Result<Ingested> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let mut drafts = Vec::with_capacity(payload.rows.len());
    let mut lines = Vec::with_capacity(payload.rows.len());
    let mut ingested = Ingested { ignored_columns: ignored(&payload.rows), ..Ingested::default() };
    for row in &payload.rows {
        match row {
            Row::Broken { line, reason, .. } => {
                ingested.rejected.push(RejectedRow { line: *line, reason: reason.clone() });
            }
            Row::Fields { line, fields } => match draft(&payload.context, fields) {
                Ok(draft) => {
                    drafts.push(draft);
                    lines.push(*line);
                }
                Err(reason) => ingested.rejected.push(RejectedRow { line: *line, reason }),
            },
        }
    }
    let mut report = ingested.clone();
    let saved = store
        .finish_with_records(
            job,
            &drafts,
            |saved| {
                report.saved = saved_rows(&lines, saved);
                // Plain data with text keys always becomes JSON.
                serde_json::to_string(&report).unwrap_or_default()
            },
            now,
            || watch.reached(Step::DataWritten),
        )
        .await?;
    watch.reached(Step::DataCommitted(saved.len()));
    ingested.saved = saved_rows(&lines, &saved);
    Ok(ingested)
}

fn saved_rows(lines: &[u64], saved: &[Saved]) -> Vec<SavedRow> {
    lines
        .iter()
        .zip(saved)
        .map(|(line, saved)| SavedRow {
            line: *line,
            id: saved.id,
            revision: saved.revision,
            change: match saved.kind {
                SaveKind::Created => Outcome::Created,
                SaveKind::Updated => Outcome::Updated,
                SaveKind::Unchanged => Outcome::Unchanged,
            },
        })
        .collect()
}

fn ignored(rows: &[Row]) -> Vec<String> {
    let mut ignored = BTreeSet::new();
    for row in rows {
        if let Row::Fields { fields, .. } = row {
            ignored.extend(fields.keys().filter(|header| column(header).is_none()));
        }
    }
    ignored.into_iter().cloned().collect()
}

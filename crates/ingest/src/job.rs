//! Ingestion as jobs: raw rows in, records out, each step safe to kill and to run again.

use std::collections::BTreeSet;

use kechuang_domain::{
    FactKind, JobId, JobKind, Place, Status, Step, TextField, Timestamp, Watch, warnings,
};
use kechuang_reading::{
    junk::{Junk, junk},
    record::ReadField,
};
use kechuang_store::{ClaimedJob, RecordDraft, SaveKind, Saved, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    Column, IngestRules, Ingested, Outcome, RejectedRow, Result, RowContext, SavedRow,
    document::{DocumentFields, document_fields},
    draft::{Issue, draft, draft_of_document},
    duplicates, freshness, import,
    places::Source,
    read::{fields_of, places_of, spans_of},
    rows::{self, Format, Row},
    sheet,
    value::several_days,
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
    enqueue_rows(store, &upload.context, rows, now, watch).await
}

/// Saves rows with their jobs and returns the jobs, in the order of the rows.
///
/// # Errors
/// What the store says; then nothing was saved.
pub async fn enqueue_rows(
    store: &Store,
    context: &RowContext,
    rows: Vec<Row>,
    now: Timestamp,
    watch: &Watch,
) -> Result<Vec<JobId>> {
    let payloads = payloads(context, rows)?;
    watch.reached(Step::EnqueueStarting);
    let jobs = store.enqueue(JobKind::Ingest, &payloads, now, now).await?;
    watch.reached(Step::Enqueued);
    Ok(jobs)
}

/// The payloads of the jobs that carry these rows.
pub(crate) fn payloads(context: &RowContext, rows: Vec<Row>) -> Result<Vec<String>> {
    let mut payloads = Vec::with_capacity(rows.len().div_ceil(ROWS_PER_JOB));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS_PER_JOB).collect();
        let payload = Payload { context: context.clone(), rows: some };
        payloads.push(serde_json::to_string(&payload)?);
    }
    Ok(payloads)
}

/// Claims one job of ingestion and runs it: files to be read before rows to be saved before records to
/// be compared before libraries to be checked. `None` where there is nothing to do.
///
/// # Errors
/// What the store says. A job that fails otherwise is given back with its reason.
pub async fn work_one(
    store: &Store,
    rules: &IngestRules,
    now: Timestamp,
    watch: &Watch,
) -> Result<Option<Worked>> {
    for kind in [JobKind::ReadImport, JobKind::Ingest, JobKind::FindDuplicates, JobKind::AgeRecords]
    {
        let Some(job) = store.claim(kind, now).await? else { continue };
        watch.reached(Step::Claimed);
        let done = match kind {
            JobKind::ReadImport => import::read(store, rules, &job, now, watch).await,
            JobKind::FindDuplicates => duplicates::find(store, rules, &job, now, watch).await,
            JobKind::AgeRecords => freshness::age(store, rules, &job, now).await,
            // Not asked for above.
            JobKind::Refine => continue,
            JobKind::Ingest => run(store, rules, &job, now, watch)
                .await
                .map(|ingested| Worked { job: job.id, ingested }),
        };
        return finished(store, &job, done, now, watch).await.map(Some);
    }
    Ok(None)
}

/// A job that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// Which job.
    pub job: JobId,
    /// What became of its rows; reading a file has none yet.
    pub ingested: Ingested,
}

/// Gives a job that failed back with its reason.
async fn finished<T>(
    store: &Store,
    job: &ClaimedJob,
    done: Result<T>,
    now: Timestamp,
    watch: &Watch,
) -> Result<T> {
    match done {
        Ok(done) => {
            watch.reached(Step::JobFinished);
            Ok(done)
        }
        Err(error) => {
            let retry_at = now.plus_seconds(RETRY_SECONDS * job.attempts);
            match store.give_back(job, &error.to_string(), retry_at, now).await {
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

async fn run(
    store: &Store,
    rules: &IngestRules,
    job: &ClaimedJob,
    now: Timestamp,
    watch: &Watch,
) -> Result<Ingested> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let mut drafts = Vec::with_capacity(payload.rows.len());
    let mut places = Vec::with_capacity(payload.rows.len());
    let ignored_columns = ignored(&payload.context, &payload.rows);
    let mut ingested = Ingested { ignored_columns, ..Ingested::default() };
    for row in &payload.rows {
        let place = row.place();
        if sheet::is_example(&payload.context, row) {
            ingested.examples += 1;
            continue;
        }
        let read = row_draft(&payload.context, rules, row);
        match read {
            Ok(mut draft) => {
                let is_new = !sheet::is_export(&payload.context, row);
                let mut doubts = doubts(rules, &mut draft, now, is_new);
                doubts.extend(of_several_days(&payload.context, row));
                ingested.note(place, doubts);
                drafts.push(draft);
                places.push(place);
            }
            Err(issues) => {
                ingested.rejected.push(RejectedRow { place: place.clone(), issues });
            }
        }
    }
    let mut report = ingested.clone();
    let saved = store
        .finish_with_records(
            job,
            &drafts,
            |saved| {
                report.saved = saved_rows(&places, saved);
                // Plain data with text keys always becomes JSON.
                serde_json::to_string(&report).unwrap_or_default()
            },
            |saved| {
                rules.linking.as_ref()?;
                let next = duplicates::Payload::of(payload.context.library, saved)?;
                Some((JobKind::FindDuplicates, serde_json::to_string(&next).ok()?))
            },
            now,
            || watch.reached(Step::DataWritten),
        )
        .await?;
    watch.reached(Step::DataCommitted(saved.len()));
    ingested.saved = saved_rows(&places, &saved);
    Ok(ingested)
}

/// The draft of a row, whatever it was read from.
///
/// # Errors
/// Everything that is wrong with it.
pub fn row_draft(
    context: &RowContext,
    rules: &IngestRules,
    row: &Row,
) -> std::result::Result<RecordDraft, Vec<Issue>> {
    match row {
        Row::Broken { reason, .. } => Err(vec![Issue { column: None, reason: reason.clone() }]),
        Row::Fields { place, fields } => draft(context, &rules.tables, place, fields),
        Row::Text { place, name, text, pages } => {
            let lexicon = rules.linking.as_ref().map(|linking| &*linking.lexicon);
            let said = document_fields(context.library, &rules.tables, lexicon, name, text);
            let DocumentFields { written, read } = &said;
            let mut kept = fields_of(read);
            let mut draft = draft_of_document(context, &rules.tables, place, written, &mut kept)?;
            let source = Source { text, pages, place };
            let mut places = source.places(context.library, written, |_| true);
            let read_places = places_of(read, text).into_iter();
            let read_places = read_places.filter(|(code, _)| kept.contains_key(code));
            places.extend(read_places.map(|(code, words)| {
                let field = ReadField::of_code(context.library, &code);
                let at =
                    field.and_then(|field| spans_of(read, field)).map(|(first, _)| first.start);
                let page = at.and_then(|at| source.page_of(at)).or(place.page);
                (code, Place { page, sentence: words.sentence, ..place.clone() })
            }));
            draft.provenance.fields = places;
            Ok(draft)
        }
    }
}

/// What a person should look at. Junk that is new here is marked, so that it enters no match before
/// somebody has; an export says itself where each record stands.
fn doubts(
    rules: &IngestRules,
    draft: &mut RecordDraft,
    now: Timestamp,
    is_new: bool,
) -> Vec<Issue> {
    let mut doubts: Vec<Issue> = warnings(&draft.content, now.china_date())
        .into_iter()
        .chain(rules.tables.warnings(&draft.content))
        .map(|warning| {
            let column = Column::of_code(draft.content.library(), warning.field);
            let name = column.map_or(warning.field, Column::label);
            Issue { column: Some(name.to_owned()), reason: warning.reason }
        })
        .collect();
    if is_new
        && rules.linking.is_some()
        && draft.status == Status::Active
        && let Some(junk) = junk_of(draft)
    {
        draft.status = Status::Suspect;
        let reason =
            format!("看起来是{}，已标为“待核实”，暂不参与匹配；属实请改为“有效”", junk.label());
        doubts.push(Issue { column: None, reason });
    }
    doubts
}

/// Cells that name several days, of which one was taken.
fn of_several_days(context: &RowContext, row: &Row) -> Vec<Issue> {
    let Row::Fields { fields, .. } = row else { return Vec::new() };
    let mut doubts = Vec::new();
    for (header, value) in fields {
        let Some(Column::Fact(fact)) = context.mapping.column(context.library, header) else {
            continue;
        };
        let days = several_days(value).filter(|_| fact.kind() == FactKind::Date);
        doubts.extend(days.map(|(count, last)| Issue {
            column: Some(header.clone()),
            reason: format!("有 {count} 个日期，取用最后一个 {last}；请核对"),
        }));
    }
    doubts
}

fn junk_of(draft: &RecordDraft) -> Option<Junk> {
    let mut title = "";
    let mut body = String::new();
    for (field, tiered) in draft.content.all_texts() {
        if field == TextField::Title {
            title = &tiered.text;
        } else {
            body.push_str(&tiered.text);
            body.push('\n');
        }
    }
    junk(title, &body)
}

fn saved_rows(places: &[&Place], saved: &[Saved]) -> Vec<SavedRow> {
    places
        .iter()
        .zip(saved)
        .map(|(place, saved)| SavedRow {
            place: (*place).clone(),
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

fn ignored(context: &RowContext, rows: &[Row]) -> Vec<String> {
    let mut ignored = BTreeSet::new();
    for row in rows {
        if let Row::Fields { fields, .. } = row {
            let is_taken = |header: &str| context.mapping.column(context.library, header).is_some();
            ignored.extend(fields.keys().filter(|header| !is_taken(header)));
        }
    }
    ignored.into_iter().cloned().collect()
}

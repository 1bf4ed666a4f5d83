//! Files on their way in.
//!
//! A file and the job that reads it are saved in one transaction, and so are its rows' jobs and the end of
//! reading it: killed anywhere, an import goes on where it stood. Whether it is done is not stored but
//! seen from its jobs, so that the two cannot disagree.

use kechuang_domain::{
    Import, ImportId, ImportPreview, ImportStage, JobId, JobKind, JobStatus, Library, Timestamp,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    ClaimedJob, Result, Store, StoreError,
    db::{Tx, read, touch},
    error::corrupt,
    jobs,
};

/// How long a file is kept after it was handed in: long enough to correct it, short enough to forget.
pub const BYTES_KEPT_SECONDS: i64 = 30 * 24 * 3600;

/// A file that is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Where its rows go.
    pub library: Library,
    /// The source its rows belong to.
    pub source: String,
    /// Its name.
    pub file: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether its rows are demonstration data.
    pub sample: bool,
    /// Whether a person looks at the columns before rows are taken.
    pub asks_mapping: bool,
    /// Headers that its sender has named, as JSON of `ingest`.
    pub mapping: String,
}

/// What reading a file led to.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadOutcome {
    /// A person has to look at its columns.
    Preview(ImportPreview),
    /// Its rows, as payloads of ingest jobs, and how many there are.
    Rows {
        /// Payloads of ingest jobs.
        payloads: Vec<String>,
        /// How many rows they hold.
        row_count: i64,
        /// Its columns.
        preview: ImportPreview,
    },
    /// It cannot be read, and why.
    Failed(String),
}

/// A job of an import, for its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportJob {
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub status: JobStatus,
    /// What it found, as the handler's JSON.
    pub result: Option<String>,
    /// Why its last attempt failed.
    pub error: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    library: String,
    source_name: String,
    file_name: String,
    sha256: String,
    sample: bool,
    stage: String,
    mapping: String,
    preview: Option<String>,
    notes: String,
    row_count: Option<i64>,
    error: Option<String>,
    created_at: i64,
    open_jobs: i64,
    dead_jobs: i64,
}

macro_rules! import_sql {
    ($tail:literal) => {
        concat!(
            "SELECT i.id, i.library, i.source_name, i.file_name, i.sha256, i.sample, i.stage, \
             i.mapping, i.preview, i.notes, i.row_count, i.error, i.created_at, \
             (SELECT COUNT(*) FROM jobs j WHERE j.import_id = i.id \
              AND j.status IN ('queued', 'running')) AS open_jobs, \
             (SELECT COUNT(*) FROM jobs j WHERE j.import_id = i.id \
              AND j.status = 'dead') AS dead_jobs FROM imports i ",
            $tail
        )
    };
}

impl Store {
    /// Saves a file together with the job that reads it.
    ///
    /// # Errors
    /// A database error; then nothing was saved.
    pub async fn save_import(&self, new: &NewImport, at: Timestamp) -> Result<ImportId> {
        let id = Uuid::now_v7();
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "INSERT INTO imports (id, library, source_name, file_name, sha256, sample, \
             asks_mapping, stage, mapping, notes, bytes, bytes_until, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '[]', $10, $11, $12)"
        )
        .bind(id)
        .bind(new.library.code())
        .bind(&new.source)
        .bind(&new.file)
        .bind(&new.sha256)
        .bind(new.sample)
        .bind(new.asks_mapping)
        .bind(ImportStage::Reading.code())
        .bind(&new.mapping)
        .bind(&new.bytes)
        .bind(at.plus_seconds(BYTES_KEPT_SECONDS).micros())
        .bind(at.micros())
        .execute(db)
        .await)?;
        let id = ImportId::from_uuid(id);
        jobs::insert(&mut tx, JobKind::ReadImport, &[id.to_string()], Some(id), at, at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// One import as it stands, if it exists.
    ///
    /// # Errors
    /// A database error.
    pub async fn import(&self, id: ImportId) -> Result<Option<Import>> {
        let row: Option<Row> = read!(self, |db| sqlx::query_as(import_sql!("WHERE i.id = $1"))
            .bind(id.uuid())
            .fetch_optional(db)
            .await)?;
        row.map(Row::into_import).transpose()
    }

    /// The newest imports.
    ///
    /// # Errors
    /// A database error.
    pub async fn newest_imports(&self, limit: i64) -> Result<Vec<Import>> {
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(import_sql!(
            "ORDER BY i.created_at DESC, i.id LIMIT $1"
        ))
        .bind(limit)
        .fetch_all(db)
        .await)?;
        rows.into_iter().map(Row::into_import).collect()
    }

    /// The file of an import, and whether a person looks at its columns; no bytes once they were
    /// forgotten.
    ///
    /// # Errors
    /// A database error.
    pub async fn import_file(&self, id: ImportId) -> Result<Option<(Vec<u8>, bool)>> {
        Ok(read!(self, |db| sqlx::query_as(
            "SELECT bytes, asks_mapping FROM imports WHERE id = $1 AND bytes IS NOT NULL"
        )
        .bind(id.uuid())
        .fetch_optional(db)
        .await)?)
    }

    /// The jobs of an import that carry rows or compare records, in the order of the rows, and the one
    /// that reads it where it was given up.
    ///
    /// # Errors
    /// A database error.
    pub async fn import_jobs(&self, id: ImportId) -> Result<Vec<(JobId, ImportJob)>> {
        type Row = (Uuid, String, String, Option<String>, Option<String>);
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT id, kind, status, result, error FROM jobs \
             WHERE import_id = $1 AND (kind <> 'read_import' OR status = 'dead') ORDER BY id"
        )
        .bind(id.uuid())
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(id, kind, status, result, error)| {
                let kind =
                    JobKind::from_code(&kind).ok_or_else(|| corrupt(format!("job kind {kind}")))?;
                let status = JobStatus::from_code(&status)
                    .ok_or_else(|| corrupt(format!("job status {status}")))?;
                Ok((JobId::from_uuid(id), ImportJob { kind, status, result, error }))
            })
            .collect()
    }

    /// Saves what reading a file led to and ends the reading job, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken over, or a database error; in both
    /// cases nothing was saved.
    pub async fn finish_reading(
        &self,
        job: &ClaimedJob,
        id: ImportId,
        outcome: &ReadOutcome,
        notes: &[String],
        at: Timestamp,
        before_commit: impl FnOnce(),
    ) -> Result<()> {
        let (stage, preview, row_count, error, payloads) = match outcome {
            ReadOutcome::Preview(preview) => {
                (ImportStage::Mapping, Some(preview), None, None, &[][..])
            }
            ReadOutcome::Rows { payloads, row_count, preview } => {
                let payloads = payloads.as_slice();
                (ImportStage::Importing, Some(preview), Some(*row_count), None, payloads)
            }
            ReadOutcome::Failed(why) => (ImportStage::Failed, None, None, Some(why), &[][..]),
        };
        let preview = preview.map(serde_json::to_string).transpose().map_err(corrupt)?;
        let notes = serde_json::to_string(notes).map_err(corrupt)?;
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "UPDATE imports SET stage = $1, preview = $2, notes = $3, row_count = $4, error = $5 \
             WHERE id = $6"
        )
        .bind(stage.code())
        .bind(preview)
        .bind(&notes)
        .bind(row_count)
        .bind(error)
        .bind(id.uuid())
        .execute(db)
        .await)?;
        jobs::insert(&mut tx, JobKind::Ingest, payloads, Some(id), at, at).await?;
        jobs::end(&mut tx, job, "", at).await?;
        before_commit();
        tx.commit().await
    }

    /// Takes the rows of an import whose columns a person has looked at, and keeps what they said of
    /// them for the source's next file. Tells whether it was waiting for that.
    ///
    /// # Errors
    /// A database error; then nothing was saved.
    pub async fn start_import(
        &self,
        import: &Import,
        mapping: &str,
        at: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.pool.begin().await?;
        let waiting = touch!(&mut tx, |db| sqlx::query(
            "UPDATE imports SET stage = 'reading', asks_mapping = FALSE, mapping = $1 \
             WHERE id = $2 AND stage = 'mapping'"
        )
        .bind(mapping)
        .bind(import.id.uuid())
        .execute(db)
        .await)?;
        if waiting == 0 {
            return Ok(false);
        }
        keep_mapping(&mut tx, import.library, &import.source, mapping, at).await?;
        let payload = [import.id.to_string()];
        jobs::insert(&mut tx, JobKind::ReadImport, &payload, Some(import.id), at, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What a source has said about its headers, as JSON of `ingest`.
    ///
    /// # Errors
    /// A database error.
    pub async fn source_mapping(&self, library: Library, source: &str) -> Result<Option<String>> {
        Ok(read!(self, |db| sqlx::query_scalar(
            "SELECT mapping FROM source_mappings WHERE library = $1 AND source_name = $2"
        )
        .bind(library.code())
        .bind(source)
        .fetch_optional(db)
        .await)?)
    }

    /// Forgets files that have been kept long enough; tells how many.
    ///
    /// # Errors
    /// A database error.
    pub async fn forget_import_files(&self, at: Timestamp) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        let forgotten = touch!(&mut tx, |db| sqlx::query(
            "UPDATE imports SET bytes = NULL WHERE bytes IS NOT NULL AND bytes_until < $1 \
             AND stage NOT IN ('reading', 'mapping')"
        )
        .bind(at.micros())
        .execute(db)
        .await)?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

async fn keep_mapping(
    tx: &mut Tx,
    library: Library,
    source: &str,
    mapping: &str,
    at: Timestamp,
) -> Result<()> {
    touch!(tx, |db| sqlx::query(
        "INSERT INTO source_mappings (library, source_name, mapping, updated_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (library, source_name) \
         DO UPDATE SET mapping = excluded.mapping, updated_at = excluded.updated_at"
    )
    .bind(library.code())
    .bind(source)
    .bind(mapping)
    .bind(at.micros())
    .execute(db)
    .await)?;
    Ok(())
}

impl Row {
    fn into_import(self) -> Result<Import> {
        let id = ImportId::from_uuid(self.id);
        let told = |error: serde_json::Error| corrupt(format!("import {id}: {error}"));
        let stage = ImportStage::from_code(&self.stage)
            .ok_or_else(|| corrupt(format!("stage {} of import {id}", self.stage)))?;
        let library = self
            .library
            .parse()
            .map_err(|_| StoreError::Corrupt(format!("library {} of import {id}", self.library)))?;
        Ok(Import {
            id,
            library,
            source: self.source_name,
            file: self.file_name,
            sha256: self.sha256,
            sample: self.sample,
            stage: reached(stage, self.open_jobs, self.dead_jobs),
            mapping: self.mapping,
            preview: self.preview.as_deref().map(serde_json::from_str).transpose().map_err(told)?,
            notes: serde_json::from_str(&self.notes).map_err(told)?,
            row_count: self.row_count,
            error: self.error,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

/// The stage that an import has reached, as its jobs show it.
const fn reached(stage: ImportStage, open_jobs: i64, dead_jobs: i64) -> ImportStage {
    match stage {
        ImportStage::Reading | ImportStage::Importing if open_jobs > 0 => stage,
        ImportStage::Reading | ImportStage::Importing if dead_jobs > 0 => ImportStage::Failed,
        ImportStage::Importing => ImportStage::Done,
        other => other,
    }
}

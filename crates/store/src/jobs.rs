//! Background jobs.
//!
//! A table of our own, because a job must be saved in the transaction that saves its data. A worker
//! holds a job by a lease; when the worker dies the lease runs out and another worker starts over,
//! so every handler must be able to run twice. After too many attempts a job is dead, with its reason.

use kechuang_domain::{ImportId, JobId, JobKind, JobStatus, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    RecordDraft, Result, Saved, Store, StoreError, changes,
    db::{Tx, read, touch, within},
    error::corrupt,
    records,
};

/// How often a job is tried before it is dead.
pub const MAX_ATTEMPTS: i64 = 5;
/// How long a worker may be silent before its job passes on, in seconds.
pub const LEASE_SECONDS: i64 = 60;

/// A job as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Identifier.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: JobKind,
    /// Where it stands.
    pub status: JobStatus,
    /// How often it was started.
    pub attempts: i64,
    /// What it found, as the handler's JSON.
    pub result: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Identifier.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: JobKind,
    /// What the handler works on, as its own JSON.
    pub payload: String,
    /// How often it has been started, this time included.
    pub attempts: i64,
    /// The import that it belongs to.
    pub import: Option<ImportId>,
    lease_holder: Uuid,
}

#[derive(FromRow)]
struct ClaimedRow {
    id: Uuid,
    kind: String,
    payload: String,
    attempts: i64,
    import_id: Option<Uuid>,
}

macro_rules! claim_sql {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, \
             lease_holder = $1, lease_until = $2 \
             WHERE id = (SELECT id FROM jobs WHERE kind = $3 AND run_after <= $4 \
             AND (status = 'queued' OR (status = 'running' AND lease_until < $4)) \
             ORDER BY run_after, id LIMIT 1",
            $lock,
            ") RETURNING id, kind, payload, attempts, import_id"
        )
    };
}

impl Store {
    /// Saves jobs of one kind in one transaction, each claimable from `run_after` on.
    ///
    /// # Errors
    /// A database error; then none was saved.
    pub async fn enqueue(
        &self,
        kind: JobKind,
        payloads: &[String],
        run_after: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<JobId>> {
        let mut tx = self.pool.begin().await?;
        let ids = insert(&mut tx, kind, payloads, None, run_after, at).await?;
        tx.commit().await?;
        Ok(ids)
    }

    /// Takes the next job of this kind whose time has come, or whose worker has gone silent.
    ///
    /// # Errors
    /// A database error.
    pub async fn claim(&self, kind: JobKind, at: Timestamp) -> Result<Option<ClaimedJob>> {
        self.bury_exhausted(kind, at).await?;
        let mut tx = self.pool.begin().await?;
        let lease_holder = Uuid::now_v7();
        let until = at.plus_seconds(LEASE_SECONDS);
        macro_rules! claim {
            ($db:expr, $sql:expr) => {
                sqlx::query_as::<_, ClaimedRow>($sql)
                    .bind(lease_holder)
                    .bind(until.micros())
                    .bind(kind.code())
                    .bind(at.micros())
                    .fetch_optional($db)
                    .await?
            };
        }
        // SQLite has one writer at a time; on PostgreSQL workers must step over each other's rows.
        let row = match &mut tx {
            Tx::Sqlite(tx) => claim!(&mut **tx, claim_sql!("")),
            Tx::Postgres(tx) => claim!(&mut **tx, claim_sql!(" FOR UPDATE SKIP LOCKED")),
        };
        tx.commit().await?;
        row.map(|row| {
            Ok(ClaimedJob {
                id: JobId::from_uuid(row.id),
                kind: parse_kind(&row.kind)?,
                payload: row.payload,
                attempts: row.attempts,
                import: row.import_id.map(ImportId::from_uuid),
                lease_holder,
            })
        })
        .transpose()
    }

    /// Tells that the worker is alive, so that its lease lasts on.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`], or a database error.
    pub async fn heartbeat(&self, job: &ClaimedJob, at: Timestamp) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        let touched = touch!(&mut tx, |db| sqlx::query(
            "UPDATE jobs SET lease_until = $1 \
             WHERE id = $2 AND lease_holder = $3 AND status = 'running'"
        )
        .bind(at.plus_seconds(LEASE_SECONDS).micros())
        .bind(job.id.uuid())
        .bind(job.lease_holder)
        .execute(db)
        .await)?;
        held(touched)?;
        tx.commit().await
    }

    /// Saves what a job made, the job that follows from it (where `next` names one) and the end of the
    /// job, in one transaction: either all are there or none. `before_commit` is called when everything is written and nothing is committed.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken over, or a database error; in both
    /// cases nothing was saved.
    pub async fn finish_with_records(
        &self,
        job: &ClaimedJob,
        drafts: &[RecordDraft],
        result: impl FnOnce(&[Saved]) -> String,
        next: impl FnOnce(&[Saved]) -> Option<(JobKind, String)>,
        at: Timestamp,
        before_commit: impl FnOnce(),
    ) -> Result<Vec<Saved>> {
        let mut tx = self.pool.begin().await?;
        let saved = records::save(&mut tx, drafts, Some(job.id.uuid()), at).await?;
        let result = result(&saved);
        if let Some((kind, payload)) = next(&saved) {
            insert(&mut tx, kind, &[payload], job.import, at, at).await?;
        }
        end(&mut tx, job, &result, at).await?;
        before_commit();
        tx.commit().await?;
        Ok(saved)
    }

    /// Ends a job that comes again and again, and saves its next time, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`], or a database error; then nothing was saved.
    pub async fn finish_and_repeat(
        &self,
        job: &ClaimedJob,
        result: &str,
        again: Timestamp,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        insert(&mut tx, job.kind, std::slice::from_ref(&job.payload), None, again, at).await?;
        end(&mut tx, job, result, at).await?;
        tx.commit().await
    }

    /// Saves a job of this kind unless one waits or runs already.
    ///
    /// # Errors
    /// A database error.
    pub async fn enqueue_once(&self, kind: JobKind, at: Timestamp) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        // Two workers that start together must not both find none.
        changes::lock(&mut tx).await?;
        let waiting: Option<Uuid> = within!(&mut tx, |db| sqlx::query_scalar(
            "SELECT id FROM jobs WHERE kind = $1 AND status IN ('queued', 'running') LIMIT 1"
        )
        .bind(kind.code())
        .fetch_optional(db)
        .await)?;
        if waiting.is_none() {
            insert(&mut tx, kind, &["{}".to_owned()], None, at, at).await?;
        }
        tx.commit().await
    }

    /// Gives a job back after a failure: it waits until `retry_at`, or is dead after its last attempt.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`], or a database error.
    pub async fn give_back(
        &self,
        job: &ClaimedJob,
        error: &str,
        retry_at: Timestamp,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        let touched = touch!(&mut tx, |db| {
            sqlx::query(
            "UPDATE jobs SET error = $1, run_after = $2, lease_holder = NULL, lease_until = NULL, \
             finished_at = CASE WHEN attempts >= max_attempts THEN $3 END, \
             status = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'queued' END \
             WHERE id = $4 AND lease_holder = $5 AND status = 'running'"
        )
        .bind(error)
        .bind(retry_at.micros())
        .bind(at.micros())
        .bind(job.id.uuid())
        .bind(job.lease_holder)
        .execute(db).await
        })?;
        held(touched)?;
        tx.commit().await
    }

    /// One job, if it exists.
    ///
    /// # Errors
    /// A database error.
    pub async fn job(&self, id: JobId) -> Result<Option<Job>> {
        type Row = (String, String, i64, Option<String>, Option<String>, i64, Option<i64>);
        let row: Option<Row> = read!(self, |db| sqlx::query_as(
            "SELECT kind, status, attempts, result, error, created_at, finished_at \
             FROM jobs WHERE id = $1"
        )
        .bind(id.uuid())
        .fetch_optional(db)
        .await)?;
        row.map(|(kind, status, attempts, result, error, created_at, finished_at)| {
            Ok(Job {
                id,
                kind: parse_kind(&kind)?,
                status: JobStatus::from_code(&status)
                    .ok_or_else(|| corrupt(format!("job status {status}")))?,
                attempts,
                result,
                error,
                created_at: Timestamp::from_micros(created_at),
                finished_at: finished_at.map(Timestamp::from_micros),
            })
        })
        .transpose()
    }

    /// How many jobs stand where, as (status, count), for checks and status pages.
    ///
    /// # Errors
    /// A database error.
    pub async fn job_counts(&self) -> Result<Vec<(JobStatus, i64)>> {
        let rows: Vec<(String, i64)> = read!(self, |db| sqlx::query_as(
            "SELECT status, COUNT(*) FROM jobs GROUP BY status ORDER BY status"
        )
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(status, count)| {
                let status = JobStatus::from_code(&status)
                    .ok_or_else(|| corrupt(format!("job status {status}")))?;
                Ok((status, count))
            })
            .collect()
    }

    /// A worker that dies never gives back; its job has had its last attempt all the same.
    async fn bury_exhausted(&self, kind: JobKind, at: Timestamp) -> Result<()> {
        let exhausted: Option<i64> = read!(self, |db| sqlx::query_scalar(
            "SELECT attempts FROM jobs WHERE kind = $1 AND status = 'running' \
             AND lease_until < $2 AND attempts >= max_attempts LIMIT 1"
        )
        .bind(kind.code())
        .bind(at.micros())
        .fetch_optional(db)
        .await)?;
        if exhausted.is_none() {
            return Ok(());
        }
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "UPDATE jobs SET status = 'dead', finished_at = $1, \
             error = COALESCE(error, 'the worker went silent in every attempt') \
             WHERE kind = $2 AND status = 'running' AND lease_until < $1 \
             AND attempts >= max_attempts"
        )
        .bind(at.micros())
        .bind(kind.code())
        .execute(db)
        .await)?;
        tx.commit().await
    }
}

/// Saves jobs inside an open transaction.
pub(crate) async fn insert(
    tx: &mut Tx,
    kind: JobKind,
    payloads: &[String],
    import: Option<ImportId>,
    run_after: Timestamp,
    at: Timestamp,
) -> Result<Vec<JobId>> {
    let mut ids = Vec::with_capacity(payloads.len());
    for payload in payloads {
        let id = Uuid::now_v7();
        touch!(tx, |db| sqlx::query(
            "INSERT INTO jobs (id, kind, status, payload, run_after, attempts, max_attempts, \
             created_at, import_id) VALUES ($1, $2, 'queued', $3, $4, 0, $5, $6, $7)"
        )
        .bind(id)
        .bind(kind.code())
        .bind(payload)
        .bind(run_after.micros())
        .bind(MAX_ATTEMPTS)
        .bind(at.micros())
        .bind(import.map(ImportId::uuid))
        .execute(db)
        .await)?;
        ids.push(JobId::from_uuid(id));
    }
    Ok(ids)
}

/// Ends a job that this worker still holds, inside an open transaction.
pub(crate) async fn end(tx: &mut Tx, job: &ClaimedJob, result: &str, at: Timestamp) -> Result<()> {
    let touched = touch!(tx, |db| sqlx::query(
        "UPDATE jobs SET status = 'done', result = $1, error = NULL, finished_at = $2 \
         WHERE id = $3 AND lease_holder = $4 AND status = 'running'"
    )
    .bind(result)
    .bind(at.micros())
    .bind(job.id.uuid())
    .bind(job.lease_holder)
    .execute(db)
    .await)?;
    held(touched)
}

const fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}

fn parse_kind(code: &str) -> Result<JobKind> {
    JobKind::from_code(code).ok_or_else(|| corrupt(format!("job kind {code}")))
}

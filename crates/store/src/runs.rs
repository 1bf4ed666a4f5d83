//! Saved match runs: what was asked, every stage's score, and the answer.
//!
//! A run that started from a record belongs to that record. A run on somebody's own words is
//! anonymous: it is reached only with its token, expires, and is never listed.

use kechuang_domain::{EventKind, PartyId, RecordId, RunId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch},
    error::corrupt,
    events,
    refinements::{self, RunRefinement},
};

/// A run about to be saved. The three JSON texts are kept to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// SHA-256 in hex of the token that opens it; `None` for a run from a record.
    pub token_hash: Option<String>,
    /// The record it started from, with its revision.
    pub source: Option<(RecordId, i64)>,
    /// Name of the rank profile.
    pub profile: String,
    /// The change sequence that the index had applied.
    pub applied_seq: i64,
    /// The request.
    pub request: String,
    /// Everything that fusion and what follows started from.
    pub scores: String,
    /// The answer.
    pub outcome: String,
    /// The proposed records, for the outcome events; empty for an anonymous run.
    pub matched: Vec<RecordId>,
    /// The achievement that stands first in the answer to a demand of the library; `None` for any other run.
    pub headed_by: Option<RecordId>,
    /// When it ends; `None` for a run from a record.
    pub expires_at: Option<Timestamp>,
    /// Whether a large model is to judge it.
    pub to_refine: bool,
}

/// A run as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRun {
    /// Identifier.
    pub id: RunId,
    /// SHA-256 in hex of the token that opens it; `None` for a run from a record.
    pub token_hash: Option<String>,
    /// The record it started from, with its revision.
    pub source: Option<(RecordId, i64)>,
    /// Name of the rank profile.
    pub profile: String,
    /// The change sequence that the index had applied.
    pub applied_seq: i64,
    /// The request.
    pub request: String,
    /// Everything that fusion and what follows started from.
    pub scores: String,
    /// The answer.
    pub outcome: String,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What a large model has made of it; `None` where none was asked.
    pub refinement: Option<RunRefinement>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    token_hash: Option<String>,
    source_record: Option<Uuid>,
    source_revision: Option<i64>,
    profile: String,
    applied_seq: i64,
    request: String,
    scores: String,
    outcome: String,
    created_at: i64,
    expires_at: Option<i64>,
    refinement: Option<String>,
    refined_scores: Option<String>,
    refined_outcome: Option<String>,
}

impl Store {
    /// Saves a run and, for a run from a record, one `matched` event for each proposed record.
    ///
    /// # Errors
    /// A database error; then nothing was saved.
    pub async fn save_run(&self, run: &NewRun, at: Timestamp) -> Result<RunId> {
        let id = RunId::from_uuid(Uuid::now_v7());
        let mut tx = self.pool.begin().await?;
        insert(&mut tx, id, run, at).await?;
        keep_head(&mut tx, run, at).await?;
        if run.to_refine {
            refinements::wait(&mut tx, id, at).await?;
        }
        events::append_matched(&mut tx, id, &run.matched, EventKind::Matched, at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A run that has not expired at `now`.
    ///
    /// # Errors
    /// A database error.
    pub async fn run(&self, id: RunId, now: Timestamp) -> Result<Option<SavedRun>> {
        let row: Option<Row> = read!(self, |db| sqlx::query_as(
            "SELECT id, token_hash, source_record, source_revision, profile, applied_seq, \
             request, match_runs.scores, match_runs.outcome, created_at, expires_at, \
             run_refinements.status AS refinement, run_refinements.scores AS refined_scores, \
             run_refinements.outcome AS refined_outcome FROM match_runs \
             LEFT JOIN run_refinements ON run_refinements.run_id = match_runs.id \
             WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)"
        )
        .bind(id.uuid())
        .bind(now.micros())
        .fetch_optional(db)
        .await)?;
        row.map(Row::into_run).transpose()
    }

    /// The newest run that started from this record.
    ///
    /// # Errors
    /// A database error.
    pub async fn newest_run_of(&self, record: RecordId) -> Result<Option<SavedRun>> {
        let row: Option<Row> = read!(self, |db| sqlx::query_as(
            "SELECT id, token_hash, source_record, source_revision, profile, applied_seq, \
             request, match_runs.scores, match_runs.outcome, created_at, expires_at, \
             run_refinements.status AS refinement, run_refinements.scores AS refined_scores, \
             run_refinements.outcome AS refined_outcome FROM match_runs \
             LEFT JOIN run_refinements ON run_refinements.run_id = match_runs.id \
             WHERE source_record = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
        )
        .bind(record.uuid())
        .fetch_optional(db)
        .await)?;
        row.map(Row::into_run).transpose()
    }

    /// Whose achievements stand first in the newest answers to at least `lists` demands, of those that were answered since
    /// then, with how many; the demand `except` is left out.
    ///
    /// # Errors
    /// A database error.
    pub async fn heads_since(
        &self,
        since: Timestamp,
        lists: u32,
        except: Option<RecordId>,
    ) -> Result<Vec<(PartyId, u32)>> {
        let rows: Vec<(Uuid, i64)> = read!(self, |db| sqlx::query_as(
            "SELECT records.owner, COUNT(*) FROM list_heads \
             JOIN records ON records.id = list_heads.headed_by \
             WHERE list_heads.at >= $1 AND list_heads.source_record <> $2 \
             GROUP BY records.owner HAVING COUNT(*) >= $3 ORDER BY records.owner"
        )
        .bind(since.micros())
        .bind(except.map_or_else(Uuid::nil, RecordId::uuid))
        .bind(i64::from(lists))
        .fetch_all(db)
        .await)?;
        let head = |(owner, count): (Uuid, i64)| {
            (PartyId::from_uuid(owner), u32::try_from(count).unwrap_or(u32::MAX))
        };
        Ok(rows.into_iter().map(head).collect())
    }

    /// Deletes the anonymous runs that have expired at `now` and tells how many there were.
    ///
    /// # Errors
    /// A database error.
    pub async fn drop_expired_runs(&self, now: Timestamp) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        let dropped = touch!(&mut tx, |db| sqlx::query(
            "DELETE FROM match_runs WHERE expires_at IS NOT NULL AND expires_at <= $1"
        )
        .bind(now.micros())
        .execute(db)
        .await)?;
        tx.commit().await?;
        Ok(dropped)
    }
}

async fn insert(tx: &mut Tx, id: RunId, run: &NewRun, at: Timestamp) -> Result<()> {
    touch!(tx, |db| sqlx::query(
        "INSERT INTO match_runs (id, token_hash, source_record, source_revision, profile, \
         applied_seq, request, scores, outcome, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(id.uuid())
    .bind(&run.token_hash)
    .bind(run.source.map(|(record, _)| record.uuid()))
    .bind(run.source.map(|(_, revision)| revision))
    .bind(&run.profile)
    .bind(run.applied_seq)
    .bind(&run.request)
    .bind(&run.scores)
    .bind(&run.outcome)
    .bind(at.micros())
    .bind(run.expires_at.map(Timestamp::micros))
    .execute(db)
    .await)?;
    Ok(())
}

/// Keeps who stands first in the answer to a demand, unless a newer answer is known.
async fn keep_head(tx: &mut Tx, run: &NewRun, at: Timestamp) -> Result<()> {
    let (Some((source, _)), Some(head)) = (run.source, run.headed_by) else { return Ok(()) };
    touch!(tx, |db| {
        sqlx::query(
        "INSERT INTO list_heads (source_record, headed_by, at) VALUES ($1, $2, $3) \
         ON CONFLICT (source_record) DO UPDATE SET headed_by = excluded.headed_by, at = excluded.at \
         WHERE excluded.at >= list_heads.at"
    )
    .bind(source.uuid())
    .bind(head.uuid())
    .bind(at.micros())
    .execute(db)
    .await
    })?;
    Ok(())
}

impl Row {
    fn into_run(self) -> Result<SavedRun> {
        let source = match (self.source_record, self.source_revision) {
            (Some(record), Some(revision)) => Some((RecordId::from_uuid(record), revision)),
            (None, None) => None,
            _ => return Err(corrupt(format!("run {} has half a source", self.id))),
        };
        let refinement =
            match (self.refinement.as_deref(), self.refined_scores, self.refined_outcome) {
                (None, ..) => None,
                (Some(refinements::WAITING), ..) => Some(RunRefinement::Waiting),
                (Some(_), Some(scores), Some(outcome)) => {
                    Some(RunRefinement::Done { scores, outcome })
                }
                (Some(_), ..) => {
                    return Err(corrupt(format!("run {} has half a refinement", self.id)));
                }
            };
        Ok(SavedRun {
            id: RunId::from_uuid(self.id),
            token_hash: self.token_hash,
            source,
            profile: self.profile,
            applied_seq: self.applied_seq,
            request: self.request,
            scores: self.scores,
            outcome: self.outcome,
            created_at: Timestamp::from_micros(self.created_at),
            expires_at: self.expires_at.map(Timestamp::from_micros),
            refinement,
        })
    }
}

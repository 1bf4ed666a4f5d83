//! What large models have made of saved runs.

use kechuang_domain::{EventKind, JobKind, RecordId, RunId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch},
    error::corrupt,
    jobs::{self, ClaimedJob},
};

/// How a run stands whose judgement is asked for and not there yet.
pub(crate) const WAITING: &str = "waiting";

/// What a large model has made of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunRefinement {
    /// It is asked for and not there yet.
    Waiting,
    /// It is there, or was tried in vain.
    Done {
        /// Everything that fusion and what follows started from.
        scores: String,
        /// The answer.
        outcome: String,
    },
}

/// What a large model has made of a run, about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefinement {
    /// `refined` or `degraded`.
    pub status: &'static str,
    /// Quotes that stand nowhere in the record, and were taken out.
    pub removed_quotes: u64,
    /// Sentences that were not shown to it.
    pub withheld: u64,
    /// Everything that fusion and what follows started from.
    pub scores: String,
    /// The answer.
    pub outcome: String,
    /// The achievement that stands first in it.
    pub headed_by: Option<RecordId>,
}

/// How many runs a large model was asked for, by what came of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RefinementCount {
    /// `waiting`, `refined` or `degraded`.
    pub status: String,
    /// Runs.
    pub runs: i64,
    /// Quotes that were taken out.
    pub removed_quotes: i64,
    /// Sentences that were not shown to it.
    pub withheld: i64,
}

/// What somebody made of an answer in a run that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefinedEvent {
    /// The run.
    pub run: RunId,
    /// The record.
    pub record: RecordId,
    /// What happened.
    pub kind: EventKind,
}

impl Store {
    /// Keeps what a large model has made of a run and ends the job, in one transaction. A run that is gone meanwhile
    /// stays gone.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`](crate::StoreError::LeaseLost), or a database error; then nothing was kept.
    pub async fn finish_refinement(
        &self,
        job: &ClaimedJob,
        run: RunId,
        refinement: &NewRefinement,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| {
            sqlx::query(
            "UPDATE run_refinements SET status = $2, removed_quotes = $3, withheld = $4, scores = $5, \
             outcome = $6, at = $7 WHERE run_id = $1"
        )
        .bind(run.uuid())
        .bind(refinement.status)
        .bind(whole(refinement.removed_quotes))
        .bind(whole(refinement.withheld))
        .bind(&refinement.scores)
        .bind(&refinement.outcome)
        .bind(at.micros())
        .execute(db)
        .await
        })?;
        if let Some(head) = refinement.headed_by {
            // Only where no newer answer to the demand is known.
            touch!(&mut tx, |db| sqlx::query(
                "UPDATE list_heads SET headed_by = $2 \
                 WHERE source_record = (SELECT source_record FROM match_runs WHERE id = $1) \
                 AND at = (SELECT created_at FROM match_runs WHERE id = $1)"
            )
            .bind(run.uuid())
            .bind(head.uuid())
            .execute(db)
            .await)?;
        }
        jobs::end(&mut tx, job, refinement.status, at).await?;
        tx.commit().await
    }

    /// Ends the job of a run that is gone.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`](crate::StoreError::LeaseLost), or a database error.
    pub async fn drop_refinement(&self, job: &ClaimedJob, at: Timestamp) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        jobs::end(&mut tx, job, "gone", at).await?;
        tx.commit().await
    }

    /// How many runs a large model was asked for since then.
    ///
    /// # Errors
    /// A database error.
    pub async fn refinements_since(&self, since: Timestamp) -> Result<Vec<RefinementCount>> {
        let counts = read!(self, |db| sqlx::query_as(
            "SELECT status, COUNT(*) AS runs, \
             CAST(SUM(removed_quotes) AS BIGINT) AS removed_quotes, \
             CAST(SUM(withheld) AS BIGINT) AS withheld \
             FROM run_refinements WHERE at >= $1 GROUP BY status ORDER BY status"
        )
        .bind(since.micros())
        .fetch_all(db)
        .await)?;
        Ok(counts)
    }

    /// What people made of the answers of runs that a large model has judged since then: all but that they were
    /// proposed.
    ///
    /// # Errors
    /// A database error.
    pub async fn refined_events_since(&self, since: Timestamp) -> Result<Vec<RefinedEvent>> {
        let rows: Vec<(Uuid, Uuid, String)> = read!(self, |db| sqlx::query_as(
            "SELECT outcome_events.run_id, outcome_events.record_id, outcome_events.kind \
             FROM run_refinements \
             JOIN outcome_events ON outcome_events.run_id = run_refinements.run_id \
             WHERE run_refinements.at >= $1 AND run_refinements.status = 'refined' \
             AND outcome_events.kind <> $2 ORDER BY outcome_events.at, outcome_events.id"
        )
        .bind(since.micros())
        .bind(EventKind::Matched.code())
        .fetch_all(db)
        .await)?;
        let event = |(run, record, kind): (Uuid, Uuid, String)| {
            Ok(RefinedEvent {
                run: RunId::from_uuid(run),
                record: RecordId::from_uuid(record),
                kind: EventKind::from_code(&kind)
                    .ok_or_else(|| corrupt(format!("event kind {kind}")))?,
            })
        };
        rows.into_iter().map(event).collect()
    }
}

/// Saves that a large model is to judge a run, with the job, inside an open transaction.
pub(crate) async fn wait(tx: &mut Tx, run: RunId, at: Timestamp) -> Result<()> {
    touch!(tx, |db| sqlx::query(
        "INSERT INTO run_refinements (run_id, status, removed_quotes, withheld, at) \
         VALUES ($1, $2, 0, 0, $3)"
    )
    .bind(run.uuid())
    .bind(WAITING)
    .bind(at.micros())
    .execute(db)
    .await)?;
    jobs::insert(tx, JobKind::Refine, &[run.to_string()], None, at, at).await?;
    Ok(())
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

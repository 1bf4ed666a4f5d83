//! Outcome events: append-only. Rates and clocks of the product are computed from them.

use kechuang_domain::{EventId, EventKind, OutcomeEvent, PartyId, RecordId, RunId, Timestamp};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch},
    error::corrupt,
};

/// What became of one proposed record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The record that the match started from.
    pub source: RecordId,
    /// The proposed record.
    pub record: RecordId,
    /// What happened.
    pub kind: EventKind,
    /// Why, for a refusal.
    pub reason: Option<String>,
}

impl Store {
    /// Appends one event and gives it its id.
    ///
    /// # Errors
    /// A database error.
    pub async fn append_event(
        &self,
        run: RunId,
        record: RecordId,
        kind: EventKind,
        reason: Option<&str>,
        actor: Option<PartyId>,
        at: Timestamp,
    ) -> Result<EventId> {
        let id = Uuid::now_v7();
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "INSERT INTO outcome_events (id, run_id, record_id, kind, reason, actor, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(id)
        .bind(run.uuid())
        .bind(record.uuid())
        .bind(kind.code())
        .bind(reason)
        .bind(actor.map(PartyId::uuid))
        .bind(at.micros())
        .execute(db)
        .await)?;
        tx.commit().await?;
        Ok(EventId::from_uuid(id))
    }

    /// What became of matches that started from a record, oldest first: what was taken up, met over, turned down or
    /// contracted.
    ///
    /// # Errors
    /// A database error.
    pub async fn outcomes(&self) -> Result<Vec<Outcome>> {
        type Row = (Uuid, Uuid, String, Option<String>);
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT r.source_record, e.record_id, e.kind, e.reason FROM outcome_events e \
             JOIN match_runs r ON r.id = e.run_id \
             WHERE r.source_record IS NOT NULL \
             AND e.kind IN ('accepted', 'met', 'declined', 'contracted') ORDER BY e.at, e.id"
        )
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(source, record, kind, reason)| {
                Ok(Outcome {
                    source: RecordId::from_uuid(source),
                    record: RecordId::from_uuid(record),
                    kind: EventKind::from_code(&kind)
                        .ok_or_else(|| corrupt(format!("event kind {kind}")))?,
                    reason,
                })
            })
            .collect()
    }

    /// All events of a run, oldest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn events_of(&self, run: RunId) -> Result<Vec<OutcomeEvent>> {
        type Row = (Uuid, Uuid, String, Option<String>, Option<Uuid>, i64);
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT id, record_id, kind, reason, actor, at FROM outcome_events \
             WHERE run_id = $1 ORDER BY at, id"
        )
        .bind(run.uuid())
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(id, record, kind, reason, actor, at)| {
                Ok(OutcomeEvent {
                    id: EventId::from_uuid(id),
                    run,
                    record: RecordId::from_uuid(record),
                    kind: EventKind::from_code(&kind)
                        .ok_or_else(|| corrupt(format!("event kind {kind}")))?,
                    reason,
                    actor: actor.map(PartyId::from_uuid),
                    at: Timestamp::from_micros(at),
                })
            })
            .collect()
    }
}

/// Appends the same event for each of these records.
pub(crate) async fn append_matched(
    tx: &mut Tx,
    run: RunId,
    records: &[RecordId],
    kind: EventKind,
    at: Timestamp,
) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    touch!(tx, |db| {
        let mut query =
            QueryBuilder::new("INSERT INTO outcome_events (id, run_id, record_id, kind, at) ");
        query.push_values(records, |mut row, record| {
            row.push_bind(Uuid::now_v7())
                .push_bind(run.uuid())
                .push_bind(record.uuid())
                .push_bind(kind.code())
                .push_bind(at.micros());
        });
        query.build().execute(db).await
    })?;
    Ok(())
}

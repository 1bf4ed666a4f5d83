//! The change log: the one source of index upkeep.
//!
//! A gapless sequence in commit order. Whoever owns an index remembers the last sequence it has
//! applied and asks for what came after.

use kechuang_domain::{RecordId, Timestamp};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch, within},
    error::corrupt,
};

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A new or changed revision that is in the library.
    Saved,
    /// A revision that takes the record out of the library.
    Withdrawn,
}

impl ChangeKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its place, from 1 without gaps.
    pub seq: i64,
    /// Which record.
    pub record: RecordId,
    /// The revision it brought.
    pub revision: i64,
    /// What happened.
    pub kind: ChangeKind,
}

impl Store {
    /// The last sequence given out; 0 where nothing ever changed.
    ///
    /// # Errors
    /// A database error.
    pub async fn change_head(&self) -> Result<i64> {
        Ok(read!(self, |db| sqlx::query_scalar("SELECT seq FROM change_head WHERE id = 1")
            .fetch_one(db)
            .await)?)
    }

    /// How many entries the log lacks: 0 unless somebody has tampered with it.
    ///
    /// # Errors
    /// A database error.
    pub async fn change_log_gaps(&self) -> Result<i64> {
        Ok(read!(self, |db| sqlx::query_scalar(
            "SELECT (SELECT seq FROM change_head WHERE id = 1) - (SELECT COUNT(*) FROM change_log)"
        )
        .fetch_one(db)
        .await)?)
    }

    /// At most `limit` changes after `seq`, in order.
    ///
    /// # Errors
    /// A database error.
    pub async fn changes_after(&self, seq: i64, limit: i64) -> Result<Vec<Change>> {
        let rows: Vec<(i64, Uuid, i64, String)> = read!(self, |db| sqlx::query_as(
            "SELECT seq, record_id, revision, kind FROM change_log \
             WHERE seq > $1 ORDER BY seq LIMIT $2"
        )
        .bind(seq)
        .bind(limit)
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(seq, record, revision, kind)| {
                let kind = match kind.as_str() {
                    "saved" => ChangeKind::Saved,
                    "withdrawn" => ChangeKind::Withdrawn,
                    other => return Err(corrupt(format!("change kind {other}"))),
                };
                Ok(Change { seq, record: RecordId::from_uuid(record), revision, kind })
            })
            .collect()
    }
}

/// A change that has no sequence yet.
pub(crate) struct NewChange {
    pub(crate) record: RecordId,
    pub(crate) revision: i64,
    pub(crate) kind: ChangeKind,
}

/// Makes other writers wait until this transaction ends. On SQLite they wait already; on PostgreSQL
/// this keeps two of them from meeting half-way, each holding what the other wants.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    touch!(tx, |db| sqlx::query("UPDATE change_head SET seq = seq WHERE id = 1")
        .execute(db)
        .await)?;
    Ok(())
}

/// Logs that these records, at these revisions, have changed in their heads only, and gives their ids.
pub(crate) async fn append_saved(
    tx: &mut Tx,
    rows: Vec<(Uuid, i64)>,
    at: Timestamp,
) -> Result<Vec<RecordId>> {
    let changes: Vec<NewChange> = rows
        .into_iter()
        .map(|(id, revision)| NewChange {
            record: RecordId::from_uuid(id),
            revision,
            kind: ChangeKind::Saved,
        })
        .collect();
    append(tx, &changes, at).await?;
    Ok(changes.into_iter().map(|change| change.record).collect())
}

/// Gives each change the next sequence, inside the transaction that makes the change.
pub(crate) async fn append(tx: &mut Tx, changes: &[NewChange], at: Timestamp) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let last: i64 = within!(tx, |db| sqlx::query_scalar(
        "UPDATE change_head SET seq = seq + $1 WHERE id = 1 RETURNING seq"
    )
    .bind(changes.len() as i64)
    .fetch_one(db)
    .await)?;
    let first = last - changes.len() as i64 + 1;
    touch!(tx, |db| {
        let mut query =
            QueryBuilder::new("INSERT INTO change_log (seq, record_id, revision, kind, at) ");
        query.push_values(changes.iter().zip(first..), |mut row, (change, seq)| {
            row.push_bind(seq)
                .push_bind(change.record.uuid())
                .push_bind(change.revision)
                .push_bind(change.kind.code())
                .push_bind(at.micros());
        });
        query.build().execute(db).await
    })?;
    Ok(())
}

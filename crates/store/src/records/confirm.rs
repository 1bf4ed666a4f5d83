//! Confirming that a record still holds, without changing what it says.

use kechuang_domain::{RecordId, ReviewKind, Timestamp};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Result, Store, changes,
    db::{Tx, within},
    freshness, reviews,
};

/// A source that is read every minute would otherwise rewrite the index every minute.
const CONFIRM_EVERY_SECONDS: i64 = 24 * 3600;

/// Whether confirming at `at` says anything beyond the confirmation at `last`.
pub(super) const fn is_due(last: Timestamp, at: Timestamp) -> bool {
    last.plus_seconds(CONFIRM_EVERY_SECONDS).micros() <= at.micros()
}

impl Store {
    /// Notes that a person stands by these records at `at`, and by those that are shown for them. Indexes
    /// learn of it through the change log. Tells how many records that were.
    ///
    /// # Errors
    /// A database error; then nothing was noted.
    pub async fn confirm_records(&self, ids: &[RecordId], at: Timestamp) -> Result<usize> {
        let mut tx = self.pool.begin().await?;
        changes::lock(&mut tx).await?;
        let confirmed = confirm(&mut tx, ids, at).await?;
        let said = confirmed.iter().map(|id| (*id, ReviewKind::Confirmed));
        reviews::note(&mut tx, said, at).await?;
        tx.commit().await?;
        Ok(confirmed.len())
    }
}

/// The same inside a transaction that holds the change log's lock, without a note that it was a person.
/// Gives the records.
pub(super) async fn confirm(tx: &mut Tx, ids: &[RecordId], at: Timestamp) -> Result<Vec<RecordId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, i64)> = within!(tx, |db| {
        let mut query =
            QueryBuilder::new("UPDATE records SET freshness = 'fresh', confirmed_at = ");
        query.push_bind(at.micros());
        query.push(" WHERE status <> 'withdrawn' AND (id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.uuid());
        }
        query.push(") OR id IN (SELECT duplicate_of FROM records WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.uuid());
        }
        query.push("))) RETURNING id, revision");
        query.build_query_as().fetch_all(db).await
    })?;
    let confirmed = changes::append_saved(tx, rows, at).await?;
    freshness::settle(tx, &confirmed).await?;
    Ok(confirmed)
}

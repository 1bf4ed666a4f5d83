//! Records that say the same.
//!
//! A record is filed under keys; records that share enough of them are candidates. Keys are committed
//! before candidates are asked for, so that of two workers who take in the two halves of a pair at the
//! same time at least one sees it; links lead from the later record to the earlier one whoever makes
//! them.

use std::collections::BTreeSet;

use kechuang_domain::{
    DuplicateDecision, DuplicateOffer, Library, RecordId, ReviewKind, Timestamp,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    ClaimedJob, Result, Store, changes,
    db::{Tx, read, touch, within},
    error::corrupt,
    freshness, jobs, reviews,
};

/// Key rows of one statement: four values each.
const KEYS_PER_QUERY: usize = 4_000;
/// Candidates of one record that are worth comparing, at most: those that share most come first, and a
/// long series of one form would otherwise be compared with itself.
const CANDIDATES: i64 = 20;

/// What a record is filed under: keys and what sharing each counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKeys {
    /// The record.
    pub record: RecordId,
    /// Keys with their weights.
    pub keys: Vec<(i64, i64)>,
}

/// A pair that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DuplicatePair {
    /// One record.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// How alike they are, 0 to 1.
    pub score: f64,
}

impl Store {
    /// Files records anew under these keys.
    ///
    /// # Errors
    /// A database error; then nothing was filed.
    pub async fn file_records(&self, library: Library, records: &[RecordKeys]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut tx = self.pool.begin().await?;
        take_out(&mut tx, library, records).await?;
        let rows: Vec<(i64, Uuid, i64)> = records
            .iter()
            .flat_map(|one| one.keys.iter().map(|(key, weight)| (*key, one.record.uuid(), *weight)))
            .collect();
        for some in rows.chunks(KEYS_PER_QUERY) {
            touch!(&mut tx, |db| {
                let mut query =
                    QueryBuilder::new("INSERT INTO record_keys (library, key, record_id, weight) ");
                query.push_values(some, |mut row, (key, id, weight)| {
                    row.push_bind(library.code()).push_bind(*key).push_bind(*id).push_bind(*weight);
                });
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(db).await
            })?;
        }
        for one in records {
            let keys: Vec<i64> = one.keys.iter().map(|(key, _)| *key).collect();
            touch!(&mut tx, |db| sqlx::query(
                "INSERT INTO record_fingerprints (record_id, library, keys) VALUES ($1, $2, $3) \
                 ON CONFLICT (record_id) DO UPDATE SET keys = excluded.keys"
            )
            .bind(one.record.uuid())
            .bind(library.code())
            .bind(serde_json::to_string(&keys).map_err(corrupt)?)
            .execute(db)
            .await)?;
        }
        tx.commit().await
    }

    /// Records of a library that share keys of at least this weight, most first, withdrawn and linked
    /// ones left out.
    ///
    /// # Errors
    /// A database error.
    pub async fn duplicate_candidates(
        &self,
        library: Library,
        of: &RecordKeys,
        least: i64,
    ) -> Result<Vec<RecordId>> {
        if of.keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(Uuid, i64)> = read!(self, |db| {
            let mut query = QueryBuilder::new(
                "SELECT k.record_id, CAST(SUM(k.weight) AS BIGINT) AS shared FROM record_keys k \
                 JOIN records r ON r.id = k.record_id \
                 WHERE r.status IN ('active', 'closed') AND r.duplicate_of IS NULL \
                 AND k.library = ",
            );
            query.push_bind(library.code()).push(" AND k.record_id <> ");
            query.push_bind(of.record.uuid()).push(" AND k.key IN (");
            let mut list = query.separated(", ");
            for (key, _) in &of.keys {
                list.push_bind(*key);
            }
            query.push(") GROUP BY k.record_id HAVING SUM(k.weight) >= ");
            query.push_bind(least).push(" ORDER BY shared DESC, k.record_id LIMIT ");
            query.push_bind(CANDIDATES);
            query.build_query_as().fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(|(id, _)| RecordId::from_uuid(id)).collect())
    }

    /// Saves what comparing has found and ends its job, in one transaction: pairs that say the same are
    /// linked, the later record behind the earlier one; pairs that look alike are offered to a person,
    /// once.
    ///
    /// # Errors
    /// [`crate::StoreError::LeaseLost`] when another worker has taken over, or a database error; in
    /// both cases nothing was saved.
    pub async fn finish_duplicates(
        &self,
        job: &ClaimedJob,
        library: Library,
        same: &[DuplicatePair],
        alike: &[DuplicatePair],
        result: &str,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        changes::lock(&mut tx).await?;
        for pair in same {
            link(&mut tx, pair.a.max(pair.b), pair.a.min(pair.b), at).await?;
        }
        for pair in alike {
            match offer(&mut tx, library, pair, at).await? {
                // A change took the link away; what the person said of the two stands.
                DuplicateDecision::Same => {
                    link(&mut tx, pair.a.max(pair.b), pair.a.min(pair.b), at).await?;
                }
                DuplicateDecision::Open | DuplicateDecision::Different => {}
            }
        }
        jobs::end(&mut tx, job, result, at).await?;
        tx.commit().await
    }

    /// Pairs that wait for a person, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn open_duplicates(&self, limit: i64) -> Result<Vec<DuplicateOffer>> {
        type Row = (Uuid, Uuid, String, f64, String, i64);
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT o.first_id, o.second_id, o.library, o.score, o.decision, o.created_at \
             FROM duplicate_offers o \
             JOIN records a ON a.id = o.first_id JOIN records b ON b.id = o.second_id \
             WHERE o.decision = 'open' AND a.status <> 'withdrawn' AND b.status <> 'withdrawn' \
             AND a.duplicate_of IS NULL AND b.duplicate_of IS NULL \
             ORDER BY o.created_at DESC, o.first_id, o.second_id LIMIT $1"
        )
        .bind(limit)
        .fetch_all(db)
        .await)?;
        rows.into_iter()
            .map(|(first, second, library, score, decision, created_at)| {
                Ok(DuplicateOffer {
                    first: RecordId::from_uuid(first),
                    second: RecordId::from_uuid(second),
                    library: library.parse().map_err(corrupt)?,
                    score,
                    decision: DuplicateDecision::from_code(&decision)
                        .ok_or_else(|| corrupt(format!("decision {decision}")))?,
                    created_at: Timestamp::from_micros(created_at),
                })
            })
            .collect()
    }

    /// Keeps what a person says of a pair that was offered; the same are linked. Tells whether it was
    /// offered and open.
    ///
    /// # Errors
    /// A database error; then nothing was kept.
    pub async fn decide_duplicate(
        &self,
        first: RecordId,
        second: RecordId,
        decision: DuplicateDecision,
        at: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.pool.begin().await?;
        changes::lock(&mut tx).await?;
        let decided = touch!(&mut tx, |db| sqlx::query(
            "UPDATE duplicate_offers SET decision = $1, decided_at = $2 \
             WHERE first_id = $3 AND second_id = $4 AND decision = 'open'"
        )
        .bind(decision.code())
        .bind(at.micros())
        .bind(first.uuid())
        .bind(second.uuid())
        .execute(db)
        .await)?;
        let (of_first, of_second) = match decision {
            DuplicateDecision::Same => (ReviewKind::SameAs(second), ReviewKind::SameAs(first)),
            _ => (ReviewKind::OtherThan(second), ReviewKind::OtherThan(first)),
        };
        if decided == 1 {
            reviews::note(&mut tx, [(first, of_first), (second, of_second)], at).await?;
        }
        if decided == 1 && decision == DuplicateDecision::Same {
            link(&mut tx, second, first, at).await?;
        }
        tx.commit().await?;
        Ok(decided == 1)
    }

    /// The records that this one is shown for.
    ///
    /// # Errors
    /// A database error.
    pub async fn duplicates_of(&self, shown: RecordId) -> Result<Vec<RecordId>> {
        let ids: Vec<Uuid> = read!(self, |db| sqlx::query_scalar(
            "SELECT id FROM records WHERE duplicate_of = $1 ORDER BY id"
        )
        .bind(shown.uuid())
        .fetch_all(db)
        .await)?;
        Ok(ids.into_iter().map(RecordId::from_uuid).collect())
    }
}

/// Takes former keys of these records out.
async fn take_out(tx: &mut Tx, library: Library, records: &[RecordKeys]) -> Result<()> {
    for one in records {
        let former: Option<String> = within!(tx, |db| sqlx::query_scalar(
            "SELECT keys FROM record_fingerprints WHERE record_id = $1"
        )
        .bind(one.record.uuid())
        .fetch_optional(db)
        .await)?;
        let Some(former) = former else { continue };
        let former: BTreeSet<i64> = serde_json::from_str(&former).map_err(corrupt)?;
        for key in former {
            touch!(tx, |db| sqlx::query(
                "DELETE FROM record_keys WHERE library = $1 AND key = $2 AND record_id = $3"
            )
            .bind(library.code())
            .bind(key)
            .bind(one.record.uuid())
            .execute(db)
            .await)?;
        }
    }
    Ok(())
}

/// Puts `later` behind `earlier`, or behind what that one is behind; what was behind `later` follows.
/// Nothing is put behind what is closed or withdrawn, or has become so meanwhile, unless it is so itself.
async fn link(tx: &mut Tx, later: RecordId, earlier: RecordId, at: Timestamp) -> Result<()> {
    let rows: Vec<(Uuid, i64)> = within!(tx, |db| {
        sqlx::query_as(
        "UPDATE records SET duplicate_of = \
         (SELECT COALESCE(s.duplicate_of, s.id) FROM records s WHERE s.id = $1) \
         WHERE (id = $2 OR duplicate_of = $2) \
         AND id <> (SELECT COALESCE(s.duplicate_of, s.id) FROM records s WHERE s.id = $1) \
         AND EXISTS (SELECT 1 FROM records f JOIN records s ON s.id = COALESCE(f.duplicate_of, f.id) \
         WHERE f.id = $1 AND (s.status = 'active' OR s.status = records.status)) \
         RETURNING id, revision"
    )
    .bind(earlier.uuid())
    .bind(later.uuid())
    .fetch_all(db)
    .await
    })?;
    changes::append_saved(tx, rows, at).await?;
    stand_by(tx, later, at).await
}

/// Whoever confirmed `later` has confirmed what is shown for it.
async fn stand_by(tx: &mut Tx, later: RecordId, at: Timestamp) -> Result<()> {
    let rows: Vec<(Uuid, i64)> = within!(tx, |db| sqlx::query_as(
        "UPDATE records SET \
         confirmed_at = (SELECT l.confirmed_at FROM records l WHERE l.id = $1), \
         freshness = (SELECT l.freshness FROM records l WHERE l.id = $1) \
         WHERE id = (SELECT l.duplicate_of FROM records l WHERE l.id = $1) \
         AND confirmed_at < (SELECT l.confirmed_at FROM records l WHERE l.id = $1) \
         RETURNING id, revision"
    )
    .bind(later.uuid())
    .fetch_all(db)
    .await)?;
    let shown = changes::append_saved(tx, rows, at).await?;
    freshness::settle(tx, &shown).await
}

/// Offers a pair, once, and tells what was said of it.
async fn offer(
    tx: &mut Tx,
    library: Library,
    pair: &DuplicatePair,
    at: Timestamp,
) -> Result<DuplicateDecision> {
    touch!(tx, |db| sqlx::query(
        "INSERT INTO duplicate_offers \
         (first_id, second_id, library, score, decision, created_at) \
         VALUES ($1, $2, $3, $4, 'open', $5) ON CONFLICT DO NOTHING"
    )
    .bind(pair.a.min(pair.b).uuid())
    .bind(pair.a.max(pair.b).uuid())
    .bind(library.code())
    .bind(pair.score)
    .bind(at.micros())
    .execute(db)
    .await)?;
    let decision: String = within!(tx, |db| sqlx::query_scalar(
        "SELECT decision FROM duplicate_offers WHERE first_id = $1 AND second_id = $2"
    )
    .bind(pair.a.min(pair.b).uuid())
    .bind(pair.a.max(pair.b).uuid())
    .fetch_one(db)
    .await)?;
    DuplicateDecision::from_code(&decision).ok_or_else(|| corrupt(format!("decision {decision}")))
}

/// Records that stood behind these, which have changed or gone, stand for themselves again: the first
/// of them in front of the others.
pub(crate) async fn let_go(tx: &mut Tx, changed: &[RecordId], at: Timestamp) -> Result<()> {
    for shown in changed {
        let first: Option<Uuid> = within!(tx, |db| sqlx::query_scalar(
            "SELECT id FROM records WHERE duplicate_of = $1 ORDER BY id LIMIT 1"
        )
        .bind(shown.uuid())
        .fetch_optional(db)
        .await)?;
        let Some(first) = first else { continue };
        let rows: Vec<(Uuid, i64)> = within!(tx, |db| sqlx::query_as(
            "UPDATE records SET duplicate_of = CASE WHEN id = $1 THEN NULL ELSE $1 END \
             WHERE duplicate_of = $2 RETURNING id, revision"
        )
        .bind(first)
        .bind(shown.uuid())
        .fetch_all(db)
        .await)?;
        changes::append_saved(tx, rows, at).await?;
    }
    Ok(())
}

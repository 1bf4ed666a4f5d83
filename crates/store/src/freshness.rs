//! Records that nobody has confirmed for long, and the notices to their owners.
//!
//! A check moves records between fresh, stale and hidden by the age of their confirmation. What moves
//! enters the change log, so that indexes follow. A record is hidden only behind a notice whose day has
//! come; whoever confirms the record takes its notice away.

use kechuang_domain::{Freshness, FreshnessNotice, FreshnessRule, Library, RecordId, Timestamp};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::{
    Result, Store, changes,
    db::{Tx, read, touch, within},
    error::corrupt,
};

/// Records moved in one transaction, at most: other writers wait that long.
const MOVED_AT_ONCE: i64 = 1_000;

/// How many records a check has moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aged {
    /// Records that are fresh again, or stale and no longer hidden, because the rule has changed.
    pub restored: u64,
    /// Records that became stale.
    pub stale: u64,
    /// Owners were told of so many records.
    pub told: u64,
    /// Records that were hidden.
    pub hidden: u64,
}

impl Aged {
    /// Whether nothing was left to do.
    #[must_use]
    pub fn is_done(self) -> bool {
        self == Self::default()
    }

    /// Adds what another round has moved.
    pub const fn add(&mut self, more: Self) {
        self.restored += more.restored;
        self.stale += more.stale;
        self.told += more.told;
        self.hidden += more.hidden;
    }
}

#[derive(FromRow)]
struct NoticeRow {
    record_id: Uuid,
    library: String,
    name: String,
    confirmed_at: i64,
    created_at: i64,
    hides_at: i64,
    freshness: String,
}

impl Store {
    /// One round of the check of a library: at most 1,000 records of each kind, in one transaction. To
    /// be repeated until nothing is left to do. Without a rule all records are fresh.
    ///
    /// # Errors
    /// A database error; then nothing was moved.
    pub async fn age_records(
        &self,
        library: Library,
        rule: Option<FreshnessRule>,
        now: Timestamp,
    ) -> Result<Aged> {
        let never = Timestamp::from_micros(i64::MIN);
        let stale_before = rule.map_or(never, |rule| rule.stale_before(now));
        let hide_before = rule.map_or(never, |rule| rule.hide_before(now));
        let notice_before = rule.map_or(never, |rule| rule.notice_before(now));
        let mut tx = self.pool.begin().await?;
        changes::lock(&mut tx).await?;
        drop_needless(&mut tx, library, notice_before).await?;
        let fresh = "freshness <> 'fresh' AND confirmed_at > ";
        let shown = "freshness = 'hidden' AND confirmed_at > ";
        let stale = "freshness = 'fresh' AND status = 'active' AND confirmed_at <= ";
        let restored = set(&mut tx, library, Freshness::Fresh, fresh, stale_before, now).await?
            + set(&mut tx, library, Freshness::Stale, shown, hide_before, now).await?;
        let stale = set(&mut tx, library, Freshness::Stale, stale, stale_before, now).await?;
        let told = match rule {
            Some(rule) => tell(&mut tx, library, rule, now).await?,
            None => 0,
        };
        let hidden = hide(&mut tx, library, hide_before, now).await?;
        tx.commit().await?;
        Ok(Aged { restored, stale, told, hidden })
    }

    /// The notices that stand, from the `skip`th on, at most `limit`, and how many there are. Those of
    /// records that are hidden next come first, those of records that are hidden already last.
    ///
    /// # Errors
    /// A database error.
    pub async fn freshness_notices(
        &self,
        limit: i64,
        skip: i64,
    ) -> Result<(Vec<FreshnessNotice>, i64)> {
        let rows: Vec<NoticeRow> = read!(self, |db| sqlx::query_as(
            "SELECT n.record_id, r.library, p.name, r.confirmed_at, n.created_at, n.hides_at, \
             r.freshness FROM freshness_notices n JOIN records r ON r.id = n.record_id \
             JOIN parties p ON p.id = r.owner WHERE r.status = 'active' AND r.duplicate_of IS NULL \
             ORDER BY CASE WHEN r.freshness = 'hidden' THEN 1 ELSE 0 END, n.hides_at, n.record_id \
             LIMIT $1 OFFSET $2"
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(db)
        .await)?;
        let count: i64 = read!(self, |db| sqlx::query_scalar(
            "SELECT COUNT(*) FROM freshness_notices n JOIN records r ON r.id = n.record_id \
             WHERE r.status = 'active' AND r.duplicate_of IS NULL"
        )
        .fetch_one(db)
        .await)?;
        let notices = rows.into_iter().map(|row| {
            Ok(FreshnessNotice {
                record: RecordId::from_uuid(row.record_id),
                library: row.library.parse().map_err(corrupt)?,
                owner: row.name,
                confirmed_at: Timestamp::from_micros(row.confirmed_at),
                created_at: Timestamp::from_micros(row.created_at),
                hides_at: Timestamp::from_micros(row.hides_at),
                freshness: Freshness::from_code(&row.freshness)
                    .ok_or_else(|| corrupt(format!("freshness {}", row.freshness)))?,
            })
        });
        Ok((notices.collect::<Result<_>>()?, count))
    }
}

/// Takes away the notices of records that somebody stands by, inside an open transaction.
pub(crate) async fn settle(tx: &mut Tx, records: &[RecordId]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    touch!(tx, |db| {
        let mut query = QueryBuilder::new("DELETE FROM freshness_notices WHERE record_id IN (");
        let mut list = query.separated(", ");
        for record in records {
            list.push_bind(record.uuid());
        }
        query.push(")");
        query.build().execute(db).await
    })?;
    Ok(())
}

/// Takes away notices that a changed rule would not give yet.
async fn drop_needless(tx: &mut Tx, library: Library, notice_before: Timestamp) -> Result<()> {
    touch!(tx, |db| sqlx::query(
        "DELETE FROM freshness_notices WHERE record_id IN (SELECT n.record_id \
         FROM freshness_notices n JOIN records r ON r.id = n.record_id \
         WHERE r.library = $1 AND r.confirmed_at > $2)"
    )
    .bind(library.code())
    .bind(notice_before.micros())
    .execute(db)
    .await)?;
    Ok(())
}

/// Moves records of which `which` is true of this time.
async fn set(
    tx: &mut Tx,
    library: Library,
    to: Freshness,
    which: &'static str,
    time: Timestamp,
    at: Timestamp,
) -> Result<u64> {
    let rows: Vec<(Uuid, i64)> = within!(tx, |db| {
        let mut query = QueryBuilder::new("UPDATE records SET freshness = ");
        query.push_bind(to.code());
        query.push(" WHERE id IN (SELECT id FROM records WHERE library = ");
        query.push_bind(library.code()).push(" AND ").push(which);
        query.push_bind(time.micros()).push(" LIMIT ").push_bind(MOVED_AT_ONCE);
        query.push(") RETURNING id, revision");
        query.build_query_as().fetch_all(db).await
    })?;
    log(tx, rows, at).await
}

/// Makes the notices that are due.
async fn tell(tx: &mut Tx, library: Library, rule: FreshnessRule, at: Timestamp) -> Result<u64> {
    let due: Vec<(Uuid, i64)> = within!(tx, |db| {
        sqlx::query_as(
        "SELECT r.id, r.confirmed_at FROM records r WHERE r.library = $1 AND r.confirmed_at <= $2 \
         AND r.status = 'active' AND r.freshness <> 'hidden' AND r.duplicate_of IS NULL \
         AND NOT EXISTS (SELECT 1 FROM freshness_notices n WHERE n.record_id = r.id) LIMIT $3"
    )
    .bind(library.code())
    .bind(rule.notice_before(at).micros())
    .bind(MOVED_AT_ONCE)
    .fetch_all(db)
    .await
    })?;
    if due.is_empty() {
        return Ok(0);
    }
    let told = touch!(tx, |db| {
        let mut query =
            QueryBuilder::new("INSERT INTO freshness_notices (record_id, created_at, hides_at) ");
        query.push_values(due, |mut row, (id, confirmed_at)| {
            let hides_at = rule.hides_at(Timestamp::from_micros(confirmed_at), at);
            row.push_bind(id).push_bind(at.micros()).push_bind(hides_at.micros());
        });
        query.build().execute(db).await
    })?;
    Ok(told)
}

/// Hides records that are old enough and whose notice has run out.
async fn hide(tx: &mut Tx, library: Library, hide_before: Timestamp, at: Timestamp) -> Result<u64> {
    let rows: Vec<(Uuid, i64)> = within!(tx, |db| sqlx::query_as(
        "UPDATE records SET freshness = 'hidden' WHERE id IN (SELECT r.id FROM records r \
         JOIN freshness_notices n ON n.record_id = r.id WHERE r.library = $1 \
         AND r.freshness <> 'hidden' AND r.status = 'active' AND r.duplicate_of IS NULL \
         AND r.confirmed_at <= $2 AND n.hides_at <= $3 LIMIT $4) RETURNING id, revision"
    )
    .bind(library.code())
    .bind(hide_before.micros())
    .bind(at.micros())
    .bind(MOVED_AT_ONCE)
    .fetch_all(db)
    .await)?;
    log(tx, rows, at).await
}

async fn log(tx: &mut Tx, rows: Vec<(Uuid, i64)>, at: Timestamp) -> Result<u64> {
    Ok(changes::append_saved(tx, rows, at).await?.len() as u64)
}

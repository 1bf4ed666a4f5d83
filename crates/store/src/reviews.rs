//! The review log of records: what people have said of them, beside what their revisions say.

use kechuang_domain::{RecordId, Review, ReviewKind, Status, Timestamp};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch},
    error::corrupt,
};

#[derive(FromRow)]
struct Row {
    kind: String,
    other_id: Option<Uuid>,
    status: Option<String>,
    at: i64,
}

impl Store {
    /// What people have said of a record, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn reviews(&self, record: RecordId) -> Result<Vec<Review>> {
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT kind, other_id, status, at FROM record_reviews WHERE record_id = $1 \
             ORDER BY at DESC, id DESC"
        )
        .bind(record.uuid())
        .fetch_all(db)
        .await)?;
        rows.into_iter().map(Row::into_review).collect()
    }
}

impl Row {
    fn into_review(self) -> Result<Review> {
        let other = self.other_id.map(RecordId::from_uuid);
        let kind = match (self.kind.as_str(), other, self.status) {
            ("confirmed", ..) => ReviewKind::Confirmed,
            ("same_as", Some(other), _) => ReviewKind::SameAs(other),
            ("other_than", Some(other), _) => ReviewKind::OtherThan(other),
            ("status", _, Some(status)) => ReviewKind::Status(
                Status::from_code(&status).ok_or_else(|| corrupt(format!("status {status}")))?,
            ),
            (kind, ..) => return Err(corrupt(format!("review {kind}"))),
        };
        Ok(Review { kind, at: Timestamp::from_micros(self.at) })
    }
}

/// Notes what somebody said, inside the transaction that does it.
pub(crate) async fn note(
    tx: &mut Tx,
    said: impl IntoIterator<Item = (RecordId, ReviewKind)>,
    at: Timestamp,
) -> Result<()> {
    let said: Vec<_> = said.into_iter().collect();
    if said.is_empty() {
        return Ok(());
    }
    touch!(tx, |db| {
        let mut query = QueryBuilder::new(
            "INSERT INTO record_reviews (id, record_id, kind, other_id, status, at) ",
        );
        query.push_values(said, |mut row, (record, kind)| {
            row.push_bind(Uuid::now_v7())
                .push_bind(record.uuid())
                .push_bind(kind.code())
                .push_bind(kind.other().map(RecordId::uuid))
                .push_bind(kind.status().map(Status::code))
                .push_bind(at.micros());
        });
        query.build().execute(db).await
    })?;
    Ok(())
}

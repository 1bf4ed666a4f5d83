//! Reading records: by id, at a revision, and page by page for checks and rebuilds.

use kechuang_domain::{
    Content, Freshness, Library, PartyId, Record, RecordId, Source, Status, Timestamp,
};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::StoredRecord;
use crate::{Result, Store, StoreError, db::read, error::corrupt};

/// Columns of a record at one revision (`v`), beside its head (`r`) and owner (`p`).
const COLUMNS: &str = "r.id, v.revision, v.owner, p.name, r.source_name, r.source_key, v.status, \
     v.content, v.provenance, r.created_at, v.at, r.number, r.confirmed_at, r.freshness, \
     r.duplicate_of \
     FROM records r \
     JOIN record_revisions v ON v.record_id = r.id \
     JOIN parties p ON p.id = v.owner ";

/// Values bound in one statement; SQLite takes 32,766, PostgreSQL 65,535.
const IDS_PER_QUERY: usize = 500;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    revision: i64,
    owner: Uuid,
    name: String,
    source_name: String,
    source_key: String,
    status: String,
    content: String,
    provenance: String,
    created_at: i64,
    at: i64,
    number: i64,
    confirmed_at: i64,
    freshness: String,
    duplicate_of: Option<Uuid>,
}

impl Store {
    /// A record at its newest revision, withdrawn ones included: who may see it is the caller's
    /// question.
    ///
    /// # Errors
    /// [`StoreError::UnknownRecord`], or a database error.
    pub async fn record(&self, id: RecordId) -> Result<StoredRecord> {
        let mut found = self.records(&[id]).await?;
        found.pop().ok_or(StoreError::UnknownRecord(id))
    }

    /// The newest revisions of these records, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// A database error.
    pub async fn records(&self, ids: &[RecordId]) -> Result<Vec<StoredRecord>> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(IDS_PER_QUERY) {
            let rows: Vec<Row> = read!(self, |db| {
                let mut query = QueryBuilder::new(format!(
                    "SELECT {COLUMNS} WHERE v.revision = r.revision AND r.id IN ("
                ));
                let mut list = query.separated(", ");
                for id in some {
                    list.push_bind(id.uuid());
                }
                query.push(")");
                query.build_query_as().fetch_all(db).await
            })?;
            for row in rows {
                found.push(row.into_record()?);
            }
        }
        Ok(found)
    }

    /// These records as they were at these revisions, in no particular order.
    ///
    /// # Errors
    /// A database error.
    pub async fn records_at(&self, revisions: &[(RecordId, i64)]) -> Result<Vec<StoredRecord>> {
        let mut found = Vec::with_capacity(revisions.len());
        for some in revisions.chunks(IDS_PER_QUERY) {
            let rows: Vec<Row> = read!(self, |db| {
                let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} WHERE "));
                let mut list = query.separated(" OR ");
                for (id, revision) in some {
                    list.push("(v.record_id = ");
                    list.push_bind_unseparated(id.uuid());
                    list.push_unseparated(" AND v.revision = ");
                    list.push_bind_unseparated(*revision);
                    list.push_unseparated(")");
                }
                query.build_query_as().fetch_all(db).await
            })?;
            for row in rows {
                found.push(row.into_record()?);
            }
        }
        Ok(found)
    }

    /// At most `limit` records after `after` in the order of their ids, withdrawn ones included.
    ///
    /// # Errors
    /// A database error.
    pub async fn records_after(
        &self,
        after: Option<RecordId>,
        limit: i64,
    ) -> Result<Vec<StoredRecord>> {
        let after = after.map_or(Uuid::nil(), RecordId::uuid);
        let rows: Vec<Row> = read!(self, |db| {
            let mut query = QueryBuilder::new(format!(
                "SELECT {COLUMNS} WHERE v.revision = r.revision AND r.id > "
            ));
            query.push_bind(after).push(" ORDER BY r.id LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(db).await
        })?;
        rows.into_iter().map(Row::into_record).collect()
    }

    /// The record that came from `source`, if any.
    ///
    /// # Errors
    /// A database error.
    pub async fn record_of_source(
        &self,
        library: Library,
        source: &Source,
    ) -> Result<Option<RecordId>> {
        let id: Option<Uuid> = read!(self, |db| sqlx::query_scalar(
            "SELECT id FROM records WHERE library = $1 AND source_name = $2 AND source_key = $3"
        )
        .bind(library.code())
        .bind(&source.name)
        .bind(&source.key)
        .fetch_optional(db)
        .await)?;
        Ok(id.map(RecordId::from_uuid))
    }

    /// The record of a library with this number, if any.
    ///
    /// # Errors
    /// A database error.
    pub async fn record_of_number(
        &self,
        library: Library,
        number: i64,
    ) -> Result<Option<RecordId>> {
        let id: Option<Uuid> = read!(self, |db| sqlx::query_scalar(
            "SELECT id FROM records WHERE library = $1 AND number = $2"
        )
        .bind(library.code())
        .bind(number)
        .fetch_optional(db)
        .await)?;
        Ok(id.map(RecordId::from_uuid))
    }

    /// All records of a source that are not withdrawn, as (key, id), in the order of their keys.
    ///
    /// # Errors
    /// A database error.
    pub async fn records_of_source(
        &self,
        library: Library,
        source_name: &str,
    ) -> Result<Vec<(String, RecordId)>> {
        let rows: Vec<(String, Uuid)> = read!(self, |db| sqlx::query_as(
            "SELECT source_key, id FROM records \
             WHERE library = $1 AND source_name = $2 AND status <> 'withdrawn' ORDER BY source_key"
        )
        .bind(library.code())
        .bind(source_name)
        .fetch_all(db)
        .await)?;
        Ok(rows.into_iter().map(|(key, id)| (key, RecordId::from_uuid(id))).collect())
    }

    /// How many records of each library are not withdrawn.
    ///
    /// # Errors
    /// A database error.
    pub async fn record_counts(&self) -> Result<Vec<(Library, i64)>> {
        let rows: Vec<(String, i64)> = read!(self, |db| sqlx::query_as(
            "SELECT library, COUNT(*) FROM records WHERE status <> 'withdrawn' GROUP BY library"
        )
        .fetch_all(db)
        .await)?;
        let count = |library: Library| {
            rows.iter().find(|(code, _)| code == library.code()).map_or(0, |(_, count)| *count)
        };
        Ok(Library::ALL.into_iter().map(|library| (library, count(library))).collect())
    }
}

impl Row {
    fn into_record(self) -> Result<StoredRecord> {
        let content: Content = serde_json::from_str(&self.content)
            .map_err(|error| corrupt(format!("record {}: {error}", self.id)))?;
        let provenance = serde_json::from_str(&self.provenance)
            .map_err(|error| corrupt(format!("provenance of {}: {error}", self.id)))?;
        let status = Status::from_code(&self.status)
            .ok_or_else(|| corrupt(format!("status {}", self.status)))?;
        let freshness = Freshness::from_code(&self.freshness)
            .ok_or_else(|| corrupt(format!("freshness {}", self.freshness)))?;
        Ok(StoredRecord {
            record: Record {
                id: RecordId::from_uuid(self.id),
                revision: self.revision,
                owner: PartyId::from_uuid(self.owner),
                source: Source { name: self.source_name, key: self.source_key },
                status,
                content,
                created_at: Timestamp::from_micros(self.created_at),
                updated_at: Timestamp::from_micros(self.at),
                number: self.number,
                confirmed_at: Timestamp::from_micros(self.confirmed_at),
                freshness,
                duplicate_of: self.duplicate_of.map(RecordId::from_uuid),
                provenance,
            },
            owner_name: self.name,
        })
    }
}

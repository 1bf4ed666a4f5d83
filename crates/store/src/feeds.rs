//! What is known of the feeds that are asked again and again.

use kechuang_domain::Timestamp;
use sqlx::FromRow;

use crate::{
    Result, Store,
    db::{read, touch, within},
};

/// A feed, as of when it was asked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedStatus {
    /// Its name, as configured.
    pub name: String,
    /// What the asker wants to know again, as its own JSON.
    pub state: String,
    /// Why it could not be read last time.
    pub error: Option<String>,
    /// When it was asked last.
    pub asked_at: Timestamp,
    /// When it is asked next.
    pub next_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    name: String,
    state: String,
    error: Option<String>,
    asked_at: i64,
    next_at: i64,
}

impl Store {
    /// Takes a feed whose time has come, so that nobody else asks it before `until`, and gives its
    /// state, `{}` the first time. `None` where its time has not come.
    ///
    /// # Errors
    /// A database error.
    pub async fn claim_feed(
        &self,
        name: &str,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Option<String>> {
        let mut tx = self.pool.begin().await?;
        let state: Option<String> = within!(&mut tx, |db| sqlx::query_scalar(
            "INSERT INTO feeds (name, state, asked_at, next_at) VALUES ($1, '{}', $2, $3) \
             ON CONFLICT (name) DO UPDATE SET asked_at = $2, next_at = $3 \
             WHERE feeds.next_at <= $2 RETURNING state"
        )
        .bind(name)
        .bind(at.micros())
        .bind(until.micros())
        .fetch_optional(db)
        .await)?;
        tx.commit().await?;
        Ok(state)
    }

    /// Keeps what came of asking a feed, and when it is asked next.
    ///
    /// # Errors
    /// A database error.
    pub async fn keep_feed(
        &self,
        name: &str,
        state: &str,
        error: Option<&str>,
        next_at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "UPDATE feeds SET state = $1, error = $2, next_at = $3 WHERE name = $4"
        )
        .bind(state)
        .bind(error)
        .bind(next_at.micros())
        .bind(name)
        .execute(db)
        .await)?;
        tx.commit().await
    }

    /// All feeds that were ever asked, by name.
    ///
    /// # Errors
    /// A database error.
    pub async fn feeds(&self) -> Result<Vec<FeedStatus>> {
        let rows: Vec<Row> = read!(self, |db| sqlx::query_as(
            "SELECT name, state, error, asked_at, next_at FROM feeds ORDER BY name"
        )
        .fetch_all(db)
        .await)?;
        let status = |row: Row| FeedStatus {
            name: row.name,
            state: row.state,
            error: row.error,
            asked_at: Timestamp::from_micros(row.asked_at),
            next_at: Timestamp::from_micros(row.next_at),
        };
        Ok(rows.into_iter().map(status).collect())
    }
}

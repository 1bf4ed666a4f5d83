//! Access tokens, kept as hashes only.

use kechuang_domain::Timestamp;

use crate::{
    Result, Store,
    db::{read, touch},
};

impl Store {
    /// Keeps the hash of a token under a label, unless any token exists already; tells whether it
    /// was kept. So that of two nodes that start for the first time only one makes a token.
    ///
    /// # Errors
    /// A database error.
    pub async fn keep_first_token(&self, hash: &str, label: &str, at: Timestamp) -> Result<bool> {
        let mut tx = self.pool.begin().await?;
        crate::changes::lock(&mut tx).await?;
        let kept = touch!(&mut tx, |db| sqlx::query(
            "INSERT INTO access_tokens (hash, label, created_at) \
             SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM access_tokens)"
        )
        .bind(hash)
        .bind(label)
        .bind(at.micros())
        .execute(db)
        .await)?;
        tx.commit().await?;
        Ok(kept == 1)
    }

    /// Whether a token of this hash is known.
    ///
    /// # Errors
    /// A database error.
    pub async fn knows_token(&self, hash: &str) -> Result<bool> {
        let found: Option<String> = read!(self, |db| sqlx::query_scalar(
            "SELECT label FROM access_tokens WHERE hash = $1"
        )
        .bind(hash)
        .fetch_optional(db)
        .await)?;
        Ok(found.is_some())
    }
}

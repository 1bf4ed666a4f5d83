//! What large models were asked: caps on spend, answers that need not be asked for again, and the log.

use kechuang_domain::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch, within},
};

/// A question about to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Who asks: the office, or whom an account stands for.
    pub caller: String,
    /// What for, such as `judge`.
    pub purpose: &'static str,
    /// Which model.
    pub model: String,
    /// What tells the prompt from all others.
    pub prompt_hash: String,
    /// The prompt; `None` where it holds what not everybody may see.
    pub prompt: Option<String>,
    /// The most that it can cost.
    pub most: Spend,
}

/// What asking costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spend {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub output_tokens: u64,
    /// In millionths of a yuan.
    pub cost_micros: u64,
}

/// How many tokens may be spent in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyCaps {
    /// By one caller.
    pub caller: u64,
    /// By all.
    pub all: u64,
}

/// What became of entering a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// It may be asked.
    Asked(Uuid),
    /// The caller's tokens of the day are spent.
    CallerCap,
    /// Everybody's tokens of the day are spent.
    AllCap,
}

/// What a caller has asked on a day.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CallerDay {
    /// Who.
    pub caller: String,
    /// What for.
    pub purpose: String,
    /// Questions that were answered.
    pub answered: i64,
    /// Questions that were not, or not yet.
    pub unanswered: i64,
    /// Tokens, those that are held back for open questions among them.
    pub tokens: i64,
    /// In millionths of a yuan.
    pub cost_micros: i64,
}

/// Two nodes that ask at once must not both find the last tokens unspent. Any number that nothing else locks.
const LOCK: i64 = 0x6173_7369_7374;

impl Store {
    /// Enters a question and holds back what it can cost, unless that is more than is left of the day.
    ///
    /// # Errors
    /// A database error; then nothing was entered.
    pub async fn enter_call(
        &self,
        call: &NewCall,
        caps: DailyCaps,
        at: Timestamp,
    ) -> Result<Entered> {
        let mut tx = self.pool.begin().await?;
        lock(&mut tx).await?;
        let day = day_of(at);
        let (by_caller, by_all) = spent(&mut tx, day, &call.caller).await?;
        let most = call.most.prompt_tokens.saturating_add(call.most.output_tokens);
        let fits = |spent: i64, cap| u64::try_from(spent).unwrap_or(0).saturating_add(most) <= cap;
        if !fits(by_caller, caps.caller) {
            return Ok(Entered::CallerCap);
        }
        if !fits(by_all, caps.all) {
            return Ok(Entered::AllCap);
        }
        let id = Uuid::now_v7();
        let Spend { prompt_tokens, output_tokens, cost_micros } = call.most;
        touch!(&mut tx, |db| {
            sqlx::query(
            "INSERT INTO assist_calls (id, day, caller, purpose, model, prompt_hash, prompt, status, \
             prompt_tokens, output_tokens, cost_micros, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, $10, $11)"
        )
        .bind(id)
        .bind(day)
        .bind(&call.caller)
        .bind(call.purpose)
        .bind(&call.model)
        .bind(&call.prompt_hash)
        .bind(&call.prompt)
        .bind(whole(prompt_tokens))
        .bind(whole(output_tokens))
        .bind(whole(cost_micros))
        .bind(at.micros())
        .execute(db)
        .await
        })?;
        tx.commit().await?;
        Ok(Entered::Asked(id))
    }

    /// Keeps an answer with what it cost. `answer` is `None` where it holds what not everybody may see.
    ///
    /// # Errors
    /// A database error.
    pub async fn answer_call(
        &self,
        id: Uuid,
        answer: Option<&str>,
        answer_hash: &str,
        cost: Spend,
        took_ms: u64,
    ) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "UPDATE assist_calls SET status = 'answered', answer = $2, answer_hash = $3, \
             prompt_tokens = $4, output_tokens = $5, cost_micros = $6, took_ms = $7 WHERE id = $1"
        )
        .bind(id)
        .bind(answer)
        .bind(answer_hash)
        .bind(whole(cost.prompt_tokens))
        .bind(whole(cost.output_tokens))
        .bind(whole(cost.cost_micros))
        .bind(whole(took_ms))
        .execute(db)
        .await)?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps that there was no answer. What was held back is given back only where it is known that nothing was spent.
    ///
    /// # Errors
    /// A database error.
    pub async fn fail_call(&self, id: Uuid, error: &str, spent: Option<Spend>) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        let spent = spent.map(|cost| {
            (whole(cost.prompt_tokens), whole(cost.output_tokens), whole(cost.cost_micros))
        });
        let (prompt, output, cost) = (spent.map(|s| s.0), spent.map(|s| s.1), spent.map(|s| s.2));
        touch!(&mut tx, |db| {
            sqlx::query(
            "UPDATE assist_calls SET status = 'failed', error = $2, \
             prompt_tokens = COALESCE($3, prompt_tokens), output_tokens = COALESCE($4, output_tokens), \
             cost_micros = COALESCE($5, cost_micros) WHERE id = $1"
        )
        .bind(id)
        .bind(error)
        .bind(prompt)
        .bind(output)
        .bind(cost)
        .execute(db)
        .await
        })?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes an answer out that was of no use, so that it is asked for again.
    ///
    /// # Errors
    /// A database error.
    pub async fn reject_answer(&self, prompt_hash: &str, model: &str) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        touch!(&mut tx, |db| sqlx::query(
            "UPDATE assist_calls SET status = 'failed', error = 'unusable' \
             WHERE prompt_hash = $1 AND model = $2 AND status = 'answered'"
        )
        .bind(prompt_hash)
        .bind(model)
        .execute(db)
        .await)?;
        tx.commit().await
    }

    /// What this model has answered to this prompt before.
    ///
    /// # Errors
    /// A database error.
    pub async fn answered_before(&self, prompt_hash: &str, model: &str) -> Result<Option<String>> {
        let found: Option<Option<String>> = read!(self, |db| sqlx::query_scalar(
            "SELECT answer FROM assist_calls WHERE prompt_hash = $1 AND model = $2 \
             AND status = 'answered' AND answer IS NOT NULL ORDER BY at DESC LIMIT 1"
        )
        .bind(prompt_hash)
        .bind(model)
        .fetch_optional(db)
        .await)?;
        Ok(found.flatten())
    }

    /// What was asked on the day of `at`, by caller and purpose.
    ///
    /// # Errors
    /// A database error.
    pub async fn calls_of_day(&self, at: Timestamp) -> Result<Vec<CallerDay>> {
        let days = read!(self, |db| sqlx::query_as(
            "SELECT caller, purpose, \
             COUNT(CASE WHEN status = 'answered' THEN 1 END) AS answered, \
             COUNT(CASE WHEN status <> 'answered' THEN 1 END) AS unanswered, \
             CAST(SUM(prompt_tokens + output_tokens) AS BIGINT) AS tokens, \
             CAST(SUM(cost_micros) AS BIGINT) AS cost_micros \
             FROM assist_calls WHERE day = $1 GROUP BY caller, purpose ORDER BY caller, purpose"
        )
        .bind(day_of(at))
        .fetch_all(db)
        .await)?;
        Ok(days)
    }

    /// Deletes what was asked before that, and tells how much there was.
    ///
    /// # Errors
    /// A database error.
    pub async fn drop_calls_before(&self, at: Timestamp) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        let dropped = touch!(&mut tx, |db| sqlx::query("DELETE FROM assist_calls WHERE at < $1")
            .bind(at.micros())
            .execute(db)
            .await)?;
        tx.commit().await?;
        Ok(dropped)
    }
}

/// Tokens of a day: the caller's, and everybody's.
async fn spent(tx: &mut Tx, day: i64, caller: &str) -> Result<(i64, i64)> {
    let sums: (i64, i64) = within!(tx, |db| {
        sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN caller = $2 THEN prompt_tokens + output_tokens ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(prompt_tokens + output_tokens), 0) AS BIGINT) \
         FROM assist_calls WHERE day = $1"
    )
    .bind(day)
    .bind(caller)
    .fetch_one(db)
    .await
    })?;
    Ok(sums)
}

/// On SQLite the one writer is alone anyway.
async fn lock(tx: &mut Tx) -> Result<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut **tx).await?;
    }
    Ok(())
}

/// The day in China, as days since 1970.
fn day_of(at: Timestamp) -> i64 {
    const CHINA_OFFSET_SECONDS: i64 = 8 * 3600;
    at.plus_seconds(CHINA_OFFSET_SECONDS).micros().div_euclid(24 * 3600 * 1_000_000)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

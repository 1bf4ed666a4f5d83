//! The two databases behind one private enum, and the macros that run one statement on either.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Result, StoreError};

/// Where a store lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file, made when missing.
    Embedded(PathBuf),
    /// A PostgreSQL connection string.
    Postgres(String),
}

/// Readers of a SQLite file; more would only wait for the two to four cores a small server has.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL; its default limit is 100 for all clients together.
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How long to wait for a database that does not answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub(crate) enum Pool {
    /// One writer, because SQLite has one anyway and waiting in our queue beats its busy loop.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// An open write transaction.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one reading statement: `read!(store, |db| query.fetch_one(db).await)`.
macro_rules! read {
    ($store:expr, |$db:ident| $statement:expr) => {
        match &$store.pool {
            $crate::db::Pool::Sqlite { read: $db, .. } => $statement,
            $crate::db::Pool::Postgres($db) => $statement,
        }
    };
}

/// Runs one statement inside a transaction: `within!(tx, |db| query.execute(db).await)`.
macro_rules! within {
    ($tx:expr, |$db:ident| $statement:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $db = &mut **tx;
                $statement
            }
            $crate::db::Tx::Postgres(tx) => {
                let $db = &mut **tx;
                $statement
            }
        }
    };
}

/// Runs one changing statement inside a transaction and tells how many rows it touched.
macro_rules! touch {
    ($tx:expr, |$db:ident| $statement:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $db = &mut **tx;
                $statement.map(|done| done.rows_affected())
            }
            $crate::db::Tx::Postgres(tx) => {
                let $db = &mut **tx;
                $statement.map(|done| done.rows_affected())
            }
        }
    };
}

pub(crate) use {read, touch, within};

impl Pool {
    pub(crate) async fn open(location: &Location) -> Result<Self> {
        match location {
            Location::Embedded(file) => open_sqlite(file).await,
            Location::Postgres(url) => open_postgres(url).await,
        }
    }

    pub(crate) const fn backend(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// A write transaction; on SQLite it takes the write lock at once, so that it can never fail
    /// half-way because another writer came between its reads and its writes.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

async fn open_sqlite(file: &Path) -> Result<Pool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: a commit that was acknowledged survives power loss.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    let at = |error| StoreError::opening(error, file);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .map_err(at)?;
    sqlx::migrate!("../../migrations/sqlite").run(&write).await?;
    // SQLite opens a file it may not write without a word; only a write tells.
    sqlx::query("UPDATE change_head SET seq = seq WHERE id = 1")
        .execute(&write)
        .await
        .map_err(at)?;
    let read = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .connect_with(options)
        .await
        .map_err(at)?;
    Ok(Pool::Sqlite { read, write })
}

async fn open_postgres(url: &str) -> Result<Pool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Unavailable(format!("连接串有误：{error}")))?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(CONNECT_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    sqlx::migrate!("../../migrations/postgres").run(&pool).await?;
    Ok(Pool::Postgres(pool))
}

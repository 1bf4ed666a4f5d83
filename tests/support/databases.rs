//! A fresh store on each database there is.

use std::io::Write;

use kechuang_store::{Location, Store};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;

/// Where tests look for PostgreSQL if `KECHUANG_TEST_POSTGRES` does not say.
const DEFAULT_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// A store of a test's own.
pub struct Database {
    /// What the database is called.
    pub name: &'static str,
    /// The open store.
    pub store: Store,
    /// Where it lies, for opening it again.
    pub location: Location,
    _folder: TempDir,
}

impl Database {
    /// A fresh embedded store.
    pub async fn embedded() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = Location::Embedded(folder.path().join("kechuang.sqlite"));
        let store = Store::open(&location).await.expect("an embedded store");
        Self { name: "SQLite", store, location, _folder: folder }
    }

    /// A fresh PostgreSQL database, or `None` with a visible note where no server answers.
    ///
    /// # Panics
    /// Where no server answers and `CI` is `true`.
    pub async fn postgres() -> Option<Self> {
        let url = std::env::var("KECHUANG_TEST_POSTGRES").unwrap_or(DEFAULT_POSTGRES.to_owned());
        let name = format!("kechuang_test_{}", kechuang_matching::Token::new().secret());
        let made = async {
            let mut server = PgConnection::connect(&url).await?;
            drop_left_over(&mut server).await?;
            server.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
            Ok::<_, sqlx::Error>(())
        };
        if let Err(error) = made.await {
            let told = format!("no PostgreSQL at {url} ({error}); set KECHUANG_TEST_POSTGRES");
            let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_ci, "{told}");
            skipped(&told);
            return None;
        }
        let (server, _) = url.rsplit_once('/').expect("a database name in the address");
        let location = Location::Postgres(format!("{server}/{name}"));
        let store = Store::open(&location).await.expect("a PostgreSQL store");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self { name: "PostgreSQL", store, location, _folder: folder })
    }
}

/// Drops databases that earlier tests have left and nobody uses: a test that fails cannot clean up.
async fn drop_left_over(server: &mut PgConnection) -> sqlx::Result<()> {
    let unused: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database WHERE datname LIKE 'kechuang_test_%' \
         AND (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '1 hour' \
         AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = pg_database.datname)",
    )
    .fetch_all(&mut *server)
    .await?;
    for name in unused {
        // Another test may be faster.
        drop(server.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await);
    }
    Ok(())
}

/// Tells that a test is skipped, past the capture that hides what passing tests print.
pub fn skipped(why: &str) {
    drop(writeln!(std::io::stderr(), "SKIPPED: {why}"));
}

/// A fresh store on each database that answers.
pub async fn databases() -> Vec<Database> {
    let mut all = vec![Database::embedded().await];
    all.extend(Database::postgres().await);
    all
}

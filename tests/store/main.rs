//! The store's contract, on SQLite and on PostgreSQL.

mod changes;
mod duplicates;
mod freshness;
mod jobs;
mod records;
mod runs;

use kechuang_domain::Timestamp;
use kechuang_tests::{Database, block_on, databases};

/// Noon of some day; tests move on from it.
const NOON: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// Runs a test once on each database that answers.
fn on_each(test: impl AsyncFn(&Database)) {
    block_on(async {
        for database in databases().await {
            eprintln!("on {}", database.name);
            test(&database).await;
        }
    });
}

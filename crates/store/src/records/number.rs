//! Public numbers: counted in each library, given out once.

use std::collections::BTreeMap;

use kechuang_domain::Library;

use crate::{
    Result,
    db::{Tx, within},
};

/// A number for each place that names a library, in order; 0 for the others. The caller holds the change
/// log's lock, so that nobody counts beside it.
pub(super) async fn take(tx: &mut Tx, wanted: &[Option<Library>]) -> Result<Vec<i64>> {
    let mut counts: BTreeMap<Library, i64> = BTreeMap::new();
    for library in wanted.iter().flatten() {
        *counts.entry(*library).or_default() += 1;
    }
    let mut next = BTreeMap::new();
    for (library, count) in counts {
        let last: i64 = within!(tx, |db| sqlx::query_scalar(
            "UPDATE library_numbers SET last = last + $1 WHERE library = $2 RETURNING last"
        )
        .bind(count)
        .bind(library.code())
        .fetch_one(db)
        .await)?;
        next.insert(library, last - count + 1);
    }
    let mut numbers = Vec::with_capacity(wanted.len());
    for library in wanted {
        let number = library.and_then(|library| next.get_mut(&library));
        numbers.push(number.map_or(0, |next| {
            *next += 1;
            *next - 1
        }));
    }
    Ok(numbers)
}

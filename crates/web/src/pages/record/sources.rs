//! Where a record comes from, with those that it is shown for.

use kechuang_domain::{Record, Viewer};
use kechuang_ingest::Column;
use kechuang_store::{Store, StoredRecord};

use crate::problem::Refusal;

/// Another record, to be gone to.
pub(super) struct Other {
    pub(super) id: String,
    pub(super) number: String,
}

impl Other {
    pub(super) fn of(stored: &StoredRecord) -> Self {
        Self { id: stored.record.id.to_string(), number: stored.record.public_number() }
    }
}

/// One place that says what the record says.
pub(super) struct Source {
    /// Source, file, place and day.
    pub(super) label: String,
    /// The record it belongs to, where that is another one.
    pub(super) other: Option<Other>,
    /// Where single fields stand, by label.
    pub(super) fields: Vec<(&'static str, String)>,
}

/// The records that this one is shown for.
///
/// # Errors
/// What the store says.
pub(super) async fn duplicates(
    store: &Store,
    stored: &StoredRecord,
) -> Result<Vec<StoredRecord>, Refusal> {
    let ids = store.duplicates_of(stored.record.id).await?;
    let mut records = store.records(&ids).await?;
    records.retain(|one| one.record.visible_to(Viewer::Public));
    records.sort_by_key(|one| one.record.id);
    Ok(records)
}

/// The record's own source first, then those of the records it is shown for.
pub(super) fn of(stored: &StoredRecord, duplicates: &[StoredRecord]) -> Vec<Source> {
    let mut sources = vec![source(&stored.record, None)];
    sources.extend(duplicates.iter().map(|one| source(&one.record, Some(Other::of(one)))));
    sources
}

fn source(record: &Record, other: Option<Other>) -> Source {
    let provenance = record.provenance_for(Viewer::Public);
    let mut label = record.source.name.clone();
    let place = provenance.label();
    if !place.is_empty() && place != label {
        label = format!("{label} · {place}");
    }
    if let Some(at) = provenance.fetched_at {
        label = format!("{label} · {} 取得", at.china_date());
    }
    let library = record.library();
    let fields = provenance.fields.iter().filter_map(|(code, place)| {
        let field = Column::of_code(library, code)?.label();
        Some((field, place.label())).filter(|(_, place)| !place.is_empty())
    });
    Source { label, other, fields: fields.collect() }
}

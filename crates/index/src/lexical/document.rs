//! From a record's public text to an index document.

use kechuang_domain::{
    Date, Facet, Freshness, Library, Period, Record, RecordId, Status, TextRole, Viewer,
};
use kechuang_text::{Lexicon, Token, analyse};
use tantivy::TantivyDocument;

use super::{
    schema::{Analyser, Fields, Slot, facet_letter, library_letter, status_number},
    terms::SEPARATOR,
};

/// Terms longer than this are garbage (base64, runs of letters) and only bloat the dictionary.
const TERM_LIMIT_BYTES: usize = 120;

/// What the index keeps of a record: its public text, and what filters, facets and orders look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The record.
    pub id: RecordId,
    /// Its revision.
    pub revision: i64,
    /// Its library.
    pub library: Library,
    /// Where it stands.
    pub status: Status,
    texts: [String; TextRole::ALL.len()],
    facets: Vec<String>,
    period: Period,
    /// Microseconds since 1970.
    updated: i64,
    confirmed: i64,
    is_stale: bool,
    amount: Option<i64>,
}

impl Document {
    /// The document of a record, or `None` where the public may not see it, or sees another one that
    /// says the same.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        if !record.listed_for(Viewer::Public) {
            return None;
        }
        let mut texts = [const { String::new() }; TextRole::ALL.len()];
        for (field, text) in record.content.texts_for(Viewer::Public) {
            let together = &mut texts[field.role() as usize];
            if !together.is_empty() {
                together.push('\n');
            }
            together.push_str(text);
        }
        Some(Self {
            id: record.id,
            revision: record.revision,
            library: record.library(),
            status: record.status,
            texts,
            facets: Facet::ALL.into_iter().flat_map(|facet| facet_terms(facet, record)).collect(),
            period: Period::of(record),
            updated: record.updated_at.micros(),
            confirmed: record.confirmed_at.micros(),
            is_stale: record.freshness == Freshness::Stale,
            amount: record.amount(),
        })
    }

    pub(crate) fn into_engine(self, fields: &Fields, lexicon: &Lexicon) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let (high, low) = self.id.uuid().as_u64_pair();
        document.add_text(fields.key, self.id.to_string());
        document.add_u64(fields.id_high, high);
        document.add_u64(fields.id_low, low);
        document.add_u64(fields.library, self.library as u64);
        document.add_u64(fields.status, status_number(self.status));
        document.add_u64(fields.revision, self.revision.unsigned_abs());
        for value in self.facets {
            document.add_text(fields.facets, value);
        }
        document.add_i64(fields.updated, self.updated);
        document.add_i64(fields.confirmed, self.confirmed);
        document.add_u64(fields.stale, u64::from(self.is_stale));
        document.add_u64(fields.repealed, u64::from(self.period.is_repealed));
        for (field, value) in [
            (fields.begins, self.period.begins.map(day_number)),
            (fields.ends, self.period.ends.map(day_number)),
            (fields.amount, self.amount),
        ] {
            if let Some(value) = value {
                document.add_i64(field, value);
            }
        }
        for (role, text) in TextRole::ALL.into_iter().zip(self.texts) {
            for (slot, terms) in terms_of(lexicon, self.library, role, &text) {
                document.add_u64(fields.lengths[slot.index()], terms.count);
                document.add_text(fields.terms[slot.index()], terms.joined);
            }
            document.add_text(fields.kept[role as usize], text);
        }
        document
    }
}

/// Days since 1970-01-01, the form in which days are compared.
pub(crate) fn day_number(day: Date) -> i64 {
    day.to_epoch_days().into()
}

fn facet_terms(facet: Facet, record: &Record) -> impl Iterator<Item = String> {
    facet.values_of(record).into_iter().map(move |value| facet_term(facet, &value))
}

/// The index's form of a facet value.
pub(crate) fn facet_term(facet: Facet, value: &str) -> String {
    let mut term = String::with_capacity(value.len() + 1);
    term.push(facet_letter(facet));
    term.push_str(value);
    term
}

/// The index terms of one slot, each behind its own separator.
pub(crate) struct SlotText {
    pub(crate) joined: String,
    pub(crate) count: u64,
}

/// The index terms of one role's text, by slot. Indexing and taking out of the statistics both go
/// through here.
pub(crate) fn terms_of(
    lexicon: &Lexicon,
    library: Library,
    role: TextRole,
    text: &str,
) -> [(Slot, SlotText); 2] {
    let analysis = analyse(lexicon, text);
    [
        (Slot::of(role, Analyser::Words), joined(library, &analysis.words)),
        (Slot::of(role, Analyser::Grams), joined(library, &analysis.grams)),
    ]
}

fn joined(library: Library, tokens: &[Token]) -> SlotText {
    let letter = library_letter(library);
    let mut terms = SlotText { joined: String::with_capacity(tokens.len() * 8), count: 0 };
    for token in tokens.iter().filter(|token| token.text.len() <= TERM_LIMIT_BYTES) {
        terms.joined.push(SEPARATOR);
        terms.joined.push(letter);
        terms.joined.push_str(&token.text);
        terms.count += 1;
    }
    terms
}

/// The index's form of a term.
pub(crate) fn index_term(library: Library, term: &str) -> String {
    let mut prefixed = String::with_capacity(term.len() + 1);
    prefixed.push(library_letter(library));
    prefixed.push_str(term);
    prefixed
}

//! From a record's public text to an index document.

use kechuang_domain::{Library, Record, RecordId, Region, Status, TextRole, Viewer};
use kechuang_text::{Lexicon, Token, analyse};
use tantivy::TantivyDocument;

use super::{
    schema::{Analyser, Fields, Slot, library_letter, status_number},
    terms::SEPARATOR,
};

/// Terms longer than this are garbage (base64, runs of letters) and only bloat the dictionary.
const TERM_LIMIT_BYTES: usize = 120;

/// What the index keeps of a record: its public text, and what filters look at.
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
    /// Where it sits.
    pub region: Option<Region>,
    texts: [String; TextRole::ALL.len()],
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
            region: record.content.region,
            texts,
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
        document.add_u64(fields.region, self.region.map_or(0, |region| region.number().into()));
        document.add_u64(fields.revision, self.revision.unsigned_abs());
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

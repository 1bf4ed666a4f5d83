//! The index's fields: what is searched, what is read with a hit, and the stamp of a commit.

use kechuang_domain::{Facet, Library, Status, TextRole};
use kechuang_text::Lexicon;
use serde::{Deserialize, Serialize};
use tantivy::{
    Index,
    schema::{
        FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use super::terms::READY_TERMS;
use crate::{IndexError, Result};

/// Counts up when the meaning of a field or of a term changes; an older index is then rebuilt.
const LAYOUT_VERSION: u32 = 3;

/// How a text is cut into terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Analyser {
    /// Words of the segmenter.
    Words,
    /// Chinese characters and pairs of them.
    Grams,
}

/// One searched field: the texts of one role, cut in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(usize);

impl Slot {
    /// How many there are.
    pub const COUNT: usize = TextRole::ALL.len() * 2;

    /// All of them, in the order of their scores.
    #[must_use]
    pub fn all() -> [Self; Self::COUNT] {
        std::array::from_fn(Self)
    }

    /// The slot of this role and analyser.
    #[must_use]
    pub const fn of(role: TextRole, analyser: Analyser) -> Self {
        Self(role as usize * 2 + analyser as usize)
    }

    /// Its place in an array of [`Slot::COUNT`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }

    /// Which texts it holds.
    #[must_use]
    pub const fn role(self) -> TextRole {
        TextRole::ALL[self.0 / 2]
    }

    /// How they are cut.
    #[must_use]
    pub const fn analyser(self) -> Analyser {
        if self.0.is_multiple_of(2) { Analyser::Words } else { Analyser::Grams }
    }
}

/// The first letter of every term is its library's, so that each library has postings and statistics
/// of its own inside one index and one commit.
pub(crate) const fn library_letter(library: Library) -> char {
    match library {
        Library::Achievement => 'a',
        Library::Demand => 'd',
        Library::Equipment => 'e',
        Library::Policy => 'p',
    }
}

/// The number of a status in its fast field.
pub(crate) const fn status_number(status: Status) -> u64 {
    match status {
        Status::Active => 1,
        Status::Closed => 2,
        Status::Withdrawn => 3,
        Status::Suspect => 4,
    }
}

/// The first letter of every facet value is its facet's, so that the values of all facets share one
/// column and one dictionary, where those of a facet stand together.
pub(crate) const fn facet_letter(facet: Facet) -> char {
    match facet {
        Facet::Chain => 'c',
        Facet::Industry => 'i',
        Facet::Region => 'r',
        Facet::Stage => 's',
        Facet::Kind => 'k',
        Facet::Owner => 'o',
        Facet::Year => 'y',
    }
}

/// Handles of the fields.
#[derive(Clone)]
pub(crate) struct Fields {
    /// The record id as text, the key for replacing and deleting.
    pub(crate) key: Field,
    pub(crate) library: Field,
    pub(crate) status: Field,
    pub(crate) revision: Field,
    /// Facet values, each behind its facet's letter.
    pub(crate) facets: Field,
    /// Microseconds since 1970.
    pub(crate) updated: Field,
    /// Microseconds since 1970.
    pub(crate) confirmed: Field,
    /// 1 where nobody has confirmed the record for long.
    pub(crate) stale: Field,
    /// First day of the record's period, as days since 1970-01-01; absent where there is none.
    pub(crate) begins: Field,
    /// Last day, the same.
    pub(crate) ends: Field,
    /// 1 where the record was repealed.
    pub(crate) repealed: Field,
    /// What [`kechuang_domain::Sort::Amount`] goes by, in 分; absent where there is none.
    pub(crate) amount: Field,
    pub(crate) id_high: Field,
    pub(crate) id_low: Field,
    pub(crate) terms: [Field; Slot::COUNT],
    pub(crate) lengths: [Field; Slot::COUNT],
    /// The texts by role, kept so that a deleted document can be taken out of the statistics.
    pub(crate) kept: [Field; TextRole::ALL.len()],
}

/// Names of the fast fields, as `lengths` by slot.
pub(crate) const LENGTH_NAMES: [&str; Slot::COUNT] = [
    "title_words_length",
    "title_grams_length",
    "keywords_words_length",
    "keywords_grams_length",
    "body_words_length",
    "body_grams_length",
];

const TERM_NAMES: [&str; Slot::COUNT] =
    ["title_words", "title_grams", "keywords_words", "keywords_grams", "body_words", "body_grams"];
const KEPT_NAMES: [&str; TextRole::ALL.len()] = ["title", "keywords", "body"];

pub(crate) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(READY_TERMS)
        .set_index_option(IndexRecordOption::WithFreqs);
    let searched = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        library: builder.add_u64_field("library", FAST),
        status: builder.add_u64_field("status", FAST),
        revision: builder.add_u64_field("revision", FAST),
        facets: builder.add_text_field("facets", FAST),
        updated: builder.add_i64_field("updated", FAST),
        confirmed: builder.add_i64_field("confirmed", FAST),
        stale: builder.add_u64_field("stale", FAST),
        begins: builder.add_i64_field("begins", FAST),
        ends: builder.add_i64_field("ends", FAST),
        repealed: builder.add_u64_field("repealed", FAST),
        amount: builder.add_i64_field("amount", FAST),
        id_high: builder.add_u64_field("id_high", FAST),
        id_low: builder.add_u64_field("id_low", FAST),
        terms: TERM_NAMES.map(|name| builder.add_text_field(name, searched.clone())),
        lengths: LENGTH_NAMES.map(|name| builder.add_u64_field(name, FAST)),
        kept: KEPT_NAMES.map(|name| builder.add_text_field(name, STORED)),
    };
    (builder.build(), fields)
}

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// The last change of the store's log that is in the index.
    pub(crate) seq: i64,
    /// What tells that change from the same number in another history.
    pub(crate) mark: String,
    layout: u32,
    lexicon: String,
}

impl Stamp {
    pub(crate) fn new(seq: i64, mark: &str, lexicon: &Lexicon) -> Self {
        let (mark, lexicon) = (mark.to_owned(), lexicon.hash().to_owned());
        Self { seq, mark, layout: LAYOUT_VERSION, lexicon }
    }

    /// The stamp of the newest commit; an index that was never committed has applied nothing.
    pub(crate) fn of(index: &Index) -> Result<Option<Self>> {
        match index.load_metas()?.payload {
            None => Ok(None),
            Some(payload) => serde_json::from_str(&payload)
                .map(Some)
                .map_err(|error| IndexError::Damaged(format!("commit stamp: {error}"))),
        }
    }

    pub(crate) fn check(&self, lexicon: &Lexicon) -> Result<()> {
        if self.layout != LAYOUT_VERSION {
            return Err(IndexError::Outdated("another version laid it out".to_owned()));
        }
        if self.lexicon != lexicon.hash() {
            return Err(IndexError::Outdated("the lexicon has changed".to_owned()));
        }
        Ok(())
    }
}

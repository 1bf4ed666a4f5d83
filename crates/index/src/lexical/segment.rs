//! One segment as the search sees it: per-document values in plain arrays, and the words of its
//! deleted documents.
//!
//! The arrays cost 86 bytes a document and 4 for each of its facet values, of which there are about ten;
//! each distinct value is kept once beside them. They are shared between snapshots as long as the
//! segment lives.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use kechuang_domain::{Library, RecordId, TextRole};
use kechuang_text::Lexicon;
use tantivy::{
    DocId, InvertedIndexReader, SegmentReader, TantivyDocument, columnar::Column, index::SegmentId,
    schema::Value,
};
use uuid::Uuid;

use super::{
    document::terms_of,
    facets::FacetColumn,
    schema::{Fields, LENGTH_NAMES, Slot},
    terms::SEPARATOR,
};
use crate::{IndexError, Result};

/// How many documents of a segment have a term and are deleted, by slot and term.
pub(crate) type DeadTerms = [HashMap<String, u32>; Slot::COUNT];

/// Values of every document of a segment, by document number.
pub(crate) struct Columns {
    pub(crate) ids: Vec<RecordId>,
    pub(crate) libraries: Vec<u8>,
    pub(crate) statuses: Vec<u8>,
    pub(crate) revisions: Vec<i64>,
    pub(crate) lengths: Vec<[u32; Slot::COUNT]>,
    pub(crate) orders: Vec<Order>,
    pub(crate) facets: FacetColumn,
}

/// What orders and periods go by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    /// Microseconds since 1970.
    pub(crate) updated: i64,
    pub(crate) confirmed: i64,
    /// In 分; [`NO_AMOUNT`] where there is none.
    pub(crate) amount: i64,
    /// Days since 1970-01-01; [`NO_DAY`] where there is none.
    pub(crate) begins: i32,
    pub(crate) ends: i32,
    pub(crate) is_repealed: bool,
    /// Nobody has confirmed the record for long.
    pub(crate) is_stale: bool,
}

/// No day; later than any.
pub(crate) const NO_DAY: i32 = i32::MAX;
/// No amount; less than any.
pub(crate) const NO_AMOUNT: i64 = -1;

impl Order {
    /// Whether the record's period is over on a day.
    pub(crate) const fn is_over(&self, today: i32) -> bool {
        self.is_repealed || self.ends < today
    }
}

pub(crate) struct Segment {
    pub(crate) reader: SegmentReader,
    pub(crate) postings: [Arc<InvertedIndexReader>; Slot::COUNT],
    pub(crate) columns: Arc<Columns>,
    pub(crate) dead_terms: Arc<DeadTerms>,
}

impl Segment {
    /// Reads a segment, taking over from `former` (the same segment in an earlier snapshot) whatever
    /// still holds.
    pub(crate) fn load(
        reader: &SegmentReader,
        fields: &Fields,
        lexicon: &Lexicon,
        former: Option<&Self>,
    ) -> Result<Self> {
        let columns = match former {
            Some(former) => Arc::clone(&former.columns),
            None => Arc::new(Columns::read(reader)?),
        };
        let mut postings = Vec::with_capacity(Slot::COUNT);
        for field in fields.terms {
            postings.push(reader.inverted_index(field)?);
        }
        let postings = postings
            .try_into()
            .map_err(|_| IndexError::Damaged("a field is missing".to_owned()))?;
        let dead_terms = dead_terms(reader, fields, lexicon, &columns, former)?;
        Ok(Self { reader: reader.clone(), postings, columns, dead_terms })
    }

    pub(crate) fn id(&self) -> SegmentId {
        self.reader.segment_id()
    }

    pub(crate) fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }
}

impl Columns {
    fn read(reader: &SegmentReader) -> Result<Self> {
        let all = |name: &str| -> Result<Vec<u64>> {
            let column = reader.fast_fields().u64(name)?;
            Ok((0..reader.max_doc()).map(|doc| column.first(doc).unwrap_or(0)).collect())
        };
        let mut lengths = vec![[0; Slot::COUNT]; reader.max_doc() as usize];
        for (slot, name) in LENGTH_NAMES.into_iter().enumerate() {
            for (of_document, length) in lengths.iter_mut().zip(all(name)?) {
                of_document[slot] = u32::try_from(length).unwrap_or(u32::MAX);
            }
        }
        let ids = all("id_high")?
            .into_iter()
            .zip(all("id_low")?)
            .map(|(high, low)| RecordId::from_uuid(Uuid::from_u64_pair(high, low)))
            .collect();
        let byte = |value: u64| u8::try_from(value).unwrap_or(u8::MAX);
        Ok(Self {
            ids,
            libraries: all("library")?.into_iter().map(byte).collect(),
            statuses: all("status")?.into_iter().map(byte).collect(),
            revisions: all("revision")?
                .into_iter()
                .map(|value| i64::try_from(value).unwrap_or(i64::MAX))
                .collect(),
            lengths,
            orders: orders(reader)?,
            facets: FacetColumn::read(reader)?,
        })
    }

    pub(crate) fn library(&self, doc: DocId) -> Option<Library> {
        let number = self.libraries[doc as usize];
        Library::ALL.into_iter().find(|library| *library as u8 == number)
    }
}

fn orders(reader: &SegmentReader) -> Result<Vec<Order>> {
    let column = |name: &str| reader.fast_fields().column_opt::<i64>(name);
    let (updated, confirmed) = (column("updated")?, column("confirmed")?);
    let (begins, ends, amount) = (column("begins")?, column("ends")?, column("amount")?);
    let repealed = reader.fast_fields().u64("repealed")?;
    let stale = reader.fast_fields().u64("stale")?;
    let at = |column: &Option<Column<i64>>, doc| column.as_ref().and_then(|all| all.first(doc));
    let day =
        |column, doc| at(column, doc).and_then(|day| i32::try_from(day).ok()).unwrap_or(NO_DAY);
    Ok((0..reader.max_doc())
        .map(|doc| Order {
            updated: at(&updated, doc).unwrap_or(0),
            confirmed: at(&confirmed, doc).unwrap_or(0),
            amount: at(&amount, doc).unwrap_or(NO_AMOUNT),
            begins: day(&begins, doc),
            ends: day(&ends, doc),
            is_repealed: repealed.first(doc) == Some(1),
            is_stale: stale.first(doc) == Some(1),
        })
        .collect())
}

/// Counts the words of the deleted documents, starting from those that `former` has counted. Merges
/// drop deleted documents for good, so there are never many.
fn dead_terms(
    reader: &SegmentReader,
    fields: &Fields,
    lexicon: &Lexicon,
    columns: &Columns,
    former: Option<&Segment>,
) -> Result<Arc<DeadTerms>> {
    if let Some(former) = former
        && former.reader.num_deleted_docs() == reader.num_deleted_docs()
    {
        return Ok(Arc::clone(&former.dead_terms));
    }
    let mut dead = former.map_or_else(DeadTerms::default, |former| (*former.dead_terms).clone());
    if reader.num_deleted_docs() == 0 {
        return Ok(Arc::new(dead));
    }
    let store = reader.get_store_reader(1)?;
    for doc in (0..reader.max_doc()).filter(|doc| reader.is_deleted(*doc)) {
        if former.is_some_and(|former| !former.is_alive(doc)) {
            continue;
        }
        let Some(library) = columns.library(doc) else { continue };
        let document: TantivyDocument = store.get(doc)?;
        for role in TextRole::ALL {
            let text = document
                .get_first(fields.kept[role as usize])
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            for (slot, terms) in terms_of(lexicon, library, role, text) {
                let distinct: HashSet<&str> =
                    terms.joined.split(SEPARATOR).filter(|term| !term.is_empty()).collect();
                for term in distinct {
                    *dead[slot.index()].entry(term.to_owned()).or_insert(0) += 1;
                }
            }
        }
    }
    Ok(Arc::new(dead))
}

//! The lexical index: words and grams of every public text, in tantivy's postings.
//!
//! Tantivy keeps the files, the postings and the commits. Scores are ours (`search.rs`), for two
//! reasons: tantivy counts deleted documents in its frequencies, and sums the terms of a document in
//! an order that depends on the segments, so that the last bits of a score would tell how the index
//! came about.

mod bm25;
mod document;
mod facets;
mod filter;
mod listing;
mod schema;
mod search;
mod segment;
mod snapshot;
mod statistics;
mod terms;
mod word_rule;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use kechuang_text::Lexicon;
use tantivy::{
    Directory, Index, IndexReader, ReloadPolicy,
    directory::{INDEX_WRITER_LOCK, MmapDirectory},
};

pub use document::Document;
pub use facets::FacetValue;
pub use filter::Filter;
pub use listing::{FacetCounts, ListQuery, Listing, Position};
pub use schema::{Analyser, Slot};
pub(crate) use search::keep_best;
pub use search::{Depth, Hit, LexicalQuery, SlotWeights, Weight};
pub use snapshot::Snapshot;
pub use writer::LexicalWriter;

use crate::{IndexError, Result};
use schema::{Fields, Stamp};
use terms::{READY_TERMS, ReadyTerms};

/// An open index folder. Readers take a [`Snapshot`]; one process at a time may take the
/// [`LexicalWriter`].
pub struct LexicalIndex {
    folder: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    lexicon: Arc<Lexicon>,
    current: RwLock<Arc<Snapshot>>,
    /// Reloads happen one after the other; searching goes on meanwhile.
    reloading: Mutex<()>,
}

impl LexicalIndex {
    /// Opens the index in `folder`, or makes an empty one where there is none.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] or [`IndexError::Outdated`] where it must be rebuilt, and what the
    /// folder itself says.
    pub fn open(folder: &Path, lexicon: Arc<Lexicon>) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = schema::build();
        let directory =
            MmapDirectory::open(folder).map_err(|error| IndexError::Damaged(error.to_string()))?;
        let exists =
            Index::exists(&directory).map_err(|error| IndexError::Damaged(error.to_string()))?;
        let index = if exists {
            let index = Index::open(directory)?;
            if index.schema() != schema {
                return Err(IndexError::Outdated("it has other fields".to_owned()));
            }
            index
        } else {
            Index::create(directory, schema, tantivy::IndexSettings::default())?
        };
        index.tokenizers().register(READY_TERMS, ReadyTerms::default());
        let stamp = Stamp::of(&index)?;
        if let Some(stamp) = &stamp {
            stamp.check(&lexicon)?;
        }
        let reader: IndexReader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let snapshot = Snapshot::load(&reader.searcher(), &fields, &lexicon, applied(stamp), None)?;
        Ok(Self {
            folder: folder.to_owned(),
            index,
            reader,
            fields,
            lexicon,
            current: RwLock::new(Arc::new(snapshot)),
            reloading: Mutex::new(()),
        })
    }

    /// Deletes whatever is in `folder`, so that [`LexicalIndex::open`] starts anew.
    ///
    /// # Errors
    /// [`IndexError::Owned`] while a writer has it, and what the folder says.
    pub fn clear(folder: &Path) -> Result<()> {
        if folder.exists() {
            let directory = MmapDirectory::open(folder)
                .map_err(|error| IndexError::Damaged(error.to_string()))?;
            let locked = directory.acquire_lock(&INDEX_WRITER_LOCK);
            drop(locked.map_err(|error| tantivy::TantivyError::LockFailure(error, None))?);
        }
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The state of the index as of the last reload. Cheap; hold it for the length of one request.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up the newest commit, also one of another process, and returns it.
    ///
    /// # Errors
    /// What the index says; the former snapshot then stays.
    pub fn reload(&self) -> Result<Arc<Snapshot>> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        // The stamp is read first: should a commit come between, the snapshot has more than it says,
        // never less.
        let stamp = Stamp::of(&self.index)?;
        // Another process may have rebuilt the folder with another lexicon.
        if let Some(stamp) = &stamp {
            stamp.check(&self.lexicon)?;
        }
        self.reader.reload()?;
        let former = self.snapshot();
        let searcher = self.reader.searcher();
        let snapshot =
            Snapshot::load(&searcher, &self.fields, &self.lexicon, applied(stamp), Some(&former))?;
        let snapshot = Arc::new(snapshot);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&snapshot);
        Ok(snapshot)
    }

    /// The mark of the last applied change; `None` where nothing was applied.
    ///
    /// # Errors
    /// What the index says.
    pub fn applied_mark(&self) -> Result<Option<String>> {
        Ok(Stamp::of(&self.index)?.map(|stamp| stamp.mark))
    }

    /// Whether a commit has been made since the last reload. Costs reading one small file.
    ///
    /// # Errors
    /// What the index says.
    pub fn has_newer_commit(&self) -> Result<bool> {
        Ok(applied(Stamp::of(&self.index)?) > self.snapshot().applied_seq())
    }

    /// Takes the folder's write lock.
    ///
    /// # Errors
    /// [`IndexError::Owned`] while another writer lives, here or in another process.
    pub fn writer(&self) -> Result<LexicalWriter> {
        LexicalWriter::new(&self.index, self.fields.clone(), Arc::clone(&self.lexicon))
    }

    /// Reads every file and compares it with its checksum.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] naming the files that differ.
    pub fn verify(&self) -> Result<()> {
        let damaged = self.index.validate_checksum()?;
        if damaged.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = damaged.iter().map(|path| path.display().to_string()).collect();
        Err(IndexError::Damaged(names.join(", ")))
    }

    /// Where the index lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The tantivy index itself, for benchmarks that compare with it.
    #[must_use]
    pub const fn engine(&self) -> &Index {
        &self.index
    }
}

/// The sequence that a commit has applied; an index that was never committed has applied nothing.
fn applied(stamp: Option<Stamp>) -> i64 {
    stamp.map_or(0, |stamp| stamp.seq)
}

impl std::fmt::Debug for LexicalIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LexicalIndex").field("folder", &self.folder).finish_non_exhaustive()
    }
}

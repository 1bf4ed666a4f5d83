//! Index upkeep: following the store's change log.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use kechuang_domain::{Step, Watch};
use kechuang_index::{Document, IndexError, LexicalIndex, LexicalWriter};
use kechuang_store::{Change, Store, StoredRecord};
use kechuang_text::Lexicon;
use tokio::task::block_in_place;

use crate::{Engine, Generations, Meaning, MeaningState, Result};

type IndexResult<T> = std::result::Result<T, IndexError>;

/// Changes taken up in one commit, at most. A commit costs some ten file syncs.
const CHANGES_PER_COMMIT: i64 = 4_000;
/// How often the change log is looked at when nobody calls.
pub(crate) const POLL: Duration = Duration::from_millis(200);
/// How long a failed round waits before the next.
pub(crate) const RETRY: Duration = Duration::from_secs(5);

/// Opens the index in `folder`. One that is damaged, outdated or of another store (or of a course of history that a backup has
/// undone) is deleted; it
/// then fills from the change log like a new one. Tells whether that happened, and why.
///
/// # Errors
/// What the folder or the store says.
pub async fn open_index(
    folder: &Path,
    lexicon: &Arc<Lexicon>,
    store: &Store,
) -> Result<(LexicalIndex, Option<String>)> {
    let opened = block_in_place(|| LexicalIndex::open(folder, Arc::clone(lexicon)));
    let why = match opened {
        Ok(index) => {
            let applied = index.snapshot().applied_seq();
            let said = block_in_place(|| index.applied_mark())?;
            let change = store.changes_after(applied - 1, 1).await?.into_iter().next();
            let same = change.filter(|change| change.seq == applied).map(|change| mark(&change));
            if applied == 0 || same == said {
                return Ok((index, None));
            }
            format!("索引的第 {applied} 项更新不是这个数据库的第 {applied} 项")
        }
        Err(error) if error.wants_rebuild() => error.to_string(),
        Err(error) => return Err(error.into()),
    };
    tracing::warn!(reason = %why, "the index cannot be used and is rebuilt from the store");
    let index = block_in_place(|| -> kechuang_index::Result<_> {
        LexicalIndex::clear(folder)?;
        LexicalIndex::open(folder, Arc::clone(lexicon))
    })?;
    Ok((index, Some(why)))
}

/// Tells a change from every change of another store, or of another course of this one's history.
pub(crate) fn mark(change: &Change) -> String {
    format!("{}@{}", change.record, change.revision)
}

/// The owner of an engine's index folder. Must live on a multi-threaded runtime.
#[derive(Debug)]
pub struct Upkeep {
    engine: Arc<Engine>,
    /// `None` after a failed round: a writer that failed may have lost what it was given.
    writer: Option<LexicalWriter>,
    watch: Watch,
}

impl Upkeep {
    /// Takes the index folder's write lock.
    ///
    /// # Errors
    /// [`IndexError::Owned`] while another process has it.
    pub fn new(engine: Arc<Engine>, watch: Watch) -> Result<Self> {
        let writer = block_in_place(|| engine.index().writer())?;
        Ok(Self { engine, writer: Some(writer), watch })
    }

    /// Takes up everything the change log has by now, and returns how many changes that were.
    ///
    /// # Errors
    /// What the store or the index says; what was committed stays.
    pub async fn catch_up(&mut self) -> Result<usize> {
        let mut taken = 0;
        loop {
            let applied = self.engine.index().snapshot().applied_seq();
            let changes = self.engine.store().changes_after(applied, CHANGES_PER_COMMIT).await?;
            let Some(last) = changes.last() else { break };
            let ids: BTreeSet<_> = changes.iter().map(|change| change.record).collect();
            let ids: Vec<_> = ids.into_iter().collect();
            // A record's newest revision is what counts, even where the log has not come to it yet:
            // its later entry then finds nothing left to do.
            let stored = self.engine.store().records(&ids).await?;
            block_in_place(|| self.apply(&stored, last, changes.len()))?;
            taken += changes.len();
        }
        Ok(taken)
    }

    /// Applies changes with a writer that has not failed. One that fails is let go with all it was
    /// given: the next round begins at the last commit, with a new one.
    fn apply(&mut self, stored: &[StoredRecord], last: &Change, changes: usize) -> IndexResult<()> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.engine.index().writer()?,
        };
        self.write(&mut writer, stored, last, changes)?;
        self.writer = Some(writer);
        Ok(())
    }

    fn write(
        &self,
        writer: &mut LexicalWriter,
        stored: &[StoredRecord],
        last: &Change,
        changes: usize,
    ) -> IndexResult<()> {
        let mut documents = Vec::with_capacity(stored.len());
        for stored in stored {
            match Document::of(&stored.record) {
                Some(document) => documents.push(document),
                None => writer.remove(stored.record.id),
            }
        }
        writer.put(documents)?;
        self.watch.reached(Step::IndexWritten(changes));
        self.watch.reached(Step::IndexCommitting);
        writer.commit(last.seq, &mark(last))?;
        let due = writer.due_merges()?;
        if !due.is_empty() {
            let watch = self.watch.clone();
            writer.merge(&due, || watch.reached(Step::IndexMerging))?;
        }
        self.engine.index().reload()?;
        self.watch.reached(Step::IndexCommitted(changes));
        Ok(())
    }

    /// Merges the index into one segment: best for reading, worth it after a rebuild.
    ///
    /// # Errors
    /// What the index says.
    pub fn compact(&mut self) -> Result<()> {
        block_in_place(|| {
            if let Some(writer) = &mut self.writer {
                writer.merge_all()?;
            }
            self.engine.index().reload()
        })?;
        Ok(())
    }

    /// Follows the change log until the task is ended. A failed round is logged and tried again.
    pub async fn follow(mut self) {
        loop {
            match self.catch_up().await {
                Ok(0) => tokio::time::sleep(POLL).await,
                Ok(changes) => tracing::debug!(changes, "the index has taken up changes"),
                Err(error) => {
                    tracing::error!(%error, "the index could not take up changes");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }
}

impl Engine {
    /// Takes up the newest commit of the process that owns the index.
    ///
    /// # Errors
    /// What the index says.
    pub fn reload_index(&self) -> Result<()> {
        block_in_place(|| self.index().reload())?;
        Ok(())
    }

    /// Takes up commits of the process that owns the index, until the task is ended.
    pub async fn follow_index(self: Arc<Self>) {
        loop {
            tokio::time::sleep(POLL).await;
            let newest = self.index().has_newer_commit();
            if let Err(error) = newest.and_then(|newer| {
                if newer { block_in_place(|| self.index().reload()).map(drop) } else { Ok(()) }
            }) {
                tracing::error!(%error, "the index could not be read again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    /// Takes up vectors of the process that owns them, and its sense of meaning once that is complete, until
    /// the task is ended.
    pub async fn follow_vectors(self: Arc<Self>, meaning: Arc<Meaning>, generations: Generations) {
        loop {
            tokio::time::sleep(POLL).await;
            if let Err(error) = meaning.vectors.applied().await {
                tracing::error!(%error, "the vectors could not be read again");
                tokio::time::sleep(RETRY).await;
                continue;
            }
            let is_complete = generations.current().as_deref() == Some(meaning.encoder.key());
            let is_used = match self.meaning() {
                MeaningState::Present(one) => Arc::ptr_eq(&one, &meaning),
                MeaningState::Absent(_) => false,
            };
            if is_complete && !is_used {
                self.set_meaning(MeaningState::Present(Arc::clone(&meaning)));
            }
        }
    }

    /// Waits until the index shows the change `seq`; tells whether it does within `patience`.
    pub async fn wait_visible(&self, seq: i64, patience: Duration) -> bool {
        let shown = async {
            while self.index().snapshot().applied_seq() < seq {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(patience, shown).await.is_ok()
    }
}

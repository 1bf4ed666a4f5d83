//! Upkeep of vectors: following the change log with an encoder.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use kechuang_domain::{RecordId, Step, Watch};
use kechuang_index::{Applied, ExactIndex, VectorChange, VectorEntry, VectorIndex};
use kechuang_inference::{CacheKey, Encoder, InferenceError, Side, Urgency, VectorCache};
use kechuang_store::{Change, Store, StoredRecord};
use tokio::task::block_in_place;

use crate::{
    Engine, Generations, Result,
    meaning::{Meaning, MeaningState, passage_text},
    upkeep::{POLL, RETRY, mark},
};

/// Changes taken up in one commit, at most.
const CHANGES_PER_COMMIT: i64 = 512;
/// Texts that are encoded before their vectors are kept: what a kill can cost.
const TEXTS_PER_CALL: usize = 64;

/// Opens the index of an encoder's vectors in `folder`. One that is damaged, or of another store, is
/// deleted; it then fills from the cache and the change log. Tells whether that happened, and why.
///
/// # Errors
/// What the folder or the store says.
pub async fn open_vectors(
    folder: &Path,
    encoder: &Encoder,
    store: &Store,
) -> Result<(VectorIndex, Option<String>)> {
    let open = || ExactIndex::open(folder, encoder.key(), encoder.width());
    let why = match block_in_place(open) {
        Ok(index) => {
            let index = VectorIndex::Exact(index);
            if is_of(&index, store).await? {
                return Ok((index, None));
            }
            "它不是这个数据库的".to_owned()
        }
        Err(error) if error.wants_rebuild() => error.to_string(),
        Err(error) => return Err(error.into()),
    };
    tracing::warn!(reason = %why, "the vector index cannot be used and is made anew");
    let index = block_in_place(|| -> kechuang_index::Result<_> {
        ExactIndex::clear(folder)?;
        open()
    })?;
    Ok((VectorIndex::Exact(index), Some(why)))
}

/// Whether what an index has applied is this store's history.
async fn is_of(index: &VectorIndex, store: &Store) -> Result<bool> {
    let applied = index.applied().await?;
    if applied.seq == 0 {
        return Ok(true);
    }
    let change = store.changes_after(applied.seq - 1, 1).await?.into_iter().next();
    Ok(change.is_some_and(|change| change.seq == applied.seq && mark(&change) == applied.mark))
}

/// The owner of an engine's vectors. Must live on a multi-threaded runtime.
#[derive(Debug)]
pub struct Encoding {
    engine: Arc<Engine>,
    meaning: Arc<Meaning>,
    cache: VectorCache,
    generations: Generations,
    is_current: bool,
    /// Whether the vectors are known to be of this store's history.
    is_ours: bool,
    watch: Watch,
}

impl Encoding {
    /// Upkeep of `meaning`, whose vectors and cache lie in `generations`. The engine goes on with the sense
    /// of meaning that it has until this one has caught up.
    ///
    /// # Errors
    /// What the cache's folder says.
    pub fn new(
        engine: Arc<Engine>,
        meaning: Arc<Meaning>,
        generations: Generations,
        watch: Watch,
    ) -> Result<Self> {
        let encoder = &meaning.encoder;
        let cache = generations.cache_of(encoder.key());
        let cache = block_in_place(|| VectorCache::open(&cache, encoder.width()))?;
        Ok(Self { engine, meaning, cache, generations, is_current: false, is_ours: false, watch })
    }

    /// Changes that the vectors have yet to take up.
    ///
    /// # Errors
    /// What the store or the index says.
    pub async fn behind(&self) -> Result<i64> {
        let applied = self.meaning.vectors.applied().await?;
        Ok(self.engine.store().change_head().await? - applied.seq)
    }

    /// Takes up everything the change log has by now, encodes what is not cached, and returns how many
    /// changes that were. Then the engine answers by this sense of meaning.
    ///
    /// # Errors
    /// What the store, the encoder or the index says; what was committed stays.
    pub async fn catch_up(&mut self) -> Result<usize> {
        // A server may hold what another store, or a course of this one's history that a backup has undone,
        // has left there.
        if !self.is_ours {
            if !is_of(&self.meaning.vectors, self.engine.store()).await? {
                tracing::warn!("the vectors on the server are of another store and are made anew");
                self.meaning.vectors.clear().await?;
            }
            self.is_ours = true;
        }
        let mut taken = 0;
        loop {
            let applied = self.meaning.vectors.applied().await?;
            let changes =
                self.engine.store().changes_after(applied.seq, CHANGES_PER_COMMIT).await?;
            let Some(last) = changes.last() else { break };
            let ids: BTreeSet<_> = changes.iter().map(|change| change.record).collect();
            self.take_up(&ids, last).await?;
            taken += changes.len();
            self.watch.reached(Step::VectorsCommitted(changes.len()));
        }
        if !self.is_current {
            self.become_current().await?;
        }
        Ok(taken)
    }

    /// Switches over: this sense of meaning is complete.
    async fn become_current(&mut self) -> Result<()> {
        self.meaning.vectors.make_current().await?;
        let key = self.meaning.encoder.key();
        self.generations.make_current(key).map_err(kechuang_index::IndexError::from)?;
        self.engine.set_meaning(MeaningState::Present(Arc::clone(&self.meaning)));
        self.is_current = true;
        Ok(())
    }

    async fn take_up(&mut self, ids: &BTreeSet<RecordId>, last: &Change) -> Result<()> {
        let ids: Vec<_> = ids.iter().copied().collect();
        let stored = self.engine.store().records(&ids).await?;
        let mut changes = Vec::with_capacity(ids.len());
        let mut wanted = Vec::new();
        for stored in &stored {
            match passage_text(&stored.record) {
                Some(text) => wanted.push((stored, text)),
                None => changes.push(removal(stored)),
            }
        }
        let vectors = self.encode(wanted.iter().map(|(_, text)| text.as_str())).await?;
        changes.extend(wanted.iter().zip(vectors).map(|((stored, _), vector)| match vector {
            Some(vector) => VectorChange::Put(entry(stored, vector)),
            None => removal(stored),
        }));
        self.watch.reached(Step::VectorsEncoded);
        let applied = Applied { seq: last.seq, mark: mark(last) };
        self.meaning.vectors.apply(&changes, &applied).await?;
        Ok(())
    }

    /// The vectors of texts, from the cache where it has them; `None` for a text that the model cannot read.
    async fn encode(&mut self, texts: impl Iterator<Item = &str>) -> Result<Vec<Option<Vec<f32>>>> {
        let encoder = &self.meaning.encoder;
        let asked: Vec<_> =
            texts.map(|text| (CacheKey::of(encoder, Side::Passage, text), text)).collect();
        let mut vectors = Vec::with_capacity(asked.len());
        for (key, _) in &asked {
            vectors.push(self.cache.get(*key)?);
        }
        let missing: Vec<usize> =
            (0..asked.len()).filter(|place| vectors[*place].is_none()).collect();
        for places in missing.chunks(TEXTS_PER_CALL) {
            let texts: Vec<_> = places.iter().map(|place| asked[*place].1).collect();
            let found = encode_each(encoder, &texts).await?;
            let kept = places
                .iter()
                .zip(&found)
                .filter_map(|(place, vector)| Some((asked[*place].0, vector.as_deref()?)));
            self.cache.put(kept)?;
            for (place, vector) in places.iter().zip(found) {
                vectors[*place] = vector;
            }
        }
        Ok(vectors)
    }

    /// Follows the change log until the task is ended. A failed round is logged and tried again.
    pub async fn follow(mut self) {
        loop {
            match self.catch_up().await {
                Ok(0) => tokio::time::sleep(POLL).await,
                Ok(changes) => tracing::debug!(changes, "the vectors have taken up changes"),
                Err(error) => {
                    tracing::error!(%error, "the vectors could not take up changes");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }
}

/// Encodes texts together; where that fails, each alone: one that the model cannot read must not keep all
/// others from having vectors.
async fn encode_each(encoder: &Encoder, texts: &[&str]) -> Result<Vec<Option<Vec<f32>>>> {
    match encoder.encode(texts, Side::Passage, Urgency::Background).await {
        Ok(vectors) => return Ok(vectors.into_iter().map(Some).collect()),
        Err(InferenceError::Stopped) => return Err(InferenceError::Stopped.into()),
        Err(error) => tracing::warn!(%error, "texts cannot be encoded together"),
    }
    let mut vectors = Vec::with_capacity(texts.len());
    for text in texts {
        match encoder.encode(&[text], Side::Passage, Urgency::Background).await {
            Ok(mut one) => vectors.push(one.pop()),
            Err(error) => {
                tracing::error!(%error, "a text cannot be encoded and is found by its words only");
                vectors.push(None);
            }
        }
    }
    Ok(vectors)
}

fn removal(stored: &StoredRecord) -> VectorChange {
    VectorChange::Remove { id: stored.record.id, revision: stored.record.revision }
}

fn entry(stored: &StoredRecord, vector: Vec<f32>) -> VectorEntry {
    let record = &stored.record;
    VectorEntry {
        id: record.id,
        revision: record.revision,
        library: record.library(),
        region: record.content.region,
        vector,
    }
}

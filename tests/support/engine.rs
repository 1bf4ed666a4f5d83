//! Engines over a real store and a real index.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use kechuang_domain::Watch;
use kechuang_matching::{
    Encoders, Encoding, Engine, Generations, Meaning, Rules, Upkeep, clock, open_index,
    open_vectors,
};
use kechuang_store::{RecordDraft, Saved, Store};
use tempfile::TempDir;

/// The rules of the product, built once for all tests of a process.
#[must_use]
pub fn rules() -> Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| kechuang_cli::assets::rules().expect("rules that are fine")).clone()
}

/// The bundled encoders, loaded once for all tests of a process.
#[must_use]
pub fn encoders() -> Encoders {
    static ENCODERS: OnceLock<Encoders> = OnceLock::new();
    let load = || kechuang_cli::meaning::bundled().expect("the bundled encoders");
    ENCODERS.get_or_init(load).clone()
}

/// An engine with the right to change its index.
pub struct TestEngine {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Its upkeep.
    pub upkeep: Upkeep,
    /// Upkeep of its vectors; `None` for an engine without a sense of meaning.
    pub encoding: Option<Encoding>,
    folder: TempDir,
}

impl TestEngine {
    /// An empty engine on an embedded store.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open_embedded(folder.path()).await.expect("an embedded store");
        Self::over(store, folder).await
    }

    /// An engine with a new index over a store.
    pub async fn over(store: Store, folder: TempDir) -> Self {
        let rules = rules();
        let index_folder = folder.path().join("index");
        let opened = open_index(&index_folder, &rules.lexicon, &store).await;
        let (index, _) = opened.expect("an index");
        let engine = Arc::new(Engine::new(store, index, rules));
        let upkeep = Upkeep::new(Arc::clone(&engine), Watch::nobody()).expect("the write lock");
        Self { engine, upkeep, encoding: None, folder }
    }

    /// The same with a sense of meaning.
    pub async fn with_meaning(self) -> Self {
        self.with_encoders(encoders()).await
    }

    /// The same with a sense of meaning by these.
    pub async fn with_encoders(mut self, encoders: Encoders) -> Self {
        let generations = Generations::in_folder(self.folder().join("vectors"));
        let folder = generations.index_of(encoders.recall.key());
        let opened = open_vectors(&folder, &encoders.recall, self.engine.store()).await;
        let (vectors, _) = opened.expect("vectors");
        let meaning = Arc::new(Meaning::new(encoders, vectors));
        let engine = Arc::clone(&self.engine);
        let encoding = Encoding::new(engine, meaning, generations, Watch::nobody());
        self.encoding = Some(encoding.expect("a cache"));
        self
    }

    /// The folder that everything lies in.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Saves drafts and makes them visible.
    pub async fn save(&mut self, drafts: &[RecordDraft]) -> Vec<Saved> {
        let saved = self.engine.store().save_records(drafts, clock::now()).await.expect("saved");
        self.upkeep.catch_up().await.expect("an index that follows");
        if let Some(encoding) = &mut self.encoding {
            encoding.catch_up().await.expect("vectors that follow");
        }
        saved
    }
}

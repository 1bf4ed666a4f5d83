//! An engine of its own for one experiment, gone when it is dropped.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::{Library, RecordId, Watch};
use kechuang_ingest::{IngestRules, Row, RowContext, Tables, enqueue_rows, work_one};
use kechuang_matching::{
    Encoders, Encoding, Engine, Generations, Meaning, Rules, Upkeep, clock, open_index,
    open_vectors,
};
use kechuang_store::Store;
use tempfile::TempDir;

use crate::{LabError, Result};

/// The source name of rows that an experiment takes in.
const SOURCE: &str = "评测";

/// An empty embedded store with an index, in a temporary folder.
#[derive(Debug)]
pub struct Scratch {
    /// The engine that is measured.
    pub engine: Arc<Engine>,
    upkeep: Upkeep,
    encoding: Option<Encoding>,
    watch: Watch,
    tables: Arc<Tables>,
    // Dropped last: the engine's files lie in it.
    folder: TempDir,
}

impl Scratch {
    /// Makes the folder, the store and the index.
    ///
    /// # Errors
    /// What the temporary folder or the store says.
    pub async fn new(rules: &Rules, watch: Watch) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let store = Store::open_embedded(folder.path()).await?;
        let (index, _) = open_index(&folder.path().join("index"), &rules.lexicon, &store).await?;
        let engine = Arc::new(Engine::new(store, index, rules.clone()));
        let upkeep = Upkeep::new(Arc::clone(&engine), watch.clone())?;
        let tables = Arc::default();
        Ok(Self { engine, upkeep, encoding: None, watch, tables, folder })
    }

    /// The same with a sense of meaning.
    ///
    /// # Errors
    /// What the temporary folder says.
    pub async fn with_encoders(mut self, encoders: Option<Encoders>) -> Result<Self> {
        let Some(encoders) = encoders else { return Ok(self) };
        let generations = Generations::in_folder(self.folder.path().join("vectors"));
        let folder = generations.index_of(encoders.recall.key());
        let (vectors, _) = open_vectors(&folder, &encoders.recall, self.engine.store()).await?;
        let meaning = Arc::new(Meaning::new(encoders, vectors));
        let (engine, watch) = (Arc::clone(&self.engine), self.watch.clone());
        self.encoding = Some(Encoding::new(engine, meaning, generations, watch)?);
        Ok(self)
    }

    /// The same, for rows that name what has a code.
    #[must_use]
    pub fn with_tables(mut self, tables: Arc<Tables>) -> Self {
        self.tables = tables;
        self
    }

    /// Takes in rows, each as a record of its own, and gives the records by the rows' ids.
    ///
    /// # Errors
    /// [`LabError::Bench`] naming the first row that is no record: a benchmark must be whole.
    pub async fn take_in(
        &mut self,
        library: Library,
        rows: Vec<Row>,
    ) -> Result<BTreeMap<String, RecordId>> {
        let store = self.engine.store();
        let context = RowContext::new(library, SOURCE);
        enqueue_rows(store, &context, rows, clock::now(), &self.watch).await?;
        // Every row stays a record of its own: a benchmark judges rows as they are.
        let rules = IngestRules { tables: Arc::clone(&self.tables), ..IngestRules::default() };
        while let Some(worked) = work_one(store, &rules, clock::now(), &self.watch).await? {
            let ingested = worked.ingested;
            if let Some(rejected) = ingested.rejected.first() {
                return Err(LabError::Bench(format!(
                    "{}{}不能用：{}",
                    library.label(),
                    rejected.place.label(),
                    rejected.reason()
                )));
            }
        }
        Ok(store.records_of_source(library, SOURCE).await?.into_iter().collect())
    }

    /// Brings the index up to date, in one segment.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn index(&mut self) -> Result<()> {
        self.catch_up().await?;
        self.upkeep.compact()?;
        Ok(())
    }

    /// Brings the index up to date, as a running product does.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn catch_up(&mut self) -> Result<()> {
        self.upkeep.catch_up().await?;
        if let Some(encoding) = &mut self.encoding {
            encoding.catch_up().await?;
        }
        Ok(())
    }
}

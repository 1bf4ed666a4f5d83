//! Exact search over a file of vectors.
//!
//! Each vector is held in memory as 8-bit numbers with a factor, a quarter of its size: a scan is bound
//! by memory bandwidth. The best of the scan are scored again with the 32-bit numbers in the file, read
//! at their places. So the answer is that of comparing everything in 32 bits, unless a vector falls
//! further back through rounding than [`OVERSAMPLING`] looks.

mod file;
mod kernel;
mod scan;
mod state;

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
};

use kechuang_domain::RecordId;

use super::{Applied, VectorChange, VectorHit, VectorQuery, by_rank};
use crate::{Depth, IndexError, Result, lexical::keep_best};
use file::VectorFile;
use state::State;

/// How many times as many candidates the scan hands on as are asked for.
const OVERSAMPLING: usize = 4;
/// Rows of replaced and removed records that are kept before the file is written anew, at least.
const DEAD_ROWS: usize = 4096;

const FILE: &str = "vectors.bin";
const LOCK: &str = "writer.lock";

/// An open folder of vectors. Any number of processes read it; the first to apply changes owns it.
#[derive(Debug)]
pub struct ExactIndex {
    folder: PathBuf,
    width: usize,
    key: String,
    state: RwLock<State>,
    /// The right to write; taken at the first change.
    owner: Mutex<Option<File>>,
}

impl ExactIndex {
    /// Opens the index in `folder` for vectors of `width` numbers made by the encoder `key`, or makes an
    /// empty one.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] and [`IndexError::Outdated`] where it must be made anew, and what the
    /// folder says.
    pub fn open(folder: &Path, key: &str, width: usize) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(FILE);
        if !path.exists() {
            let lock = lock_file(folder)?;
            lock.lock()?;
            // Of two that start together the second finds the file of the first.
            if !path.exists() {
                VectorFile::create(&path, key, width)?;
            }
        }
        let state = State::read(&path, key, width)?;
        Ok(Self {
            folder: folder.to_owned(),
            width,
            key: key.to_owned(),
            state: RwLock::new(state),
            owner: Mutex::new(None),
        })
    }

    /// Deletes whatever is in `folder`, so that [`ExactIndex::open`] starts anew.
    ///
    /// # Errors
    /// [`IndexError::Owned`] while somebody writes it, and what the folder says.
    pub fn clear(folder: &Path) -> Result<()> {
        if folder.exists() {
            drop(lock(folder)?);
        }
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    pub(super) fn search(&self, query: &VectorQuery<'_>) -> Result<Vec<VectorHit>> {
        self.check_width(query.vector)?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let rows: Vec<u32> = match query.depth {
            Depth::Closed(ids) => ids
                .iter()
                .filter_map(|id| state.row_of(*id))
                .filter(|row| state.library_of(*row) == query.library)
                .collect(),
            Depth::Best(most) => state.scan(query, most.saturating_mul(OVERSAMPLING)),
        };
        let mut bytes = Vec::new();
        let mut hits = rows
            .into_iter()
            .map(|row| state.score(row, query.vector, &mut bytes))
            .collect::<Result<Vec<_>>>()?;
        drop(state);
        if let Depth::Best(most) = query.depth {
            keep_best(&mut hits, most, by_rank);
        }
        hits.sort_unstable_by(by_rank);
        Ok(hits)
    }

    pub(super) fn apply(&self, changes: &[VectorChange], applied: &Applied) -> Result<()> {
        for change in changes {
            if let VectorChange::Put(entry) = change {
                self.check_width(&entry.vector)?;
            }
        }
        let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        if owner.is_none() {
            let locked = lock(&self.folder)?;
            // Another process may have written until now.
            self.refresh()?;
            *owner = Some(locked);
        }
        let path = self.folder.join(FILE);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.file().append(&path, changes, applied)?;
        drop(state);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.read_on()?;
        drop(state);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if state.dead_rows() > DEAD_ROWS.max(state.live_rows()) {
            // Nobody else writes, and whoever searches goes on meanwhile.
            state.rewrite(&path, &self.key)?;
            drop(state);
            let anew = State::read(&path, &self.key, self.width)?;
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = anew;
        }
        Ok(())
    }

    /// Takes up what another process has written, and tells the last change applied.
    pub(super) fn refresh(&self) -> Result<Applied> {
        let path = self.folder.join(FILE);
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if state.file().is_at(&path)? && !state.file().has_more()? {
            return Ok(state.applied().clone());
        }
        drop(state);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.file().is_at(&path)? {
            state.read_on()?;
        } else {
            *state = State::read(&path, &self.key, self.width)?;
        }
        Ok(state.applied().clone())
    }

    pub(super) fn known_seq(&self) -> i64 {
        self.state.read().unwrap_or_else(PoisonError::into_inner).applied().seq
    }

    pub(super) fn records(&self) -> Vec<(RecordId, i64)> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).records()
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    fn check_width(&self, vector: &[f32]) -> Result<()> {
        if vector.len() == self.width {
            return Ok(());
        }
        Err(IndexError::Width { wanted: self.width, given: vector.len() })
    }
}

fn lock_file(folder: &Path) -> Result<File> {
    Ok(File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?)
}

/// Takes the right to write; it lasts as long as the file is open.
fn lock(folder: &Path) -> Result<File> {
    let file = lock_file(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(IndexError::Owned),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

//! The vectors of texts that have been encoded before, in a file of their own.
//!
//! A cache is for one encoder and can be deleted at any time. The file is a head and rows of equal size,
//! only ever grown at its end: key (16 bytes), vector (32-bit numbers), sum over both. A row that was
//! cut off or damaged is left out when the file is opened; nothing is synced, since what is lost is
//! encoded again.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{Encoder, InferenceError, Result, Side};

const MAGIC: &[u8; 8] = b"kcvec\x001\n";
const KEY_BYTES: usize = 16;
const SUM_BYTES: usize = 8;

/// Tells a text, with what stands before it and the model that reads it, from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheKey([u8; KEY_BYTES]);

impl CacheKey {
    /// The key of (model, instruction, text).
    #[must_use]
    pub fn of(encoder: &Encoder, side: Side, text: &str) -> Self {
        Self::of_parts(encoder.key(), encoder.instruction(side), text)
    }

    /// The same from its parts: [`Manifest::key`](crate::Manifest::key), the instruction, the text.
    #[must_use]
    pub fn of_parts(model: &str, instruction: &str, text: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [model, instruction, text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut key = [0; KEY_BYTES];
        key.copy_from_slice(&hash.finalize()[..KEY_BYTES]);
        Self(key)
    }
}

/// An open cache.
#[derive(Debug)]
pub struct VectorCache {
    path: PathBuf,
    file: File,
    width: usize,
    /// Where the row of a key begins.
    places: HashMap<CacheKey, u64>,
    end: u64,
}

impl VectorCache {
    /// Opens the cache at `path` for vectors of `width` numbers, or makes an empty one. A file that is no
    /// cache of this width is put aside as `….broken`; that is logged.
    ///
    /// # Errors
    /// [`InferenceError::Cache`] where the folder cannot be used.
    pub fn open(path: &Path, width: usize) -> Result<Self> {
        let wrong = |error| InferenceError::Cache { path: path.to_owned(), error };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(wrong)?;
        }
        match Self::read(path, width) {
            Ok(cache) => Ok(cache),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let aside = path.with_extension("broken");
                tracing::warn!(path = %path.display(), aside = %aside.display(), "the vector cache cannot be used and is begun anew");
                fs::rename(path, aside).and_then(|()| Self::read(path, width)).map_err(wrong)
            }
            Err(error) => Err(wrong(error)),
        }
    }

    fn read(path: &Path, width: usize) -> io::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        // Two that write would overwrite each other.
        file.try_lock().map_err(io::Error::from)?;
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&(width as u64).to_le_bytes());
        if file.metadata()?.len() < head.len() as u64 {
            file.set_len(0)?;
            file.write_all_at(&head, 0)?;
        }
        let mut cache = Self {
            path: path.to_owned(),
            file,
            width,
            places: HashMap::new(),
            end: head.len() as u64,
        };
        cache.index(&head)?;
        Ok(cache)
    }

    /// Reads through the rows; what stands behind the last whole one is cut off.
    fn index(&mut self, head: &[u8]) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 20, &self.file);
        let mut found = vec![0; head.len()];
        reader.read_exact(&mut found)?;
        if found != head {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "another file"));
        }
        let mut row = vec![0; self.row_bytes()];
        let mut damaged = 0_u64;
        loop {
            match reader.read_exact(&mut row) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error),
            }
            let (content, sum) = row.split_at(row.len() - SUM_BYTES);
            if sum == sum_of(content) {
                let mut key = [0; KEY_BYTES];
                key.copy_from_slice(&content[..KEY_BYTES]);
                self.places.insert(CacheKey(key), self.end);
            } else {
                damaged += 1;
            }
            self.end += row.len() as u64;
        }
        if damaged > 0 {
            tracing::warn!(path = %self.path.display(), damaged, "rows of the vector cache are damaged and left out");
        }
        self.file.set_len(self.end)
    }

    const fn row_bytes(&self) -> usize {
        KEY_BYTES + self.width * size_of::<f32>() + SUM_BYTES
    }

    /// How many vectors it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The vector of a key.
    ///
    /// # Errors
    /// [`InferenceError::Cache`] where the file cannot be read.
    pub fn get(&self, key: CacheKey) -> Result<Option<Vec<f32>>> {
        let Some(place) = self.places.get(&key) else { return Ok(None) };
        let mut row = vec![0; self.row_bytes()];
        self.file.read_exact_at(&mut row, *place).map_err(|error| self.wrong(error))?;
        let (content, sum) = row.split_at(row.len() - SUM_BYTES);
        let (found, numbers) = content.split_at(KEY_BYTES);
        if found != key.0 || sum != sum_of(content) {
            return Ok(None);
        }
        let (numbers, _) = numbers.as_chunks();
        Ok(Some(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()))
    }

    /// Keeps vectors. One of another width than the cache's is a mistake of the caller and left out.
    ///
    /// # Errors
    /// [`InferenceError::Cache`] where the file cannot be written.
    pub fn put<'a>(
        &mut self,
        vectors: impl IntoIterator<Item = (CacheKey, &'a [f32])>,
    ) -> Result<()> {
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for (key, vector) in vectors {
            if vector.len() != self.width || self.places.contains_key(&key) {
                continue;
            }
            let begin = rows.len();
            places.push((key, self.end + begin as u64));
            rows.extend_from_slice(&key.0);
            rows.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
            let sum = sum_of(&rows[begin..]);
            rows.extend_from_slice(&sum);
        }
        let written = self.file.write_all_at(&rows, self.end);
        written.map_err(|error| self.wrong(error))?;
        self.end += rows.len() as u64;
        self.places.extend(places);
        Ok(())
    }

    fn wrong(&self, error: io::Error) -> InferenceError {
        InferenceError::Cache { path: self.path.clone(), error }
    }
}

fn sum_of(content: &[u8]) -> [u8; SUM_BYTES] {
    let mut sum = [0; SUM_BYTES];
    sum.copy_from_slice(&Sha256::digest(content)[..SUM_BYTES]);
    sum
}

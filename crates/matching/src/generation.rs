//! The vectors of one encoder after another, each in a folder of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The name of the file that says whose vectors are in use.
const CURRENT: &str = "current";
const CACHE_ENDING: &str = "cache";

/// A folder with the vectors of several encoders, by their keys.
#[derive(Debug, Clone)]
pub struct Generations(PathBuf);

impl Generations {
    /// Generations in `folder`.
    #[must_use]
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Where the index of the encoder `key` lies.
    #[must_use]
    pub fn index_of(&self, key: &str) -> PathBuf {
        self.0.join(key)
    }

    /// The file that caches what the encoder `key` has encoded.
    #[must_use]
    pub fn cache_of(&self, key: &str) -> PathBuf {
        self.0.join(key).with_extension(CACHE_ENDING)
    }

    /// The key of the encoder whose vectors were complete last.
    #[must_use]
    pub fn current(&self) -> Option<String> {
        let text = fs::read_to_string(self.0.join(CURRENT)).ok()?;
        Some(text.trim().to_owned()).filter(|key| !key.is_empty())
    }

    /// Makes `key` the current one, and deletes all others but the one before it, which stays for those who
    /// change their mind.
    ///
    /// # Errors
    /// What the folder says.
    pub fn make_current(&self, key: &str) -> io::Result<()> {
        let former = self.current();
        if former.as_deref() == Some(key) {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        let new = self.0.join("current.new");
        fs::write(&new, key)?;
        fs::rename(new, self.0.join(CURRENT))?;
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let is_kept = |key: &str| path == self.index_of(key) || path == self.cache_of(key);
            if is_generation(&path) && !is_kept(key) && !former.as_deref().is_some_and(is_kept) {
                if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
            }
        }
        Ok(())
    }
}

/// Whether this is something of ours: a folder or cache named by a key.
fn is_generation(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.len() == 16 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

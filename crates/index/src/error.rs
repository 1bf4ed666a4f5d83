//! What can go wrong with an index, by what the caller can do about it.

/// A failure of an index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Its files are missing, cut off or not an index: rebuild it from the store.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// It was made with another lexicon or by another version: rebuild it from the store.
    #[error("the index is outdated: {0}")]
    Outdated(String),
    /// Another process owns the folder: read it, or wait.
    #[error("another process owns this index")]
    Owned,
    /// The folder cannot be read or written.
    #[error("the index folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// A vector of another width than the index has.
    #[error("a vector of {given} numbers in an index of {wanted}")]
    Width {
        /// Numbers in a vector of the index.
        wanted: usize,
        /// Numbers that were given.
        given: usize,
    },
    /// The vector server does not answer, or refuses.
    #[error("the vector server does not answer: {0}")]
    Server(String),
    /// Anything else tantivy says.
    #[error("index: {0}")]
    Engine(tantivy::TantivyError),
}

impl IndexError {
    /// Whether rebuilding from the store is the remedy.
    #[must_use]
    pub const fn wants_rebuild(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Outdated(_))
    }
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::{TantivyError as E, directory::error::LockError};
        match error {
            E::LockFailure(LockError::LockBusy, _) => Self::Owned,
            E::LockFailure(LockError::IoError(io), _) => {
                Self::Folder(std::io::Error::new(io.kind(), io.to_string()))
            }
            E::DataCorruption(_)
            | E::OpenReadError(_)
            | E::IncompatibleIndex(_)
            | E::SchemaError(_)
            | E::FieldNotFound(_)
            | E::DeserializeError(_) => Self::Damaged(error.to_string()),
            E::IoError(io) if means_damage(&io) => Self::Damaged(io.to_string()),
            E::IoError(io) => Self::Folder(std::io::Error::new(io.kind(), io.to_string())),
            other => Self::Engine(other),
        }
    }
}

/// A file that ends too early or holds nonsense is damage; a full or read-only disk is not.
fn means_damage(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::NotFound)
}

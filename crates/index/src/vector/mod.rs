//! The vector index: which records mean what a query means.
//!
//! Two arms, one set of questions. [`ExactIndex`] compares the query with every vector and needs nothing
//! but a file: right up to some 300,000 records on one machine. [`ClusterIndex`] asks a Qdrant server:
//! for more records, or for several nodes. What may be found is a predicate as data, which each arm
//! translates; `tests/vector` holds both to one contract.
//!
//! An index belongs to one encoder, by its key: vectors of different encoders cannot be compared. Like
//! the lexical index it follows the store's change log and keeps the applied sequence in its own commit.

mod cluster;
mod exact;

use kechuang_domain::{Library, Record, RecordId, Region, Status, Viewer};

pub use cluster::{ClusterIndex, ClusterSettings};
pub use exact::ExactIndex;

use crate::{Depth, Result};

/// A vector index of either kind.
#[derive(Debug)]
pub enum VectorIndex {
    /// A file, read whole.
    Exact(ExactIndex),
    /// A Qdrant server.
    Cluster(ClusterIndex),
}

/// A record's vector, with what filters look at.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorEntry {
    /// The record.
    pub id: RecordId,
    /// The revision that was encoded.
    pub revision: i64,
    /// Its library.
    pub library: Library,
    /// Where its owner sits.
    pub region: Option<Region>,
    /// Of the encoder's width and of length 1.
    pub vector: Vec<f32>,
}

/// What becomes of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum VectorChange {
    /// It has this vector now.
    Put(VectorEntry),
    /// It is not to be found any more.
    Remove {
        /// The record.
        id: RecordId,
        /// The revision that says so.
        revision: i64,
    },
}

impl VectorChange {
    /// Whose change it is.
    #[must_use]
    pub const fn record(&self) -> RecordId {
        match self {
            Self::Put(entry) => entry.id,
            Self::Remove { id, .. } => *id,
        }
    }
}

/// The last change that an index has applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Its sequence; 0 where nothing was applied.
    pub seq: i64,
    /// Tells it from changes of other stores.
    pub mark: String,
}

/// A search in one library.
#[derive(Debug, Clone)]
pub struct VectorQuery<'a> {
    /// Of the index's width and of length 1.
    pub vector: &'a [f32],
    /// Which library.
    pub library: Library,
    /// Only records of this division. A closed set is scored as given, without it.
    pub region: Option<Region>,
    /// How far to look.
    pub depth: Depth<'a>,
}

/// A record that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VectorHit {
    /// The record.
    pub id: RecordId,
    /// The revision that was encoded.
    pub revision: i64,
    /// Cosine with the query, -1 to 1.
    pub score: f32,
}

/// Whether a record may be found by its meaning: what anybody may see and match.
#[must_use]
pub fn has_vector(record: &Record) -> bool {
    record.listed_for(Viewer::Public) && record.status == Status::Active
}

impl VectorIndex {
    /// The records nearest to a query, best first, ties by id.
    ///
    /// # Errors
    /// [`IndexError::Width`](crate::IndexError::Width) for a vector of another width, and what the file
    /// or the server says.
    pub async fn search(&self, query: &VectorQuery<'_>) -> Result<Vec<VectorHit>> {
        match self {
            Self::Exact(index) => index.search(query),
            Self::Cluster(index) => index.search(query).await,
        }
    }

    /// Makes changes durable and visible, together with the sequence they bring the index to. Of several
    /// changes of one record the last counts.
    ///
    /// # Errors
    /// As [`VectorIndex::search`]. What was not acknowledged may be there or not: apply it again.
    pub async fn apply(&self, changes: &[VectorChange], applied: &Applied) -> Result<()> {
        match self {
            Self::Exact(index) => index.apply(changes, applied),
            Self::Cluster(index) => index.apply(changes, applied).await,
        }
    }

    /// The last change that was applied, by this process or another.
    ///
    /// # Errors
    /// What the file or the server says.
    pub async fn applied(&self) -> Result<Applied> {
        match self {
            Self::Exact(index) => index.refresh(),
            Self::Cluster(index) => index.applied().await,
        }
    }

    /// The last sequence that this process knows to be applied, without asking anybody.
    #[must_use]
    pub fn known_seq(&self) -> i64 {
        match self {
            Self::Exact(index) => index.known_seq(),
            Self::Cluster(index) => index.known_seq(),
        }
    }

    /// All records with their revisions, in order of their ids.
    ///
    /// # Errors
    /// What the server says.
    pub async fn records(&self) -> Result<Vec<(RecordId, i64)>> {
        match self {
            Self::Exact(index) => Ok(index.records()),
            Self::Cluster(index) => index.records().await,
        }
    }

    /// Numbers in a vector.
    #[must_use]
    pub const fn width(&self) -> usize {
        match self {
            Self::Exact(index) => index.width(),
            Self::Cluster(index) => index.width(),
        }
    }

    /// Empties a server's collection, which then fills from the cache and the change log. A file is emptied
    /// where it is opened.
    ///
    /// # Errors
    /// What the server says.
    pub async fn clear(&self) -> Result<()> {
        match self {
            Self::Exact(_) => Ok(()),
            Self::Cluster(index) => index.delete().await,
        }
    }

    /// Makes a server name this collection as the one in use; a file needs no such thing.
    ///
    /// # Errors
    /// What the server says.
    pub async fn make_current(&self) -> Result<()> {
        match self {
            Self::Exact(_) => Ok(()),
            Self::Cluster(index) => index.make_current().await,
        }
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn health(&self) -> Result<()> {
        match self {
            Self::Exact(_) => Ok(()),
            Self::Cluster(index) => index.health().await,
        }
    }
}

/// Best first, ties by id.
fn by_rank(a: &VectorHit, b: &VectorHit) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.id.cmp(&b.id))
}

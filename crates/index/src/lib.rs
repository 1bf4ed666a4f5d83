//! What can be rebuilt from the store: the lexical index and the vector index.
//!
//! An index answers in record ids and scores. It holds public text only, so nothing hidden can shape
//! what it answers, and its answers depend on the live records alone: an index that grew change by
//! change scores to the bit like one rebuilt from the store.
//!
//! Knows: tantivy's files, analysed text, how to score it; files of vectors, Qdrant's protocol.
//! Must not know: SQL, models, HTTP servers, the clock.

pub mod error;
pub mod highlight;
pub mod lexical;
pub mod vector;

pub use error::IndexError;
pub use highlight::highlight;
pub use lexical::{
    Analyser, Depth, Document, FacetCounts, FacetValue, Filter, Hit, LexicalIndex, LexicalQuery,
    LexicalWriter, ListQuery, Listing, Position, Slot, SlotWeights, Snapshot, Weight,
};
pub use vector::{
    Applied, ClusterIndex, ClusterSettings, ExactIndex, VectorChange, VectorEntry, VectorHit,
    VectorIndex, VectorQuery, has_vector,
};

/// A `Result` whose error is an [`IndexError`].
pub type Result<T> = std::result::Result<T, IndexError>;

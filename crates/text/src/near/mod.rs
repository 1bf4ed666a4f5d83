//! Records that say the same: found by a fingerprint, decided by a comparison.
//!
//! [`Text::of`] cuts a title and a text into tokens; [`Fingerprint::of`] makes keys of them that a
//! database can store, so that [two records alike share some](Fingerprint::SHARED_MIN); [`compare`]
//! then lays one text along the other; [`Rule::verdict`] decides. Keys only choose what is compared:
//! no verdict follows from them.
//!
//! | Step | Method |
//! |---|---|
//! | keys | resemblance by minima of hashed shingles (Broder 1997, *On the resemblance and containment of documents*), one hash for all bins (Li, Owen and Zhang 2012, *One permutation hashing*); shared keys are counted instead of bound into bands |
//! | places | seeds and diagonals as for sequences of genes (Wilbur and Lipman 1983, *Rapid similarity searches*) |
//! | likeness | longest common subsequences by bits (Hyyrö 2004, *Bit-parallel LCS-length computation revisited*) |
//!
//! Moved sentences, cut texts, other words and misread characters each leave most pieces of the
//! shorter text standing along some place of the longer one. Texts on the same subject do not: they
//! share words, but not their order.

mod align;
mod compare;
mod fingerprint;
mod tokens;
mod verdict;

pub use compare::{Basis, Likeness, compare};
pub use fingerprint::Fingerprint;
pub use tokens::Text;
pub use verdict::{Rule, Verdict};

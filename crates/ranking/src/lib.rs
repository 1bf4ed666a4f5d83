//! Ranking is arithmetic: scores and texts in, an explained order out.
//!
//! The same input gives the same output to the byte, so a saved run can be ranked again at any time
//! and be compared with what was answered then.
//!
//! Knows: rank profiles, how scores are put together, how a text supports a need.
//! Must not know: stores, indexes, models, files, async, the clock.

pub mod evidence;
pub mod profile;
pub mod rank;
pub mod summary;
pub mod terms;

pub use profile::{Analysed, Profile, ProfileErrors, Profiles};
pub use rank::{Candidate, RankInput, Ranked, RecordText, rank};
pub use terms::{NeedTerms, need_terms};

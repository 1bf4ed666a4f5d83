//! Ranking is arithmetic: scores and texts in, an explained order out.
//!
//! The same input gives the same output to the byte, so a saved run can be ranked again at any time
//! and be compared with what was answered then.
//!
//! Knows: rank profiles, how scores are put together, how a text supports a need, which equipment serves
//! which need, whom a policy is for.
//! Must not know: stores, indexes, models, files, async, the clock.

mod assign;
pub mod beside;
pub mod clause;
pub mod conditions;
pub mod diversity;
pub mod eligibility;
pub mod equipment;
pub mod evidence;
pub mod exposure;
pub mod fusion;
mod indicators;
pub mod learned;
pub mod level;
pub mod neighbours;
pub mod policy;
pub mod profile;
pub mod profiles;
pub mod rank;
pub mod record_text;
pub mod refine;
pub mod sought;
pub mod summary;
pub mod support;
pub mod terms;

pub use equipment::{Equipment, choose_equipment};
pub use policy::{Policies, choose_policies};
pub use profile::{Analysed, Profile};
pub use profiles::{Fitted, ProfileErrors, Profiles};
pub use rank::{Candidate, Chosen, RankInput, Ranked, rank};
pub use record_text::RecordText;
pub use sought::Sought;
pub use support::{SupportCues, SupportCuesError, WantedSupport};
pub use terms::{NeedTerms, ResourceTerms, need_terms, resource_terms};

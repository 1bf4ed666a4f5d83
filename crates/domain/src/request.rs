//! What is asked of the matching engine.

use serde::{Deserialize, Serialize};

use crate::{Applicant, RecordId, Region, Viewer};

/// The most matches one request may ask for.
pub const TOP_LIMIT: usize = 100;
/// The longest demand text that is read, in characters.
pub const DEMAND_LIMIT_CHARS: usize = 20_000;

/// What is to be matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchSource {
    /// A demand in somebody's own words, kept with the run only.
    Text(String),
    /// A record: a demand is matched with achievements, an achievement with demands.
    Record(RecordId),
}

/// One question to the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchRequest {
    /// What is to be matched.
    pub source: MatchSource,
    /// The rank profile's name; `None` means `default`.
    pub profile: Option<String>,
    /// How many matches to explain, 1 to [`TOP_LIMIT`].
    pub top: usize,
    /// A closed candidate set: exactly these are scored, all of them, by every stage.
    pub candidates: Option<Vec<RecordId>>,
    /// Only records from this division.
    pub region: Option<Region>,
    /// How many places, of the last, are for answers from other fields than the source's, at most half of `top`.
    #[serde(default, skip_serializing_if = "is_none")]
    pub neighbours: usize,
    /// On whose behalf.
    pub viewer: Viewer,
    /// Who would apply for policies, where the source does not say it.
    #[serde(default, skip_serializing_if = "Applicant::is_unknown")]
    pub applicant: Applicant,
}

impl MatchRequest {
    /// A request with the usual settings: ten matches, default profile, open candidates, public.
    #[must_use]
    pub fn new(source: MatchSource) -> Self {
        Self {
            source,
            profile: None,
            top: 10,
            candidates: None,
            region: None,
            neighbours: 0,
            viewer: Viewer::Public,
            applicant: Applicant::default(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
const fn is_none(places: &usize) -> bool {
    *places == 0
}

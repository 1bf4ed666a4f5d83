//! Everything that fusion and what follows start from: what is saved with a run, so that its answer can be made again.

use kechuang_domain::{
    Applicant, Assist, Date, Degraded, Library, MatchedSource, Need, PartyId, RecordId,
    ResourceNeed, Viewer,
};
use kechuang_ranking::{Profile, RankInput, ResourceTerms, WantedSupport};
use serde::{Deserialize, Serialize};

/// One library's part of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Which library.
    pub library: Library,
    /// Scores and need words, as ranking took them.
    pub input: RankInput,
    /// Matches shown at most.
    pub top: usize,
    /// Matches that cover less of the needs are not shown.
    pub min_coverage: f64,
    /// How many records the library had.
    #[serde(default)]
    pub searched: u64,
    /// Whether the list is kept diverse: not where exactly these candidates were asked for.
    #[serde(default)]
    pub is_diverse: bool,
    /// Teams that have headed as many lists of other demands lately as the profile allows, with how many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub led_often: Vec<(PartyId, u32)>,
    /// Places for answers from other fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<usize>,
}

/// Everything that fusion and what follows started from. With the records at the revisions named
/// here it makes the outcome again, to the byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunScores {
    /// The profile as it was then.
    pub profile: Profile,
    /// What was matched.
    pub source: MatchedSource,
    /// What was understood to be needed.
    pub needs: Vec<Need>,
    /// On whose behalf.
    pub viewer: Viewer,
    /// Each library's part, main list first.
    pub sections: Vec<Section>,
    /// What was missing.
    pub degraded: Vec<Degraded>,
    /// What equipment and policies were chosen by. Runs of old have none: theirs were ranked like the
    /// main list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    /// The key of the encoder that compared meanings; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// The key of the model that read the source and the head of the main list together; `None` where
    /// none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_encoder: Option<String>,
    /// What a large model has made of it.
    #[serde(default, skip_serializing_if = "Assist::is_none")]
    pub assist: Assist,
}

/// What equipment and policies are chosen by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The day that windows and periods were held against.
    pub today: Date,
    /// Who would apply.
    pub applicant: Applicant,
    /// Resources that the demand and its best achievements need.
    pub resources: Vec<ResourceNeed>,
    /// What each of them is found by.
    pub resource_terms: Vec<ResourceTerms>,
    /// What kind of support fits.
    pub support: WantedSupport,
}

impl RunScores {
    /// The records that are explained, at the revisions that were read.
    pub(crate) fn revisions(&self) -> Vec<(RecordId, i64)> {
        let mut revisions: Vec<_> = self
            .sections
            .iter()
            .flat_map(|section| section.input.candidates.iter().take(section.input.head))
            .map(|candidate| (candidate.id, candidate.revision))
            .collect();
        revisions.sort_unstable();
        revisions.dedup();
        revisions
    }
}

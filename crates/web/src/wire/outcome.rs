//! A match run as JSON.

use kechuang_domain::{
    AlikeRecord, Degraded, Evidence, Explanation, Match, MatchOutcome, Need, RunId, Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    assist::AssistWire,
    beside::{ClauseWire, EligibilityWire, ResourceNeedWire, ServedNeedWire},
    indicator::{IndicatorCheckWire, IndicatorWire},
    level::{LevelWire, ProspectWire},
};

/// A match run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchRun)]
pub struct RunWire {
    /// The run's id.
    pub id: String,
    /// Opens the run later. Only in the answer to the request that made it, and only where the source
    /// was a free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// When the run is deleted, RFC 3339; absent for a run from a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The rank profile used.
    pub profile: String,
    /// What was matched.
    pub source: SourceWire,
    /// What was understood to be needed.
    pub needs: Vec<NeedWire>,
    /// Achievements, best first.
    pub achievements: Vec<MatchWire>,
    /// How many records were searched for the main list.
    pub searched: u64,
    /// Whether a good answer is among them; absent where that is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prospect: Option<ProspectWire>,
    /// Demands, best first (where the source is an achievement).
    pub demands: Vec<MatchWire>,
    /// Equipment that fits.
    pub equipment: Vec<MatchWire>,
    /// Policies that fit.
    pub policies: Vec<MatchWire>,
    /// Stages that were missing or weaker than they should be.
    pub degraded: Vec<DegradedWire>,
    /// Whether a large model took part, and what it changed.
    pub assist: AssistWire,
    /// Pilot lines, instruments, laboratories and computing that the demand and its best achievements
    /// need; those that nothing in the library serves are marked.
    pub resource_needs: Vec<ResourceNeedWire>,
}

/// What was matched.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchSource)]
pub struct SourceWire {
    /// The record, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Its revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// `demand` or `achievement`.
    pub library: &'static str,
    /// Its title, or the first words of a free text.
    pub title: String,
    /// The text that `needs` point into.
    pub text: String,
}

/// A piece of what is needed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Need)]
pub struct NeedWire {
    /// `indicator`, `material`, `method`, `effect`, `product` or `application`.
    #[schema(value_type = String)]
    pub kind: kechuang_domain::NeedKind,
    /// Verbatim words of the source.
    pub text: String,
    /// Where they begin in the source's text, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Quantities in these words.
    pub indicators: Vec<IndicatorWire>,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Match)]
pub struct MatchWire {
    /// Place, from 1.
    pub rank: usize,
    /// The record.
    pub record: String,
    /// The revision that was scored.
    pub revision: i64,
    /// Its library.
    pub library: &'static str,
    /// Its title.
    pub title: String,
    /// Its owner.
    pub owner: String,
    /// Division code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Industry chain code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// Code of the chain it belongs to, where that is another than the source's and places for such were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbouring: Option<String>,
    /// Demonstration data (示例).
    pub sample: bool,
    /// Final score; compares within one run only.
    pub score: f64,
    /// Why it stands here.
    pub explanation: ExplanationWire,
    /// Further records of the same owner that say nearly the same and share its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<AlikeWire>,
    /// For equipment: the resource needs that it serves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<ServedNeedWire>,
    /// For a policy: whether it is for the demand's owner, point by point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub eligibility: Vec<EligibilityWire>,
    /// For a policy: what it grants for this demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<ClauseWire>,
    /// What to mind before acting on it, in Chinese.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A record that shares another's place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlikeRecord)]
pub struct AlikeWire {
    /// The record.
    pub record: String,
    /// Its title.
    pub title: String,
}

impl From<AlikeRecord> for AlikeWire {
    fn from(AlikeRecord { record, title }: AlikeRecord) -> Self {
        Self { record: record.to_string(), title }
    }
}

/// Why a record stands where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct ExplanationWire {
    /// The gist in one Chinese sentence.
    pub summary: String,
    /// Mean support over all needs, 0 to 1.
    pub coverage: f64,
    /// Score of each stage that took part.
    pub stages: Vec<StageWire>,
    /// BM25 by role of text, over words and over grams.
    pub fields: Vec<FieldWire>,
    /// For each supported need, its best sentence.
    pub evidence: Vec<EvidenceWire>,
    /// Needs that nothing supports, as indexes into `needs`.
    pub gaps: Vec<usize>,
    /// Each figure that is asked for, beside what the record says of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<IndicatorCheckWire>,
    /// How well the record answers; absent where that is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelWire>,
}

/// Score of a stage.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageScore)]
pub struct StageWire {
    /// Which stage.
    #[schema(value_type = String)]
    pub stage: kechuang_domain::Stage,
    /// In the stage's own scale.
    pub score: f64,
}

/// Lexical scores of one role of text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldScore)]
pub struct FieldWire {
    /// `title`, `keywords` or `body`.
    #[schema(value_type = String)]
    pub role: kechuang_domain::TextRole,
    /// BM25 over words.
    pub words: f32,
    /// BM25 over characters and pairs.
    pub grams: f32,
}

/// The best sentence for a need.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceWire {
    /// Index into `needs`.
    pub need: usize,
    /// The quoted field.
    pub field: &'static str,
    /// Verbatim words of that field.
    pub quote: String,
    /// Where they begin in the field, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Share of the need's words that the sentence has, by idf, 0 to 1.
    pub support: f64,
    /// Words in common, heaviest first.
    pub shared: Vec<String>,
    /// How near the sentence is in meaning, where it was found by that and not by its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cosine: Option<f32>,
}

/// A stage that is missing or weak.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Degraded)]
pub struct DegradedWire {
    /// Which stage.
    #[schema(value_type = String)]
    pub stage: kechuang_domain::Stage,
    /// `not_installed`, `unavailable` or `behind`.
    #[schema(value_type = String)]
    pub reason: kechuang_domain::DegradedReason,
    /// The same in Chinese.
    pub message: String,
}

impl RunWire {
    /// A run as its reader sees it.
    #[must_use]
    pub fn new(
        id: RunId,
        created_at: Timestamp,
        expires_at: Option<Timestamp>,
        token: Option<String>,
        outcome: MatchOutcome,
        waiting: bool,
    ) -> Self {
        let list = |matches: Vec<Match>| matches.into_iter().map(MatchWire::from).collect();
        let unmet = outcome.unmet_resources;
        let resource_needs = outcome.resource_needs.into_iter().enumerate();
        Self {
            id: id.to_string(),
            token,
            created_at: created_at.to_string(),
            expires_at: expires_at.map(|at| at.to_string()),
            profile: outcome.profile,
            source: SourceWire {
                record: outcome.source.record.map(|(id, _)| id.to_string()),
                revision: outcome.source.record.map(|(_, revision)| revision),
                library: outcome.source.library.code(),
                title: outcome.source.title,
                text: outcome.source.text,
            },
            needs: outcome.needs.into_iter().map(NeedWire::from).collect(),
            achievements: list(outcome.achievements),
            demands: list(outcome.demands),
            equipment: list(outcome.equipment),
            policies: list(outcome.policies),
            searched: outcome.searched,
            prospect: outcome.prospect.map(ProspectWire::from),
            degraded: outcome.degraded.into_iter().map(DegradedWire::from).collect(),
            assist: AssistWire::new(outcome.assist, waiting),
            resource_needs: resource_needs
                .map(|(place, need)| ResourceNeedWire::new(need, unmet.contains(&place)))
                .collect(),
        }
    }
}

impl From<Need> for NeedWire {
    fn from(need: Need) -> Self {
        Self {
            kind: need.kind,
            text: need.text,
            start: need.span.start,
            end: need.span.end,
            indicators: need.indicators.into_iter().map(IndicatorWire::from).collect(),
        }
    }
}

impl From<Match> for MatchWire {
    fn from(found: Match) -> Self {
        Self {
            rank: found.rank,
            record: found.record.to_string(),
            revision: found.revision,
            library: found.library.code(),
            title: found.title,
            owner: found.owner,
            region: found.region.map(|region| region.to_string()),
            chain: found.chain.map(String::from),
            neighbouring: found.neighbouring.map(String::from),
            sample: found.sample,
            score: found.score,
            explanation: found.explanation.into(),
            alike: found.alike.into_iter().map(AlikeWire::from).collect(),
            serves: found.serves.into_iter().map(ServedNeedWire::from).collect(),
            eligibility: found.eligibility.into_iter().map(EligibilityWire::from).collect(),
            clause: found.clause.map(ClauseWire::from),
            notes: found.notes,
        }
    }
}

impl From<Explanation> for ExplanationWire {
    fn from(explanation: Explanation) -> Self {
        let stages = explanation.stages.into_iter();
        let fields = explanation.fields.into_iter();
        Self {
            summary: explanation.summary,
            coverage: explanation.coverage,
            stages: stages.map(|s| StageWire { stage: s.stage, score: s.score }).collect(),
            fields: fields
                .map(|f| FieldWire { role: f.role, words: f.words, grams: f.grams })
                .collect(),
            evidence: explanation.evidence.into_iter().map(EvidenceWire::from).collect(),
            gaps: explanation.gaps,
            indicators: explanation.indicators.into_iter().map(IndicatorCheckWire::from).collect(),
            level: explanation.level.map(LevelWire::from),
        }
    }
}

impl From<Evidence> for EvidenceWire {
    fn from(evidence: Evidence) -> Self {
        Self {
            need: evidence.need,
            field: evidence.quote.field.code(),
            quote: evidence.quote.text().to_owned(),
            start: evidence.quote.span.start,
            end: evidence.quote.span.end,
            support: evidence.support,
            shared: evidence.shared,
            cosine: evidence.cosine,
        }
    }
}

impl From<Degraded> for DegradedWire {
    fn from(degraded: Degraded) -> Self {
        Self { stage: degraded.stage, reason: degraded.reason, message: degraded.message }
    }
}

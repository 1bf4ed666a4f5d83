//! What the matching engine answers.

use serde::{Deserialize, Serialize};

use crate::{
    AnswerLevel, Assist, ChainCode, ClauseQuote, EligibilityCheck, IndicatorCheck, Library, Need,
    Prospect, RecordId, Region, ResourceNeed, ServedNeed, Span, TextField, TextRole,
};

/// A stage of the pipeline, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Words and grams found by the lexical index.
    Lexical,
    /// Nearest vectors.
    Vector,
    /// The recall stages' scores put together.
    Fusion,
    /// A linear model over what is known of the candidates.
    Learned,
    /// How much of the needs the record's text supports.
    Coverage,
    /// A model that reads both texts together.
    CrossEncoder,
    /// A large language model.
    LargeModel,
    /// Whether somebody stands by the record lately.
    Freshness,
    /// Equipment beside the achievements.
    Equipment,
    /// Policies beside the achievements.
    Policy,
    /// Places for other fields.
    Neighbours,
}

impl Stage {
    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Lexical => "字词检索",
            Self::Vector => "向量检索",
            Self::Fusion => "融合",
            Self::Learned => "学习排序",
            Self::Coverage => "需求覆盖",
            Self::CrossEncoder => "精排模型",
            Self::LargeModel => "大模型",
            Self::Freshness => "新近程度",
            Self::Equipment => "设备",
            Self::Policy => "政策",
            Self::Neighbours => "相邻领域",
        }
    }
}

/// Why a stage did not take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DegradedReason {
    /// This installation has no such part.
    NotInstalled,
    /// The part is there and did not answer.
    Unavailable,
    /// The index has not yet followed all changes of the store.
    Behind,
}

/// A stage that is missing or weaker than it should be, said openly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Degraded {
    /// Which stage.
    pub stage: Stage,
    /// Why.
    pub reason: DegradedReason,
    /// The same for a reader, in Chinese.
    pub message: String,
}

/// The score a stage gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StageScore {
    /// Which stage.
    pub stage: Stage,
    /// Its score, in the stage's own scale.
    pub score: f64,
}

/// The lexical score of one role of text: BM25 over words and over grams, before weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FieldScore {
    /// Which texts.
    pub role: TextRole,
    /// BM25 over words.
    pub words: f32,
    /// BM25 over characters and bigrams.
    pub grams: f32,
}

/// Words cut verbatim from a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The field that is quoted.
    pub field: TextField,
    /// Where the quote stands in that field's text.
    pub span: Span,
    text: String,
}

impl Quote {
    /// Cuts `span` out of `source`, the whole text of `field`; `None` where the span is not in it.
    #[must_use]
    pub fn cut(field: TextField, source: &str, span: Span) -> Option<Self> {
        let text = span.of(source)?.to_owned();
        (!text.is_empty()).then_some(Self { field, span, text })
    }

    /// The quoted words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The best supporting sentence for one need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Index into the outcome's needs.
    pub need: usize,
    /// The sentence.
    pub quote: Quote,
    /// The idf-weighted share of the need's words that the sentence has, 0 to 1.
    pub support: f64,
    /// The words in common, heaviest first.
    pub shared: Vec<String>,
    /// How near the sentence is in meaning, where it was found by that and not by its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosine: Option<f32>,
}

/// Why a record stands where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Score of each stage that took part.
    pub stages: Vec<StageScore>,
    /// The lexical scores by role of text.
    pub fields: Vec<FieldScore>,
    /// Mean support over all needs, 0 to 1; 0 where the demand states no need.
    pub coverage: f64,
    /// For each supported need, its best sentence.
    pub evidence: Vec<Evidence>,
    /// Needs that nothing in the record supports, as indexes into the outcome's needs.
    pub gaps: Vec<usize>,
    /// Each figure that is asked for: those of the needs in their order, then those of the source's facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<IndicatorCheck>,
    /// How well the record answers; `None` where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<AnswerLevel>,
    /// The gist in one Chinese sentence, put together from the above only.
    pub summary: String,
}

impl Explanation {
    /// The score that a stage gave; `None` where it took no part.
    #[must_use]
    pub fn score(&self, stage: Stage) -> Option<f64> {
        self.stages.iter().find(|one| one.stage == stage).map(|one| one.score)
    }

    /// What models say of how near the record is, in Chinese; `None` where none took part.
    #[must_use]
    pub fn nearness(&self) -> Option<String> {
        let mut said = Vec::new();
        if let Some(cosine) = self.score(Stage::Vector) {
            said.push(format!("语义相近度 {cosine:.2}"));
            if self.score(Stage::Lexical).is_some_and(|score| score <= 0.0) {
                said.push("没有共同的字词，是按语义找到的".to_owned());
            }
        }
        said.extend(self.score(Stage::Learned).map(|levels| {
            let side = if levels < 0.0 { "低于" } else { "高于" };
            format!("只有名称可看，学习排序认为它{side}本次同类记录的平均 {:.1} 级", levels.abs())
        }));
        said.extend(
            self.score(Stage::CrossEncoder)
                .map(|read| format!("精排模型认为能回答的把握 {:.0}%", read * 100.0)),
        );
        said.extend(
            self.score(Stage::LargeModel)
                .map(|level| format!("大模型评审为 {level:.1} 级（1 到 4，由模型生成，请核实）")),
        );
        (!said.is_empty()).then(|| said.join("；"))
    }
}

/// A record that shares another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlikeRecord {
    /// The record.
    pub record: RecordId,
    /// Its title as the viewer may see it.
    pub title: String,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The record.
    pub record: RecordId,
    /// The revision that was scored.
    pub revision: i64,
    /// Its library.
    pub library: Library,
    /// Its title as the viewer may see it.
    pub title: String,
    /// The owner's name.
    pub owner: String,
    /// Where the owner sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Its industry chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainCode>,
    /// The field it belongs to, where that is another than the source's and places for such were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbouring: Option<ChainCode>,
    /// Whether it is demonstration data (示例).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
    /// Place in its list, from 1.
    pub rank: usize,
    /// The final score. It orders one list and means nothing across requests.
    pub score: f64,
    /// Why.
    pub explanation: Explanation,
    /// Further records of the same owner that say nearly the same and share its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<AlikeRecord>,
    /// The resource needs that a piece of equipment serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<ServedNeed>,
    /// Whether a policy is for the source's owner, point by point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub eligibility: Vec<EligibilityCheck>,
    /// What a policy grants for this demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<ClauseQuote>,
    /// What to mind before acting on it, in Chinese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What was matched, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedSource {
    /// The record, where it was one, and its revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<(RecordId, i64)>,
    /// The library it belongs to; a free text is a demand.
    pub library: Library,
    /// Its title, or the first words of a free text.
    pub title: String,
    /// The text that needs point into: title and texts joined by line breaks.
    pub text: String,
    /// Where the source sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Its industry chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainCode>,
}

/// The engine's answer over the four libraries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchOutcome {
    /// What was matched.
    pub source: MatchedSource,
    /// The rank profile used.
    pub profile: String,
    /// What was understood to be needed.
    pub needs: Vec<Need>,
    /// Achievements, best first (for a demand).
    pub achievements: Vec<Match>,
    /// Demands, best first (for an achievement).
    pub demands: Vec<Match>,
    /// Equipment that fits.
    pub equipment: Vec<Match>,
    /// Policies that fit.
    pub policies: Vec<Match>,
    /// How many records the library had that the main list is of.
    #[serde(default)]
    pub searched: u64,
    /// Whether a good answer is among the achievements; `None` where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prospect: Option<Prospect>,
    /// What was missing or weaker than it should be.
    pub degraded: Vec<Degraded>,
    /// Whether a large model took part.
    #[serde(default, skip_serializing_if = "Assist::is_none")]
    pub assist: Assist,
    /// Resources that the demand and its best achievements need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_needs: Vec<ResourceNeed>,
    /// Of these, those that nothing in the library serves, as indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet_resources: Vec<usize>,
}

impl MatchOutcome {
    /// The list of one library.
    #[must_use]
    pub fn list(&self, library: Library) -> &[Match] {
        match library {
            Library::Achievement => &self.achievements,
            Library::Demand => &self.demands,
            Library::Equipment => &self.equipment,
            Library::Policy => &self.policies,
        }
    }
}

//! Whether a large model took part in an answer, and what it changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Quote, RecordId, Span};

/// Whether a large model took part in an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Assist {
    /// It did not.
    #[default]
    None,
    /// It has judged the head of the list.
    Refined(Refinement),
    /// It was asked, and no use came of it; the answer is as it was without.
    Degraded {
        /// Why, in Chinese.
        message: String,
    },
}

impl Assist {
    /// Whether none took part.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// `none`, `refined` or `degraded`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Refined(_) => "refined",
            Self::Degraded { .. } => "degraded",
        }
    }
}

/// What a large model has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refinement {
    /// The model.
    pub model: String,
    /// How many records it has judged.
    pub judged: usize,
    /// Its quotes that stand nowhere in the record, and were taken out.
    pub removed_quotes: usize,
    /// Sentences of records that speak to the model, and were not shown to it.
    #[serde(default)]
    pub withheld: usize,
    /// The records of the list that stand elsewhere than before, in their order.
    pub moves: Vec<Move>,
    /// What it says of the first records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
    /// Claims that rest on nothing, and were taken out.
    #[serde(default)]
    pub removed_claims: usize,
}

/// What a large model says of a record, each claim with words that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// The record.
    pub record: RecordId,
    /// Why it may solve the demand; rests on the record's words.
    pub reasons: Vec<Claim>,
    /// What it leaves open; rests on the demand's words.
    pub gaps: Vec<Claim>,
    /// What to do next; rests on the record's words.
    pub next: Option<NextStep>,
}

/// A sentence of a large model, with the words that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The sentence.
    pub text: String,
    /// The words, verbatim.
    pub basis: ClaimBasis,
}

/// Words that a claim rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimBasis {
    /// Of the demand.
    Demand {
        /// Where they stand in the source's text.
        at: Span,
        /// The words.
        words: String,
    },
    /// Of the record.
    Record(Quote),
}

impl ClaimBasis {
    /// The words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Demand { words, .. } => words,
            Self::Record(quote) => quote.text(),
        }
    }
}

/// What to do next with a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextStep {
    /// Which step.
    pub kind: NextStepKind,
    /// Why.
    pub claim: Claim,
}

/// The steps that a large model may suggest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStepKind {
    /// 概念验证.
    ProofOfConcept,
    /// 中试.
    PilotTest,
    /// 检测或设备.
    Equipment,
    /// 政策支持.
    Policy,
    /// 对接洽谈.
    Meeting,
}

impl NextStepKind {
    /// The Chinese name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ProofOfConcept => "概念验证",
            Self::PilotTest => "中试",
            Self::Equipment => "检测与设备",
            Self::Policy => "政策支持",
            Self::Meeting => "对接洽谈",
        }
    }
}

/// A record that stands elsewhere than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// The record.
    pub record: RecordId,
    /// Its place in the list before, from 1; `None` where it was not in it.
    pub from: Option<usize>,
    /// Its place now.
    pub to: usize,
    /// Its level as it was judged, 1 to 4, the mean of all times; `None` where it was not, and others moved past it.
    pub level: Option<f64>,
    /// What of it the judgement rests on, verbatim.
    pub quotes: Vec<Quote>,
}

/// How a large model is doing, since the program was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AssistHealth {
    /// The model.
    pub model: String,
    /// Where it is: an address, or this process.
    pub place: String,
    /// For how many seconds it is left alone, after it has failed again and again; `None` where it is asked.
    pub resting_seconds: Option<u64>,
    /// Answers that came.
    pub answered: u64,
    /// Attempts that failed, by what went wrong.
    pub failed: BTreeMap<&'static str, u64>,
    /// Values that it has read and questions that it has proposed, and that were taken out: they rest on nothing.
    pub removed: u64,
    /// How long an answer took on the average, in milliseconds.
    pub mean_ms: Option<u64>,
    /// How long the last one took.
    pub last_ms: Option<u64>,
    /// What went wrong last, in Chinese.
    pub last_error: Option<String>,
    /// Tokens that may be spent in a day, by all and by one caller.
    pub daily_tokens: (u64, u64),
}

//! Whether a large model took part, as JSON.

use kechuang_domain::{Advice, Assist, Claim, ClaimBasis, Move, NextStep, NextStepKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::beside::BasisWire;

/// Whether a large model took part, and what it changed. What it says is made by a machine and to be checked.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Assist)]
pub struct AssistWire {
    /// `none`, `refined` or `degraded`.
    pub state: &'static str,
    /// Whether one is asked and has not answered yet: read the run again in some seconds.
    pub waiting: bool,
    /// Which model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many records it has judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged: Option<usize>,
    /// Its quotes that stand nowhere in the record, and were taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_quotes: Option<usize>,
    /// Sentences of records that speak to the model, and were not shown to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<usize>,
    /// The records that stand elsewhere than before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<MoveWire>,
    /// What it says of the first records, each claim with words that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<AdviceWire>,
    /// Claims that rest on nothing, and were taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_claims: Option<usize>,
    /// Why no use came of it, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A record that stands elsewhere than before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Move)]
pub struct MoveWire {
    /// The record.
    pub record: String,
    /// Its place before, from 1; absent where it was not in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<usize>,
    /// Its place now.
    pub to: usize,
    /// Its level as it was judged, 1 to 4; absent where it was not, and others moved past it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// What of it the judgement rests on, verbatim.
    pub quotes: Vec<BasisWire>,
}

impl AssistWire {
    /// What an answer says of it.
    #[must_use]
    pub fn new(assist: Assist, waiting: bool) -> Self {
        let plain = Self { state: assist.code(), waiting, ..Self::default() };
        match assist {
            Assist::None => plain,
            Assist::Degraded { message } => Self { message: Some(message), ..plain },
            Assist::Refined(refinement) => Self {
                model: Some(refinement.model),
                judged: Some(refinement.judged),
                removed_quotes: Some(refinement.removed_quotes),
                withheld: Some(refinement.withheld),
                moves: refinement.moves.into_iter().map(MoveWire::from).collect(),
                advice: refinement.advice.into_iter().map(AdviceWire::from).collect(),
                removed_claims: Some(refinement.removed_claims),
                ..plain
            },
        }
    }
}

impl From<Move> for MoveWire {
    fn from(moved: Move) -> Self {
        let quotes = moved.quotes.into_iter().map(kechuang_domain::Basis::Text);
        Self {
            record: moved.record.to_string(),
            from: moved.from,
            to: moved.to,
            level: moved.level,
            quotes: quotes.map(BasisWire::from).collect(),
        }
    }
}

/// What a large model says of a record. It is made by a machine and to be checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Advice)]
pub struct AdviceWire {
    /// The record.
    pub record: String,
    /// Why it may solve the demand.
    pub reasons: Vec<ClaimWire>,
    /// What it leaves open.
    pub gaps: Vec<ClaimWire>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStepWire>,
}

/// A sentence with the words that it rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Claim)]
pub struct ClaimWire {
    /// The sentence.
    pub text: String,
    /// The field of the record that is quoted, or `demand`.
    pub field: &'static str,
    /// The words, verbatim.
    pub quote: String,
    /// Where they begin in that text, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

/// A suggested step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextStep)]
pub struct NextStepWire {
    /// `proof_of_concept`, `pilot_test`, `equipment`, `policy` or `meeting`.
    #[schema(value_type = String)]
    pub kind: NextStepKind,
    /// Why.
    pub claim: ClaimWire,
}

impl From<Advice> for AdviceWire {
    fn from(Advice { record, reasons, gaps, next }: Advice) -> Self {
        Self {
            record: record.to_string(),
            reasons: reasons.into_iter().map(ClaimWire::from).collect(),
            gaps: gaps.into_iter().map(ClaimWire::from).collect(),
            next: next.map(|NextStep { kind, claim }| NextStepWire { kind, claim: claim.into() }),
        }
    }
}

impl From<Claim> for ClaimWire {
    fn from(Claim { text, basis }: Claim) -> Self {
        let (field, at) = match &basis {
            ClaimBasis::Demand { at, .. } => ("demand", *at),
            ClaimBasis::Record(quote) => (quote.field.code(), quote.span),
        };
        let quote = basis.words().to_owned();
        Self { text, field, quote, start: at.start, end: at.end }
    }
}

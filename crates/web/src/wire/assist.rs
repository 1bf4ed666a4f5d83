//! Whether a large model took part, as JSON.

use kechuang_domain::{Assist, Move, Refinement};
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
            Assist::Refined(Refinement { model, judged, removed_quotes, withheld, moves }) => {
                Self {
                    model: Some(model),
                    judged: Some(judged),
                    removed_quotes: Some(removed_quotes),
                    withheld: Some(withheld),
                    moves: moves.into_iter().map(MoveWire::from).collect(),
                    ..plain
                }
            }
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

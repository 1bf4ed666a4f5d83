//! Whether a large model took part in an answer, and what it changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Quote, RecordId};

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
    /// How long an answer took on the average, in milliseconds.
    pub mean_ms: Option<u64>,
    /// How long the last one took.
    pub last_ms: Option<u64>,
    /// What went wrong last, in Chinese.
    pub last_error: Option<String>,
    /// Tokens that may be spent in a day, by all and by one caller.
    pub daily_tokens: (u64, u64),
}

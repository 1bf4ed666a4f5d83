//! How well records answer.

use kechuang_domain::{AnswerLevel, Prospect};
use serde::Serialize;
use utoipa::ToSchema;

/// How well a record answers, 1 (none), 2 (weak), 3 (fairly strong) or 4 (strong).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnswerLevel)]
pub struct LevelWire {
    /// The median level.
    pub level: u8,
    /// The probabilities that level 2, 3 and 4 are reached.
    #[schema(value_type = Vec<f64>)]
    pub reached: [f64; 3],
}

/// Whether a good answer was found, as far as can be told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prospect)]
pub struct ProspectWire {
    /// Whether an answer reaches level 3 with the probability that the profile names.
    pub is_good: bool,
    /// The highest probability that one does.
    pub best: f64,
    /// The probability that the profile names.
    pub good: f64,
    /// What to say where there is none, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl From<Prospect> for ProspectWire {
    fn from(prospect: Prospect) -> Self {
        let Prospect { best, good } = prospect;
        Self { is_good: prospect.is_good(), best, good, message: prospect.warning() }
    }
}

impl From<AnswerLevel> for LevelWire {
    fn from(AnswerLevel { level, reached, .. }: AnswerLevel) -> Self {
        Self { level, reached }
    }
}

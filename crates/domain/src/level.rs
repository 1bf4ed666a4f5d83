//! How well a record answers, on the scale by which people judge.

use serde::{Deserialize, Serialize};

/// A level from 1 to 4, with the probabilities behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnswerLevel {
    /// The median level, 1 (none) to 4 (strong): the one whose mean distance is least.
    pub level: u8,
    /// The probabilities that level 2, 3 and 4 are reached, none higher than the one before.
    pub reached: [f64; 3],
    /// The probability of level 3 from which such an answer counts as good, by the profile.
    pub good: f64,
}

impl AnswerLevel {
    /// The median level of these probabilities.
    #[must_use]
    pub fn of(reached: [f64; 3], good: f64) -> Self {
        let level = 1 + reached.iter().filter(|probability| **probability >= 0.5).count();
        Self { level: u8::try_from(level).unwrap_or(u8::MAX), reached, good }
    }

    /// How far the probability of level 3 lies above what counts as good.
    fn margin(self) -> f64 {
        self.reached[1] - self.good
    }

    /// The level and how sure it is, in Chinese.
    #[must_use]
    pub fn told(self) -> String {
        let [_, relevant, _] = self.reached;
        let label = self.label();
        format!("{} 级（{label}）；达到 3 级的把握 {:.0}%", self.level, relevant * 100.0)
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self.level {
            1 => "无关",
            2 => "弱",
            3 => "较强",
            _ => "强",
        }
    }
}

/// What to expect of the answers that were found: that of the likeliest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prospect {
    /// The probability that it reaches level 3.
    pub best: f64,
    /// The probability from which it counts as good, by the profile.
    pub good: f64,
}

impl Prospect {
    /// That of answers of these levels; `None` without any.
    #[must_use]
    pub fn of(levels: impl IntoIterator<Item = AnswerLevel>) -> Option<Self> {
        let best = levels.into_iter().max_by(|a, b| a.margin().total_cmp(&b.margin()))?;
        Some(Self { best: best.reached[1], good: best.good })
    }

    /// Whether the library holds a good answer, as far as can be told.
    #[must_use]
    pub fn is_good(self) -> bool {
        self.best >= self.good
    }

    /// What to say where it holds none, in Chinese.
    #[must_use]
    pub fn warning(self) -> Option<String> {
        (!self.is_good()).then(|| {
            format!(
                "库里可能没有合适的答案：最接近的一项达到「较强」的把握只有 {:.0}%（低于 {:.0}%）。可换个说法再试，或把需求存入需求库，等有新成果时再匹配",
                self.best * 100.0,
                self.good * 100.0
            )
        })
    }
}

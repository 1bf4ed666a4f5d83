//! How well a record answers, as a level with its probability, and from when on an answer is good.
//!
//! What orders a list says nothing across lists: somebody is always first. A level is told by what means the same
//! in every list: the cosine, the coverage of the needs, BM25 of each role of text. BM25 grows with the library, and
//! so is counted in units of what a word weighs that one record has. Each level that may be reached has a logistic
//! curve over these, fitted on judged pairs by `kechuang train`. A library of a few records has no rare words yet, so
//! that nothing is told of it.

use std::collections::BTreeMap;

use kechuang_domain::{AnswerLevel, Explanation, Stage, TextRole};
use serde::{Deserialize, Serialize};

use crate::learned::FittedOn;

/// Probabilities are told to so many parts of 1.
const PRECISION: f64 = 1e4;

/// One thing that a level is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelFeature {
    /// The cosine of the record's vector with the source's.
    Cosine,
    /// The share of the needs that the record's texts support.
    Coverage,
    /// ln(1 + BM25 of words in the title, in units of the rarest word).
    TitleWords,
    /// The same of grams.
    TitleGrams,
    /// The same of words in the keywords.
    KeywordWords,
    /// The same of words in the prose.
    BodyWords,
}

impl LevelFeature {
    /// What levels of records with nothing but a title are told by.
    pub const OF_TITLES: [Self; 4] =
        [Self::Cosine, Self::Coverage, Self::TitleWords, Self::TitleGrams];
    /// What levels of records with texts are told by.
    pub const OF_TEXTS: [Self; 5] =
        [Self::Cosine, Self::Coverage, Self::TitleWords, Self::KeywordWords, Self::BodyWords];

    /// Its value for an explained record of a library with so many; `None` where the stage that it comes from took no
    /// part.
    #[must_use]
    pub fn of(self, explanation: &Explanation, searched: u64) -> Option<f64> {
        let field = |role| explanation.fields.iter().find(|field| field.role == role);
        // The idf of a word that one record has.
        let unit = libm::log1p((searched as f64 - 0.5).max(0.5) / 1.5);
        let in_units = |bm25: f32| libm::log1p(f64::from(bm25) / unit);
        let words = |role| field(role).map(|field| in_units(field.words));
        match self {
            Self::Cosine => explanation.score(Stage::Vector),
            Self::Coverage => explanation.score(Stage::Coverage),
            Self::TitleWords => words(TextRole::Title),
            Self::TitleGrams => field(TextRole::Title).map(|field| in_units(field.grams)),
            Self::KeywordWords => words(TextRole::Keywords),
            Self::BodyWords => words(TextRole::Body),
        }
    }
}

/// How levels are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// Levels are told in libraries of so many records and more.
    #[serde(default)]
    pub least_records: u64,
    /// The curves for records with nothing but a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titles: Option<LevelCurves>,
    /// The curves for records with texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<LevelCurves>,
}

/// One curve for each level that may be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelCurves {
    /// An answer is good where it reaches level 3 with this probability, 0 to 1.
    pub good: f64,
    /// Level 2 or more.
    pub weak: LevelCurve,
    /// Level 3 or more.
    pub fairly_strong: LevelCurve,
    /// Level 4.
    pub strong: LevelCurve,
    /// Where they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted_on: Option<FittedOn>,
}

/// The probability 1 / (1 + e^−(intercept + Σ weight × feature)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelCurve {
    /// The sum where every feature is 0.
    pub intercept: f64,
    /// What one unit of a feature adds.
    pub weights: BTreeMap<LevelFeature, f64>,
}

impl LevelRule {
    /// The level of an explained record of a library with so many; `None` where there are no curves for its kind, a
    /// stage is missing that they go by, or the library is too small.
    #[must_use]
    pub fn tell(
        &self,
        explanation: &Explanation,
        has_title_alone: bool,
        searched: u64,
    ) -> Option<AnswerLevel> {
        let curves = if has_title_alone { &self.titles } else { &self.texts };
        curves.as_ref().filter(|_| searched >= self.least_records)?.tell(explanation, searched)
    }

    /// The same without curves that were fitted with another encoder, whose cosines mean something else; and whether
    /// there were any.
    #[must_use]
    pub fn for_encoder(&self, encoder: &str) -> (Self, bool) {
        let fits = |curves: &LevelCurves| {
            curves.fitted_on.as_ref().is_none_or(|fitted_on| fitted_on.encoder == encoder)
        };
        let kept = Self {
            titles: self.titles.clone().filter(fits),
            texts: self.texts.clone().filter(fits),
            ..*self
        };
        let were_others = kept != *self;
        (kept, were_others)
    }

    /// What cannot be meant so, in Chinese.
    pub(crate) fn check(&self, demand: &mut impl FnMut(bool, String)) {
        for curves in [&self.titles, &self.texts].into_iter().flatten() {
            demand((0.0..=1.0).contains(&curves.good), "level 的 good 须在 0 到 1 之间".to_owned());
            for curve in [&curves.weak, &curves.fairly_strong, &curves.strong] {
                let mut numbers = curve.weights.values().chain([&curve.intercept]);
                let are_finite = numbers.all(|number| number.is_finite());
                demand(are_finite, "level 的曲线中有不是有限的数".to_owned());
            }
        }
    }
}

impl LevelCurves {
    /// The level of an explained record; `None` where a stage is missing.
    #[must_use]
    pub fn tell(&self, explanation: &Explanation, searched: u64) -> Option<AnswerLevel> {
        let mut most = 1.0_f64;
        let mut reached = [0.0; 3];
        for (place, curve) in
            [&self.weak, &self.fairly_strong, &self.strong].into_iter().enumerate()
        {
            // Whoever reaches a level reaches those below it.
            most = most.min(curve.probability(explanation, searched)?);
            reached[place] = (most * PRECISION).round() / PRECISION;
        }
        Some(AnswerLevel::of(reached, self.good))
    }
}

impl LevelCurve {
    fn probability(&self, explanation: &Explanation, searched: u64) -> Option<f64> {
        let mut sum = self.intercept;
        for (feature, weight) in &self.weights {
            sum += weight * feature.of(explanation, searched)?;
        }
        Some(1.0 / (1.0 + libm::exp(-sum)))
    }
}

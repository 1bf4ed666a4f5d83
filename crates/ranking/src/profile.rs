//! Rank profiles: stages, depths, weights and thresholds, as data. What stands beside the main list is
//! in [`beside`](crate::beside).

use kechuang_domain::{Stage, TextRole};
use serde::{Deserialize, Serialize};

use crate::{
    beside::BesideRule, diversity::DiversityRule, exposure::ExposureRule, learned::LearnedRule,
    level::LevelRule, neighbours::NeighbourRule, refine::LargeModelRule,
};

/// The profile that is used when none is named.
pub const DEFAULT_PROFILE: &str = "default";

/// How one kind of match is ranked. Everything that steers the order stands here and nowhere else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name: the file's, without the ending.
    #[serde(default)]
    pub name: String,
    /// Its Chinese name.
    pub title: String,
    /// The stages that should take part. One that is not there is reported as degraded, but for a
    /// cross-encoder that the installation does not have: that one is an extra.
    pub stages: Vec<Stage>,
    /// How a demand becomes query terms.
    pub query: QueryRule,
    /// How far to look.
    pub recall: RecallRule,
    /// How nearness of meaning counts.
    #[serde(default)]
    pub vector: VectorRule,
    /// How the lexical fields count.
    pub fields: FieldRules,
    /// How the learned order counts.
    #[serde(default)]
    pub learned: LearnedRule,
    /// How the needs' coverage counts.
    pub coverage: CoverageRule,
    /// How a model's reading of source and record together counts.
    #[serde(default)]
    pub cross_encoder: CrossEncoderRule,
    /// How a large model's judgements count, where an installation has one.
    #[serde(default)]
    pub large_model: LargeModelRule,
    /// How records count that nobody has confirmed for long.
    #[serde(default)]
    pub freshness: FreshnessFactor,
    /// How the list that is shown is kept diverse.
    #[serde(default)]
    pub diversity: DiversityRule,
    /// How often one team may head lists.
    #[serde(default)]
    pub exposure: ExposureRule,
    /// How far one looks for answers from other fields.
    #[serde(default)]
    pub neighbours: NeighbourRule,
    /// How levels are told; without it they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelRule>,
    /// What stands beside the main list.
    pub beside: BesideRule,
}

/// How a demand becomes query terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryRule {
    /// Words asked for at most.
    pub word_limit: usize,
    /// Grams asked for at most.
    pub gram_limit: usize,
    /// Of these, from the text below the title at most.
    pub body_limit: usize,
    /// Weight of a term of the text beside a term of the title.
    pub body_weight: f32,
    /// Weight of words that say little (技术, 研究, 应用 …).
    pub generic_weight: f32,
    /// Words of the same meaning asked for beside these, at most.
    #[serde(default)]
    pub synonym_limit: usize,
    /// Weight of a synonym beside its word.
    #[serde(default)]
    pub synonym_weight: f32,
}

/// How far to look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallRule {
    /// Candidates that recall hands to fusion.
    pub depth: usize,
}

/// How nearness of meaning counts. By default it does not, as in runs that were saved before profiles
/// had it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorRule {
    /// Candidates that the vector index hands to fusion.
    pub depth: usize,
    /// Weight of the cosine beside a lexical score that is a share of the list's highest.
    pub weight: f64,
    /// Exponent of that share, above 0 and at most 1.
    #[serde(default = "straight")]
    pub lexical_exponent: f64,
}

impl Default for VectorRule {
    fn default() -> Self {
        Self { depth: 0, weight: 0.0, lexical_exponent: straight() }
    }
}

/// The exponent that changes nothing, as it was in runs saved before profiles had one.
const fn straight() -> f64 {
    1.0
}

/// How a model's reading of source and record together counts. By default it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossEncoderRule {
    /// Candidates that it reads, from the first, also in a closed set.
    pub depth: usize,
    /// Weight of its probability, beside the list's highest fused score.
    pub weight: f64,
}

/// How the lexical fields count, by role of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRules {
    /// Names.
    pub title: FieldRule,
    /// Keywords.
    pub keywords: FieldRule,
    /// Prose.
    pub body: FieldRule,
}

/// How the two analysers of one role count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// Words.
    pub words: Analysed,
    /// Characters and bigrams.
    pub grams: Analysed,
}

/// BM25's parameters of one field and its weight in the sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysed {
    /// Factor in the sum; 0 leaves the field unread.
    pub weight: f32,
    /// How soon repetition stops to count.
    pub k1: f32,
    /// How much long texts are held back, 0 to 1.
    pub b: f32,
}

/// How the coverage of needs counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageRule {
    /// The fused score is multiplied by 1 + weight × coverage; 0 lets coverage explain only.
    pub weight: f64,
    /// How many candidates are read for coverage, at least as many as are asked for.
    pub head: usize,
    /// The support from which a need counts as supported, 0 to 1.
    pub need_support: f64,
    /// Weight of words that say little, beside their idf.
    pub generic_weight: f64,
    /// The cosine from which a sentence is shown for a need that no sentence supports by its words, 0 to 1; 0
    /// leaves meaning out. By default it is, as in runs that were saved before profiles had it.
    #[serde(default)]
    pub near_support: f32,
    /// The cosine from which a record is read for such sentences, 0 to 1.
    #[serde(default)]
    pub near_record: f32,
}

/// How records count that nobody has confirmed for long.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreshnessFactor {
    /// Factor of a stale record's final score, 0 to 1; 1 leaves it where it is.
    pub stale: f64,
}

impl Default for FreshnessFactor {
    /// As it was in runs saved before profiles had it.
    fn default() -> Self {
        Self { stale: 1.0 }
    }
}

impl FieldRules {
    /// The rule of one role.
    #[must_use]
    pub const fn of(&self, role: TextRole) -> &FieldRule {
        match role {
            TextRole::Title => &self.title,
            TextRole::Keywords => &self.keywords,
            TextRole::Body => &self.body,
        }
    }
}

impl Profile {
    /// Whether something of it was fitted on this data set, so that figures on it are too high.
    #[must_use]
    pub fn was_fitted_on(&self, dataset: &str) -> bool {
        let order = self.learned.fitted_on.as_ref().filter(|_| self.learned.depth > 0);
        let curves = self.level.iter().flat_map(|level| [&level.titles, &level.texts]);
        let levels = curves.flatten().filter_map(|curves| curves.fitted_on.as_ref());
        order.into_iter().chain(levels).any(|fitted_on| fitted_on.dataset == dataset)
    }

    /// What cannot be meant so, in Chinese.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut demand = |fine: bool, what: String| {
            if !fine {
                mistakes.push(what);
            }
        };
        for role in TextRole::ALL {
            let rule = self.fields.of(role);
            for (analyser, field) in [("words", rule.words), ("grams", rule.grams)] {
                let at = format!("fields.{role:?}.{analyser}").to_lowercase();
                demand(field.weight >= 0.0, format!("{at}.weight 不能为负"));
                demand(field.k1 > 0.0, format!("{at}.k1 须大于 0"));
                demand((0.0..=1.0).contains(&field.b), format!("{at}.b 须在 0 到 1 之间"));
            }
        }
        let share = |value: f64| (0.0..=1.0).contains(&value);
        demand(
            self.stages.iter().any(|stage| matches!(stage, Stage::Lexical | Stage::Vector)),
            "stages 须含 lexical 或 vector，否则没有候选".to_owned(),
        );
        demand(self.vector.weight >= 0.0, "vector.weight 不能为负".to_owned());
        let exponent = self.vector.lexical_exponent;
        demand(
            exponent > 0.0 && exponent <= 1.0,
            "vector.lexical_exponent 须大于 0 且不超过 1".to_owned(),
        );
        demand(
            self.stages.contains(&Stage::Vector) == (self.vector.depth > 0),
            "stages 含 vector 时 vector.depth 须大于 0，不含时须为 0 或不写".to_owned(),
        );
        demand(
            self.stages.contains(&Stage::Learned) == (self.learned.depth > 0)
                && (self.learned.depth == 0 || !self.learned.order.is_empty()),
            "stages 含 learned 时 learned.depth 须大于 0 且 learned.order 须有权重，不含时 depth 须为 0 或不写"
                .to_owned(),
        );
        for (feature, weight) in &self.learned.order {
            demand(weight.is_finite(), format!("learned.order 中 {feature:?} 的权重不是有限的数"));
        }
        demand(self.cross_encoder.weight >= 0.0, "cross_encoder.weight 不能为负".to_owned());
        demand(
            self.stages.contains(&Stage::CrossEncoder) == (self.cross_encoder.depth > 0),
            "stages 含 cross_encoder 时 cross_encoder.depth 须大于 0，不含时须为 0 或不写"
                .to_owned(),
        );
        demand(self.recall.depth > 0, "recall.depth 须大于 0".to_owned());
        demand(
            self.query.word_limit + self.query.gram_limit > 0,
            "query.word_limit 与 query.gram_limit 不能同为 0".to_owned(),
        );
        demand(self.query.body_weight >= 0.0, "query.body_weight 不能为负".to_owned());
        demand(self.query.generic_weight >= 0.0, "query.generic_weight 不能为负".to_owned());
        demand(self.query.synonym_weight >= 0.0, "query.synonym_weight 不能为负".to_owned());
        demand(self.coverage.weight >= 0.0, "coverage.weight 不能为负".to_owned());
        demand(share(self.coverage.need_support), "coverage.need_support 须在 0 到 1 之间".into());
        demand(
            share(self.coverage.generic_weight),
            "coverage.generic_weight 须在 0 到 1 之间".to_owned(),
        );
        demand(
            share(f64::from(self.coverage.near_support)),
            "coverage.near_support 须在 0 到 1 之间".to_owned(),
        );
        demand(
            share(f64::from(self.coverage.near_record)),
            "coverage.near_record 须在 0 到 1 之间".to_owned(),
        );
        demand(share(self.freshness.stale), "freshness.stale 须在 0 到 1 之间".to_owned());
        if let Some(level) = &self.level {
            level.check(&mut demand);
        }
        self.large_model.check(&mut demand);
        self.exposure.check(&mut demand);
        self.beside.check(&mut demand);
        mistakes
    }
}

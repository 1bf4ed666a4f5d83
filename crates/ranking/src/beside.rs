//! The part of a rank profile for what stands beside the main list: equipment and policies.

use kechuang_domain::ResourceReason;
use serde::{Deserialize, Serialize};

/// What stands beside the main list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BesideRule {
    /// Candidates of each library that are read.
    #[serde(default)]
    pub head: usize,
    /// Equipment shown at most.
    pub equipment_top: usize,
    /// Policies shown at most.
    pub policy_top: usize,
    /// Coverage below which equipment is not worth showing where nothing asks for it.
    pub equipment_min_coverage: f64,
    /// The same for policies, where the source names no chain: those of the source's own chain are shown
    /// whatever their words, because policies speak of fields and firms rather than of problems.
    pub policy_min_coverage: f64,
    /// Which resources are taken to be needed, and how much they count.
    #[serde(default)]
    pub resources: ResourceRule,
    /// How equipment is chosen for them.
    #[serde(default)]
    pub equipment: EquipmentRule,
    /// How policies are ordered.
    #[serde(default)]
    pub policy: PolicyRule,
}

/// Which resources are taken to be needed, and how much they count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRule {
    /// Needs kept at most.
    pub limit: usize,
    /// How many of the best achievements are read.
    pub answers: usize,
    /// The coverage from which an achievement answers well enough to be read.
    pub answer_coverage: f64,
    /// The readiness level up to which a result has yet to go through a pilot line.
    pub pilot_trl: i64,
    /// Weight of what is asked for in so many words.
    pub asked: f64,
    /// Weight of what an indicator has to be measured with.
    pub measured: f64,
    /// Weight of a pilot line that a readiness level calls for.
    pub readiness: f64,
    /// Factor for what an achievement needs rather than the demand.
    pub of_achievement: f64,
}

impl ResourceRule {
    /// How much a need counts by its reason.
    #[must_use]
    pub const fn weight(&self, reason: ResourceReason) -> f64 {
        match reason {
            ResourceReason::Asked => self.asked,
            ResourceReason::Measured => self.measured,
            ResourceReason::Readiness => self.readiness,
        }
    }
}

/// How equipment is chosen for the needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquipmentRule {
    /// Weight of the words that name a resource, in a fit from 0 to 1.
    pub words: f64,
    /// Weight of what the demand is about.
    pub subject: f64,
    /// Factor where an instrument, a laboratory and a service stand for each other, or a record does not
    /// say what it is.
    pub related_kind: f64,
    /// Factor where the qualification that is asked for is not stated.
    pub unqualified: f64,
    /// The share of a name's words from which a piece has that name.
    pub min_words: f64,
    /// The share of the subject's words from which a piece of the wanted kind is for that subject, where
    /// the resource has no name.
    pub min_subject: f64,
    /// What each further need that is served adds.
    pub more_needs: f64,
    /// Factor, while choosing, for what serves only needs that are served already.
    pub repeat: f64,
    /// Pieces of one kind at most.
    pub per_kind: usize,
    /// Weight of coverage where nothing asks for the piece.
    pub unasked: f64,
    /// What standing in the same county adds.
    pub same_county: f64,
    /// In the same prefecture.
    pub same_prefecture: f64,
    /// In the same province.
    pub same_province: f64,
    /// What the same industry chain adds.
    pub same_chain: f64,
}

/// How policies that the source's owner may use are ordered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// Weight of words in common, as a share of the closest policy's.
    pub words: f64,
    /// Weight of the needs' coverage.
    pub coverage: f64,
    /// What a policy for the source's own chain gains over one for all.
    pub chain: f64,
    /// What a policy of the own county gains over one of the country.
    pub county: f64,
    /// Of the prefecture.
    pub prefecture: f64,
    /// Of the province.
    pub province: f64,
    /// What support of the demand's kind gains.
    pub category: f64,
    /// What a window that is not open now takes.
    pub closed_window: f64,
    /// While choosing a clause: weight of the demand's kind beside words, which count 0 to 1.
    pub clause_category: f64,
}

impl BesideRule {
    /// Tells `demand` what must hold.
    pub(crate) fn check(&self, demand: &mut impl FnMut(bool, String)) {
        for (name, value) in [
            ("equipment_min_coverage", self.equipment_min_coverage),
            ("policy_min_coverage", self.policy_min_coverage),
            ("resources.answer_coverage", self.resources.answer_coverage),
            ("equipment.words", self.equipment.words),
            ("equipment.subject", self.equipment.subject),
            ("equipment.related_kind", self.equipment.related_kind),
            ("equipment.unqualified", self.equipment.unqualified),
            ("equipment.min_words", self.equipment.min_words),
            ("equipment.min_subject", self.equipment.min_subject),
            ("equipment.repeat", self.equipment.repeat),
        ] {
            demand((0.0..=1.0).contains(&value), format!("beside.{name} 须在 0 到 1 之间"));
        }
        for (name, value) in [
            ("head", self.head),
            ("resources.limit", self.resources.limit),
            ("equipment.per_kind", self.equipment.per_kind),
        ] {
            demand(value > 0, format!("beside.{name} 须大于 0"));
        }
        let whole = self.equipment.words + self.equipment.subject;
        demand(
            (whole - 1.0).abs() < 1e-9,
            "beside.equipment.words 与 beside.equipment.subject 之和须为 1".to_owned(),
        );
        for (name, value) in [
            ("resources.asked", self.resources.asked),
            ("resources.measured", self.resources.measured),
            ("resources.readiness", self.resources.readiness),
            ("resources.of_achievement", self.resources.of_achievement),
            ("equipment.more_needs", self.equipment.more_needs),
            ("equipment.unasked", self.equipment.unasked),
            ("equipment.same_county", self.equipment.same_county),
            ("equipment.same_prefecture", self.equipment.same_prefecture),
            ("equipment.same_province", self.equipment.same_province),
            ("equipment.same_chain", self.equipment.same_chain),
            ("policy.words", self.policy.words),
            ("policy.coverage", self.policy.coverage),
            ("policy.chain", self.policy.chain),
            ("policy.county", self.policy.county),
            ("policy.prefecture", self.policy.prefecture),
            ("policy.province", self.policy.province),
            ("policy.category", self.policy.category),
            ("policy.closed_window", self.policy.closed_window),
            ("policy.clause_category", self.policy.clause_category),
        ] {
            demand(value >= 0.0, format!("beside.{name} 不能为负"));
        }
    }
}

//! From candidates with stage scores to an explained order.

use std::collections::BTreeMap;

use kechuang_domain::{
    ClauseQuote, EligibilityCheck, Evidence, Explanation, FieldScore, IndicatorCheck, Need, Quote,
    RecordId, ServedNeed, Span, Stage, StageScore, TextField, Timestamp, fact::MeasuredIndicator,
};
use kechuang_text::Lexicon;
use serde::{Deserialize, Serialize};

use crate::{
    Profile,
    evidence::{Support, support},
    fusion::{fuse, lexical_score},
    indicators::{Asked, check},
    learned::Features,
    record_text::RecordText,
    refine::{JudgedPlace, best_within},
    sought::Sought,
    summary::summarise,
    terms::NeedTerms,
};

/// A record that recall has found, with its scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The record.
    pub id: RecordId,
    /// The revision that was scored.
    pub revision: i64,
    /// Its lexical scores by role of text.
    pub fields: Vec<FieldScore>,
    /// The cosine of its vector with the source's, where both have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<f32>,
    /// What the learned order sees of it, in the order of the registry; empty below its depth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<f32>,
    /// How far the learned order puts it above the list's mean, in levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<f64>,
    /// Its sentences that are near to needs in meaning, where none has their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<NearSentence>,
    /// How well it answers the source, by a model that read both together, as a logit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_together: Option<f32>,
    /// Its level, 1 to 4, as a large model has judged it, the mean of all times that it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<f64>,
    /// When somebody stood by it last, where that is so long ago that it is stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<Timestamp>,
}

impl Candidate {
    /// The cross-encoder's probability that it answers; `None` where it was not read.
    #[must_use]
    pub fn probability(&self) -> Option<f64> {
        self.read_together.map(|logit| 1.0 / (1.0 + libm::exp(-f64::from(logit))))
    }

    /// What the learned order sees of it; `None` below its depth.
    #[must_use]
    pub fn seen(&self) -> Option<Features> {
        let row: Vec<f64> = self.features.iter().map(|value| f64::from(*value)).collect();
        row.try_into().ok()
    }

    /// The factor of its final score; `None` where it is fresh.
    #[must_use]
    pub fn demotion(&self, profile: &Profile) -> Option<f64> {
        self.stale_since.map(|_| profile.freshness.stale)
    }
}

/// A sentence that is near to a need in meaning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NearSentence {
    /// Index into the source's needs.
    pub need: usize,
    /// The field that it stands in.
    pub field: TextField,
    /// Where in that field's text.
    pub span: Span,
    /// The cosine of both vectors.
    pub cosine: f32,
}

/// Everything that fusion and what follows start from, except the records' texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankInput {
    /// The words of each need with their weights.
    pub needs: Vec<NeedTerms>,
    /// Figures that are asked for in a table of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<MeasuredIndicator>,
    /// What recall found.
    pub candidates: Vec<Candidate>,
    /// How many of them, from the first, are read and explained; the others get scores only.
    pub head: usize,
    /// How many of them, from the first, stand before the others whatever their scores: the depth of the
    /// learned order. 0 where there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ordered: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A candidate in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The record.
    pub id: RecordId,
    /// The revision that was scored.
    pub revision: i64,
    /// The final score.
    pub score: f64,
    /// Why; `None` where the text was not given.
    pub explanation: Option<Explanation>,
}

/// Something that stands beside the main list, with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The record, its final score and how it covers the demand's needs.
    pub ranked: Ranked,
    /// Further records of the same owner that say nearly the same.
    pub alike: Vec<RecordId>,
    /// The resource needs that a piece of equipment serves.
    pub serves: Vec<ServedNeed>,
    /// Whether a policy is for the source's owner.
    pub eligibility: Vec<EligibilityCheck>,
    /// What a policy grants.
    pub clause: Option<ClauseQuote>,
    /// What to mind, in Chinese.
    pub notes: Vec<String>,
}

/// Ranks all candidates, best first, ties by id. The score is based × (1 + `coverage.weight` × coverage), and
/// `cross_encoder.weight` × the list's highest based score × probability where a cross-encoder has read the
/// candidate; based is what [`based`] gives. Who was read only gains by it: where the first of a list were read, the
/// rest stays behind them. What a large model has judged then moves as far as its bound allows. A candidate whose text is not in `texts` keeps its
/// fused score and is not explained.
#[must_use]
pub fn rank(
    lexicon: &Lexicon,
    profile: &Profile,
    needs: &[Need],
    input: &RankInput,
    texts: &BTreeMap<RecordId, RecordText<'_>>,
) -> Vec<Ranked> {
    let fused = fuse(profile, &input.candidates);
    let based = based(&input.candidates, &fused, input.ordered);
    let highest = based.iter().copied().fold(0.0, f64::max);
    let sought = Sought::all(lexicon, &input.needs);
    let asked = Asked::all(lexicon, needs, &input.targets);
    let mut ranked: Vec<Ranked> = input
        .candidates
        .iter()
        .zip(fused.iter().zip(based))
        .map(|(candidate, (&fused, based))| {
            let mut explanation = texts.get(&candidate.id).map(|record| {
                let threshold = profile.coverage.need_support;
                let texts = record.texts.iter().copied();
                let support = support(lexicon, &sought, texts, threshold);
                let indicators = check(lexicon, &asked, record);
                let mut explanation =
                    explain(profile, needs, candidate, fused, support, indicators);
                add_near(needs, &mut explanation, &candidate.near, record);
                explanation
            });
            let coverage = explanation.as_ref().map_or(0.0, |explanation| explanation.coverage);
            let covered = based * (1.0 + profile.coverage.weight * coverage);
            let read = candidate.probability().unwrap_or(0.0);
            let score = covered + profile.cross_encoder.weight * highest * read;
            Ranked {
                id: candidate.id,
                revision: candidate.revision,
                score: demote(profile, candidate, score, explanation.as_mut()),
                explanation,
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    refined(profile, input, ranked)
}

/// The order as a large model's judgements leave it, where there are any.
fn refined(profile: &Profile, input: &RankInput, ranked: Vec<Ranked>) -> Vec<Ranked> {
    let judged: BTreeMap<RecordId, f64> =
        input.candidates.iter().filter_map(|one| Some((one.id, one.judged?))).collect();
    if judged.is_empty() {
        return ranked;
    }
    let place = |one: &Ranked| JudgedPlace { id: one.id, level: judged.get(&one.id).copied() };
    let places: Vec<JudgedPlace> = ranked.iter().map(place).collect();
    let mut before: Vec<Option<Ranked>> = ranked.into_iter().map(Some).collect();
    let order = best_within(profile.large_model.bound, &places);
    order.into_iter().filter_map(|from| before[from].take()).collect()
}

/// Puts sentences that are near in meaning in the place of gaps. Coverage stays: it is of words.
pub fn add_near(
    needs: &[Need],
    explanation: &mut Explanation,
    near: &[NearSentence],
    record: &RecordText<'_>,
) {
    for NearSentence { need, field, span, cosine } in near {
        let Some(at) = explanation.gaps.iter().position(|gap| gap == need) else { continue };
        let text = record.texts.iter().find(|(named, _)| named == field).map(|(_, text)| *text);
        if let Some(quote) = text.and_then(|text| Quote::cut(*field, text, *span)) {
            let (support, shared, cosine) = (0.0, Vec::new(), Some(*cosine));
            explanation.gaps.remove(at);
            explanation.evidence.push(Evidence { need: *need, quote, support, shared, cosine });
        }
    }
    explanation.evidence.sort_by_key(|evidence| evidence.need);
    let Explanation { evidence, gaps, indicators, .. } = &*explanation;
    explanation.summary = summarise(needs, evidence, gaps, indicators);
}

/// The scores before coverage. A candidate with a learned score has mean × e ^ learned, `mean` being the mean
/// fused score of all such: a level more counts like so many times the score, coverage counts beside it as it does
/// beside words, and among others they stand about where they stood. Any other has its fused score. What is below
/// the first `ordered` is scaled to stay behind them.
#[must_use]
pub fn based(candidates: &[Candidate], fused: &[f64], ordered: usize) -> Vec<f64> {
    let of_learned = candidates.iter().zip(fused).filter(|(one, _)| one.learned.is_some());
    let (sum, count) = of_learned.fold((0.0, 0.0), |(sum, n), (_, fused)| (sum + fused, n + 1.0));
    if count == 0.0 {
        return fused.to_vec();
    }
    // Where nothing has a score by words or meaning, the learned order alone decides.
    let mean = if sum > 0.0 { sum / count } else { 1.0 };
    let one = |(candidate, fused): (&Candidate, &f64)| {
        candidate.learned.map_or(*fused, |learned| mean * libm::exp(learned))
    };
    let mut scores: Vec<f64> = candidates.iter().zip(fused).map(one).collect();
    let (before, behind) = scores.split_at_mut(ordered.min(candidates.len()));
    let least = before.iter().copied().fold(f64::INFINITY, f64::min);
    let most = behind.iter().copied().fold(0.0, f64::max);
    if most > least {
        behind.iter_mut().for_each(|score| *score *= least / most);
    }
    scores
}

/// The score of a candidate, less where it is stale; the explanation then names the factor.
pub(crate) fn demote(
    profile: &Profile,
    candidate: &Candidate,
    score: f64,
    explanation: Option<&mut Explanation>,
) -> f64 {
    let Some(factor) = candidate.demotion(profile) else { return score };
    if let Some(explanation) = explanation {
        explanation.stages.push(StageScore { stage: Stage::Freshness, score: factor });
    }
    // What counts against a record must not count less for its being stale.
    if score > 0.0 { score * factor } else { score }
}

pub(crate) fn explain(
    profile: &Profile,
    needs: &[Need],
    candidate: &Candidate,
    fused: f64,
    support: Support,
    indicators: Vec<IndicatorCheck>,
) -> Explanation {
    let lexical = lexical_score(profile, &candidate.fields);
    let mut stages = Vec::new();
    if profile.stages.contains(&Stage::Lexical) {
        stages.push(StageScore { stage: Stage::Lexical, score: lexical });
    }
    stages.extend(
        candidate
            .meaning
            .map(|cosine| StageScore { stage: Stage::Vector, score: f64::from(cosine) }),
    );
    stages.push(StageScore { stage: Stage::Fusion, score: fused });
    stages.extend(candidate.learned.map(|score| StageScore { stage: Stage::Learned, score }));
    stages.push(StageScore { stage: Stage::Coverage, score: support.coverage });
    stages.extend(
        candidate.probability().map(|score| StageScore { stage: Stage::CrossEncoder, score }),
    );
    stages.extend(candidate.judged.map(|score| StageScore { stage: Stage::LargeModel, score }));
    Explanation {
        stages,
        fields: candidate.fields.clone(),
        coverage: support.coverage,
        summary: summarise(needs, &support.evidence, &support.gaps, &indicators),
        evidence: support.evidence,
        gaps: support.gaps,
        indicators,
        level: None,
    }
}

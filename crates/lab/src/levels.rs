//! How well levels are told, and how well it is told that nothing good is there.

use std::collections::BTreeMap;

use kechuang_domain::{Explanation, RecordId};
use kechuang_eval::{Bin, Judged, Level, LevelAccuracy, level_accuracy, reliability};
use kechuang_ranking::level::{LevelCurves, LevelFeature, LevelRule};

use crate::{
    Bench, Result,
    calibrate::{JudgedPair, fit, told},
    laid_out::{LaidOut, Runs},
};

/// Ranges of the reliability diagram.
const BINS: usize = 10;

/// Probabilities from which an answer may count as good, in the table of thresholds.
const THRESHOLDS: [f64; 11] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.47, 0.5];

/// From which probability of level 3 on an answer counts as good, where the profile does not say.
const GOOD: f64 = 0.3;

/// How well levels are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// How far told levels are from judged ones.
    pub accuracy: LevelAccuracy,
    /// Told probabilities of a level of 3 or 4, and how often they came true.
    pub reliability: Vec<Bin>,
    /// What is told of whole answers, by the probability from which one counts as good.
    pub abstention: Vec<Abstention>,
}

/// How often it is told that the library holds no good answer. A demand has one where any achievement was judged
/// level 3 or 4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Abstention {
    /// The probability of level 3 from which an answer counts as good; `None` where it is the profile's own.
    pub good: Option<f64>,
    /// Demands without a good answer.
    pub without: usize,
    /// Of these, told so.
    pub told: usize,
    /// Demands with one.
    pub with: usize,
    /// Of these, told that there is none.
    pub told_wrong: usize,
}

/// Records whose levels are told alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Titles,
    Texts,
}

impl Kind {
    pub(crate) const fn of(has_title_alone: bool) -> Self {
        if has_title_alone { Self::Titles } else { Self::Texts }
    }

    /// From which probability of level 3 on an answer counts as good: as in use.
    fn good(self, in_use: Option<&LevelRule>) -> f64 {
        let curves = in_use.and_then(|rule| match self {
            Self::Titles => rule.titles.as_ref(),
            Self::Texts => rule.texts.as_ref(),
        });
        curves.map_or(GOOD, |curves| curves.good)
    }

    const fn features(self) -> &'static [LevelFeature] {
        match self {
            Self::Titles => &LevelFeature::OF_TITLES,
            Self::Texts => &LevelFeature::OF_TEXTS,
        }
    }
}

/// The curves of each kind of records.
type Curves = BTreeMap<Kind, LevelCurves>;

/// What a demand's answers are told by.
struct Answered<'a> {
    /// How many achievements there are.
    searched: u64,
    /// Judged candidates.
    pairs: Vec<(Kind, JudgedPair, &'a Explanation)>,
    /// What is shown of the whole library.
    shown: Vec<(Kind, &'a Explanation)>,
    has_good: bool,
}

/// Measures levels out of fold, and fits the curves on everything; `None` where a level comes too rarely to fit, or no
/// encoder takes part.
pub(crate) fn measure(
    bench: &Bench,
    laid_out: &LaidOut<'_>,
    runs: &Runs,
    fold: &BTreeMap<&str, usize>,
    in_use: Option<&LevelRule>,
) -> Result<Option<(Levels, LevelRule)>> {
    let answered: BTreeMap<&str, Answered<'_>> = bench
        .judgements
        .queries
        .iter()
        .map(|(demand, judged)| (demand.as_str(), Answered::of(laid_out, runs, demand, judged)))
        .collect();
    let (mut pairs, mut best) = (Vec::new(), Vec::new());
    for left_out in fold.values().copied().collect::<std::collections::BTreeSet<_>>() {
        let is_seen = |demand: &str| fold.get(demand) != Some(&left_out);
        let seen = answered.iter().filter(|(demand, _)| is_seen(demand));
        let seen = seen.map(|(_, answered)| answered);
        let Some(curves) = curves(seen, in_use) else { return Ok(None) };
        for (_, one) in answered.iter().filter(|(demand, _)| !is_seen(demand)) {
            pairs.extend(one.tell(&curves));
            best.push((one.best(&curves), one.has_good));
        }
    }
    let Some(all) = curves(answered.values(), in_use) else { return Ok(None) };
    let rule = LevelRule {
        least_records: in_use.map_or(0, |rule| rule.least_records),
        titles: all.get(&Kind::Titles).cloned(),
        texts: all.get(&Kind::Texts).cloned(),
    };
    Ok(Some((Levels::of(&pairs, Abstention::table(&best))?, rule)))
}

/// Levels as the profile in use tells them; `None` where it tells none.
pub(crate) fn as_told(
    bench: &Bench,
    laid_out: &LaidOut<'_>,
    runs: &Runs,
) -> Result<Option<Levels>> {
    let (mut pairs, mut told_none, mut best) = (Vec::new(), Vec::new(), Vec::new());
    for (demand, judged) in &bench.judgements.queries {
        for (id, explanation) in runs.judged(demand) {
            let level = laid_out.key(id).and_then(|key| judged.get(key));
            if let (Some(level), Some(told)) = (level, explanation.level) {
                pairs.push((told.reached[1], (crate::calibrate::told(told), *level)));
            }
        }
        let prospect = runs.prospect(demand);
        let is_told_none = prospect.is_some_and(|prospect| !prospect.is_good());
        told_none.push((is_told_none, has_good(judged)));
        best.push((prospect.map_or(0.0, |prospect| prospect.best), has_good(judged)));
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let mut abstention = vec![Abstention::count(None, &told_none)];
    abstention.extend(Abstention::table(&best));
    Levels::of(&pairs, abstention).map(Some)
}

impl<'a> Answered<'a> {
    fn of(laid_out: &LaidOut<'_>, runs: &'a Runs, demand: &str, judged: &Judged) -> Self {
        let kind = |id: &RecordId| Kind::of(laid_out.titles_alone.contains(id));
        let searched = runs.searched(demand);
        let pair = |(id, explanation): (RecordId, &'a Explanation)| {
            let level = *judged.get(laid_out.key(id)?)?;
            let kind = kind(&id);
            Some((
                kind,
                JudgedPair::of(kind.features(), explanation, searched, level)?,
                explanation,
            ))
        };
        Self {
            searched,
            pairs: runs.judged(demand).filter_map(pair).collect(),
            shown: runs.shown(demand).map(|(id, explanation)| (kind(&id), explanation)).collect(),
            has_good: has_good(judged),
        }
    }

    /// Told probabilities of level 3, with told and judged levels.
    fn tell(&self, curves: &Curves) -> Vec<(f64, (Level, Level))> {
        let tell = |(kind, pair, explanation): &(Kind, JudgedPair, &Explanation)| {
            let level = curves.get(kind)?.tell(explanation, self.searched)?;
            Some((level.reached[1], (told(level), pair.level)))
        };
        self.pairs.iter().filter_map(tell).collect()
    }

    /// The highest probability of level 3 among what is shown.
    fn best(&self, curves: &Curves) -> f64 {
        let told =
            self.shown.iter().filter_map(|(kind, one)| curves.get(kind)?.tell(one, self.searched));
        told.map(|level| level.reached[1]).fold(0.0, f64::max)
    }
}

/// The curves of every kind that there are pairs of; `None` where one cannot be fitted.
fn curves<'a>(
    answered: impl Iterator<Item = &'a Answered<'a>>,
    in_use: Option<&LevelRule>,
) -> Option<Curves> {
    let mut by_kind: BTreeMap<Kind, Vec<&JudgedPair>> = BTreeMap::new();
    for (kind, pair, _) in answered.flat_map(|answered| &answered.pairs) {
        by_kind.entry(*kind).or_default().push(pair);
    }
    let curves: Option<Curves> = by_kind
        .into_iter()
        .map(|(kind, pairs)| Some((kind, fit(kind.features(), &pairs, kind.good(in_use))?)))
        .collect();
    curves.filter(|curves| !curves.is_empty())
}

fn has_good(judged: &Judged) -> bool {
    judged.values().any(|level| level.is_relevant())
}

impl Levels {
    /// From told probabilities of level 3, with told and judged levels.
    fn of(pairs: &[(f64, (Level, Level))], abstention: Vec<Abstention>) -> Result<Self> {
        let levels: Vec<(Level, Level)> = pairs.iter().map(|(_, levels)| *levels).collect();
        let probable: Vec<(f64, bool)> =
            pairs.iter().map(|(told, (_, judged))| (*told, judged.is_relevant())).collect();
        Ok(Self {
            accuracy: level_accuracy(&levels)?,
            reliability: reliability(&probable, BINS),
            abstention,
        })
    }
}

impl Abstention {
    /// Counts at each threshold, from the best probability of each demand and whether it has a good answer.
    fn table(best: &[(f64, bool)]) -> Vec<Self> {
        let at = |good: f64| {
            let told = best.iter().map(|(best, has_good)| (*best < good, *has_good));
            Self::count(Some(good), &told.collect::<Vec<_>>())
        };
        THRESHOLDS.into_iter().map(at).collect()
    }

    /// Counts from whether each demand was told that there is none, and whether it has a good answer.
    fn count(good: Option<f64>, demands: &[(bool, bool)]) -> Self {
        let count = |has: bool| demands.iter().filter(|(_, has_good)| *has_good == has).count();
        let told = |has: bool| demands.iter().filter(|one| **one == (true, has)).count();
        Self {
            good,
            without: count(false),
            told: told(false),
            with: count(true),
            told_wrong: told(true),
        }
    }
}

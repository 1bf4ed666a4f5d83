//! What a large model makes of an order: it may move a record by a few places, and may not add one.

use kechuang_domain::RecordId;
use serde::{Deserialize, Serialize};

use crate::assign::assign;

/// How a large model's judgements count. By default they do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LargeModelRule {
    /// Candidates that it judges, from the first.
    #[serde(default)]
    pub depth: usize,
    /// By how many places it may move one at most.
    #[serde(default)]
    pub bound: usize,
    /// Candidates that it sees at once.
    #[serde(default)]
    pub window: usize,
    /// So many of them again in the next window.
    #[serde(default)]
    pub overlap: usize,
    /// How often it sees each window: once as it stands, a second time turned round, so that a fondness for what
    /// comes first cancels out.
    #[serde(default)]
    pub views: usize,
    /// The share of the weight of a need's words from which a sentence is shown to it, 0 to 1. What has to do with no
    /// need helps no judgement, and may be meant for the model alone.
    #[serde(default)]
    pub related: f64,
}

impl LargeModelRule {
    /// What cannot be meant so, in Chinese.
    pub(crate) fn check(&self, demand: &mut impl FnMut(bool, String)) {
        let is_off = *self == Self::default();
        demand(
            is_off || self.depth > 0 && self.window > 1,
            "large_model 须同时写明 depth（大于 0）和 window（大于 1）".to_owned(),
        );
        demand(
            is_off || self.overlap < self.window,
            "large_model.overlap 须小于 large_model.window".to_owned(),
        );
        let views = is_off || (1..=2).contains(&self.views);
        demand(views, "large_model.views 须为 1 或 2".to_owned());
        let share = (0.0..=1.0).contains(&self.related);
        demand(share, "large_model.related 须在 0 到 1 之间".to_owned());
    }

    /// Where the windows over a list of this length begin and end. Each but the first begins with some that the one
    /// before it has seen, the last ends with the list.
    #[must_use]
    pub fn windows(&self, length: usize) -> Vec<std::ops::Range<usize>> {
        let length = length.min(self.depth);
        let step = self.window.saturating_sub(self.overlap).max(1);
        let mut windows = Vec::new();
        let mut start = 0;
        while start < length {
            let end = (start + self.window).min(length);
            windows.push(start..end);
            if end == length {
                break;
            }
            start += step;
        }
        windows
    }
}

/// A place in an order with what was judged of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedPlace {
    /// The record.
    pub id: RecordId,
    /// Its level, 1 to 4, the mean of all times that it was judged; `None` where it was not.
    pub level: Option<f64>,
}

/// The best order that a bound on moves allows: of all orders in which nobody is more than `bound` places away from
/// where they stand, that with the highest discounted gain of the levels. What was judged changes places among itself;
/// the rest stays where it is. Of equals, who stood first stands first. Gives the places of before, in the new order.
#[must_use]
pub fn best_within(bound: usize, places: &[JudgedPlace]) -> Vec<usize> {
    let judged: Vec<(usize, f64)> =
        places.iter().enumerate().filter_map(|(at, place)| Some((at, place.level?))).collect();
    let gains: Vec<Vec<f64>> = judged
        .iter()
        .enumerate()
        .map(|(before, (from, level))| {
            // Enough to tell equals apart, too little to outweigh a tenth of a level.
            let tie = TIE * (judged.len() - before) as f64 / judged.len() as f64;
            let gain = libm::exp2(level - 1.0) - 1.0 + tie;
            let to = |(to, _): &(usize, f64)| {
                if from.abs_diff(*to) <= bound { gain * discount(*to) } else { FAR }
            };
            judged.iter().map(to).collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    for (from, to) in assign(&gains).into_iter().enumerate() {
        order[judged[to].0] = judged[from].0;
    }
    order
}

/// The discount of a place, counted from 0, as nDCG has it.
fn discount(place: usize) -> f64 {
    1.0 / libm::log2(place as f64 + 2.0)
}

const TIE: f64 = 1e-3;
/// Worse than anything that is allowed, and finite: it can be added up.
const FAR: f64 = -1e6;

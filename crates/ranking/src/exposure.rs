//! What keeps one team from heading list after list.
//!
//! A team that has headed so many lists lately stands back, where the best of another team is nearly as good.

use serde::{Deserialize, Serialize};

/// How often one team may head lists. By default as often as it is best, as in runs that were saved before profiles had
/// this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposureRule {
    /// How many days are looked back.
    #[serde(default)]
    pub days: u16,
    /// How many demands' lists one team may head in these days before it stands back; 0 for any number.
    #[serde(default)]
    pub lists: u32,
    /// The least share of the first one's score, 0 to 1, from which another stands in for it.
    #[serde(default)]
    pub close: f64,
}

impl ExposureRule {
    /// Whether it says anything.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.lists > 0
    }

    /// What cannot be meant so, in Chinese.
    pub(crate) fn check(&self, demand: &mut impl FnMut(bool, String)) {
        let share = (0.0..=1.0).contains(&self.close);
        demand(share, "exposure.close 须在 0 到 1 之间".to_owned());
        let looks_back = !self.is_set() || self.days > 0;
        demand(looks_back, "exposure.lists 大于 0 时 exposure.days 也须大于 0".to_owned());
    }

    /// Which of a list, by owner and score, best first, heads it instead of the first; `None` where the first may.
    #[must_use]
    pub fn instead<O: PartialEq>(
        &self,
        list: &[(O, f64)],
        has_led_often: impl Fn(&O) -> bool,
    ) -> Option<usize> {
        let (_, highest) = list.first().filter(|(owner, _)| has_led_often(owner))?;
        let close =
            |(owner, score): &(O, f64)| *score >= self.close * highest && !has_led_often(owner);
        list.iter().position(close).filter(|_| self.is_set() && *highest > 0.0)
    }
}

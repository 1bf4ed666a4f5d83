//! From a learned score to a level with its probability.

use kechuang_eval::Level;

use crate::fit::logistic;

/// The levels that are told apart from those below.
const REACHED: [Level; 3] = [Level::Weak, Level::FairlyStrong, Level::Strong];

/// How likely each level is reached by a score: one logistic curve a level.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibration([[f64; 2]; REACHED.len()]);

impl Calibration {
    /// Fits the curves to judged scores; `None` where a level comes for none or for all.
    pub(crate) fn fit(judged: &[(f64, Level)]) -> Option<Self> {
        let mut curves = [[0.0; 2]; REACHED.len()];
        for (curve, level) in curves.iter_mut().zip(REACHED) {
            let rows: Vec<(Vec<f64>, bool)> =
                judged.iter().map(|(score, judged)| (vec![*score], *judged >= level)).collect();
            *curve = logistic(1, &rows, 0.0)?.try_into().ok()?;
        }
        Some(Self(curves))
    }

    /// The probability that a score reaches level 2, 3 and 4, none higher than the one before.
    pub(crate) fn reached(&self, score: f64) -> [f64; REACHED.len()] {
        let mut most = 1.0_f64;
        self.0.map(|[intercept, slope]| {
            most = most.min(1.0 / (1.0 + libm::exp(-(intercept + slope * score))));
            most
        })
    }

    /// The median level: the one whose mean distance is least.
    pub(crate) fn tell(&self, score: f64) -> Level {
        let likely = self.reached(score).into_iter().zip(REACHED).rev();
        likely
            .into_iter()
            .find(|(probability, _)| *probability >= 0.5)
            .map_or(Level::Unrelated, |(_, level)| level)
    }
}

#[cfg(test)]
mod tests {
    use kechuang_eval::Level;

    use super::Calibration;

    #[test]
    fn a_higher_score_is_told_a_higher_level() {
        let levels = [Level::Unrelated, Level::Weak, Level::FairlyStrong, Level::Strong];
        // Each level at its own score, and one judged beside its place, so that no curve is a step.
        let judged: Vec<_> = (0..4)
            .flat_map(|at| [at, at, (at + 1) % 4].map(|judged| (at as f64, levels[judged])))
            .collect();
        let calibration = Calibration::fit(&judged).expect("every level comes");
        let told: Vec<_> = [-3.0, 6.0].map(|score| calibration.tell(score)).to_vec();
        assert!(told[0] < told[1], "{told:?}");
        let reached = calibration.reached(1.0);
        assert!(reached[0] >= reached[1] && reached[1] >= reached[2], "{reached:?}");
        assert_eq!(Calibration::fit(&[(1.0, Level::Weak), (2.0, Level::Weak)]), None);
    }
}

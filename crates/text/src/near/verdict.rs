//! From a likeness to a decision.

use super::{Basis, Likeness};

/// From which score on two records are near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// For records with texts.
    pub texts_min: f64,
    /// For records of which one has a title only.
    pub titles_min: f64,
}

impl Default for Rule {
    /// `benches/duplicates.rs` set the threshold for texts on one sample and confirmed it on another. Titles
    /// without texts must have the same words: among the 5,808 of the CCF BDCI 2019 development set,
    /// a threshold of 0.93 already takes 安豆 for 周豆.
    fn default() -> Self {
        Self { texts_min: 0.48, titles_min: 1.0 }
    }
}

/// What two records are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The same but for width, case, marks and markup.
    Exact,
    /// One is the other, altered; a person should look.
    Near,
    /// Two records.
    Different,
}

impl Rule {
    /// Decides.
    #[must_use]
    pub fn verdict(&self, likeness: &Likeness) -> Verdict {
        let is_near = match likeness.basis {
            Basis::Exact => return Verdict::Exact,
            Basis::Texts => likeness.score >= self.texts_min,
            Basis::Titles => likeness.score >= self.titles_min,
            Basis::Nothing => false,
        };
        if is_near { Verdict::Near } else { Verdict::Different }
    }
}

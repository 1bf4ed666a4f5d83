//! Bags of terms: how two texts share them.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_text::Token;

use crate::Analysed;

/// The distinct terms of a text with how often they stand in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Bag<'a> {
    counts: BTreeMap<&'a str, u32>,
    length: u32,
}

impl<'a> Bag<'a> {
    pub(crate) fn of(tokens: &'a [Token]) -> Self {
        let mut counts = BTreeMap::new();
        for token in tokens {
            *counts.entry(token.text.as_str()).or_insert(0) += 1;
        }
        Self { counts, length: tokens.len() as u32 }
    }

    pub(crate) fn length(&self) -> f64 {
        f64::from(self.length)
    }

    pub(crate) fn terms(&self) -> impl Iterator<Item = &'a str> {
        self.counts.keys().copied()
    }

    /// BM25 of distinct terms in this text, for a mean length of `mean`. Robertson and Zaragoza, "The
    /// probabilistic relevance framework", 2009.
    pub(crate) fn bm25(
        &self,
        asked: &Bag<'_>,
        rule: Analysed,
        idf: impl Fn(&str) -> f64,
        mean: f64,
    ) -> f64 {
        let (k1, b) = (f64::from(rule.k1), f64::from(rule.b));
        let held = k1 * (1.0 - b + b * self.length() / mean.max(1.0));
        let gains = asked.terms().filter_map(|term| {
            let count = f64::from(*self.counts.get(term)?);
            Some(idf(term) * count * (k1 + 1.0) / (count + held))
        });
        gains.sum()
    }

    /// The share of these terms, by idf, that `said` holds, 0 to 1.
    pub(crate) fn share(&self, said: &BTreeSet<&str>, idf: impl Fn(&str) -> f64) -> f64 {
        let (mut all, mut there) = (0.0, 0.0);
        for term in self.terms() {
            let weight = idf(term);
            all += weight;
            if said.contains(term) {
                there += weight;
            }
        }
        if all > 0.0 { there / all } else { 0.0 }
    }
}

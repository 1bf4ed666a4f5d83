//! Evidence: for each need, the sentence of a record that supports it best.
//!
//! Support is the idf-weighted share of the need's words that a sentence has, synonyms included.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kechuang_domain::{Evidence, Quote, Span, TextField};
use kechuang_text::{Lexicon, sentences, words};

use crate::sought::Sought;

/// Words shown as shared, at most.
const SHARED_WORDS_SHOWN: usize = 6;

/// What a record has to say to all needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// The best sentence of each supported need, in the order of the needs.
    pub evidence: Vec<Evidence>,
    /// Needs without any.
    pub gaps: Vec<usize>,
    /// Mean support over all needs, unsupported ones as 0.
    pub coverage: f64,
}

/// Finds the best sentence for each need. Those whose support stays below `threshold` are gaps.
#[must_use]
pub fn support<'a>(
    lexicon: &Lexicon,
    needs: &[Sought<'_>],
    texts: impl IntoIterator<Item = (TextField, &'a str)>,
    threshold: f64,
) -> Support {
    Sentences::read(lexicon, texts).support(needs, threshold)
}

/// The sentences of a record that have to do with any need, in their order: those that have at least `least` of the
/// weight of its words, 0 to 1.
#[must_use]
pub fn related<'a>(
    lexicon: &Lexicon,
    needs: &[Sought<'_>],
    texts: impl IntoIterator<Item = (TextField, &'a str)>,
    least: f64,
) -> Vec<(TextField, Span)> {
    let sentences = Sentences::read(lexicon, texts);
    let mut related: BTreeSet<usize> = BTreeSet::new();
    for need in needs {
        let reached = sentences.reached(need).into_iter();
        related
            .extend(reached.filter(|(_, weight)| *weight >= least * need.total).map(|(at, _)| at));
    }
    related.into_iter().map(|at| (sentences.all[at].0, sentences.all[at].2)).collect()
}

/// The sentences of a record, with an index from words to sentences.
pub(crate) struct Sentences<'a> {
    all: Vec<(TextField, &'a str, Span)>,
    having: HashMap<String, Vec<usize>>,
}

impl<'a> Sentences<'a> {
    /// Cuts the texts, once for all that is looked for in them.
    pub(crate) fn read(
        lexicon: &Lexicon,
        texts: impl IntoIterator<Item = (TextField, &'a str)>,
    ) -> Self {
        let mut all = Vec::new();
        let mut having: HashMap<String, Vec<usize>> = HashMap::new();
        for (field, text) in texts {
            let first = all.len();
            all.extend(sentences(text).into_iter().map(|span| (field, text, span)));
            for token in words(lexicon, text) {
                // Sentences are in order and do not overlap, so the one that holds a word is the
                // last that begins at or before it.
                let after = all[first..].partition_point(|(_, _, s)| s.start <= token.span.start);
                let Some(at) = (first + after).checked_sub(1).filter(|at| *at >= first) else {
                    continue;
                };
                let holders = having.entry(token.text).or_default();
                if token.span.end <= all[at].2.end && holders.last() != Some(&at) {
                    holders.push(at);
                }
            }
        }
        Self { all, having }
    }

    /// The best sentence for each need; see [`support`].
    pub(crate) fn support(&self, needs: &[Sought<'_>], threshold: f64) -> Support {
        let mut evidence = Vec::new();
        let mut gaps = Vec::new();
        let mut sum = 0.0;
        for (need, sought) in needs.iter().enumerate() {
            match self.best(need, sought).filter(|best| best.support >= threshold) {
                Some(best) => {
                    sum += best.support;
                    evidence.push(best);
                }
                None => gaps.push(need),
            }
        }
        let coverage = if needs.is_empty() { 0.0 } else { sum / needs.len() as f64 };
        Support { evidence, gaps, coverage }
    }

    /// The share of the words' weight that stands anywhere in the texts, 0 to 1.
    pub(crate) fn share(&self, sought: &Sought<'_>) -> f64 {
        self.share_within(sought, |_, _| true)
    }

    /// The same for sentences that `within` takes, by their field and place.
    pub(crate) fn share_within(
        &self,
        sought: &Sought<'_>,
        within: impl Fn(TextField, Span) -> bool,
    ) -> f64 {
        if sought.total <= 0.0 {
            return 0.0;
        }
        let is_there = |said: &[&str]| {
            self.holders(said).any(|at| {
                let (field, _, span) = self.all[at];
                within(field, span)
            })
        };
        let there = sought.words.iter().filter(|word| is_there(&word.said));
        let said: f64 = there.map(|word| word.weight).sum();
        (said / sought.total).min(1.0)
    }

    /// The sentence with the highest support; of equals the first.
    pub(crate) fn best(&self, need: usize, sought: &Sought<'_>) -> Option<Evidence> {
        let mut best: Option<(usize, f64)> = None;
        for (at, weight) in self.reached(sought) {
            if best.is_none_or(|(_, highest)| weight > highest) {
                best = Some((at, weight));
            }
        }
        let (at, weight) = best?;
        let (field, text, span) = self.all[at];
        Some(Evidence {
            need,
            quote: Quote::cut(field, text, span)?,
            support: (weight / sought.total).min(1.0),
            shared: self.shared(sought, at),
            cosine: None,
        })
    }

    /// The weight of the words that each sentence has.
    fn reached(&self, sought: &Sought<'_>) -> BTreeMap<usize, f64> {
        let mut reached: BTreeMap<usize, f64> = BTreeMap::new();
        for word in &sought.words {
            // A sentence that says a word in two ways has it once.
            let holders: BTreeSet<usize> = self.holders(&word.said).collect();
            for at in holders {
                *reached.entry(at).or_insert(0.0) += word.weight;
            }
        }
        reached
    }

    /// The sentences that have any of these words, those with several of them as often.
    fn holders(&self, said: &[&str]) -> impl Iterator<Item = usize> {
        said.iter().filter_map(|word| self.having.get(*word)).flatten().copied()
    }

    fn shared(&self, sought: &Sought<'_>, at: usize) -> Vec<String> {
        let mut shared: Vec<(&str, f64)> = sought
            .words
            .iter()
            .filter(|word| self.holders(&word.said).any(|holder| holder == at))
            .map(|word| (word.text, word.weight))
            .collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        // 抗拉 says nothing beside 抗拉强度, nor a single character beside words.
        let has_words = shared.iter().any(|(word, _)| word.chars().count() > 1);
        let mut shown: Vec<String> = Vec::new();
        for (word, _) in &shared {
            let part_of_another =
                shared.iter().any(|(other, _)| other != word && other.contains(*word));
            let says_little = part_of_another || has_words && word.chars().count() == 1;
            if !says_little && shown.len() < SHARED_WORDS_SHOWN {
                shown.push((*word).to_owned());
            }
        }
        shown
    }
}

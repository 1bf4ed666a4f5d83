//! Words that are looked for in records, with all the ways in which they may be said.

use kechuang_text::Lexicon;

use crate::terms::{NeedTerms, ResourceTerms};

/// The words of one need, looked up once for all records.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought<'a> {
    /// Sum of all weights.
    pub(crate) total: f64,
    pub(crate) words: Vec<SoughtWord<'a>>,
}

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SoughtWord<'a> {
    pub(crate) text: &'a str,
    pub(crate) weight: f64,
    /// Itself and its synonyms. Where 质子交换膜 is said as PEM, its parts 质子 and 交换 are said with it.
    pub(crate) said: Vec<&'a str>,
}

/// What a resource is found by.
pub(crate) struct SoughtResource<'a> {
    pub(crate) names: Vec<Sought<'a>>,
    pub(crate) subject: Sought<'a>,
}

impl<'a> Sought<'a> {
    /// Looks up how the words may be said.
    #[must_use]
    pub fn of(lexicon: &'a Lexicon, terms: &'a NeedTerms) -> Self {
        let words = terms.weights.iter().map(|(word, weight)| {
            let wholes = terms.weights.keys().filter(|whole| whole.contains(word.as_str()));
            let others = wholes.flat_map(|whole| lexicon.synonyms_of(whole)).map(String::as_str);
            let said = std::iter::once(word.as_str()).chain(others).collect();
            SoughtWord { text: word, weight: *weight, said }
        });
        Self { total: terms.total(), words: words.collect() }
    }

    /// The same for each need.
    #[must_use]
    pub fn all(lexicon: &'a Lexicon, needs: &'a [NeedTerms]) -> Vec<Self> {
        needs.iter().map(|terms| Self::of(lexicon, terms)).collect()
    }
}

impl<'a> SoughtResource<'a> {
    /// Looks up how the words may be said.
    pub(crate) fn of(lexicon: &'a Lexicon, terms: &'a ResourceTerms) -> Self {
        Self {
            names: Sought::all(lexicon, &terms.names),
            subject: Sought::of(lexicon, &terms.subject),
        }
    }
}

//! The words of each need with their weights: what evidence is looked for.

use std::collections::BTreeMap;

use kechuang_domain::Need;
use kechuang_text::{Lexicon, is_measure, words};
use serde::{Deserialize, Serialize};

/// The words of one need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedTerms {
    /// Distinct words with weights above 0, by word.
    pub weights: BTreeMap<String, f64>,
}

impl NeedTerms {
    /// Sum of all weights.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights.values().sum()
    }
}

/// Weighs the words of each need by idf. Words that say little (技术, 提高) count `generic_weight`
/// of it; numbers and units count nothing, because equal numbers of different things are no evidence.
///
/// # Errors
/// What `idf` says.
pub fn need_terms<E>(
    lexicon: &Lexicon,
    needs: &[Need],
    generic_weight: f64,
    mut idf: impl FnMut(&str) -> Result<f32, E>,
) -> Result<Vec<NeedTerms>, E> {
    needs.iter().map(|need| words_of(lexicon, &need.text, generic_weight, &mut idf)).collect()
}

/// What a resource is found by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceTerms {
    /// Names of the resource; any one of them is enough. None where it has no name of its own.
    pub names: Vec<NeedTerms>,
    /// What it is for.
    pub subject: NeedTerms,
}

/// Weighs the names of a resource and the words of what it is for, as [`need_terms`] does.
///
/// # Errors
/// What `idf` says.
pub fn resource_terms<'a, E>(
    lexicon: &Lexicon,
    names: impl IntoIterator<Item = &'a str>,
    subject: &str,
    generic_weight: f64,
    mut idf: impl FnMut(&str) -> Result<f32, E>,
) -> Result<ResourceTerms, E> {
    let mut weighed = Vec::new();
    for name in names {
        weighed.push(words_of(lexicon, name, generic_weight, &mut idf)?);
    }
    weighed.retain(|name| !name.weights.is_empty());
    let subject = words_of(lexicon, subject, generic_weight, &mut idf)?;
    Ok(ResourceTerms { names: weighed, subject })
}

fn words_of<E>(
    lexicon: &Lexicon,
    text: &str,
    generic_weight: f64,
    idf: &mut impl FnMut(&str) -> Result<f32, E>,
) -> Result<NeedTerms, E> {
    let mut weights = BTreeMap::new();
    for token in words(lexicon, text) {
        if is_measure(lexicon, &token.text) || weights.contains_key(&token.text) {
            continue;
        }
        let rarity = f64::from(idf(&token.text)?);
        let factor = if lexicon.is_generic_word(&token.text) { generic_weight } else { 1.0 };
        if rarity * factor > 0.0 {
            weights.insert(token.text, rarity * factor);
        }
    }
    Ok(NeedTerms { weights })
}

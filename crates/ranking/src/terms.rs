//! The words of each need with their weights: what evidence is looked for.

use std::collections::BTreeMap;

use kechuang_domain::Need;
use kechuang_text::{Lexicon, analyse, is_measure};
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
    let mut all = Vec::with_capacity(needs.len());
    for need in needs {
        let mut weights = BTreeMap::new();
        for token in analyse(lexicon, &need.text).words {
            if is_measure(lexicon, &token.text) || weights.contains_key(&token.text) {
                continue;
            }
            let rarity = f64::from(idf(&token.text)?);
            let factor = if lexicon.is_generic_word(&token.text) { generic_weight } else { 1.0 };
            if rarity * factor > 0.0 {
                weights.insert(token.text, rarity * factor);
            }
        }
        all.push(NeedTerms { weights });
    }
    Ok(all)
}

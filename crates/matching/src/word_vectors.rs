//! Vectors of single words, kept: the same words come again in every list.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use kechuang_inference::{Encoder, Side, Urgency};
use kechuang_ranking::learned::TermVectors;

use crate::Result;

/// Words kept at most: 20 MB with vectors of 256 numbers.
const WORDS_KEPT: usize = 20_000;

/// The words that were encoded before.
#[derive(Debug, Default)]
pub(crate) struct WordVectors(Mutex<HashMap<String, Arc<[f32]>>>);

impl WordVectors {
    /// The vectors of these words.
    ///
    /// # Errors
    /// What the encoder says.
    pub(crate) async fn of(
        &self,
        encoder: &Encoder,
        words: &BTreeSet<&str>,
    ) -> Result<TermVectors> {
        let mut found = TermVectors::with_capacity(words.len());
        let mut unknown = Vec::new();
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for word in words {
                match known.get(*word) {
                    Some(vector) => drop(found.insert((*word).to_owned(), Arc::clone(vector))),
                    None => unknown.push(*word),
                }
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let vectors = encoder.encode(&unknown, Side::Passage, Urgency::Interactive).await?;
        let new = unknown.into_iter().map(str::to_owned).zip(vectors.into_iter().map(Arc::from));
        let new: Vec<(String, Arc<[f32]>)> = new.collect();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Beginning anew now and then is simpler than a list of what was used last, and as good: the words
        // that matter are there again after some requests.
        if known.len() + new.len() > WORDS_KEPT {
            known.clear();
        }
        known.extend(new.iter().cloned());
        found.extend(new);
        Ok(found)
    }
}

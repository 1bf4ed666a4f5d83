//! Vectors of short texts, kept: the same words, needs and sentences come again and again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use kechuang_inference::{Encoder, Side, Urgency};
use kechuang_ranking::learned::TermVectors;

use crate::Result;

/// Texts of one kind that were encoded before.
#[derive(Debug)]
pub(crate) struct KeptVectors {
    side: Side,
    /// How many are kept at most.
    most: usize,
    known: Mutex<HashMap<String, Arc<[f32]>>>,
}

impl KeptVectors {
    /// Room for so many texts. With vectors of 256 numbers, 10,000 take 10 MB.
    pub(crate) fn new(side: Side, most: usize) -> Self {
        Self { side, most, known: Mutex::default() }
    }

    /// The vectors of these texts.
    ///
    /// # Errors
    /// What the encoder says.
    pub(crate) async fn of(
        &self,
        encoder: &Encoder,
        texts: &BTreeSet<&str>,
    ) -> Result<TermVectors> {
        let mut found = TermVectors::with_capacity(texts.len());
        let mut unknown = Vec::new();
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for text in texts {
                match known.get(*text) {
                    Some(vector) => drop(found.insert((*text).to_owned(), Arc::clone(vector))),
                    None => unknown.push(*text),
                }
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let vectors = encoder.encode(&unknown, self.side, Urgency::Interactive).await?;
        let new = unknown.into_iter().map(str::to_owned).zip(vectors.into_iter().map(Arc::from));
        let new: Vec<(String, Arc<[f32]>)> = new.collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Beginning anew now and then is simpler than a list of what was used last, and as good: the texts
        // that matter are there again after some requests.
        if known.len() + new.len() > self.most {
            known.clear();
        }
        known.extend(new.iter().take(self.most).cloned());
        found.extend(new);
        Ok(found)
    }
}

//! Having the first of a list explained: why, what is left open, what to do next.
//!
//! A claim is kept where it rests on words that stand verbatim in the record or in the demand, and where its figures are
//! figures of these words. Everything else is taken out and counted.

mod answer;
mod prompt;

use futures_util::future::join_all;
use kechuang_domain::{Advice, Timestamp};
use kechuang_matching::Head;
use kechuang_text::Lexicon;

use self::prompt::prompt;
use crate::{Assistant, Caller, shown::Shown};

/// So many of the first records are explained: those that somebody reads.
const EXPLAINED: usize = 3;

/// What a model says of the first of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explained {
    /// What is left of it.
    pub advice: Vec<Advice>,
    /// Claims that were taken out.
    pub removed_claims: usize,
}

/// Has the first of a list explained. What fails is left out: an answer is complete without.
pub async fn explain(
    assistant: &Assistant,
    lexicon: &Lexicon,
    caller: &Caller,
    head: &Head,
    now: Timestamp,
) -> Explained {
    let first = Head {
        candidates: head.candidates.iter().take(EXPLAINED).cloned().collect(),
        ..head.clone()
    };
    let (shown, _) = Shown::all(lexicon, &first);
    let asked = shown.iter().map(async |shown| {
        let prompt = prompt(head, shown);
        let asked = assistant.ask(caller, "explain", &prompt, now).await?;
        match answer::read(lexicon, &asked.text, &head.source.text, shown) {
            Ok(read) => Ok(read),
            Err(why) => Err(assistant.reject(&prompt, why).await),
        }
    });
    let mut explained = Explained::default();
    for answered in join_all(asked).await {
        match answered {
            Ok((advice, removed)) => {
                explained.removed_claims += removed;
                let says_something = !advice.reasons.is_empty() || !advice.gaps.is_empty();
                if says_something || advice.next.is_some() {
                    explained.advice.push(advice);
                }
            }
            Err(error) => tracing::warn!(%error, "a record was not explained"),
        }
    }
    explained
}

//! Having the head of a list judged: how well does each record answer the demand?
//!
//! The head is shown in windows that overlap, each as it stands and turned round, so that a model's fondness for what
//! comes first cancels out. A record's level is the mean of all times that it was judged.

mod answer;
mod prompt;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use kechuang_domain::{Quote, RecordId, Timestamp};
use kechuang_inference::generative::Usage;
use kechuang_matching::Head;
use kechuang_ranking::refine::LargeModelRule;
use kechuang_text::Lexicon;

use self::{answer::Judged, prompt::prompt};
use crate::{AskError, Assistant, Caller, shown::Shown};

/// What a model makes of the head of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgements {
    /// Each record's level, 1 to 4, the mean of all times that it was judged.
    pub levels: BTreeMap<RecordId, f64>,
    /// What of each record it rests on, verbatim.
    pub quotes: BTreeMap<RecordId, Vec<Quote>>,
    /// Quotes that stand nowhere in the record, and were taken out.
    pub removed_quotes: usize,
    /// Sentences that speak to the model, and were not shown to it.
    pub withheld: usize,
    /// What it cost.
    pub usage: Usage,
}

/// Has the head of a list judged.
///
/// # Errors
/// [`AskError`] where any part of it could not be judged: half a judgement would favour one half.
pub async fn judge(
    assistant: &Assistant,
    lexicon: &Lexicon,
    caller: &Caller,
    head: &Head,
    rule: &LargeModelRule,
    now: Timestamp,
) -> Result<Judgements, AskError> {
    let (candidates, withheld) = Shown::all(lexicon, head);
    let mut shown: Vec<Vec<&Shown<'_>>> = Vec::new();
    for window in rule.windows(candidates.len()) {
        let window: Vec<&Shown<'_>> = candidates[window].iter().collect();
        if rule.views > 1 {
            shown.push(window.iter().rev().copied().collect());
        }
        shown.push(window);
    }
    let answers = shown.iter().map(async |window| {
        let prompt = prompt(head, window);
        let asked = assistant.ask(caller, "judge", &prompt, now).await?;
        match answer::read(&asked.text, window) {
            Ok(judged) => Ok((judged, asked.usage)),
            Err(why) => Err(assistant.reject(&prompt, why).await),
        }
    });
    // All are waited for: a question that is let go of midway would be counted as spent.
    let answers: Result<Vec<_>, AskError> = join_all(answers).await.into_iter().collect();
    Ok(Judgements { withheld, ..together(answers?) })
}

fn together(answers: Vec<(Vec<Judged>, Usage)>) -> Judgements {
    let mut all = Judgements::default();
    let mut times: BTreeMap<RecordId, f64> = BTreeMap::new();
    for (judged, usage) in answers {
        all.usage.prompt_tokens += usage.prompt_tokens;
        all.usage.output_tokens += usage.output_tokens;
        all.usage.is_estimated |= usage.is_estimated;
        for Judged { id, level, quotes, removed } in judged {
            *all.levels.entry(id).or_default() += f64::from(level);
            *times.entry(id).or_default() += 1.0;
            all.removed_quotes += removed;
            let kept = all.quotes.entry(id).or_default();
            for quote in quotes {
                if !kept.contains(&quote) {
                    kept.push(quote);
                }
            }
        }
    }
    for (id, sum) in &mut all.levels {
        *sum /= times[id];
    }
    all
}

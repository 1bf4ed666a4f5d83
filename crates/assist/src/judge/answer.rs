//! What of a judge's answer can be kept.

use std::collections::BTreeSet;

use kechuang_domain::{Quote, RecordId};
use serde::Deserialize;

use crate::shown::{Shown, without_fence};

/// From this level on, a judgement has to rest on something.
const NEEDS_QUOTE: u8 = 3;

#[derive(Deserialize)]
struct Answer {
    judgements: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    id: usize,
    level: u8,
    #[serde(default)]
    quotes: Vec<String>,
}

/// What was judged of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) id: RecordId,
    pub(super) level: u8,
    /// Quotes that stand in the record.
    pub(super) quotes: Vec<Quote>,
    /// How many others there were.
    pub(super) removed: usize,
}

/// Reads an answer about the records of a window, numbered from 1; what is wrong with it, in Chinese. Each record is
/// judged once and none is added. A level that rests on nothing in the record does not count as a good one.
pub(super) fn read(text: &str, window: &[&Shown<'_>]) -> Result<Vec<Judged>, String> {
    let answer: Answer = serde_json::from_str(without_fence(text))
        .map_err(|error| format!("第 {} 行起不是约定的 JSON", error.line()))?;
    let ids: BTreeSet<usize> = answer.judgements.iter().map(|one| one.id).collect();
    if answer.judgements.len() != window.len() || !ids.iter().copied().eq(1..=window.len()) {
        return Err("没有对每个候选各给一项".to_owned());
    }
    let judged = answer.judgements.into_iter().map(|One { id, level, quotes }| {
        if !(1..=4).contains(&level) {
            return Err(format!("等级 {level} 不在 1 到 4 之间"));
        }
        let shown = window[id - 1];
        let given = quotes.len();
        let quotes: Vec<Quote> =
            quotes.iter().filter_map(|quote| shown.quote(quote.trim())).collect();
        let level = if quotes.is_empty() { level.min(NEEDS_QUOTE - 1) } else { level };
        Ok(Judged { id: shown.record.id, level, removed: given - quotes.len(), quotes })
    });
    judged.collect()
}

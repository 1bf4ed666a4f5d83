//! Which parts of a text to mark for a query. Our own, because the engine's snippet generator panics
//! on the overlapping words that the segmenter's search mode gives.

use std::collections::HashSet;

use kechuang_domain::Span;
use kechuang_text::{Lexicon, analyse};

/// The parts of `text` that stand for one of `words` (as the analyser gives them), merged where they
/// touch or overlap, in order.
#[must_use]
pub fn highlight(lexicon: &Lexicon, text: &str, words: &HashSet<&str>) -> Vec<Span> {
    let mut spans: Vec<Span> = analyse(lexicon, text)
        .words
        .into_iter()
        .filter(|token| words.contains(token.text.as_str()))
        .map(|token| token.span)
        .collect();
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

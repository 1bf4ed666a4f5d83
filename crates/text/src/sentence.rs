//! Sentences, for quoting.

use kechuang_domain::Span;

/// A sentence longer than this is cut at its commas, or anywhere where it has none: nobody reads a
/// longer quote.
const SENTENCE_LIMIT_CHARS: usize = 160;

/// The sentences of a text in order, without blanks around them; they do not overlap and leave out
/// blanks only.
#[must_use]
pub fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut comma = None;
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        length += 1;
        if ends_sentence(c) || (c == '.' && is_full_stop(text, at)) {
            keep(text, start, end, &mut found);
            (start, comma, length) = (end, None, 0);
        } else if length >= SENTENCE_LIMIT_CHARS {
            let cut = comma.unwrap_or(end);
            keep(text, start, cut, &mut found);
            (start, comma, length) = (cut, None, text[cut..end].chars().count());
        } else if matches!(c, '，' | ',' | '、') {
            comma = Some(end);
        }
    }
    keep(text, start, text.len(), &mut found);
    found
}

const fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n')
}

/// A dot before a blank ends a sentence; one in 0.5 or GB/T 3190.1 does not, nor does that of `1. `.
fn is_full_stop(text: &str, at: usize) -> bool {
    text[at + 1..].starts_with([' ', '\n']) && !text[..at].ends_with(|c: char| c.is_ascii_digit())
}

fn keep(text: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let piece = &text[start..end];
    let blank_before = piece.len() - piece.trim_start().len();
    let trimmed = piece.trim();
    // Marks alone are no sentence to quote.
    if trimmed.chars().any(char::is_alphanumeric) {
        let start = start + blank_before;
        found.push(Span { start, end: start + trimmed.len() });
    }
}

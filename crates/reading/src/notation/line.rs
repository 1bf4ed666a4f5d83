//! Lines of a document as published.

use kechuang_domain::Span;

/// The lines of `text` that have words, without blanks around them, in order.
pub(crate) fn lines(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let trimmed = trim(text, Span { start, end: start + line.len() });
        if trimmed.start < trimmed.end {
            found.push(trimmed);
        }
        start += line.len() + 1;
    }
    found
}

/// `span` without blanks at its ends; empty where there is nothing else.
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let piece = span.of(text).unwrap_or_default();
    let start = span.start + piece.len() - piece.trim_start_matches(is_blank).len();
    let end = start + piece.trim_matches(is_blank).len();
    Span { start, end }
}

/// Blanks, and what pages and exports leave between words without showing it.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}')
}

/// Whether a mark parts one phrase of a sentence from the next.
pub(crate) const fn parts_phrases(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '；' | ';' | '：' | ':' | '！' | '？' | '!' | '?' | '\n')
}

//! Pieces of text on pages.

use std::{collections::HashSet, ops::Range};

use kechuang_domain::Span;

/// A piece of a text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The words.
    pub(super) text: &'a str,
    /// Whether to mark them.
    pub(super) marked: bool,
}

/// Cuts a text at the ends of `spans`, which are in order and do not overlap.
#[must_use]
pub(super) fn pieces<'a>(text: &'a str, spans: &[Span]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::with_capacity(spans.len() * 2 + 1);
    let mut at = 0;
    for span in spans {
        let (Some(before), Some(marked)) = (text.get(at..span.start), span.of(text)) else { break };
        pieces.push(Piece { text: before, marked: false });
        pieces.push(Piece { text: marked, marked: true });
        at = span.end;
    }
    pieces.push(Piece { text: text.get(at..).unwrap_or_default(), marked: false });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// The part of a text that shows most of what is marked, at most `limit` characters, for lists.
pub(super) struct Excerpt<'a> {
    /// The part, cut at its marks.
    pub(super) pieces: Vec<Piece<'a>>,
    /// Whether the text began before it.
    pub(super) has_before: bool,
    /// Whether the text goes on after it.
    pub(super) has_after: bool,
    /// How many different words are marked in it.
    pub(super) words_marked: usize,
}

/// Cuts an excerpt: of all that begin shortly before a mark the one with the most different marked
/// words, the first among equals.
#[must_use]
pub(super) fn excerpt<'a>(text: &'a str, spans: &[Span], limit: usize) -> Excerpt<'a> {
    let mut best = cut(text, 0, limit);
    let mut best_words = 0;
    for (at, span) in spans.iter().enumerate() {
        let part = cut(text, span.start, limit);
        let words: HashSet<&str> = spans[at..]
            .iter()
            .take_while(|span| span.end <= part.end)
            .filter_map(|span| span.of(text))
            .collect();
        if words.len() > best_words {
            best_words = words.len();
            best = part;
        }
    }
    let Range { start, end } = best;
    let inside = spans.iter().filter(|span| span.start >= start && span.end <= end);
    let moved: Vec<Span> =
        inside.map(|span| Span { start: span.start - start, end: span.end - start }).collect();
    Excerpt {
        pieces: pieces(&text[start..end], &moved),
        has_before: start > 0,
        has_after: end < text.len(),
        words_marked: best_words,
    }
}

/// `limit` characters of a text, a quarter of them before `around`.
fn cut(text: &str, around: usize, limit: usize) -> Range<usize> {
    let before = text[..around].char_indices().rev().take(limit / 4).last();
    let start = before.map_or(around, |(at, _)| at);
    let length = text[start..].char_indices().nth(limit).map_or(text.len() - start, |(at, _)| at);
    start..start + length
}

/// The first `limit` characters, with an ellipsis where more follow.
#[must_use]
pub(super) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &[&str], limit: usize, expected: &str) {
        let mut spans: Vec<Span> = words
            .iter()
            .flat_map(|word| text.match_indices(word))
            .map(|(start, found)| Span { start, end: start + found.len() })
            .collect();
        spans.sort_unstable();
        let excerpt = excerpt(text, &spans, limit);
        let marked = |piece: &Piece<'_>| match piece.marked {
            true => format!("[{}]", piece.text),
            false => piece.text.to_owned(),
        };
        let shown: String = excerpt.pieces.iter().map(marked).collect();
        let (before, after) = (excerpt.has_before, excerpt.has_after);
        let dots = |has| if has { "…" } else { "" };
        assert_eq!(format!("{}{shown}{}", dots(before), dots(after)), expected);
    }

    #[test]
    fn an_excerpt_shows_the_most_different_words() {
        let text = "赤泥赤泥赤泥，此处另说别的事情许多字，终以赤泥脱碱入路基而止。";
        check(text, &["赤泥"], 8, "[赤泥][赤泥][赤泥]，此…");
        check(text, &["赤泥", "脱碱", "路基"], 12, "…，终以[赤泥][脱碱]入[路基]而止…");
        check(text, &[], 4, "赤泥赤泥…");
        check("", &[], 4, "");
    }
}

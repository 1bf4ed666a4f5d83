//! Pieces of text on pages.

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

/// The part of a text around its first mark, at most `limit` characters, for lists.
pub(super) struct Excerpt<'a> {
    /// The part, cut at its marks.
    pub(super) pieces: Vec<Piece<'a>>,
    /// Whether the text began before it.
    pub(super) has_before: bool,
    /// Whether the text goes on after it.
    pub(super) has_after: bool,
}

/// Cuts an excerpt.
#[must_use]
pub(super) fn excerpt<'a>(text: &'a str, spans: &[Span], limit: usize) -> Excerpt<'a> {
    let first = spans.first().map_or(0, |span| span.start);
    let lead =
        text[..first].char_indices().rev().take(limit / 4).last().map_or(first, |(at, _)| at);
    let length = text[lead..].char_indices().nth(limit).map_or(text.len() - lead, |(at, _)| at);
    let end = lead + length;
    let inside = spans.iter().filter(|span| span.start >= lead && span.end <= end);
    let moved: Vec<Span> =
        inside.map(|span| Span { start: span.start - lead, end: span.end - lead }).collect();
    Excerpt {
        pieces: pieces(&text[lead..end], &moved),
        has_before: lead > 0,
        has_after: end < text.len(),
    }
}

/// The first `limit` characters, with an ellipsis where more follow.
#[must_use]
pub(super) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

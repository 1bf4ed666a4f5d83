//! One form for the many ways of writing the same characters.
//!
//! NFKC character by character (full width to half width, ㎡ to m2, ℃ to °C), then traditional to
//! simplified. Case is kept, because units need it; words are lowercased when they are cut.

use std::borrow::Cow;

use kechuang_domain::Span;
use unicode_normalization::UnicodeNormalization;

use crate::Lexicon;

/// Counts up when the folding changes.
pub(crate) const FOLD_VERSION: &str = "fold-1";

/// A text in one form, with the way back to its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised<'a> {
    /// The folded text.
    pub text: Cow<'a, str>,
    /// Places where folded and source offsets begin to differ by another amount, in order.
    shifts: Vec<Shift>,
}

/// From `folded` on, up to the next shift, a folded offset is `source - folded` away from its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shift {
    folded: usize,
    source: usize,
    /// Whether these bytes all stand for the one source character that begins at `source`.
    whole: Option<usize>,
}

impl Normalised<'_> {
    /// The part of the source that the part `start..end` of the folded text came from, whole
    /// characters.
    #[must_use]
    pub fn source_span(&self, start: usize, end: usize) -> Span {
        Span { start: self.source_start(start), end: self.source_end(end) }
    }

    fn shift_at(&self, folded: usize) -> Option<&Shift> {
        let after = self.shifts.partition_point(|shift| shift.folded <= folded);
        after.checked_sub(1).map(|at| &self.shifts[at])
    }

    fn source_start(&self, folded: usize) -> usize {
        match self.shift_at(folded) {
            None => folded,
            Some(Shift { source, whole: Some(_), .. }) => *source,
            Some(shift) => folded - shift.folded + shift.source,
        }
    }

    fn source_end(&self, folded: usize) -> usize {
        let Some(last) = folded.checked_sub(1) else { return 0 };
        match self.shift_at(last) {
            None => folded,
            Some(Shift { whole: Some(end), .. }) => *end,
            Some(shift) => folded - shift.folded + shift.source,
        }
    }
}

/// Folds `source`. Text that is in form already is borrowed.
#[must_use]
pub fn normalise<'a>(lexicon: &Lexicon, source: &'a str) -> Normalised<'a> {
    let Some(first) = source.char_indices().find(|(_, c)| !is_folded(lexicon, *c)) else {
        return Normalised { text: Cow::Borrowed(source), shifts: Vec::new() };
    };
    let mut text = String::with_capacity(source.len());
    text.push_str(&source[..first.0]);
    let mut shifts: Vec<Shift> = Vec::new();
    let mut in_step = true;
    for (at, c) in source[first.0..].char_indices() {
        let at = first.0 + at;
        if is_folded(lexicon, c) {
            if !in_step {
                shifts.push(Shift { folded: text.len(), source: at, whole: None });
                in_step = true;
            }
            text.push(c);
            continue;
        }
        let begin = text.len();
        text.extend(c.nfkc().map(|c| simplify(lexicon, c)));
        // One character of as many bytes keeps the offsets in step.
        let folded = &text[begin..];
        let same_shape = folded.len() == c.len_utf8() && folded.chars().count() == 1;
        if !same_shape || !in_step {
            shifts.push(Shift { folded: begin, source: at, whole: Some(at + c.len_utf8()) });
            in_step = false;
        }
    }
    Normalised { text: Cow::Owned(text), shifts }
}

fn is_folded(lexicon: &Lexicon, c: char) -> bool {
    match c {
        '\0'..='\u{7f}' | '、' | '。' | '《' | '》' | '“' | '”' => true,
        '\u{4e00}'..='\u{9fff}' => !lexicon.simplified.contains_key(&c),
        _ => false,
    }
}

fn simplify(lexicon: &Lexicon, c: char) -> char {
    lexicon.simplified.get(&c).copied().unwrap_or(c)
}

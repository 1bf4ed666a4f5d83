//! How alike two records are.

use super::{
    Text,
    align::{common, pieces},
};

/// Tokens of a title that are compared; a longer one is a text in the wrong column.
const TITLE_TOKENS: usize = 128;
/// A shorter text of fewer tokens says too little: the titles decide.
const BODY_TOKENS_MIN: usize = 12;
/// Titles of fewer tokens name a field, not a record: 智能检测 alone makes no duplicate.
pub(super) const TITLE_TOKENS_MIN: usize = 6;
/// Part of a piece that also stands along an unrelated text on the same subject, taken off so that
/// such pieces count for nothing. `benches/duplicates.rs` set this.
const PIECE_NOISE: f64 = 0.4;
/// What the texts weigh beside the titles, for long texts. `benches/duplicates.rs` set this.
const BODY_WEIGHT: f64 = 0.8;
/// Tokens at which a text has half of that weight: a short one may be a common phrase.
const BODY_HALF: f64 = 20.0;

/// What a likeness rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// At least one of the two has no words at all.
    Nothing,
    /// The titles alone: one of the texts is missing or says too little.
    Titles,
    /// Titles and texts.
    Texts,
    /// Title and text are equal but for width, case, marks and markup.
    Exact,
}

/// How alike two records are; every figure is between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// What the score rests on.
    pub basis: Basis,
    /// What the verdict goes by.
    pub score: f64,
    /// Part of both titles that stands in the same order in both.
    pub title: f64,
    /// Part of both texts that was found in the other.
    pub text: f64,
    /// Part of the shorter text that was found in the longer one: 1 for a text that was cut.
    pub containment: f64,
}

/// Compares two records; the order does not matter. Takes time in proportion to both texts.
#[must_use]
pub fn compare(a: &Text, b: &Text) -> Likeness {
    let zero =
        Likeness { basis: Basis::Nothing, score: 0.0, title: 0.0, text: 0.0, containment: 0.0 };
    if a.is_blank || b.is_blank {
        return zero;
    }
    if a.exact == b.exact {
        let [score, title, text, containment] = [1.0; 4];
        return Likeness { basis: Basis::Exact, score, title, text, containment };
    }
    let (short, long) =
        if (a.body.len(), &a.body) <= (b.body.len(), &b.body) { (a, b) } else { (b, a) };
    let titles = [&a.title, &b.title].map(|title| &title[..title.len().min(TITLE_TOKENS)]);
    let title = title_likeness(titles);
    if short.body.len() < BODY_TOKENS_MIN {
        return Likeness { basis: Basis::Titles, score: same_words(titles), title, ..zero };
    }
    let containment = containment(&short.body, &long.body);
    let length = short.body.len() as f64;
    let both = (short.body.len() + long.body.len()) as f64;
    let weight = BODY_WEIGHT * length / (length + BODY_HALF);
    Likeness {
        basis: Basis::Texts,
        score: weight * containment + (1.0 - weight) * title,
        title,
        text: 2.0 * containment * length / both,
        containment,
    }
}

fn title_likeness([a, b]: [&[u32]; 2]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 0.0;
    }
    2.0 * common(a, b) as f64 / (a.len() + b.len()) as f64
}

/// The likeness of titles without texts: part of the tokens that both have, in any order. Nothing for
/// short titles, nor where a number differs: 一期 is not 二期.
fn same_words([a, b]: [&[u32]; 2]) -> f64 {
    if a.len().min(b.len()) < TITLE_TOKENS_MIN {
        return 0.0;
    }
    let [a, b] = [a, b].map(|title| {
        let mut sorted = title.to_vec();
        sorted.sort_unstable();
        sorted
    });
    2.0 * common(&a, &b) as f64 / (a.len() + b.len()) as f64
}

fn containment(short: &[u32], long: &[u32]) -> f64 {
    let found: f64 = pieces(short, long)
        .into_iter()
        .map(|(length, common)| {
            let part = common as f64 / length as f64;
            length as f64 * ((part - PIECE_NOISE) / (1.0 - PIECE_NOISE)).max(0.0)
        })
        .sum();
    found / short.len() as f64
}

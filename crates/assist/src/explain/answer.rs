//! What of an explanation can be kept.

use kechuang_domain::{Advice, Claim, ClaimBasis, NextStep, NextStepKind, Span};
use kechuang_reading::record::in_digits;
use kechuang_text::{Lexicon, normalise};
use serde::Deserialize;

use crate::{
    guard::guard,
    shown::{LEAST_QUOTE_CHARS, Shown, without_fence},
};

/// So many claims of a kind are kept.
const MOST_CLAIMS: usize = 3;
/// A longer sentence is no claim.
const MOST_CHARS: usize = 120;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    reasons: Vec<Said>,
    #[serde(default)]
    gaps: Vec<Said>,
    #[serde(default)]
    next: Option<Next>,
}

#[derive(Deserialize)]
struct Said {
    text: String,
    #[serde(default)]
    quote: String,
}

#[derive(Deserialize)]
struct Next {
    kind: NextStepKind,
    #[serde(flatten)]
    said: Said,
}

/// Reads an explanation, and how many of its claims rest on nothing; what is wrong with it, in Chinese.
pub(super) fn read(
    lexicon: &Lexicon,
    text: &str,
    demand: &str,
    record: &Shown<'_>,
) -> Result<(Advice, usize), String> {
    let mut answer: Answer = serde_json::from_str(without_fence(text))
        .map_err(|error| format!("第 {} 行起不是约定的 JSON", error.line()))?;
    answer.reasons.truncate(MOST_CLAIMS);
    answer.gaps.truncate(MOST_CLAIMS);
    let given = answer.reasons.len() + answer.gaps.len() + usize::from(answer.next.is_some());
    let of_record = |said: Said| {
        let basis = ClaimBasis::Record(record.quote(said.quote.trim())?);
        claim(lexicon, said, basis)
    };
    let of_demand = |said: Said| {
        let quote = said.quote.trim();
        let start = demand.find(quote).filter(|_| quote.chars().count() >= LEAST_QUOTE_CHARS)?;
        let at = Span { start, end: start + quote.len() };
        let basis = ClaimBasis::Demand { at, words: quote.to_owned() };
        claim(lexicon, said, basis)
    };
    let reasons: Vec<Claim> = answer.reasons.into_iter().filter_map(of_record).collect();
    let gaps: Vec<Claim> = answer.gaps.into_iter().filter_map(of_demand).collect();
    let next = answer.next.and_then(|Next { kind, said }| {
        let claim = of_record(said)?;
        Some(NextStep { kind, claim })
    });
    let kept = reasons.len() + gaps.len() + usize::from(next.is_some());
    Ok((Advice { record: record.record.id, reasons, gaps, next }, given - kept))
}

/// A claim that says something, speaks to nobody, and has no figure that its words do not have.
fn claim(lexicon: &Lexicon, said: Said, basis: ClaimBasis) -> Option<Claim> {
    let text = said.text.trim().to_owned();
    let is_short = (1..=MOST_CHARS).contains(&text.chars().count());
    let (known, claimed) = (in_digits(lexicon, basis.words()), in_digits(lexicon, &text));
    let (known, claimed) = (normalise(lexicon, &known), normalise(lexicon, &claimed));
    let is_founded = numbers(&claimed.text).all(|one| numbers(&known.text).any(|n| n == one));
    let is_plain = guard(lexicon, &text).withheld == 0;
    (is_short && is_founded && is_plain).then_some(Claim { text, basis })
}

/// The numbers of a text, as they are written.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    pieces.map(|piece| piece.trim_matches('.')).filter(|piece| !piece.is_empty())
}

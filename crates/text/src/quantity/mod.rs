//! Quantities: 抗拉强度不低于310MPa, 吨产品能耗≤4.3kWh, 纯度 99.97% 以上, 85℃条件下电耗≤4.3kWh/Nm³.
//!
//! A number counts where it has a unit or a comparison. What is measured is read from the words before
//! it, up to the last mark; [`indicator_of_row`] reads what stands in cells. [`fulfils`] tells whether one indicator says that another is reached.

mod amount;
mod compare;
mod condition;
mod row;
mod wording;

use std::ops::Range;

use kechuang_domain::{Comparison, Indicator, Span};

use self::{
    amount::{Amount, amount, skip},
    condition::{bracketed, clause_before, ending, leading, start_of_list},
    wording::{Before, comparison_after, comparison_before, is_fineness, name, name_start},
};
pub use self::{compare::fulfils, row::indicator_of_row};
use crate::{Lexicon, normalise, tex::Plain};

/// An indicator and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIndicator {
    /// What is measured, compared and counted.
    pub indicator: Indicator,
    /// From the name to the last word of the comparison, in the source.
    pub span: Span,
    /// What is measured, in the source; empty where it does not say.
    pub name: Span,
    /// The number or range with its unit, in the source.
    pub amount: Span,
}

/// The indicators of a text, in order.
#[must_use]
pub fn indicators(lexicon: &Lexicon, source: &str) -> Vec<FoundIndicator> {
    let plain = Plain::of(source);
    let normalised = normalise(lexicon, &plain.text);
    let text: &str = &normalised.text;
    let mut found = Vec::new();
    let (mut from, mut last) = (0, 0..0);
    while let Some(offset) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let at = from + offset;
        let Some(amount) = amount(lexicon, text, at) else {
            from = skip(lexicon, text, at);
            continue;
        };
        let amount_end = amount.end;
        from = amount_end;
        let Some(read) = read(lexicon, text, at, &last, amount) else { continue };
        last = read.start..read.end;
        from = from.max(read.end);
        if read.holds_under_last {
            found.pop();
        }
        let source = |start, end| plain.source_span(normalised.source_span(start, end));
        found.push(FoundIndicator {
            indicator: read.indicator,
            span: source(read.start, read.end),
            name: source(read.name.start, read.name.end),
            amount: source(at, amount_end),
        });
    }
    found
}

/// An indicator with its place in the folded text.
struct Read {
    indicator: Indicator,
    name: Range<usize>,
    start: usize,
    end: usize,
    /// Whether the one before it is its condition: 湿度10~95%时示值偏差≤5%.
    holds_under_last: bool,
}

/// What the words around an amount make of it; `None` where it is no indicator.
fn read(
    lexicon: &Lexicon,
    text: &str,
    at: usize,
    last: &Range<usize>,
    amount: Amount,
) -> Option<Read> {
    let before = comparison_before(&text[..at]);
    let (after, mut end) = comparison_after(text, amount.end);
    let name_start = name_start(text, last.end, before.start);
    let (name_at, name) = name(text, name_start, before.start);
    let mut start = name_at;
    let comparison = comparison(name, &before, after, &amount);
    // 7d before 无侧限抗压强度 belongs to a name; alone it says nothing.
    if !counts(text, at, &amount, comparison) || name.is_empty() && comparison.is_none() {
        return None;
    }
    let (mut led_by, mut subject) = leading(name);
    let mut conditions: Vec<&str> = Vec::new();
    let is_behind_last = !last.is_empty() && text[last.end..name_at].trim().is_empty();
    let under_last = ending(name).filter(|_| is_behind_last);
    if let Some((ending, rest)) = under_last {
        (led_by, subject) = ("", rest);
        start = last.start;
        conditions.push(&text[start..name_at + ending.len()]);
    }
    if !led_by.is_empty() {
        start = start_of_list(text, start);
        conditions.push(text[start..name_at + led_by.len()].trim_start());
    }
    if conditions.is_empty() && comparison.is_some() {
        let clause = clause_before(text, start);
        conditions.extend(Some(clause).filter(|clause| !clause.is_empty()));
    }
    if let Some((condition, after)) = bracketed(lexicon, text, end) {
        conditions.push(condition);
        end = after;
    }
    let indicator = Indicator {
        name: subject.to_owned(),
        comparison: comparison.unwrap_or(Comparison::Equal),
        quantity: amount.quantity,
        condition: conditions.join("，"),
    };
    let name_start = if subject.is_empty() { at } else { name_at + (name.len() - subject.len()) };
    let name = name_start..name_start + subject.len();
    Some(Read { indicator, name, start, end, holds_under_last: under_last.is_some() })
}

/// How the amount is compared; `None` where nothing says so.
fn comparison(
    name: &str,
    before: &Before,
    after: Option<Comparison>,
    amount: &Amount,
) -> Option<Comparison> {
    let reached = match before.comparison {
        Some(Comparison::AtLeast) if is_fineness(name) => Some(Comparison::AtMost),
        reached => reached,
    };
    let stated = if before.is_reached { after.or(reached) } else { before.comparison.or(after) };
    let is_sided = stated.is_some_and(|stated| stated != Comparison::Equal);
    match stated {
        _ if amount.quantity.upper.is_some() && (before.is_reached || !is_sided) => {
            Some(Comparison::Between)
        }
        None if amount.is_more => Some(Comparison::Above),
        None if amount.is_tolerant => Some(Comparison::About),
        stated => stated,
    }
}

/// Whether a number with what stands around it is an indicator rather than a name, a date or a count
/// of pages.
fn counts(text: &str, at: usize, amount: &Amount, comparison: Option<Comparison>) -> bool {
    let unit = amount.quantity.unit.as_str();
    let year =
        (1900.0..2100.0).contains(&amount.quantity.value) && text[..amount.end].ends_with('年');
    // 316L is a steel, not 316 litres.
    let glued_capital = unit.len() == 1
        && unit.starts_with(|c: char| c.is_ascii_uppercase())
        && text[at..amount.end].ends_with(unit)
        && !text[at..amount.end].contains(' ');
    // 600MPa级 is a kind of steel.
    let grade = text[amount.end..].starts_with('级');
    match comparison {
        _ if year => false,
        Some(_) => true,
        None => !unit.is_empty() && !glued_capital && !grade,
    }
}

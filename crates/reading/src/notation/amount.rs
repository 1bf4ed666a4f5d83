//! Amounts of money: 50万元, 1,200万元, 三百万元.

use kechuang_domain::Money;

use super::numeral::{digit, numerals};

/// An amount of money at its place, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) money: Money,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A name of a unit of money, and how many 万元 one is. A name that another begins with stands behind it.
pub(crate) type Unit = (&'static str, f64);

/// The units of published documents.
pub(crate) const WRITTEN: &[Unit] =
    &[("万元", 1.0), ("亿元", 10_000.0), ("百万元", 100.0), ("千万元", 1_000.0), ("元", 1e-4)];

/// The amounts in `text` with one of `units`, in order, those of at least `least_wan` 万元.
pub(crate) fn amounts(text: &str, units: &[Unit], least_wan: f64) -> Vec<Amount> {
    let mut amounts = Vec::new();
    let mut next = 0;
    for (at, c) in text.char_indices() {
        if at < next || digit(c).is_none() && !"一二三四五六七八九十".contains(c) {
            continue;
        }
        let (value, length) = value(&text[at..]);
        next = at + length.max(c.len_utf8());
        let Some(value) = value else { continue };
        let Some((wan, end)) = unit(&text[next..], units) else { continue };
        let money = Money::from_wan_yuan(value * wan).filter(|_| value * wan >= least_wan);
        amounts.extend(money.map(|money| Amount { money, start: at, end: next + end }));
    }
    amounts
}

/// The value that `text` begins with, and the length of the whole run of its characters.
fn value(text: &str) -> (Option<f64>, usize) {
    if let Some((value, length)) = numerals(text) {
        return (Some(f64::from(value)), length);
    }
    let is_part = |c: char| digit(c).is_some() || matches!(c, '.' | ',' | '．');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let plain: String = text[..length]
        .chars()
        .take(24)
        .filter(|c| *c != ',')
        .map(|c| digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or('.'))
        .collect();
    let fits = length <= 24;
    (plain.parse().ok().filter(|_| fits), length)
}

/// 万元 to one of the unit that `text` begins with, and its length.
fn unit(text: &str, units: &[Unit]) -> Option<(f64, usize)> {
    let rest = text.trim_start_matches(' ');
    let (name, wan) = units.iter().find(|(name, _)| rest.starts_with(name))?;
    Some((*wan, text.len() - rest.len() + name.len()))
}

//! Whether a value stands in the words that are given for it.

use kechuang_domain::{Fact, Library, Span};
use kechuang_text::Lexicon;

use super::{
    ReadField, ReadValue, chosen, day, figure, figure::folded, is_same_value, money,
    passage::Passage, spoken::Spoken, state, title::is_blank_mark,
};

/// The longest words that are taken for a value, in characters: more is a page to search, and no quote.
const QUOTE_LIMIT_CHARS: usize = 200;

/// What became of a value that somebody else has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// It is said in these words, and has the form of its field.
    Said(ReadValue),
    /// Its words stand nowhere in the text, or are too long for a quote.
    NoQuote,
    /// Its words do not say it.
    NotSaid,
}

/// Holds a value to the words that are given for it: they have to stand in `text`, word for word, and say it. Words of the
/// text (a title, a constraint) have to stand in them; a number, a day or a figure has to be read from them, too; a choice
/// needs a word that names it.
#[must_use]
pub fn grounded(
    lexicon: &Lexicon,
    library: Library,
    text: &str,
    field: ReadField,
    value: &str,
    quote: &str,
) -> Grounds {
    let (value, quote) = (value.trim(), quote.trim());
    let is_quote = !quote.is_empty() && quote.chars().nth(QUOTE_LIMIT_CHARS).is_none();
    let Some(start) = text.find(quote).filter(|_| is_quote) else { return Grounds::NoQuote };
    let span = Span { start, end: start + quote.len() };
    let said = |value: String| Grounds::Said(ReadValue { field, value, quote: span });
    match canonical(lexicon, library, field, value, quote) {
        Some(value) => said(value),
        None => Grounds::NotSaid,
    }
}

/// The value as its field has it, where the quote says it.
fn canonical(
    lexicon: &Lexicon,
    library: Library,
    field: ReadField,
    value: &str,
    quote: &str,
) -> Option<String> {
    if field.is_verbatim() {
        let stands = quote.contains(value) && !is_blank_mark(value);
        return stands.then(|| value.to_owned());
    }
    let ReadField::Fact(fact) = field else { return None };
    let plain = Spoken::of(lexicon, quote).text;
    let is_said = |found: Vec<String>| {
        found.into_iter().find(|found| is_same_value(lexicon, field, found, value))
    };
    match fact {
        Fact::Targets | Fact::Measured => measured(lexicon, &plain, field, value),
        Fact::Budget => is_said(money::stated(&plain)),
        Fact::Deadline => is_said(day::stated_days(&plain)),
        Fact::Year => is_said(day::stated_years(&plain)),
        Fact::Trl | Fact::ExpectedTrl => is_said(state::stated_levels(library, &plain)),
        Fact::Stage => is_said(state::stated_stages(&plain)),
        Fact::Standing => is_said(state::stated_standings(&plain)),
        Fact::Category => is_said(chosen::stated_categories(&plain)),
        Fact::Cooperation => {
            let stated = chosen::stated_ways(&plain);
            let named: Vec<&str> = value.split(['；', ';', '、']).map(str::trim).collect();
            let all = named.iter().all(|way| stated.contains(way));
            (all && !named.is_empty()).then(|| named.join("；"))
        }
        _ => None,
    }
}

/// A row of indicators whose name stands in the quote, and whose value is read there.
fn measured(lexicon: &Lexicon, quote: &str, field: ReadField, value: &str) -> Option<String> {
    let (name, stated) = value.split_once('|')?;
    let stated = stated.split('|').next().unwrap_or_default();
    let has_name =
        !name.trim().is_empty() && folded(lexicon, quote).contains(&folded(lexicon, name));
    let passage = Passage::of(quote);
    let figures = figure::figures(lexicon, &passage).into_iter();
    let mut rows = figures.map(|figure| format!("{}|{}", name.trim(), figure.stated()));
    let row = format!("{}|{stated}", name.trim());
    rows.find(|read| has_name && is_same_value(lexicon, field, read, &row))
}

//! Whether a value stands in the words that are given for it.

use kechuang_domain::{Fact, Library, Span};
use kechuang_text::Lexicon;

use crate::notation::line::trim;

use super::{
    ReadField, ReadValue, chosen, day, figure, figure::folded, is_same_value, money,
    passage::Passage, spoken::Spoken, state, title::is_blank_mark,
};

/// The longest words that are taken for a value, in characters: more is a page to search, and no quote.
const QUOTE_LIMIT_CHARS: usize = 200;
/// So far the clause around a quote is looked for, in bytes.
const CLAUSE_BYTES: usize = 240;

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

/// Holds a value to the clause that the words given for it stand in: they have to stand in `text`, word for word, and say it. Words of the
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
    let is_quote = !quote.is_empty()
        && !quote.contains('\n')
        && quote.chars().nth(QUOTE_LIMIT_CHARS).is_none();
    let mut found =
        text.match_indices(quote).map(|(at, _)| Span { start: at, end: at + quote.len() });
    let whole = found.find(|span| is_quote && !cuts_number(text, *span));
    let Some(span) = whole.map(|span| widened(text, span)) else { return Grounds::NoQuote };
    let words = span.of(text).unwrap_or_default();
    match canonical(lexicon, library, field, value, words) {
        Some(value) => Grounds::Said(ReadValue { field, value, quote: span }),
        None => Grounds::NotSaid,
    }
}

/// Whether a quote begins or ends within a number: 300万元 of 1300万元.
fn cuts_number(text: &str, span: Span) -> bool {
    let is_number = |c: Option<char>| {
        c.is_some_and(|c| c.is_numeric() || "零〇一二三四五六七八九十百千两.．".contains(c))
    };
    let words = span.of(text).unwrap_or_default();
    let before = text[..span.start].chars().next_back();
    let behind = text[span.end..].chars().next();
    let begins_within = is_number(before) && is_number(words.chars().next());
    begins_within || is_number(words.chars().next_back()) && is_number(behind)
}

/// A quote with the whole clause that it stands in: what is cut off before 接受许可 may be a 不.
fn widened(text: &str, span: Span) -> Span {
    let ends = |c: char| "，。；！？,;!?\n".contains(c);
    let from = text.floor_char_boundary(span.start.saturating_sub(CLAUSE_BYTES));
    let before = &text[from..span.start];
    let start = before
        .rfind(ends)
        .map_or(from, |at| from + at + before[at..].chars().next().map_or(1, char::len_utf8));
    let to = text.ceil_char_boundary((span.end + CLAUSE_BYTES).min(text.len()));
    let end = if text[..span.end].ends_with(ends) {
        span.end
    } else {
        text[span.end..to].find(ends).map_or(to, |at| span.end + at)
    };
    trim(text, Span { start, end })
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
        // 不接受许可 does not say 接受许可.
        let mut places = quote.match_indices(value).map(|(at, _)| &quote[..at]);
        let stands = places.any(|before| !before.ends_with(['不', '未', '没', '非', '无', '勿']));
        let is_value = !value.is_empty() && !value.contains('\n') && !is_blank_mark(value);
        return (stands && is_value).then(|| value.to_owned());
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
    let (name, stated) = (name.trim(), stated.split('|').next().unwrap_or_default());
    let spoken = folded(lexicon, &Spoken::of(lexicon, name).text);
    let passage = Passage::of(quote);
    let row = format!("{name}|{stated}");
    let figures = figure::figures(lexicon, &passage).into_iter();
    let mut rows = figures.filter_map(|figure| {
        let own = folded(lexicon, figure.name(&passage));
        // GCr15成品氧含量 may be called 氧含量.
        let is_named = spoken.chars().count() >= 2
            && (own.ends_with(&spoken) || spoken.ends_with(&own) && !own.is_empty());
        let is_there = folded(lexicon, quote).contains(&spoken);
        (is_named && is_there).then(|| format!("{name}|{}", figure.stated()))
    });
    rows.find(|read| is_same_value(lexicon, field, read, &row))
}

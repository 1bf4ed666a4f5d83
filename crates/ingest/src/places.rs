//! Where the values that were read of a text stand in it: page and sentence, word for word.

use std::collections::BTreeMap;

use kechuang_domain::{Date, Fact, Library, Place, TextField};
use kechuang_text::sentences;
use serde_json::{Map, Value};

use crate::{columns::Column, value::shown};

/// Shorter words stand everywhere and tell nothing.
const NEEDLE_MIN_CHARS: usize = 2;

/// A text that values were read of.
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    /// Where each page begins in the text, in bytes; empty where pages are not known.
    pub(crate) pages: &'a [usize],
    /// Where the text stands in its file.
    pub(crate) place: &'a Place,
}

impl Source<'_> {
    /// The places of these fields, by code; those that stand nowhere as they are, such as a region that
    /// was told by the issuer's name, stand where what told them stands, or are left out.
    pub(crate) fn places(
        &self,
        library: Library,
        fields: &Map<String, Value>,
        wanted: impl Fn(&str) -> bool,
    ) -> BTreeMap<String, Place> {
        let folded = Folded::of(self.text);
        let sentences = sentences(self.text);
        let title = TextField::Title.code();
        let issuer = fields.get(Column::Owner.code()).or_else(|| fields.get(title));
        let mut places = BTreeMap::new();
        for (code, value) in fields.iter().filter(|(code, _)| wanted(code)) {
            let Some(column) = Column::of_code(library, code) else { continue };
            let told_by = match column {
                Column::Region | Column::Fact(Fact::Level) => issuer.unwrap_or(value),
                Column::Text(TextField::Title) | Column::Owner | Column::Fact(_) => value,
                _ => continue,
            };
            let found = needles(told_by).into_iter().find_map(|needle| folded.find(&needle));
            let Some(at) = found else { continue };
            let sentence = sentences.iter().find(|span| span.start <= at && at < span.end);
            let sentence = sentence.and_then(|span| self.text.get(span.start..span.end));
            let place = Place {
                page: self.page_of(at).or(self.place.page),
                sentence: sentence.map(str::to_owned),
                ..self.place.clone()
            };
            places.insert(column.code().to_owned(), place);
        }
        places
    }

    pub(crate) fn page_of(&self, at: usize) -> Option<u32> {
        let page = self.pages.partition_point(|begins| *begins <= at);
        u32::try_from(page).ok().filter(|page| *page > 0)
    }
}

/// How a value can be written; the first that stands in the text is taken.
fn needles(value: &Value) -> Vec<String> {
    let written: Vec<String> = match value {
        Value::String(text) => match text.parse::<Date>() {
            Ok(day) => of_day(day),
            Err(_) => vec![text.clone()],
        },
        // Amounts are in 万元.
        Value::Number(_) => {
            let wan = value.as_f64().unwrap_or_default();
            vec![format!("{wan}万元"), format!("{}亿元", wan / 10_000.0)]
        }
        Value::Array(items) => items.iter().filter_map(shown).collect(),
        Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
    };
    let folded = written.iter().map(|text| text.chars().filter_map(fold).collect::<String>());
    folded.filter(|needle| needle.chars().count() >= NEEDLE_MIN_CHARS).collect()
}

/// A day as documents write it.
fn of_day(day: Date) -> Vec<String> {
    use chrono::Datelike;
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let (year, month, date) = (day.year(), day.month(), day.day());
    let digits = |number: i32| -> String {
        let digits = number.unsigned_abs().to_string();
        digits.chars().filter_map(|digit| DIGITS.get(digit.to_digit(10)? as usize)).collect()
    };
    let spoken = |number: u32| {
        let (tens, ones) = (number as usize / 10, number as usize % 10);
        let tens = match tens {
            0 => String::new(),
            1 => "十".to_owned(),
            tens => format!("{}十", DIGITS[tens]),
        };
        if ones == 0 { tens } else { format!("{tens}{}", DIGITS[ones]) }
    };
    vec![
        format!("{year}年{month}月{date}日"),
        format!("{year}-{month:02}-{date:02}"),
        format!("{year}.{month}.{date}"),
        format!("{year}/{month}/{date}"),
        format!("{}年{}月{}日", digits(year), spoken(month), spoken(date)),
        // 有效期至2028年12月.
        format!("{year}年{month}月"),
    ]
}

/// A text without blanks and with one kind of brackets, so that `吕政办发 [2024] 24 号` is found.
struct Folded {
    text: String,
    /// For each byte of `text`, where its character stands in the original.
    at: Vec<usize>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), at: Vec::new() };
        for (at, c) in text.char_indices() {
            let Some(c) = fold(c) else { continue };
            folded.text.push(c);
            folded.at.resize(folded.text.len(), at);
        }
        folded
    }

    /// Where a needle stands first; 500 does not stand in 1500, nor 2026.1.1 in 2026.1.15, nor a month in
    /// one of its days.
    fn find(&self, needle: &str) -> Option<usize> {
        let is_number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
        let mut found = self.text.match_indices(needle).map(|(at, _)| at);
        let at = found.find(|at| {
            let before = self.text[..*at].chars().next_back();
            let after = self.text[at + needle.len()..].chars().next();
            let begins = is_number(needle.chars().next()) && is_number(before);
            let last = needle.chars().next_back();
            let ends = (is_number(last) || last == Some('月')) && is_number(after);
            !begins && !ends
        });
        self.at.get(at?).copied()
    }
}

fn fold(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => None,
        '〔' | '［' | '[' | '【' | '（' => Some('('),
        '〕' | '］' | ']' | '】' | '）' => Some(')'),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_day_before_our_era_stands_nowhere() {
        let source = Source { text: "-0044-03-15", pages: &[], place: &Place::default() };
        let fields = json!({ "written_on": "-0044-03-15", "owner": "无" });
        let fields = fields.as_object().expect("fields");
        assert!(source.places(Library::Policy, fields, |_| true).len() <= 1);
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let text = "吕梁市科技局\n示例办法\n吕科发 [2026] ８ 号\n一、总投资 1050 万元的，资助最高不超过 50 万元。\n\
                    二、自二〇二六年三月十二日起施行。";
        let pages = [0, text.find("一、").expect("the first")];
        let source = Source { text, pages: &pages, place: &Place::default() };
        let fields = json!({
            "owner": "吕梁市科技局", "region": "141100", "document_number": "吕科发〔2026〕8号",
            "cap_wan": 50.0, "effective_from": "2026-03-12", "window_until": "2026-05-01",
        });
        let fields = fields.as_object().expect("fields");
        let places = source.places(Library::Policy, fields, |_| true);
        let said = |code: &str| {
            let place = places.get(code)?;
            Some((place.page?, place.sentence.clone()?))
        };
        for (code, page, sentence) in [
            ("owner", 1, "吕梁市科技局"),
            ("region", 1, "吕梁市科技局"),
            ("document_number", 1, "吕科发 [2026] ８ 号"),
            ("cap", 2, "一、总投资 1050 万元的，资助最高不超过 50 万元。"),
            ("effective_from", 2, "二、自二〇二六年三月十二日起施行。"),
        ] {
            assert_eq!(said(code), Some((page, sentence.to_owned())), "{code}");
        }
        assert_eq!(said("window_until"), None);
    }
}

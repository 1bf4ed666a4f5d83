//! Numbers as people say them, in digits: 百分之五十五 is 55%, 零点八五 0.85, 零下40 -40, 一百二十公斤 120公斤.
//!
//! Only what is a number by its form or by the unit behind it is changed: 三氧化二铝 and 一次 stay.

use kechuang_domain::Span;
use kechuang_text::{Lexicon, is_measure};

use super::{ReadValue, Said};
use crate::notation::numeral::{digit, numerals};

/// Words that begin like a number and are none.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "十分", "千方", "万一", "百炼", "一百分", "十几", "几十", "十来", "百来", "一一", "三三", "百公里", "百圈", "千家",
];

/// A text with plain numbers, and the way back to its source.
pub(super) struct Spoken<'a> {
    source: &'a str,
    pub(super) text: String,
    /// Changed places in order: where they stand in the text, and in the source.
    changes: Vec<(Span, Span)>,
}

impl<'a> Spoken<'a> {
    pub(super) fn of(lexicon: &Lexicon, source: &'a str) -> Self {
        let mut text = String::with_capacity(source.len());
        let mut changes = Vec::new();
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            match number(lexicon, source, at) {
                Some((plain, length)) => {
                    let start = text.len();
                    text.push_str(&plain);
                    let from = Span { start: at, end: at + length };
                    changes.push((Span { start, end: text.len() }, from));
                    at += length;
                }
                None => {
                    text.push(c);
                    at += c.len_utf8();
                }
            }
        }
        Self { source, text, changes }
    }

    /// A value with its words in the source. A verbatim value is what the source has there.
    pub(super) fn value(&self, said: Said) -> ReadValue {
        let Said { field, value, start, end } = said;
        let quote = Span { start: self.start(start), end: self.end(end) };
        // The name of a figure stands as the source has it: 一级品率.
        if let Some((name, stated)) = value.split_once('|')
            && !field.is_verbatim()
            && let Some(words) = self.source_of(start, end, name)
        {
            let value = format!("{words}|{stated}");
            return ReadValue { field, value, quote };
        }
        // A text was cut of the text with plain numbers, where the source may say it in words.
        let words = self.source_of(start, end, &value).filter(|_| field.is_verbatim());
        let value = words.map_or(value, str::to_owned);
        ReadValue { field, value, quote }
    }

    /// What the source has where `words` stand within a stretch of the text.
    fn source_of(&self, start: usize, end: usize, words: &str) -> Option<&'a str> {
        let at = start + self.text.get(start..end)?.find(words)?;
        self.source.get(self.start(at)..self.end(at + words.len()))
    }

    fn start(&self, at: usize) -> usize {
        match self.change_at(at) {
            None => at,
            Some((text, source)) if at < text.end => source.start,
            Some((text, source)) => at - text.end + source.end,
        }
    }

    fn end(&self, at: usize) -> usize {
        match self.change_at(at.saturating_sub(1)) {
            None => at,
            Some((text, source)) if at <= text.end => source.end,
            Some((text, source)) => at - text.end + source.end,
        }
    }

    /// The last change that begins at or before `at`.
    fn change_at(&self, at: usize) -> Option<&(Span, Span)> {
        let after = self.changes.partition_point(|(text, _)| text.start <= at);
        after.checked_sub(1).map(|last| &self.changes[last])
    }
}

/// The number that is said at `at`, in digits, and its length; `None` where there is none, or it is in digits already.
fn number(lexicon: &Lexicon, source: &str, at: usize) -> Option<(String, usize)> {
    let text = &source[at..];
    let is_part_of_word = WORDS.iter().any(|word| text.starts_with(word))
        || source[..at].ends_with(['第', '几', '数']);
    if is_part_of_word {
        return None;
    }
    if let Some(rest) = text.strip_prefix("百分之") {
        let (value, length) = value(rest)?;
        return Some((format!("{value}%"), "百分之".len() + length));
    }
    if let Some(rest) = text.strip_prefix("零下") {
        let rest = rest.trim_start_matches(' ');
        let begins = rest.starts_with(|c: char| digit(c).is_some());
        return begins.then(|| ("-".to_owned(), text.len() - rest.len()));
    }
    // Digits of a longer run were passed by; numerals behind digits are none.
    if source[..at]
        .ends_with(|c: char| digit(c).is_some() || "零一二三四五六七八九十百千点.".contains(c))
    {
        return None;
    }
    if text.starts_with(|c| digit(c).is_some()) {
        return None;
    }
    let (value, length) = value(text)?;
    let behind = &text[length..];
    let is_large = length > '一'.len_utf8();
    let is_listed = behind.starts_with(['、', '.', '，', '是', '号', '月', '季']);
    let counts = behind.starts_with(['万', '亿', '级']) || is_unit(lexicon, behind);
    ((is_large && !is_listed) || counts).then_some((value, length))
}

/// The value of numerals, with a decimal point where one is said.
fn value(text: &str) -> Option<(String, usize)> {
    if let Some(length) = text.find(|c: char| digit(c).is_none() && c != '.').filter(|at| *at > 0) {
        let plain = text[..length].chars().filter_map(|c| {
            digit(c).and_then(|d| char::from_digit(d, 10)).or((c == '.').then_some('.'))
        });
        return Some((plain.collect(), length));
    }
    let (whole, mut length) = numerals(text)?;
    let mut value = whole.to_string();
    if let Some(rest) = text[length..].strip_prefix('点') {
        let digits: Vec<char> = rest
            .chars()
            .map_while(|c| {
                "零一二三四五六七八九"
                    .chars()
                    .position(|known| known == c || (c == '〇' && known == '零'))
            })
            .filter_map(|d| char::from_digit(u32::try_from(d).ok()?, 10))
            .collect();
        if !digits.is_empty() {
            value.push('.');
            value.extend(&digits);
            length += '点'.len_utf8() + digits.len() * '零'.len_utf8();
        }
    }
    Some((value, length))
}

/// Whether a text begins with a unit of measure.
fn is_unit(lexicon: &Lexicon, text: &str) -> bool {
    (1..=3).any(|chars| {
        let end = text.char_indices().nth(chars).map_or(text.len(), |(end, _)| end);
        let word = text[..end].to_lowercase();
        // 次, 个 and their like count anything, and stand in many words.
        !word.is_empty()
            && !word.is_ascii()
            && is_measure(lexicon, &word)
            && !["次", "个", "种", "项", "家", "道", "年", "日", "月", "天", "分", "度"]
                .contains(&word.as_str())
    })
}

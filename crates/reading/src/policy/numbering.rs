//! The numbers that head chapters, articles and points.

use crate::notation::line::is_blank;
use crate::notation::numeral::{digit, digits, numerals};

/// What a number stands for, from wide to narrow: where a document uses two of these, the narrower
/// one stands inside the wider one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// 第一编, 第一章, 第一节.
    Chapter(u8),
    /// 第一条.
    Article,
    /// 一、
    Part,
    /// （一）
    Section,
    /// 1. 1、
    Point,
    /// （1） 1)
    Subpoint,
    /// ①
    Circled,
}

/// A number at the head of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbering {
    pub(crate) level: Level,
    pub(crate) value: u32,
    /// The length of what names it in a path, in bytes: `六`, `(一)`, `1`.
    pub(crate) label: usize,
    /// The length of the number with its mark and the blanks after it.
    pub(crate) length: usize,
    /// Whether it can be nothing else; 第三条 before more words may be a mention, 1.5 an amount.
    pub(crate) is_certain: bool,
    /// Its last character: the mark behind it, or the bracket that closes it.
    pub(crate) mark: char,
}

/// The number that `text` begins with.
pub(crate) fn numbering(text: &str) -> Option<Numbering> {
    let first = text.chars().next()?;
    match first {
        '第' => ordinal(text),
        '(' | '（' => bracketed(text, first),
        '①'..='⑳' => {
            let value = first as u32 - '①' as u32 + 1;
            Some(found(text, Level::Circled, value, first.len_utf8(), first.len_utf8(), true))
        }
        _ if digit(first).is_some() => point(text),
        _ => part(text),
    }
}

/// 第三章, 第十二条, 第八条之一.
fn ordinal(text: &str) -> Option<Numbering> {
    let rest = &text['第'.len_utf8()..];
    let bare = rest.trim_start_matches(' ');
    let (value, length) = numerals(bare).or_else(|| digits(bare))?;
    let after = bare[length..].trim_start_matches(' ');
    let mark = after.chars().next()?;
    let level = match mark {
        '编' => Level::Chapter(0),
        '章' => Level::Chapter(1),
        '节' => Level::Chapter(2),
        '条' => Level::Article,
        _ => return None,
    };
    let mut end = text.len() - after.len() + mark.len_utf8();
    if let Some(below) = text[end..].strip_prefix('之')
        && let Some((_, length)) = numerals(below)
    {
        end += '之'.len_utf8() + length;
    }
    let next = text[end..].chars().next();
    let apart = |c: char| is_blank(c) || "【（([《“：:、".contains(c);
    Some(found(text, level, value, end, end, next.is_none_or(apart)))
}

/// （一） or （1）.
fn bracketed(text: &str, open: char) -> Option<Numbering> {
    let rest = &text[open.len_utf8()..];
    let (level, (value, length)) = match digits(rest) {
        Some(read) => (Level::Subpoint, read),
        None => (Level::Section, numerals(rest)?),
    };
    let close = rest[length..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
    let end = open.len_utf8() + length + close.len_utf8();
    (value > 0 && value < 1000).then(|| found(text, level, value, end, end, true))
}

/// 1. 1、 1．or 1).
fn point(text: &str) -> Option<Numbering> {
    let (value, length) = digits(text)?;
    let mark = text[length..].chars().next()?;
    let end = length + mark.len_utf8();
    if value == 0 || value > 999 {
        return None;
    }
    match mark {
        '、' => Some(found(text, Level::Point, value, length, end, true)),
        '.' | '．' => {
            let rest = &text[end..];
            let decimal = rest.starts_with(|c| digit(c).is_some()) && !is_year(rest);
            let is_amount = decimal && is_amount(rest);
            (!is_amount).then(|| found(text, Level::Point, value, length, end, !decimal))
        }
        ')' | '）' => Some(found(text, Level::Subpoint, value, end, end, true)),
        _ => None,
    }
}

/// Whether digits behind a point end an amount: the 5亿元 of 2.5亿元.
fn is_amount(text: &str) -> bool {
    digits(text).is_none_or(|(_, length)| {
        let rest = text[length..].trim_start_matches(' ');
        rest.starts_with(|c: char| "万亿元%％‰倍个家项吨米度年月版".contains(c))
    })
}

fn is_year(text: &str) -> bool {
    digits(text).is_some_and(|(year, length)| {
        (1900..2200).contains(&year) && text[length..].trim_start_matches(' ').starts_with('年')
    })
}

/// 一、
fn part(text: &str) -> Option<Numbering> {
    let (value, length) = numerals(text)?;
    let mark = text[length..].chars().next().filter(|c| matches!(c, '、' | '．' | '.'))?;
    let end = length + mark.len_utf8();
    (value > 0 && value < 1000).then(|| found(text, Level::Part, value, length, end, true))
}

fn found(
    text: &str,
    level: Level,
    value: u32,
    label: usize,
    end: usize,
    is_certain: bool,
) -> Numbering {
    let blanks = |c: char| is_blank(c) && c != '\n';
    let rest = &text[end..];
    let length = end + rest.len() - rest.trim_start_matches(blanks).len();
    let mark = text[..end].chars().next_back().unwrap_or_default();
    Numbering { level, value, label, length, is_certain, mark }
}

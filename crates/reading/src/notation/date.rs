//! Days as documents write them.

use kechuang_domain::Date;

use super::line::is_blank;
use super::numeral::number;

/// A day with its length in bytes; what a range's second day leaves out is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) year: Option<i32>,
    pub(crate) month: Option<u32>,
    pub(crate) day: u32,
    pub(crate) length: usize,
}

impl Written {
    /// The day, with what is left out taken from `before`.
    pub(crate) fn date(self, before: Option<Self>) -> Option<Date> {
        let year = self.year.or(before.and_then(|before| before.year))?;
        let month = self.month.or(before.and_then(|before| before.month))?;
        Date::from_ymd_opt(year, month, self.day)
    }
}

/// The full day that `text` begins with: 2024年7月16日, 二〇二四年七月十六日, 2024-07-16.
pub(crate) fn date_at(text: &str) -> Option<(Date, usize)> {
    let written = written_at(text).filter(|written| written.year.is_some())?;
    Some((written.date(None)?, written.length))
}

/// The first full day in `text`.
pub(crate) fn first_date(text: &str) -> Option<Date> {
    dates(text).into_iter().find_map(|(_, written)| written.date(None))
}

/// All days in `text` that name at least month and day, with their places.
pub(crate) fn dates(text: &str) -> Vec<(usize, Written)> {
    let mut found = Vec::new();
    let mut next = 0;
    for (at, c) in text.char_indices() {
        let begins = at >= next && is_number(c);
        if !begins {
            continue;
        }
        let written = written_at(&text[at..]);
        // A number that is no day is passed as a whole, so that its tail is not taken for one.
        let run = text[at..].find(|c| !is_number(c)).unwrap_or(text.len() - at);
        next = at + written.map_or(run, |written| written.length);
        found.extend(written.map(|written| (at, written)));
    }
    found
}

fn is_number(c: char) -> bool {
    super::numeral::digit(c).is_some() || "零〇○一二三四五六七八九十".contains(c)
}

/// The day, with or without year, that `text` begins with.
pub(crate) fn written_at(text: &str) -> Option<Written> {
    let mut rest = Rest { text, at: 0 };
    let first = rest.number()?;
    if rest.mark("年") {
        let month = rest.number()?;
        let day = rest.mark("月").then(|| rest.number())??;
        return rest.day(Some(first), Some(month), day);
    }
    if rest.mark("月") {
        let day = rest.number()?;
        return rest.day(None, Some(first), day);
    }
    let mark = ["-", "/", "."].into_iter().find(|mark| rest.mark(mark))?;
    let month = rest.number()?;
    let day = rest.mark(mark).then(|| rest.number())??;
    (1000..10_000).contains(&first).then_some(())?;
    Some(Written { year: i32::try_from(first).ok(), month: Some(month), day, length: rest.at })
}

/// The second day of a range, which may be as short as 30日.
pub(crate) fn second_at(text: &str) -> Option<Written> {
    written_at(text).or_else(|| {
        let mut rest = Rest { text, at: 0 };
        let day = rest.number()?;
        rest.day(None, None, day)
    })
}

/// What is left of a text to read.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl Rest<'_> {
    /// A number and the blanks after it.
    fn number(&mut self) -> Option<u32> {
        let (value, length) = number(&self.text[self.at..])?;
        self.at += length;
        Some(value)
    }

    fn mark(&mut self, mark: &str) -> bool {
        let (before, rest) = (self.at, &self.text[self.at..]);
        // 2024 年 7 月 16 日 has single blanks.
        let rest = rest.strip_prefix(|c: char| is_blank(c) && c != '\n').unwrap_or(rest);
        let Some(after) = rest.strip_prefix(mark) else { return false };
        let after = after.strip_prefix(|c: char| is_blank(c) && c != '\n').unwrap_or(after);
        self.at = self.text.len() - after.len();
        self.at > before
    }

    fn day(mut self, year: Option<u32>, month: Option<u32>, day: u32) -> Option<Written> {
        let at = self.at;
        if !self.mark("日") && !self.mark("号") {
            return None;
        }
        // The blank after 日 is not part of the day.
        let blanks = self.text[at..self.at].trim_end_matches(is_blank).len();
        let year = year.map(i32::try_from).transpose().ok()?;
        Some(Written { year, month, day, length: at + blanks })
    }
}

//! Headings and the parts under them.

use std::collections::HashMap;

use kechuang_domain::Span;
use kechuang_text::{Lexicon, normalise};

/// What a part of a demand is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartRole {
    /// 需求内容: what is to be done.
    Need,
    /// 预期目标: what is to be reached.
    Target,
    /// 约束条件: what limits the solution.
    Constraint,
    /// 背景, 工作基础: nothing is asked for here.
    Background,
}

/// A part of a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is for.
    pub role: PartRole,
    /// Its text, without the heading.
    pub span: Span,
}

/// The wordings of headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    roles: HashMap<String, PartRole>,
    longest_chars: usize,
}

/// A line of the table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "词表 headings.tsv 第 {line} 行有误：应为「标题<TAB>need、target、constraint 或 background」"
)]
pub struct HeadingsError {
    /// Which line, from 1.
    pub line: usize,
}

impl Headings {
    /// Reads the table: heading and role, tab-separated, below a line that names the columns.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(table: &str) -> Result<Self, HeadingsError> {
        let mut roles = HashMap::new();
        let rows = (1..).zip(table.lines()).filter(|(_, row)| {
            !row.trim().is_empty() && !row.starts_with('#') && *row != "heading\trole"
        });
        for (line, row) in rows {
            let (heading, role) = row.split_once('\t').ok_or(HeadingsError { line })?;
            let role = match role.trim() {
                "need" => PartRole::Need,
                "target" => PartRole::Target,
                "constraint" => PartRole::Constraint,
                "background" => PartRole::Background,
                _ => return Err(HeadingsError { line }),
            };
            roles.insert(heading.to_owned(), role);
        }
        let longest_chars = roles.keys().map(|heading| heading.chars().count()).max().unwrap_or(0);
        Ok(Self { roles, longest_chars })
    }

    /// The longest heading that `text` begins with: its role and its length in bytes.
    fn longest_at(&self, text: &str) -> Option<(PartRole, usize)> {
        let ends: Vec<usize> =
            text.char_indices().take(self.longest_chars).map(|(at, c)| at + c.len_utf8()).collect();
        ends.into_iter().rev().find_map(|end| Some((*self.roles.get(&text[..end])?, end)))
    }
}

/// A heading in the folded text.
struct Found {
    role: PartRole,
    /// Where it begins, numbering included.
    start: usize,
    /// Where the part under it begins.
    end: usize,
}

/// Splits `text` from byte `from` on. What stands before the first heading asks for something where
/// there is no heading at all, and is background otherwise.
pub(crate) fn parts(lexicon: &Lexicon, headings: &Headings, text: &str, from: usize) -> Vec<Part> {
    let body = &text[from..];
    let normalised = normalise(lexicon, body);
    let found = find(headings, &normalised.text);
    let mut parts = Vec::with_capacity(found.len() + 1);
    let mut keep = |role, start: usize, end: usize| {
        if !normalised.text[start..end].trim().is_empty() {
            parts.push(Part { role, span: normalised.source_span(start, end).shifted(from) });
        }
    };
    let asks = |heading: &Found| heading.role != PartRole::Background;
    let lead = if found.iter().any(asks) { PartRole::Background } else { PartRole::Need };
    keep(lead, 0, found.first().map_or(normalised.text.len(), |first| first.start));
    for (place, heading) in found.iter().enumerate() {
        let end = found.get(place + 1).map_or(normalised.text.len(), |next| next.start);
        keep(heading.role, heading.end, end);
    }
    parts
}

fn find(headings: &Headings, text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at_boundary = true;
    let mut line_start = true;
    for (at, c) in text.char_indices() {
        let inside_last = found.last().is_some_and(|last| at < last.end);
        if at_boundary && !inside_last && !c.is_whitespace() {
            found.extend(heading_at(headings, text, at, line_start));
        }
        line_start = c == '\n' || line_start && c.is_whitespace();
        at_boundary = matches!(c, '。' | ';' | '!' | '?' | '\n' | ']' | '】') || c.is_whitespace();
    }
    found
}

/// The heading at `at`: numbering or an opening bracket, the wording, then a colon, a closing bracket
/// or, for a line of its own, the line's end.
fn heading_at(headings: &Headings, text: &str, at: usize, line_start: bool) -> Option<Found> {
    let numbering = numbering(&text[at..]);
    let opening = brackets(&text[at + numbering..], "【[(<*# ");
    let start = at + numbering + opening;
    let (role, length) = headings.longest_at(&text[start..])?;
    let rest = &text[start + length..];
    let closing = brackets(rest, "】])>* ");
    let after = &rest[closing..];
    let end = start + length + closing;
    let bracketed = closing > 0 && opening > 0;
    if let Some(below) = after.strip_prefix([':', '-']) {
        return Some(Found { role, start: at, end: text.len() - below.len() });
    }
    let own_line = line_start && (after.is_empty() || after.starts_with('\n'));
    (own_line || bracketed).then_some(Found { role, start: at, end })
}

/// The length of the brackets that `text` begins with; nobody writes more than a few.
fn brackets(text: &str, any: &str) -> usize {
    text.chars().take(4).take_while(|c| any.contains(*c)).map(char::len_utf8).sum()
}

/// The length of 一、, (2), 3. or 1) that `text` begins with.
pub(crate) fn numbering(text: &str) -> usize {
    const NUMERALS: &str = "一二三四五六七八九十";
    let opened = text.starts_with(['(', '（', '第']);
    let rest = text.strip_prefix(['(', '（', '第']).unwrap_or(text);
    let number: usize = rest
        .chars()
        .take(3)
        .take_while(|c| is_digit(*c) || NUMERALS.contains(*c))
        .map(char::len_utf8)
        .sum();
    if number == 0 {
        return circled(text);
    }
    let mark = rest[number..].chars().next();
    let closes = match mark {
        Some('、' | ')' | '）') => true,
        Some(point @ ('.' | '．')) => !rest[number + point.len_utf8()..].starts_with(is_digit),
        Some(':' | '：') => opened,
        _ => false,
    };
    match mark {
        Some(mark) if closes => {
            let length = text.len() - rest.len() + number + mark.len_utf8();
            length + text[length..].len() - text[length..].trim_start_matches(' ').len()
        }
        _ => 0,
    }
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// The length of ① to ⑳.
fn circled(text: &str) -> usize {
    let first = text.chars().next().filter(|c| ('①'..='⑳').contains(c));
    first.map_or(0, char::len_utf8)
}

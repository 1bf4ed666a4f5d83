//! From pieces of text on pages to paragraphs.
//!
//! Pieces are taken in the order in which they are drawn, which is that of reading, columns included.
//! A paragraph goes on in the next line where its line is full and the next is not indented.

use std::collections::{BTreeMap, BTreeSet};

use super::{PdfText, font::is_wide};
use crate::rows::form::without_number;

/// A string on a page; lengths in points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Where it ends, to the right.
    pub(super) end: f32,
    pub(super) size: f32,
    pub(super) text: String,
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    x: f32,
    y: f32,
    end: f32,
    size: f32,
    text: String,
}

/// Pieces on one height, in sizes of their font, are one line.
const SAME_LINE: f32 = 0.5;
/// A gap this wide, in sizes, is a space between words; a wider one separates columns of a table.
const WORD_GAP: f32 = 0.18;
const COLUMN_GAP: f32 = 0.8;
/// A line that ends so close to the right margin, in sizes, is full.
const FULL: f32 = 2.5;
/// A line that begins so far from the left margin, in sizes, is indented.
const INDENTED: f32 = 1.2;
/// So many of the first and last lines of a page can be its header and footer.
const MARGIN_LINES: usize = 2;

/// The lines of a page.
pub(super) fn lines(pieces: Vec<Piece>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        if piece.text.is_empty() {
            continue;
        }
        match lines.last_mut().filter(|line| goes_on(line, &piece)) {
            Some(line) => line.add(&piece),
            None => lines.push(Line {
                x: piece.x,
                y: piece.y,
                end: piece.end,
                size: piece.size,
                text: piece.text,
            }),
        }
    }
    for line in &mut lines {
        line.text = line.text.trim().replace('\0', "");
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn goes_on(line: &Line, piece: &Piece) -> bool {
    let size = line.size.max(piece.size);
    let is_level = (line.y - piece.y).abs() <= SAME_LINE * size;
    // Bold is sometimes drawn twice, a hair to the right.
    is_level && piece.x + 2.0 * size >= line.end
}

impl Line {
    fn add(&mut self, piece: &Piece) {
        let gap = piece.x - self.end;
        let before = self.text.chars().next_back();
        let after = piece.text.chars().next();
        let is_open = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let is_word = |c: Option<char>| c.is_some_and(|c| !is_wide(c));
        let separates = gap > COLUMN_GAP * piece.size
            || gap > WORD_GAP * piece.size && is_word(before) && is_word(after);
        if separates && is_open(before) && is_open(after) {
            self.text.push(' ');
        }
        self.text.push_str(&piece.text);
        self.end = self.end.max(piece.end);
        self.size = self.size.max(piece.size);
    }
}

/// All pages as paragraphs, without headers, footers and page numbers.
pub(super) fn joined(pages: &[Vec<Line>]) -> PdfText {
    let repeated = repeated(pages);
    let mut text = PdfText::default();
    let mut last: Option<&Line> = None;
    let margins = Margins::new(pages);
    for page in pages {
        let mut begins = None;
        for (at, line) in page.iter().enumerate() {
            let at_margin = is_at_margin(at, page.len());
            if at_margin && (is_page_number(&line.text) || repeated.contains(&shape(&line.text))) {
                continue;
            }
            match last {
                Some(before) if margins.are_one_paragraph(before, line) => {
                    join(&mut text.text, &line.text);
                }
                Some(_) => text.text.push('\n'),
                None => {}
            }
            begins.get_or_insert(text.text.len());
            text.text.push_str(&line.text);
            last = Some(line);
        }
        text.pages.push(begins.unwrap_or(text.text.len()));
    }
    text
}

const fn is_at_margin(at: usize, lines: usize) -> bool {
    at < MARGIN_LINES || at + MARGIN_LINES >= lines
}

/// How far lines reach that begin in one strip of their page: each column has margins of its own.
struct Margins(BTreeMap<i32, (f32, f32)>);

impl Margins {
    fn new(pages: &[Vec<Line>]) -> Self {
        let mut margins = BTreeMap::new();
        for line in pages.iter().flatten() {
            let (left, right) = margins.entry(strip(line)).or_insert((line.x, line.end));
            (*left, *right) = (line.x.min(*left), line.end.max(*right));
        }
        Self(margins)
    }

    /// The margins that hold for a line, an indented one among them.
    fn of(&self, line: &Line) -> (f32, f32) {
        let strips = strip(line).saturating_sub(1)..=strip(line).saturating_add(1);
        let both = |(left, right): (f32, f32), (_, more): (&i32, &(f32, f32))| {
            (left.min(more.0), right.max(more.1))
        };
        self.0.range(strips).fold((line.x, line.end), both)
    }

    fn are_one_paragraph(&self, before: &Line, line: &Line) -> bool {
        let size = before.size.max(1.0);
        let (left, _) = self.of(line);
        let (_, right) = self.of(before);
        let is_full = before.end >= right - FULL * size;
        let is_indented = line.x > left.min(before.x) + INDENTED * size;
        let is_alike = (before.size - line.size).abs() <= 0.1 * size;
        is_full && !is_indented && is_alike && !begins_item(&line.text)
    }
}

/// Strips are half an inch wide, more than a paragraph's indent.
fn strip(line: &Line) -> i32 {
    (line.x / 36.0) as i32
}

/// 一、…… and 第三条 …… begin a paragraph wherever they stand.
fn begins_item(text: &str) -> bool {
    let is_article = text.strip_prefix('第').is_some_and(|rest| {
        let number = rest.trim_start_matches(|c| "一二三四五六七八九十百零0123456789".contains(c));
        number.len() < rest.len() && number.starts_with(['条', '章', '节'])
    });
    is_article || without_number(text) != text
}

/// Prepares the end of a line for the next one: nothing stands between Chinese characters, a space
/// between words, and a word that was divided is whole again.
fn join(text: &mut String, next: &str) {
    let before = text.chars().next_back();
    let after = next.chars().next();
    let is_divided = before == Some('-')
        && after.is_some_and(char::is_lowercase)
        && text.chars().rev().nth(1).is_some_and(char::is_alphabetic);
    if is_divided {
        text.pop();
    } else if before.is_some_and(|c| !is_wide(c)) && after.is_some_and(|c| !is_wide(c)) {
        text.push(' ');
    }
}

/// `3`, `- 3 -`, `第 3 页 共 9 页`, `3/9`.
fn is_page_number(text: &str) -> bool {
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let is_part =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || "-—–―·/第页共Page of".contains(c);
    has_digit && text.chars().count() <= 20 && text.chars().all(is_part)
}

/// Lines that stand at the margin of half of the pages, and of three at least.
fn repeated(pages: &[Vec<Line>]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages {
        let at_margin = |(at, _): &(usize, &Line)| is_at_margin(*at, page.len());
        let shapes: BTreeSet<String> =
            page.iter().enumerate().filter(at_margin).map(|(_, line)| shape(&line.text)).collect();
        for shape in shapes {
            *counts.entry(shape).or_default() += 1;
        }
    }
    let enough = 3.max(pages.len().div_ceil(2));
    counts.into_iter().filter(|(_, count)| *count >= enough).map(|(shape, _)| shape).collect()
}

/// A line but for its numbers.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of 10-point text from x = 100: each `(indent in sizes, text)`, 20 characters wide.
    fn page(lines: &[(f32, &str)]) -> Vec<Line> {
        let piece = |(at, (indent, text)): (usize, &(f32, &str))| {
            let x = 100.0 + indent * 10.0;
            let width: f32 = text.chars().map(|c| if is_wide(c) { 10.0 } else { 5.0 }).sum();
            let y = 700.0 - 15.0 * at as f32;
            Piece { x, y, end: x + width, size: 10.0, text: (*text).to_owned() }
        };
        super::lines(lines.iter().enumerate().map(piece).collect())
    }

    #[test]
    fn a_full_line_goes_on_and_an_indented_one_begins() {
        let text = joined(&[page(&[
            (2.0, "赤泥堆存量大，碱性强，难以直接利用"),
            (0.0, "，企业希望以不高于每吨八十元的成本脱除"),
            (0.0, "其中的碱。"),
            (2.0, "目标为低于百分之一。"),
        ])]);
        assert_eq!(
            text.text,
            "赤泥堆存量大，碱性强，难以直接利用，企业希望以不高于每吨八十元的成本脱除其中的碱。\n\
             目标为低于百分之一。"
        );
    }

    #[test]
    fn words_are_joined_with_a_space_and_divided_ones_without() {
        let text = joined(&[page(&[
            (0.0, "Deep learning for materials infor-"),
            (0.0, "matics needs data, and data needs a"),
            (0.0, "home."),
        ])]);
        let expected = "Deep learning for materials informatics needs data, and data needs a home.";
        assert_eq!(text.text, expected);
    }

    #[test]
    fn headers_footers_and_page_numbers_are_no_text_and_pages_are_told_by_offset() {
        let of = |number: usize, text: &str| {
            let (header, footer) = ("某市科技局文件", format!("— {number} —"));
            page(&[
                (0.0, header),
                (2.0, text),
                (2.0, "中间一行。"),
                (2.0, "末行。"),
                (9.0, &footer),
            ])
        };
        let text = joined(&[of(1, "第一页。"), of(2, "第二页。"), Vec::new(), of(3, "第三页。")]);
        assert!(!text.text.contains("科技局") && !text.text.contains('—'), "{text:?}");
        let begin = |at: usize| {
            text.text[text.pages[at]..]
                .chars()
                .next_back()
                .map(|_| text.text[text.pages[at]..].lines().next().unwrap_or_default().to_owned())
        };
        assert_eq!(begin(0).as_deref(), Some("第一页。"));
        assert_eq!(begin(1).as_deref(), Some("第二页。"));
        assert_eq!(begin(3).as_deref(), Some("第三页。"));
    }

    #[test]
    fn cells_of_a_row_are_apart_and_drawn_letters_together() {
        let piece = |x: f32, end: f32, text: &str| Piece {
            x,
            y: 0.0,
            end,
            size: 10.0,
            text: text.to_owned(),
        };
        let row = vec![piece(0.0, 20.0, "名称"), piece(60.0, 70.0, "甲")];
        assert_eq!(super::lines(row)[0].text, "名称 甲");
        let word = vec![piece(0.0, 5.0, "T"), piece(5.5, 10.0, "i"), piece(14.0, 20.0, "is")];
        assert_eq!(super::lines(word)[0].text, "Ti is");
    }
}

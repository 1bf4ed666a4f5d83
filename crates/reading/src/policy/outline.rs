//! The numbered clauses of a document, as a tree in one list.

use kechuang_domain::Span;

use super::head::{is_contents, signed};
use super::issuer::is_office;
use super::numbering::{Level, Numbering, numbering};
use crate::notation::line::{is_blank, lines, trim};

/// Clauses read from one document at most; no document has more.
const ITEM_LIMIT: usize = 2000;

/// How lines below the words begin: what follows belongs to no clause.
const CLOSING: &[&str] = &[
    "附件",
    "附表",
    "附：",
    "附:",
    "解读链接",
    "政策解读",
    "政策咨询",
    "相关解读",
    "相关链接",
    "相关附件",
    "扫一扫",
    "打印",
    "关闭",
    "上一篇",
    "下一篇",
    "责任编辑",
    "抄送",
    "(此件",
    "（此件",
    "分享",
    "【打印",
    "【关闭",
    "主办：",
    "主办:",
    "版权所有",
    "网站地图",
];

/// A numbered clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) level: Level,
    /// The numbers down to it.
    pub(crate) path: String,
    /// All of it, number and narrower clauses included.
    pub(crate) span: Span,
    /// Its own words: behind the number, before the first narrower clause.
    pub(crate) own: Span,
    /// The place of the clause around it in the list.
    pub(crate) parent: Option<usize>,
    value: u32,
}

/// The clauses in `text`, in order, each behind those around it. Below an article (第一条), narrower
/// numbers are its own words.
pub(crate) fn outline(text: &str) -> Vec<Item> {
    let mut reader = Reader { text, items: Vec::new(), open: Vec::new(), last_article: 0 };
    let lines = lines(text);
    let closing = closing(text, &lines);
    let mut attachments = false;
    let mut contents: Option<Option<&str>> = None;
    for (place, line) in lines.iter().enumerate() {
        let words = line.of(text).unwrap_or_default();
        let number = numbering(words);
        if closing[place] {
            reader.close(line.start, None);
            attachments = words.starts_with('附');
            continue;
        }
        attachments &= number.is_some_and(|number| number.level == Level::Point);
        match contents {
            // 目录 lists headings until the first of them comes again.
            Some(None) if number.is_some() => contents = Some(Some(heading(words))),
            Some(Some(first)) if heading(words) == first || words.len() > 180 => contents = None,
            _ => {}
        }
        if is_contents(words) {
            contents = Some(None);
        }
        if !attachments && contents.is_none() {
            reader.line(*line, number);
        }
    }
    reader.close(text.len(), None);
    reader.finish()
}

/// A heading without the page number behind it in a table of contents.
fn heading(words: &str) -> &str {
    words.trim_end_matches(|c: char| c.is_ascii_digit() || is_blank(c) || ".…·-—".contains(c))
}

/// Which lines end the clause above them.
fn closing(text: &str, lines: &[Span]) -> Vec<bool> {
    let mut closing = vec![false; lines.len()];
    for (place, line) in lines.iter().enumerate() {
        let words = line.of(text).unwrap_or_default();
        closing[place] |= CLOSING.iter().any(|start| words.starts_with(start));
        if signed(words).is_some() {
            closing[place] = true;
            // The offices that sign stand above the day.
            for above in (0..place).rev().take(8) {
                let name = lines[above].of(text).unwrap_or_default();
                if !name.split(is_blank).filter(|name| !name.is_empty()).all(is_office) {
                    break;
                }
                closing[above] = true;
            }
        }
    }
    closing
}

struct Reader<'a> {
    text: &'a str,
    items: Vec<Item>,
    /// Open clauses from wide to narrow.
    open: Vec<usize>,
    last_article: u32,
}

impl Reader<'_> {
    fn line(&mut self, line: Span, number: Option<Numbering>) {
        if let Some(number) = number.filter(|number| self.fits(*number)) {
            self.begin(line.start, number);
        }
        // Breaks get lost: a number that goes on with the count begins a clause within a line too.
        let mut boundary = false;
        let words = line.of(self.text).unwrap_or_default();
        let mut chars = words.char_indices();
        chars.next();
        for (at, c) in chars {
            let candidate = boundary && (c == '第' || "(（".contains(c) || is_count(c));
            if candidate
                && let Some(number) = numbering(&words[at..])
                && self.goes_on(number, &words[..at])
            {
                self.begin(line.start + at, number);
            }
            boundary = matches!(c, '。' | '；' | ';' | ')' | '）') || is_blank(c);
        }
    }

    /// Whether a number at the head of a line begins a clause.
    fn fits(&self, number: Numbering) -> bool {
        let article = self.open_at(Level::Article);
        if article.is_some() && number.level > Level::Article {
            return false;
        }
        let first = number.value == 1 && matches!(number.level, Level::Article | Level::Chapter(_));
        number.is_certain || first || self.is_next(number)
    }

    /// Whether a number within a line, behind `before`, begins a clause.
    fn goes_on(&self, number: Numbering, before: &str) -> bool {
        let behind_blank = before.ends_with(is_blank);
        // 3.0 within a line is a version, whatever came before.
        let is_amount = number.level == Level::Point && !number.is_certain;
        if !self.fits(number) || number.level > Level::Point || is_amount {
            return false;
        }
        let first = number.value == 1
            && number.is_certain
            && behind_blank
            && matches!(number.level, Level::Article | Level::Part)
            && self.open_at(number.level).is_none();
        // 方向 1、方向 2、 counts something else.
        let counts = number.level == Level::Point
            && !before.trim_end_matches(is_blank).ends_with(['。', '；', ';', ')', '）'])
            && number.mark == '、';
        first || self.is_next(number) && !counts
    }

    fn is_next(&self, number: Numbering) -> bool {
        if number.level == Level::Article {
            // Articles count on over chapters; 第八条之一 follows 第八条.
            return self.last_article == number.value || self.last_article + 1 == number.value;
        }
        self.open_at(number.level).is_some_and(|before| before.value + 1 == number.value)
    }

    fn open_at(&self, level: Level) -> Option<&Item> {
        self.open.iter().map(|place| &self.items[*place]).find(|item| item.level == level)
    }

    fn begin(&mut self, at: usize, number: Numbering) {
        self.close(at, Some(number.level));
        if self.items.len() == ITEM_LIMIT {
            return;
        }
        if number.level == Level::Article {
            self.last_article = number.value;
        }
        let parent = self.open.last().copied();
        if let Some(parent) = parent
            && self.items[parent].own.end > at
        {
            self.items[parent].own.end = at;
        }
        let label = &self.text[at..at + number.label];
        // Articles are cited by themselves.
        let above = parent.filter(|_| number.level != Level::Article);
        let above = above.map_or("", |parent| self.items[parent].path.as_str());
        let mark = if number.level == Level::Part { "、" } else { "" };
        let path = format!("{above}{label}{mark}");
        let end = self.text.len();
        self.open.push(self.items.len());
        self.items.push(Item {
            level: number.level,
            path,
            span: Span { start: at, end },
            own: Span { start: at + number.length, end },
            parent,
            value: number.value,
        });
    }

    /// Ends open clauses at byte `at`: all, or those that are not wider than `level`.
    fn close(&mut self, at: usize, level: Option<Level>) {
        while let Some(place) = self.open.last().copied() {
            let item = &mut self.items[place];
            if level.is_some_and(|level| item.level < level) {
                break;
            }
            item.span.end = at;
            item.own.end = item.own.end.min(at).max(item.own.start);
            self.open.pop();
        }
    }

    fn finish(mut self) -> Vec<Item> {
        for item in &mut self.items {
            item.own.start = item.own.start.min(item.span.end);
            item.own.end = item.own.end.max(item.own.start);
            item.own = trim(self.text, item.own);
            item.span = trim(self.text, item.span);
            if item.path.ends_with('、') {
                item.path.truncate(item.path.len() - '、'.len_utf8());
            }
        }
        self.items
    }
}

/// Whether a count can begin with `c`.
fn is_count(c: char) -> bool {
    crate::notation::numeral::digit(c).is_some() || "一二三四五六七八九十".contains(c)
}

impl Item {
    /// Words without a number.
    pub(crate) fn unnumbered(path: String, span: Span) -> Self {
        Self { level: Level::Part, path, span, own: span, parent: None, value: 0 }
    }
}

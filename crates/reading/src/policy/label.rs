//! Particulars that pages put above or below a document: 来源: … 发布时间: 2024-07-22 10:15.

use kechuang_domain::Date;

use super::head::document_number;
use super::issuer::is_office;
use crate::notation::date::first_date;
use crate::notation::line::is_blank;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Particular {
    Title,
    Number,
    Issuer,
    Written,
    Published,
    Skipped,
}

/// Labels of pages; longer ones before those that they end with.
const LABELS: &[(&str, Particular)] = &[
    ("发文字号", Particular::Number),
    ("发文文号", Particular::Number),
    ("文件编号", Particular::Number),
    ("文号", Particular::Number),
    ("发文机关", Particular::Issuer),
    ("制发机关", Particular::Issuer),
    ("发文单位", Particular::Issuer),
    ("发布机构", Particular::Issuer),
    ("成文日期", Particular::Written),
    ("成文时间", Particular::Written),
    ("生成日期", Particular::Written),
    ("发文日期", Particular::Written),
    ("印发日期", Particular::Written),
    ("发布日期", Particular::Published),
    ("发布时间", Particular::Published),
    ("公开日期", Particular::Published),
    ("日期", Particular::Published),
    ("时间", Particular::Published),
    ("标题", Particular::Title),
    ("文件名称", Particular::Title),
    ("来源", Particular::Skipped),
    ("信息来源", Particular::Skipped),
    ("作者", Particular::Skipped),
    ("索引号", Particular::Skipped),
    ("主题分类", Particular::Skipped),
    ("主题词", Particular::Skipped),
    ("有效性", Particular::Skipped),
    ("浏览次数", Particular::Skipped),
    ("责任编辑", Particular::Skipped),
];

/// What labels said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Labelled {
    pub(crate) title: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) issuers: Vec<String>,
    pub(crate) written_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
}

impl Labelled {
    /// Takes from `later` what is not known yet.
    pub(crate) fn fill(&mut self, later: Self) {
        self.title = self.title.take().or(later.title);
        self.number = self.number.take().or(later.number);
        self.written_on = self.written_on.or(later.written_on);
        self.published_on = self.published_on.or(later.published_on);
        if self.issuers.is_empty() {
            self.issuers = later.issuers;
        }
    }
}

/// The particulars of a line; `None` where it begins with no label.
pub(crate) fn labelled(line: &str) -> Option<Labelled> {
    const LIMIT_CHARS: usize = 600;
    let short = line.chars().take(LIMIT_CHARS + 1).count() <= LIMIT_CHARS;
    // 索 引 号 is written apart.
    let begins = short && label_at(line).is_some();
    let mut found = Labelled::default();
    let mut open: Option<(Particular, usize)> = None;
    for (at, c) in line.char_indices().take_while(|_| begins) {
        let boundary = at == 0 || line[..at].ends_with(is_blank);
        if !boundary || is_blank(c) {
            continue;
        }
        if let Some((particular, length)) = label_at(&line[at..]) {
            if let Some((before, from)) = open
                && from <= at
            {
                found.take(before, &line[from..at]);
            }
            open = Some((particular, at + length));
        }
    }
    let (last, from) = open?;
    found.take(last, line.get(from..)?);
    Some(found)
}

impl Labelled {
    fn take(&mut self, particular: Particular, value: &str) {
        let value = value.trim_matches(is_blank);
        if value.is_empty() {
            return;
        }
        match particular {
            Particular::Title => self.title = Some(value.to_owned()),
            Particular::Number => self.number = document_number(value),
            Particular::Issuer => {
                let names =
                    value.split([' ', '、', '，', '\u{3000}']).filter(|name| is_office(name));
                self.issuers = names.map(str::to_owned).collect();
            }
            Particular::Written => self.written_on = first_date(value),
            Particular::Published => self.published_on = first_date(value),
            Particular::Skipped => {}
        }
    }
}

/// The label that `text` begins with, blanks between its characters allowed, and its length with the colon.
fn label_at(text: &str) -> Option<(Particular, usize)> {
    LABELS.iter().find_map(|(label, particular)| {
        let mut rest = text;
        for c in label.chars() {
            rest = rest.strip_prefix(c)?.trim_start_matches([' ', '\u{3000}', '\u{a0}']);
        }
        let after = rest.strip_prefix([':', '：'])?;
        Some((*particular, text.len() - after.len()))
    })
}

//! What stands above the words of a document: title, number, issuers, dates, and what the page around
//! it adds.

use kechuang_domain::{Date, Span};

use super::issuer::is_office;
use super::label::{self, Labelled};
use super::numbering::numbering;
use super::title;
use crate::notation::date::{date_at, first_date};
use crate::notation::line::{is_blank, trim};

/// A head has no more lines than this.
const HEAD_LIMIT_LINES: usize = 60;
/// A line of a head is no longer than this, in characters.
const LINE_LIMIT_CHARS: usize = 120;

/// What pages add above a document.
const FURNITURE: &[&str] = &[
    "IPv6",
    "无障碍",
    "首页",
    "当前位置",
    "字体",
    "字号",
    "打印",
    "分享",
    "浏览",
    "阅读",
    "点击",
    "收藏",
    "登录",
    "门户网站",
    "扫一扫",
    "长者",
    "繁体",
    "English",
    "手机版",
    "RSS",
    "关闭",
    "下载",
    "保护视力",
    "信息公开目录",
    "返回",
];

/// The head of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Lines of the title, joined; empty where there is none.
    pub(crate) title: String,
    /// Where the title stands.
    pub(crate) title_span: Option<Span>,
    /// 文号 in its usual form.
    pub(crate) number: Option<String>,
    /// Offices that issued it, the first first.
    pub(crate) issuers: Vec<String>,
    pub(crate) written_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
    /// The first byte of the words below the head.
    pub(crate) body_start: usize,
}

/// What a line above the words is.
enum Above<'a> {
    Furniture,
    Labels(Labelled),
    Number(String),
    Date(Date),
    Note(&'a str),
    Office(&'a str),
    Title,
    Body,
}

/// What the lines above the words were, before a title is chosen among them.
struct Lines {
    /// Lines that can be a title together.
    groups: Vec<Vec<Span>>,
    offices: Vec<String>,
    labels: Labelled,
    number: Option<String>,
    dated: Option<Date>,
    /// The day in a note such as （2001年12月28日通过）.
    noted: Option<Date>,
    /// The first byte of the first line that is none of these.
    body: usize,
}

/// Reads the head of `text`, whose lines are `lines`.
pub(crate) fn head(text: &str, lines: &[Span]) -> Head {
    let mut read = sort(text, lines);
    let chosen = title::choose(text, &read.groups);
    let title_span =
        chosen.and_then(|lines| Some(Span { start: lines.first()?.start, end: lines.last()?.end }));
    let title_end = title_span.map_or(0, |span| span.end);
    // Lines below the title, or without any, that only looked like one are words of the document.
    let is_own = |group: &&Vec<Span>| chosen.is_none_or(|chosen| group.starts_with(chosen));
    let own = read.groups.iter().filter(|group| !group.is_empty()).find(is_own);
    let mut below = own.into_iter().flatten().filter(|line| line.start >= title_end);
    let body_start = below.next().map_or(read.body, |line| line.start.min(read.body));
    let title = match chosen {
        Some(lines) => title::join(text, lines),
        None => read.labels.title.take().unwrap_or_default(),
    };
    Head {
        issuers: issuers(&title, &read.labels, &read.offices),
        title,
        title_span,
        number: read.number.or(read.labels.number.take()),
        written_on: read.labels.written_on.or(read.dated).or(read.noted),
        published_on: read.labels.published_on,
        body_start,
    }
}

/// Sorts the lines down to the first word of the document.
fn sort(text: &str, lines: &[Span]) -> Lines {
    let mut read = Lines {
        groups: vec![Vec::new()],
        offices: Vec::new(),
        labels: Labelled::default(),
        number: None,
        dated: None,
        noted: None,
        body: text.len(),
    };
    for (place, line) in lines.iter().enumerate() {
        let words = line.of(text).unwrap_or_default();
        let above = above(words);
        if place == HEAD_LIMIT_LINES || matches!(above, Above::Body) {
            read.body = line.start;
            break;
        }
        let is_office = matches!(above, Above::Office(_));
        if is_office || matches!(above, Above::Title) {
            if is_office || words.starts_with("关于") {
                begin_group(text, &mut read.groups);
            }
            push(&mut read.groups, *line);
        } else {
            read.groups.push(Vec::new());
        }
        match above {
            Above::Labels(found) => read.labels.fill(found),
            Above::Number(number) => read.number = read.number.or(Some(number)),
            Above::Date(date) => read.dated = read.dated.or(Some(date)),
            Above::Note(note) => read.noted = read.noted.or_else(|| first_date(note)),
            Above::Office(name) => read.offices.push(name.to_owned()),
            Above::Furniture | Above::Title | Above::Body => {}
        }
    }
    read
}

fn push(groups: &mut [Vec<Span>], line: Span) {
    if let Some(last) = groups.last_mut() {
        last.push(line);
    }
}

/// A complete title ends where another office or 关于 begins.
fn begin_group(text: &str, groups: &mut Vec<Vec<Span>>) {
    let complete = groups.last().is_some_and(|last| title::is_complete(&title::join(text, last)));
    if complete {
        groups.push(Vec::new());
    }
}

/// The offices named before 关于, or by a label, or on lines of their own.
fn issuers(title: &str, labels: &Labelled, offices: &[String]) -> Vec<String> {
    let named: Vec<&str> = title::before_subject(title).split_whitespace().collect();
    if !named.is_empty() && named.iter().all(|name| is_office(name)) {
        return named.into_iter().map(str::to_owned).collect();
    }
    if !labels.issuers.is_empty() {
        return labels.issuers.clone();
    }
    let mut distinct: Vec<String> = Vec::new();
    for office in offices {
        if !distinct.contains(office) {
            distinct.push(office.clone());
        }
    }
    distinct
}

fn above(line: &str) -> Above<'_> {
    let is_numbered = numbering(line).is_some_and(|numbering| numbering.is_certain);
    if line.chars().take(LINE_LIMIT_CHARS + 1).count() > LINE_LIMIT_CHARS || is_numbered {
        // A page's table of particulars can be one long line.
        return label::labelled(line).filter(|_| !is_numbered).map_or(Above::Body, Above::Labels);
    }
    if let Some(number) = document_number(line) {
        return Above::Number(number);
    }
    if let Some((date, length)) = date_at(line)
        && length == line.len()
    {
        return Above::Date(date);
    }
    if let Some(found) = label::labelled(line) {
        return Above::Labels(found);
    }
    if title::is_complete(line) {
        return Above::Title;
    }
    if FURNITURE.iter().any(|word| line.contains(word)) || !line.chars().any(char::is_alphanumeric)
    {
        return Above::Furniture;
    }
    let noted = ["通过", "公布", "发布", "施行", "修正", "修订", "此件", "批准"];
    if line.starts_with(['(', '（']) && noted.iter().any(|word| line.contains(word)) {
        let is_edition = line.chars().count() <= 12 && !line.contains("此件");
        return if is_edition { Above::Title } else { Above::Note(line) };
    }
    if let Some(office) = line.strip_suffix("文件").map(|name| name.trim_end_matches(is_blank))
        && is_office(office)
    {
        return Above::Office(office);
    }
    if is_office(line) {
        return Above::Office(line);
    }
    let ends = line.contains('。') || line.ends_with(['：', ':', '；', ';']) || is_contents(line);
    if ends { Above::Body } else { Above::Title }
}

/// Whether a line heads a table of contents.
pub(crate) fn is_contents(line: &str) -> bool {
    line.starts_with('目') && line.chars().filter(|c| !is_blank(*c)).eq("目录".chars())
}

/// The 文号 that a line begins with, where nothing else but a name for a signature follows.
pub(crate) fn document_number(line: &str) -> Option<String> {
    let (at, open) = line.char_indices().find(|(_, c)| "〔[［【(（".contains(*c))?;
    let agency: String = line[..at].chars().filter(|c| !is_blank(*c)).collect();
    let rest = &line[at + open.len_utf8()..];
    let year = rest.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    let close = rest[4..].chars().next().filter(|c| "〕]］】)）".contains(*c))?;
    let rest = rest[4 + close.len_utf8()..].trim_start_matches(is_blank);
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let (number, length) = crate::notation::numeral::digits(rest)?;
    let after = rest[length..].trim_start_matches(is_blank).strip_prefix('号')?;
    let chars = agency.chars().count();
    let is_agency = (2..=14).contains(&chars) && agency.chars().all(char::is_alphabetic);
    let alone = after.trim_matches(is_blank);
    let fits = is_agency && (alone.is_empty() || alone.starts_with("签发人"));
    fits.then(|| format!("{agency}〔{year}〕{number}号"))
}

/// The day on a line of its own below the words, or behind the name of an office, with that name.
pub(crate) fn signed(line: &str) -> Option<(Date, &str)> {
    if line.len() > 120 {
        return None;
    }
    if let Some((date, length)) = date_at(line) {
        return (length == line.len()).then_some((date, ""));
    }
    let at = line.find(is_blank)?;
    let (name, rest) = line.split_at(at);
    let rest = trim(rest, Span { start: 0, end: rest.len() }).of(rest).unwrap_or_default();
    let (date, length) = date_at(rest)?;
    (length == rest.len() && is_office(name)).then_some((date, name))
}

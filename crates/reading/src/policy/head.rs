//! What stands above the words of a document: title, number, issuers, dates, and what the page around
//! it adds.

use kechuang_domain::{Date, Span};

use super::date::{date_at, first_date};
use super::issuer::is_office;
use super::label::{self, Labelled};
use super::line::{is_blank, trim};
use super::numbering::numbering;
use super::title;

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

/// Reads the head of `text`, whose lines are `lines`.
pub(crate) fn head(text: &str, lines: &[Span]) -> Head {
    let mut head = Head::default();
    let mut labels = Labelled::default();
    let mut groups: Vec<Vec<Span>> = vec![Vec::new()];
    let mut offices = Vec::new();
    let mut noted = None;
    let mut body = text.len();
    for (place, line) in lines.iter().enumerate() {
        if place == HEAD_LIMIT_LINES {
            body = line.start;
            break;
        }
        let words = line.of(text).unwrap_or_default();
        let mut ends_group = true;
        match above(words) {
            Above::Furniture => {}
            Above::Labels(found) => labels.fill(found),
            Above::Number(number) => head.number = head.number.or(Some(number)),
            Above::Date(date) => head.written_on = head.written_on.or(Some(date)),
            Above::Note(note) => noted = noted.or_else(|| first_date(note)),
            Above::Office(name) => {
                offices.push(name.to_owned());
                begin_group(text, &mut groups);
                push(&mut groups, *line);
                ends_group = false;
            }
            Above::Title => {
                if words.starts_with("关于") {
                    begin_group(text, &mut groups);
                }
                push(&mut groups, *line);
                ends_group = false;
            }
            Above::Body => {
                body = line.start;
                break;
            }
        }
        if ends_group {
            groups.push(Vec::new());
        }
    }
    let chosen = title::choose(text, &groups);
    let mut title_end = 0;
    if let Some(lines) = chosen
        && let (Some(first), Some(last)) = (lines.first(), lines.last())
    {
        head.title = title::join(text, lines);
        head.title_span = Some(Span { start: first.start, end: last.end });
        title_end = last.end;
    }
    // Lines below the title, or without any, that only looked like one are words of the document.
    let is_own = |group: &&Vec<Span>| chosen.is_none_or(|chosen| group.starts_with(chosen));
    let own = groups.iter().filter(|group| !group.is_empty()).find(is_own);
    let mut below = own.into_iter().flatten().filter(|line| line.start >= title_end);
    body = below.next().map_or(body, |line| line.start.min(body));
    head.body_start = body;
    if head.title.is_empty() {
        head.title = labels.title.take().unwrap_or_default();
    }
    head.number = head.number.or(labels.number.take());
    head.written_on = labels.written_on.or(head.written_on).or(noted);
    head.published_on = labels.published_on;
    head.issuers = issuers(&head.title, &labels, &offices);
    head
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
    let before = ["关于", "印发", "转发"].iter().find_map(|word| title.split_once(word));
    let before = before.map_or("", |(before, _)| before);
    let named: Vec<&str> = before.split_whitespace().collect();
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
    let (number, length) = super::numeral::digits(rest)?;
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

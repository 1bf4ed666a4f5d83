//! A title over several lines.

use kechuang_domain::Span;

use super::issuer::is_office;
use crate::notation::line::is_blank;

/// How titles of documents end, after brackets such as (试行).
const ENDINGS: &[&str] = &[
    "通知",
    "意见",
    "办法",
    "方案",
    "规定",
    "细则",
    "措施",
    "条例",
    "规划",
    "计划",
    "决定",
    "公告",
    "通告",
    "规则",
    "指南",
    "政策",
    "批复",
    "要点",
    "法",
    "若干规定",
    "决议",
    "章程",
    "清单",
    "公报",
    "通报",
    "函",
    "指引",
    "标准",
    "制度",
    "目录",
    "十条",
];

/// A line without such an ending is taken for a title up to this length, in characters.
const BARE_LIMIT_CHARS: usize = 50;
/// A title has no more lines.
const LINE_LIMIT: usize = 8;

/// Whether `title` reads like a whole title.
pub(crate) fn is_complete(title: &str) -> bool {
    let mut bare = title.trim_end_matches(is_blank);
    if bare.chars().take(5).count() < 5 {
        return false;
    }
    while let Some(inner) = bare.strip_suffix([')', '）'])
        && let Some(open) = inner.rfind(['(', '（'])
    {
        bare = inner[..open].trim_end_matches(is_blank);
    }
    let closed =
        |open: char, close: char| title.matches(open).count() <= title.matches(close).count();
    let balanced = closed('《', '》') && closed('“', '”') && closed('（', '）');
    // 关于印发《…办法》的通知 is a notice; its line may break after 办法.
    let ending = ENDINGS.iter().any(|ending| bare.ends_with(ending));
    let notice =
        !title.contains("印发") || ["通知", "函", "公告"].iter().any(|end| bare.ends_with(end));
    balanced && ending && notice && !bare.contains('。')
}

/// The lines that are the title: the last whole one with 关于, then the last whole one, then the first
/// short line that is no sentence and no office.
pub(crate) fn choose<'a>(text: &str, groups: &'a [Vec<Span>]) -> Option<&'a [Span]> {
    let whole: Vec<(String, &[Span])> =
        groups.iter().filter_map(|group| longest_whole(text, group)).collect();
    let about = whole.iter().rev().find(|(title, _)| title.contains("关于"));
    let chosen = about.or_else(|| whole.last()).map(|(_, lines)| *lines);
    chosen.or_else(|| {
        let bare = groups.iter().flat_map(|group| group.chunks(1));
        bare.into_iter().find(|line| is_bare(&join(text, line)))
    })
}

/// The most lines of a group, from its first on, that read like a whole title.
fn longest_whole<'a>(text: &str, group: &'a [Span]) -> Option<(String, &'a [Span])> {
    (1..=group.len().min(LINE_LIMIT)).rev().find_map(|count| {
        let lines = &group[..count];
        let title = join(text, lines);
        is_complete(&title).then_some((title, lines))
    })
}

fn is_bare(title: &str) -> bool {
    let chars = title.chars().take(BARE_LIMIT_CHARS + 1).count();
    (3..=BARE_LIMIT_CHARS).contains(&chars)
        && !title.contains(['，', ',', '。', '；', '：', ':'])
        && !is_office(title)
}

/// The lines as one: breaks and blanks go, but for those between two offices and between two words in
/// Latin letters.
pub(crate) fn join(text: &str, lines: &[Span]) -> String {
    let mut joined = String::new();
    let mut last = "";
    for line in lines {
        for piece in line.of(text).unwrap_or_default().split(is_blank) {
            if piece.is_empty() {
                continue;
            }
            let latin = joined.ends_with(|c: char| c.is_ascii_alphanumeric())
                && piece.starts_with(|c: char| c.is_ascii_alphanumeric());
            let offices = is_office(last) && is_office_first(piece);
            if latin || offices {
                joined.push(' ');
            }
            joined.push_str(piece);
            last = piece;
        }
    }
    joined
}

/// Whether `piece` is an office, or begins with one that 关于 follows.
fn is_office_first(piece: &str) -> bool {
    is_office(before_subject(piece))
}

/// What stands before 关于, 印发 or 转发; all of it where none of these comes.
pub(crate) fn before_subject(title: &str) -> &str {
    let words = ["关于", "印发", "转发"];
    let end = words.iter().filter_map(|word| title.find(word)).min();
    &title[..end.unwrap_or(title.len())]
}

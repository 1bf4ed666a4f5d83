//! When one can apply.

use kechuang_domain::{Date, Span};

use crate::notation::date::{Written, dates, second_at};
use crate::notation::line::is_blank;

/// Words of a sentence that speaks of applying.
const CUES: &[&str] = &["申报", "申请", "受理", "报送", "提交", "征集", "截止", "报名", "申领"];

/// First and last day to apply, and the words that say it without a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
    /// A time that comes every year: 每年3月1日至4月30日.
    pub(crate) yearly: Option<Span>,
}

/// Reads the window of a sentence.
pub(crate) fn window(sentence: &str) -> Window {
    let mut window = Window::default();
    if !CUES.iter().any(|cue| sentence.contains(cue)) {
        return window;
    }
    let mut next = 0;
    for (at, first) in dates(sentence) {
        if at < next {
            continue;
        }
        let end = at + first.length + time(&sentence[at + first.length..]);
        if let Some((second, length)) = second(&sentence[end..]) {
            next = end + length;
            keep_range(sentence, at, next, first, second, &mut window);
            continue;
        }
        let after = sentence[end..].trim_start_matches([' ', '(', '（']);
        let before = sentence[..at].trim_end_matches([' ', '：', ':', '为', '是', '于', '在']);
        let closes = ["前", "之前", "以前", "截止", "止"].iter().any(|end| after.starts_with(end))
            || ["截止", "截止时间", "截止日期", "截至", "截止到"]
                .iter()
                .any(|end| before.ends_with(end));
        let opens = after.starts_with("起") || after.starts_with("开始");
        match first.date(None) {
            Some(date) if closes => window.until = window.until.or(Some(date)),
            Some(date) if opens => window.from = window.from.or(Some(date)),
            None if first.year.is_none() && (closes || opens) => {
                let start = yearly_start(sentence, at);
                window.yearly = window.yearly.or(Some(Span { start, end }));
            }
            _ => {}
        }
    }
    window
}

fn keep_range(
    sentence: &str,
    at: usize,
    end: usize,
    first: Written,
    second: Written,
    window: &mut Window,
) {
    match (first.date(None), second.date(Some(first))) {
        (Some(from), Some(until)) if from <= until && window.from.is_none() => {
            (window.from, window.until) = (Some(from), Some(until));
        }
        (None, None) => {
            let start = yearly_start(sentence, at);
            window.yearly = window.yearly.or(Some(Span { start, end }));
        }
        _ => {}
    }
}

/// The second day of a range behind 至, with the length up to its end.
fn second(text: &str) -> Option<(Written, usize)> {
    let rest = text.trim_start_matches(is_blank);
    let marks = ["起至", "开始至", "至", "到", "——", "—", "--", "-", "–", "~", "～", "－"];
    let after = marks.iter().find_map(|mark| rest.strip_prefix(mark))?.trim_start_matches(is_blank);
    let second = second_at(after)?;
    Some((second, text.len() - after.len() + second.length))
}

/// The length of the time of day that `text` begins with: 8:00, 17时.
fn time(text: &str) -> usize {
    let rest = text.trim_start_matches(' ');
    let Some((_, hour)) = crate::notation::numeral::digits(rest) else { return 0 };
    let after = &rest[hour..];
    let Some(minutes) = after.strip_prefix([':', '：', '时', '点']) else { return 0 };
    let minute = crate::notation::numeral::digits(minutes).map_or(0, |(_, length)| length);
    text.len() - minutes.len() + minute
}

/// Where 每年 before a day begins, if it stands there.
fn yearly_start(sentence: &str, at: usize) -> usize {
    let before = sentence[..at].trim_end_matches(is_blank);
    before.strip_suffix("每年").map_or(at, str::len)
}

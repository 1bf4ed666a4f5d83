//! Until when a demand must be solved, and in which year an achievement was completed.

use std::ops::Range;

use chrono::Datelike;
use kechuang_domain::{Date, Fact};

use super::{
    ReadField, Said,
    passage::{Passage, Piece},
};
use crate::notation::{date::written_at, numeral::number};

/// Words that make a day the end, behind it.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "前", "之前", "以前", "止", "完成", "建成", "投产", "上路", "交样", "出具", "结束", "交工", "交付", "验收",
    "装上", "跑起来", "要结果", "见", "投运", "到位", "内", "要", "上线", "落地", "定型", "通过", "拿出", "解决",
    "达到", "实现", "运行", "供货", "截止", "为止", "到期", "收尾", "做完", "送样", "停炉", "完工", "试产", "必须",
    "量产", "拿到", "弄完", "弄好", "弄", "装好", "交给", "能出",
];
/// Words before it that do.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "至", "到", "力争", "希望", "最好", "须", "应于", "计划", "预计", "最迟", "最晚", "不晚于", "截至", "截止",
    "争取", "要求", "赶在", "必须", "确保", "务必", "要在",
];
/// Words around a day by which it is another.
#[rustfmt::skip]
const OTHER: &[&str] = &[
    "成立", "已于", "曾", "购置", "上的", "送达", "征集", "申报", "年产", "会议", "开始", "起至", "启动", "采购",
    "新增", "建于", "开工", "第一次", "去年", "上年", "报名", "投标", "揭榜截止", "公示", "发布", "调研", "走访",
    "来访", "停产", "实缴", "签订", "立项", "到货", "融资",
];

/// Words behind a year in which an achievement was completed.
#[rustfmt::skip]
const COMPLETES: &[&str] = &[
    "结的题", "完成", "结题", "验收", "通过", "鉴定", "结项", "研制成功", "评价",
];
/// Words by which the year is of something else.
#[rustfmt::skip]
const NOT_COMPLETED: &[&str] = &[
    "立项", "成立", "专利", "计划", "拟", "注册", "申请", "到货", "起", "预计", "将", "下一", "购", "启动", "开始",
    "设想", "授权", "订单", "下一代",
];

/// A period's last day, at its place.
struct Ending {
    day: Date,
    at: Range<usize>,
}

/// 完成时限: of its label the last day; else the last of the days that the text calls an end.
pub(super) fn deadline(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Deadline);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        let ending = endings(passage.text).into_iter().max_by_key(|ending| ending.day)?;
        Some(Said::of_line(field, ending.day.to_string(), passage))
    });
    labelled.or_else(|| {
        let open = passages.iter().filter(|passage| passage.is_open() && !passage.is_background());
        let stated = open
            .flat_map(Passage::sentences)
            .flat_map(|sentence| ends(sentence).map(move |day| (day, sentence)));
        let (day, sentence) = stated.max_by_key(|(day, _)| *day)?;
        Some(Said::of_piece(field, day.to_string(), sentence))
    })
}

/// Every day that a text states, a period by its last.
pub(super) fn stated_days(text: &str) -> Vec<String> {
    endings(text).into_iter().map(|ending| ending.day.to_string()).collect()
}

/// Every year that a text states.
pub(super) fn stated_years(text: &str) -> Vec<String> {
    let of_days = endings(text).into_iter().map(|ending| ending.day.year());
    let years = years(text).into_iter().map(|(year, _)| year);
    of_days.chain(years).map(|year| year.to_string()).collect()
}

/// The days that a sentence calls an end.
fn ends(sentence: Piece<'_>) -> impl Iterator<Item = Date> {
    let text = sentence.text;
    let endings = endings(text);
    let places: Vec<Range<usize>> = endings.iter().map(|ending| ending.at.clone()).collect();
    endings.into_iter().enumerate().filter_map(move |(number, Ending { day, at })| {
        let from = number.checked_sub(1).map_or(0, |before| places[before].end);
        let to = places.get(number + 1).map_or(text.len(), |next| next.start);
        let before = text[from..at.start].rsplit(['，', ',']).next().unwrap_or_default();
        // 中旬（即5月20日）以前.
        let behind = without_bracket(&text[at.end..to])
            .split(['，', ',', '；', ' '])
            .next()
            .unwrap_or_default();
        let is_end = ENDS.iter().any(|word| behind.contains(word))
            || LEADS.iter().any(|word| before.ends_with(word))
            || text[..at.end].ends_with(['前', '底', '末']) && before.is_empty();
        let is_other = OTHER.iter().any(|word| before.contains(word) || behind.contains(word));
        (is_end && !is_other).then_some(day)
    })
}

/// What follows a bracket that `text` begins with.
fn without_bracket(text: &str) -> &str {
    let inside = text.strip_prefix(['（', '(']);
    inside.and_then(|inside| inside.split_once(['）', ')'])).map_or(text, |(_, behind)| behind)
}

/// The days and periods in `text`, each by its last day.
fn endings(text: &str) -> Vec<Ending> {
    let mut found = Vec::new();
    let mut next = 0;
    for (at, c) in text.char_indices() {
        let is_number =
            c.is_ascii_digit() || c.is_numeric() || "零〇一二三四五六七八九十".contains(c);
        if at < next || !is_number {
            continue;
        }
        if let Some((day, length)) = ending_at(&text[at..]) {
            found.push(Ending { day, at: at..at + length });
            next = at + length;
        } else {
            let run = text[at..].find(|c: char| !c.is_numeric()).unwrap_or(text.len() - at);
            next = at + run.max(c.len_utf8());
        }
    }
    found
}

/// The day or period that `text` begins with, by its last day: 2027年6月底 is 2027-06-30, 2027年第三季度 2027-09-30.
fn ending_at(text: &str) -> Option<(Date, usize)> {
    if let Some(written) = written_at(text) {
        return Some((written.date(None)?, written.length));
    }
    let (year, length) = number(text)?;
    let year = i32::try_from(year).ok().filter(|year| (1949..=2100).contains(year))?;
    let rest = text[length..].trim_start_matches(' ');
    if let Some(month) = rest.strip_prefix(['-', '.', '/']) {
        let (month, more) =
            number(month).filter(|(month, more)| (1..=12).contains(month) && *more <= 2)?;
        let after = &rest[1 + more..];
        let is_month =
            !after.starts_with(|c: char| c.is_ascii_digit() || c == '%' || c.is_ascii_alphabetic());
        return is_month
            .then(|| (last_day(year, month), text.len() - after.len()))
            .and_then(|(day, length)| Some((day?, length)));
    }
    let rest = rest.strip_prefix('年')?.trim_start_matches(' ');
    let done = |month: u32, day: Option<u32>, rest: &str| {
        let day =
            day.map_or_else(|| last_day(year, month), |day| Date::from_ymd_opt(year, month, day))?;
        Some((day, text.len() - rest.len()))
    };
    if let Some(rest) = rest.strip_prefix("上半年") {
        return done(6, None, rest.trim_start_matches(['末', '底']));
    }
    for name in ["下半年", "年底", "年末", "底", "末", "全年", "内"] {
        if let Some(rest) = rest.strip_prefix(name) {
            return done(12, None, rest);
        }
    }
    let bare = rest.strip_prefix('第').unwrap_or(rest);
    let (value, more) = number(bare)?;
    let after = bare[more..].trim_start_matches(' ');
    if let Some(rest) = after.strip_prefix("季度").or_else(|| after.strip_prefix('季')) {
        let month = (1..=4).contains(&value).then_some(3 * value)?;
        return done(month, None, rest.trim_start_matches(['末', '底']));
    }
    let rest = after
        .strip_prefix("月份")
        .or_else(|| after.strip_prefix('月'))
        .filter(|_| (1..=12).contains(&value))?;
    for (name, day) in [("上旬", 10), ("中旬", 20)] {
        if let Some(rest) = rest.strip_prefix(name) {
            return done(value, Some(day), rest);
        }
    }
    let rest = rest.strip_prefix("下旬").unwrap_or(rest);
    done(value, None, rest.trim_start_matches(['末', '底']))
}

fn last_day(year: i32, month: u32) -> Option<Date> {
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Date::from_ymd_opt(year, month, 1)?.pred_opt()
}

/// 完成年份: of its label, else the year that stands before 完成, 验收 and the like.
pub(super) fn year(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Year);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        let ending = endings(passage.text).into_iter().map(|ending| ending.day.year()).max();
        let bare = || years(passage.text).into_iter().map(|(year, _)| year).max();
        Some(Said::of_line(field, ending.or_else(bare)?.to_string(), passage))
    });
    labelled.or_else(|| {
        let clauses =
            passages.iter().filter(|passage| passage.is_open()).flat_map(Passage::clauses);
        clauses.into_iter().find_map(|clause| {
            let years = years(clause.text);
            let of_year = |number: usize| {
                let (year, at) = &years[number];
                let to = years.get(number + 1).map_or(clause.text.len(), |(_, next)| next.start);
                let behind = &clause.text[at.end..to];
                let is_completed = COMPLETES.iter().any(|word| behind.contains(word))
                    && !NOT_COMPLETED.iter().any(|word| {
                        behind.contains(word) || clause.text[..at.start].ends_with(word)
                    });
                is_completed.then_some(*year)
            };
            let year = (0..years.len()).find_map(of_year)?;
            Some(Said::of_piece(field, year.to_string(), clause))
        })
    })
}

/// The years in `text`: 2024 and 2024年, not the 2024 of a longer number.
fn years(text: &str) -> Vec<(i32, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let end = text[at..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| at + end);
        let year =
            text[at..end].parse().ok().filter(|year| end - at == 4 && (1949..=2100).contains(year));
        let is_year =
            text[end..].starts_with(['年', '-', '.', '/']) || text[end..].is_empty() && at == 0;
        found.extend(year.filter(|_| is_year).map(|year| (year, at..end)));
        from = end;
    }
    found
}

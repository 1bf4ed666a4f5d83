//! From when to when a policy is in force.

use chrono::{Days, Months};
use kechuang_domain::Date;
use kechuang_text::sentences;

use crate::notation::date::{date_at, first_date};
use crate::notation::line::is_blank;
use crate::notation::numeral::number;

/// Words of a sentence that says when something is in force.
const CUES: &[&str] = &["施行", "实施", "执行", "生效", "有效期", "有效至", "试行期"];
/// Words by which a document names itself.
const ITSELF: &[&str] = &[
    "本办法",
    "本法",
    "本条例",
    "本规定",
    "本措施",
    "本方案",
    "本意见",
    "本通知",
    "本细则",
    "本政策",
    "本规则",
    "本决定",
    "本指南",
    "本文件",
    "本计划",
    "有效期",
    "本实施",
    "本若干",
];

/// First and last day in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Force {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// Reads when the document is in force: the last sentence in which it speaks of itself, else the last
/// one that says so of anything.
pub(crate) fn force(text: &str, written: Option<Date>, published: Option<Date>) -> Force {
    let mut spoken = Force::default();
    let mut spoke_of_itself = false;
    for span in sentences(text) {
        let sentence = span.of(text).unwrap_or_default();
        if !CUES.iter().any(|cue| sentence.contains(cue)) || sentence.contains("废止期") {
            continue;
        }
        let itself = ITSELF.iter().any(|name| sentence.contains(name));
        let read = sentence_force(sentence, written, published);
        if (read.from.is_some() || read.until.is_some()) && (itself || !spoke_of_itself) {
            let goes_on = itself == spoke_of_itself && read.from.is_none();
            spoken = if goes_on { Force { from: spoken.from, ..read } } else { read };
            spoke_of_itself = itself;
        }
    }
    spoken
}

fn sentence_force(sentence: &str, written: Option<Date>, published: Option<Date>) -> Force {
    let from = start(sentence, written, published);
    let until = term(sentence, from);
    Force { from, until }
}

/// 自…起施行.
fn start(sentence: &str, written: Option<Date>, published: Option<Date>) -> Option<Date> {
    let begins = ["自", "从", "于"];
    for (at, c) in sentence.char_indices() {
        if !begins.iter().any(|begin| begin.starts_with(c)) {
            continue;
        }
        let rest = sentence[at + c.len_utf8()..].trim_start_matches(is_blank);
        let (base, after) = match date_at(rest) {
            Some((date, length)) => (Some(date), &rest[length..]),
            None => match own_day(rest) {
                Some((is_published, after)) => {
                    let known =
                        if is_published { published.or(written) } else { written.or(published) };
                    (known, after)
                }
                None => continue,
            },
        };
        let after = after.trim_start_matches(['之', '日', ' ']).trim_start_matches('起');
        let phrase = after.split(['，', ',', '。', '；']).next().unwrap_or_default();
        let (days, phrase) = later(phrase);
        let acts = ["施行", "实施", "执行", "生效", "试行", "有效"];
        if acts.iter().any(|act| phrase.contains(act)) {
            return base?.checked_add_days(Days::new(days));
        }
    }
    None
}

/// 发布之日, 印发之日: whether the day of publication is meant, and what follows 之日.
fn own_day(text: &str) -> Option<(bool, &str)> {
    let names = [
        ("发布", true),
        ("公布", true),
        ("颁布", true),
        ("公开发布", true),
        ("印发", false),
        ("发文", false),
    ];
    let (rest, is_published) =
        names.iter().find_map(|(name, published)| Some((text.strip_prefix(name)?, *published)))?;
    Some((is_published, rest.strip_prefix("之日").or_else(|| rest.strip_prefix("日"))?))
}

/// 30日后: how many days later, and what follows.
fn later(phrase: &str) -> (u64, &str) {
    let bare = phrase.trim_start_matches(['满', '第', ' ']);
    let read = number(bare).and_then(|(days, length)| {
        let rest = bare[length..].trim_start_matches(is_blank);
        let rest = ["个自然日后", "日后", "日起", "天后", "日"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark))?;
        // 五年 and 1月 are no days.
        (days <= 366).then_some((u64::from(days), rest))
    });
    read.unwrap_or((0, phrase))
}

/// 有效期3年, 有效期至2028年12月31日, 自…至….
fn term(sentence: &str, from: Option<Date>) -> Option<Date> {
    let cues = [
        "有效期限",
        "有效期",
        "有效至",
        "试行期",
        "执行期",
        "实施期限",
        "施行期限",
        "执行至",
        "有效",
    ];
    let (at, cue) = cues.iter().find_map(|cue| Some((sentence.find(cue)?, *cue)))?;
    let rest = &sentence[at + cue.len()..];
    let phrase = rest.split(['。', '；', '，', ',']).next().unwrap_or_default();
    let phrase =
        phrase.trim_start_matches(['为', '限', '暂', '定', '是', '：', ':', ' ', '\u{a0}']);
    let to = ["至", "到", "—", "-", "~"]
        .iter()
        .filter_map(|mark| Some(phrase.find(mark)? + mark.len()))
        .min();
    if let Some(date) = to.and_then(|to| first_date(&phrase[to..])) {
        return Some(date);
    }
    if cue.ends_with('至') {
        return first_date(phrase);
    }
    let (years, length) = number(phrase)?;
    let rest = phrase[length..].trim_start_matches([' ', '个']);
    let months = match rest.chars().next()? {
        '年' if years <= 100 => years * 12,
        '月' if years <= 600 => years,
        _ => return None,
    };
    from?.checked_add_months(Months::new(months))?.pred_opt()
}

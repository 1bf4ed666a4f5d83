//! The conditions of a policy, one by one, as its text states them.

use kechuang_domain::{
    Content, Quote, Span, TextField, Viewer,
    fact::{AUDIENCES, FIRM_SIZES},
};
use kechuang_text::sentences;

/// Words that tie a policy to a place.
const PLACES: &[&str] = &[
    "本市", "本省", "本县", "本区", "我市", "我省", "我县", "省内", "市内", "县内", "县域", "全市",
    "全省",
];

/// Words for sizes of firms and the sizes they mean.
const SIZE_WORDS: &[(&str, &[&str])] = &[
    ("大中小企业", &["大型", "中型", "小型", "微型"]),
    ("大中型企业", &["大型", "中型"]),
    ("中小型企业", &["中型", "小型"]),
    ("中小微企业", &["中型", "小型", "微型"]),
    ("中小企业", &["中型", "小型", "微型"]),
    ("小微企业", &["小型", "微型"]),
];

/// A condition in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The words.
    pub quote: Quote,
    /// Whether it names a place.
    pub is_of_place: bool,
    /// Kinds of organisations it names, of [`AUDIENCES`].
    pub audiences: Vec<String>,
    /// Sizes of firms it names, of [`FIRM_SIZES`].
    pub sizes: Vec<String>,
    /// Whether it says more than these, so that a person has to look.
    pub says_more: bool,
}

/// The conditions that `viewer` may see, in order.
#[must_use]
pub fn conditions(policy: &Content, viewer: Viewer) -> Vec<Condition> {
    let field = TextField::Conditions;
    let Some(text) = policy.text_for(viewer, field) else { return Vec::new() };
    sentences(text)
        .into_iter()
        .filter_map(|span| {
            let words = span.of(text)?;
            let kept = words.trim_end_matches(['；', ';', '。', '，', ',']);
            let span = Span { start: span.start, end: span.start + kept.len() };
            Some(read(Quote::cut(field, text, span)?))
        })
        .collect()
}

fn read(quote: Quote) -> Condition {
    let words = quote.text();
    let is_of_place = PLACES.iter().any(|place| words.contains(place));
    let is_limit = !NO_LIMIT.iter().any(|word| words.contains(word));
    let audiences = if is_limit { audiences(words) } else { Vec::new() };
    let sizes = if is_limit { sizes(words) } else { Vec::new() };
    let is_plain = is_limit
        && words.chars().count() <= PLAIN_CHARS
        && !words.contains(['、', '，', ','])
        && !words.contains("满")
        && !words.chars().any(|c| c.is_ascii_digit());
    let is_read = is_of_place || !audiences.is_empty() || !sizes.is_empty();
    Condition { is_of_place, audiences, sizes, says_more: !(is_read && is_plain), quote }
}

/// Kinds of organisations that are named. 企业 stands in every condition and says something only beside
/// another kind.
fn audiences(words: &str) -> Vec<String> {
    let others = AUDIENCES.iter().filter(|audience| **audience != "企业");
    let others: Vec<&str> = others.filter(|audience| words.contains(**audience)).copied().collect();
    let rest = others.iter().fold(words.to_owned(), |rest, other| rest.replace(other, ""));
    let firms = (!others.is_empty() && rest.contains("企业")).then_some("企业");
    others.into_iter().chain(firms).map(str::to_owned).collect()
}

/// Sizes of firms that are named: 大型、中型企业 are two.
fn sizes(words: &str) -> Vec<String> {
    // 科技型中小企业 is a kind of firm and no size.
    let without = words.replace("科技型中小企业", "");
    let meant = |size: &str| {
        let by_group =
            SIZE_WORDS.iter().any(|(word, sizes)| without.contains(word) && sizes.contains(&size));
        let by_itself = without.contains(&format!("{size}企业"));
        let by_list = without.contains("型企业") && without.contains(&format!("{size}、"));
        by_group || by_itself || by_list
    };
    FIRM_SIZES.iter().filter(|size| meant(size)).map(|size| (*size).to_owned()).collect()
}

/// Words after which what is named is no limit, or the other side of one.
const NO_LIMIT: &[&str] = &["除外", "不含", "不包括", "优先", "均可", "不限"];

/// A condition that is read and no longer than this says nothing else.
const PLAIN_CHARS: usize = 16;

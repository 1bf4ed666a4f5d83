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

/// Words for sizes of firms and the sizes they mean, the longest first.
const SIZE_WORDS: &[(&str, &[&str])] = &[
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
    let named = |options: &[&str]| -> Vec<String> {
        let named = options.iter().filter(|option| words.contains(**option));
        named.map(|option| (*option).to_owned()).collect()
    };
    // 企业 stands in every condition and says nothing there.
    let mut audiences = named(AUDIENCES);
    audiences.retain(|audience| audience != "企业");
    // 科技型中小企业 is a kind of firm and no size.
    let without = words.replace("科技型中小企业", "");
    let said = SIZE_WORDS.iter().find(|(word, _)| without.contains(word));
    let sizes: Vec<String> = match said {
        Some((_, sizes)) => sizes.iter().map(|size| (*size).to_owned()).collect(),
        None => FIRM_SIZES
            .iter()
            .filter(|size| without.contains(&format!("{size}企业")))
            .map(|size| (*size).to_owned())
            .collect(),
    };
    let is_plain = words.chars().count() <= PLAIN_CHARS
        && !words.contains(['、', '，', ','])
        && !words.contains("满")
        && !words.chars().any(|c| c.is_ascii_digit());
    let is_read = is_of_place || !audiences.is_empty() || !sizes.is_empty();
    Condition { is_of_place, audiences, sizes, says_more: !(is_read && is_plain), quote }
}

/// A condition that is read and no longer than this says nothing else.
const PLAIN_CHARS: usize = 16;

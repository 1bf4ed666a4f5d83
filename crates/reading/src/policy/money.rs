//! Support and the most that it grants.

use kechuang_domain::{Money, fact::SUPPORT_KINDS};

use super::words::{Cue, Found};
use crate::notation::{
    amount::{Amount, WRITTEN, amounts},
    line::{is_blank, parts_phrases},
};

/// An amount that is written in 元 and lower says what one piece gets.
const LEAST_WAN: f64 = 0.1;

/// The ways to support that a sentence speaks of, in the order of `SUPPORT_KINDS`.
pub(crate) fn supports(words: &[Found]) -> Vec<&'static str> {
    if words.iter().any(|word| word.has(Cue::Against)) {
        return Vec::new();
    }
    let spoken = |kind: &'static str| words.iter().any(|word| word.has(Cue::Support(kind)));
    SUPPORT_KINDS.iter().copied().filter(|kind| spoken(kind)).collect()
}

/// The largest amount that a sentence grants at most.
pub(crate) fn cap(sentence: &str, words: &[Found]) -> Option<Money> {
    let grants = words.iter().any(|word| word.has(Cue::Gives) || word.has(Cue::Favours));
    if !grants || words.iter().any(|word| word.has(Cue::Against)) {
        return None;
    }
    let amounts = amounts(sentence, WRITTEN, LEAST_WAN);
    let granted = amounts.iter().filter(|amount| is_granted(amount, sentence, words));
    granted.map(|amount| amount.money).max()
}

/// Whether a sentence grants this amount.
fn is_granted(amount: &Amount, sentence: &str, words: &[Found]) -> bool {
    let after = sentence[amount.end..].trim_start_matches(is_blank);
    let after = after.strip_prefix("人民币").unwrap_or(after);
    let bare = after.trim_start_matches("（含）").trim_start_matches("(含)");
    let bounds = ["以上", "及以上", "以下", "至", "—", "-", "/", "(含)以上"];
    if bounds.iter().any(|bound| bare.starts_with(bound)) {
        return false;
    }
    let floors = ["不低于", "不少于", "达到", "突破"];
    let stated = sentence[..amount.start].trim_end_matches(is_blank);
    if floors.iter().any(|floor| stated.ends_with(floor)) {
        return false;
    }
    if bare.starts_with("以内") || follows_grant(bare) {
        return true;
    }
    let phrase = sentence[..amount.start].rfind(parts_phrases).unwrap_or(0);
    let tells = [Cue::AtMost, Cue::Threshold, Cue::Gives];
    let mut before = words
        .iter()
        .rev()
        .filter(|word| word.end <= amount.start && tells.iter().any(|cue| word.has(*cue)));
    let Some(word) = before.next().filter(|word| word.start >= phrase) else { return false };
    let per_piece =
        ["每平方米", "每吨", "每月", "每千瓦", "每亩", "每台", "每公里", "每千瓦时", "每公斤"];
    if per_piece.iter().any(|piece| sentence[phrase..amount.start].contains(piece)) {
        return false;
    }
    if word.has(Cue::AtMost) {
        // 注册资金不高于2000万元 is a bound of something else.
        let of = before.next().filter(|of| of.has(Cue::Threshold) && of.start >= phrase);
        return of.is_none_or(|of| word.start > of.end);
    }
    word.has(Cue::Gives)
}

/// Whether an amount is at once called a grant: 50万元奖励, 50万元的一次性补助.
fn follows_grant(after: &str) -> bool {
    let bare = after.trim_start_matches(['的', ' ']).trim_start_matches("一次性");
    let bare = bare.trim_start_matches("标准").trim_start_matches("给予");
    let grants = [
        "一次性",
        "奖励",
        "补助",
        "补贴",
        "资助",
        "奖补",
        "奖金",
        "资金支持",
        "资金补助",
        "资金补贴",
        "经费支持",
    ];
    grants.iter().any(|grant| bare.starts_with(grant))
}

//! The gist of an explanation in Chinese, put together from the evidence only.

use kechuang_domain::{Evidence, Fulfilment, IndicatorCheck, Need};

/// Words named in the sentence, at most.
const WORDS_NAMED: usize = 5;

/// What supports the match, what is missing, and which figures are reached.
#[must_use]
pub fn summarise(
    needs: &[Need],
    evidence: &[Evidence],
    gaps: &[usize],
    indicators: &[IndicatorCheck],
) -> String {
    if needs.is_empty() {
        return "需求未写明具体要求，仅按字词相近排列。".to_owned();
    }
    let (by_words, by_meaning): (Vec<&Evidence>, Vec<&Evidence>) =
        evidence.iter().partition(|evidence| evidence.cosine.is_none());
    let mut words: Vec<&str> = Vec::new();
    for word in by_words.iter().flat_map(|evidence| &evidence.shared) {
        if !words.contains(&word.as_str()) && words.len() < WORDS_NAMED {
            words.push(word);
        }
    }
    let mut parts = Vec::new();
    if !by_words.is_empty() {
        parts.push(format!("谈到 {} 项（{}）", by_words.len(), words.join("、")));
    }
    if !by_meaning.is_empty() {
        parts.push(format!("有 {} 项语义相近的说法", by_meaning.len()));
    }
    let mut sentence = if parts.is_empty() {
        format!("{} 项要求都未谈到", needs.len())
    } else {
        format!("{} 项要求中{}", needs.len(), parts.join("，"))
    };
    if !parts.is_empty() && !gaps.is_empty() {
        sentence.push_str(&format!("，其余 {} 项未谈到", gaps.len()));
    }
    sentence.push('。');
    sentence.push_str(&figures(indicators));
    sentence
}

/// Which of the figures are reached; nothing where the record says nothing of any.
fn figures(indicators: &[IndicatorCheck]) -> String {
    let count = |told| indicators.iter().filter(|check| check.fulfilment == told).count();
    let (met, unmet) = (count(Fulfilment::Met), count(Fulfilment::Unmet));
    if met + unmet == 0 {
        return String::new();
    }
    let open = match count(Fulfilment::Unknown) {
        0 => String::new(),
        open => format!("，{open} 项按原文无法判断"),
    };
    format!("{} 项指标中达到 {met} 项，未达到 {unmet} 项{open}。", indicators.len())
}

//! The gist of an explanation in Chinese, put together from the evidence only.

use kechuang_domain::{Fulfilment, IndicatorCheck, Need};

use crate::evidence::Support;

/// Words named in the sentence, at most.
const WORDS_NAMED: usize = 5;

/// What supports the match, what is missing, and which figures are reached.
#[must_use]
pub fn summarise(needs: &[Need], support: &Support, indicators: &[IndicatorCheck]) -> String {
    if needs.is_empty() {
        return "需求未写明具体要求，仅按字词相近排列。".to_owned();
    }
    let mut words: Vec<&str> = Vec::new();
    for evidence in &support.evidence {
        for word in &evidence.shared {
            if !words.contains(&word.as_str()) && words.len() < WORDS_NAMED {
                words.push(word);
            }
        }
    }
    let supported = support.evidence.len();
    let mut sentence = if supported == 0 {
        format!("{} 项要求都未谈到", needs.len())
    } else {
        format!("{} 项要求中谈到 {supported} 项（{}）", needs.len(), words.join("、"))
    };
    if supported > 0 && !support.gaps.is_empty() {
        sentence.push_str(&format!("，其余 {} 项未谈到", support.gaps.len()));
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

//! The gist of an explanation in one Chinese sentence, put together from the evidence only.

use kechuang_domain::Need;

use crate::evidence::Support;

/// Words named in the sentence, at most.
const WORDS_NAMED: usize = 5;

/// One sentence on what supports the match and what is missing.
#[must_use]
pub fn summarise(needs: &[Need], support: &Support) -> String {
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
    sentence
}

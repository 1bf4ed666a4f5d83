//! The single clauses of a part: numbered items, sentences, and phrases with an indicator of their own.

use kechuang_domain::Span;
use kechuang_text::{Lexicon, indicators, sentences};

use crate::heading::{Part, numbering};

/// A need with fewer characters says nothing.
const SHORTEST_CHARS: usize = 4;
/// A need is cut at so many characters: what asks for more asks for several things.
const LONGEST_CHARS: usize = 120;

/// Words that show a clause to speak of the firm, not of what it needs.
const ABOUT_THE_FIRM: &[&str] = &[
    "成立于",
    "注册资本",
    "主营",
    "主要从事",
    "占地面积",
    "现有员工",
    "年产值",
    "高新技术企业",
    "位于",
    "销售收入",
    "发明专利",
    "我公司是",
    "本公司是",
    "我司是",
];

/// Words of a sentence that asks for something.
const ASKING: &[&str] = &[
    "希望", "要求", "需要", "急需", "亟需", "寻求", "寻找", "征集", "拟", "解决", "攻克", "实现",
    "开发", "研制", "研发", "应", "须",
];

/// The clauses of a part, in order.
pub(crate) fn clauses(lexicon: &Lexicon, text: &str, part: &Part) -> Vec<Span> {
    let Some(words) = part.span.of(text) else { return Vec::new() };
    let mut found = Vec::new();
    let items = items(words);
    // Where what is needed stands in a numbered list, what leads up to it tells how things are.
    let has_list = items.len() > 2;
    for (place, item) in items.into_iter().enumerate() {
        let Some(piece) = item.of(words) else { continue };
        let tells = has_list && place == 0 && numbering(piece) == 0;
        for sentence in sentences(piece) {
            let sentence = sentence.shifted(item.start);
            let said = sentence.of(words).unwrap_or_default();
            let has = |cues: &[&str]| cues.iter().any(|cue| said.contains(cue));
            if has(ABOUT_THE_FIRM) || tells && !has(ASKING) {
                continue;
            }
            for phrase in phrases(lexicon, said) {
                found.extend(trim(words, phrase.shifted(sentence.start)));
            }
        }
    }
    found.into_iter().map(|span| span.shifted(part.span.start)).collect()
}

/// The first sentence of a text, without numbering and marks unless these are all that it says.
pub(crate) fn first(text: &str) -> Span {
    let sentence = sentences(text).into_iter().next();
    let says_something =
        |span: &Span| span.of(text).is_some_and(|words| words.chars().any(char::is_alphanumeric));
    let trimmed = sentence.and_then(|sentence| trim(text, sentence));
    let whole = Span { start: 0, end: text.len() };
    trimmed.map_or(whole, |span| if says_something(&span) { span } else { whole })
}

/// Cuts before every numbering that follows a mark or begins a line.
fn items(words: &str) -> Vec<Span> {
    let mut cuts = vec![0];
    let mut after_mark = true;
    for (at, c) in words.char_indices() {
        if after_mark && at > 0 && numbering(&words[at..]) > 0 {
            cuts.push(at);
        }
        after_mark = c.is_whitespace() || "。；;，,：:！？".contains(c);
        // ① needs no mark before it.
        after_mark |= words[at + c.len_utf8()..].starts_with(|c: char| ('①'..='⑳').contains(&c));
    }
    cuts.push(words.len());
    cuts.windows(2).map(|pair| Span { start: pair[0], end: pair[1] }).collect()
}

/// A sentence with several indicators is cut at the commas between them; a phrase without one stays
/// with the phrase before it.
fn phrases(lexicon: &Lexicon, sentence: &str) -> Vec<Span> {
    let found = indicators(lexicon, sentence);
    let mut cuts = vec![0];
    for pair in found.windows(2) {
        let between = pair[0].span.end..pair[1].span.start.max(pair[0].span.end);
        let comma = sentence[between.clone()].rfind(['，', ',', '、']);
        if let Some(comma) = comma {
            let at = between.start + comma;
            let mark = sentence[at..].chars().next().map_or(0, char::len_utf8);
            cuts.push(at + mark);
        }
    }
    // What leads up to the first indicator is a need of its own where it is a clause.
    if let Some(first) = found.first()
        && let Some(comma) = sentence[..first.span.start].rfind(['，', ','])
        && sentence[..comma].chars().count() >= 2 * SHORTEST_CHARS
    {
        let mark = sentence[comma..].chars().next().map_or(0, char::len_utf8);
        cuts.push(comma + mark);
        cuts.sort_unstable();
    }
    cuts.push(sentence.len());
    cuts.dedup();
    cuts.windows(2).map(|pair| Span { start: pair[0], end: pair[1] }).collect()
}

/// A piece without numbering, blanks and marks at its ends; `None` where too little is left.
fn trim(words: &str, span: Span) -> Option<Span> {
    let marks = |c: char| c.is_whitespace() || "，。；、：,;:.！？!?·•-".contains(c);
    let piece = span.of(words)?;
    let mut rest = piece.trim_start_matches(marks);
    loop {
        let length = numbering(rest);
        if length == 0 {
            break;
        }
        rest = rest[length..].trim_start_matches(marks);
    }
    let start = span.start + piece.len() - rest.len();
    let mut kept = rest.trim_end_matches(marks);
    if let Some((cut, _)) = kept.char_indices().nth(LONGEST_CHARS) {
        kept = kept[..cut].trim_end_matches(marks);
    }
    (kept.chars().take(SHORTEST_CHARS).count() == SHORTEST_CHARS)
        .then_some(Span { start, end: start + kept.len() })
}

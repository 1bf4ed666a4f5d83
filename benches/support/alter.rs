//! Altered copies of a text, as people and scanners make them.

use std::collections::BTreeMap;

use anyhow::Result;
use kechuang_text::{Lexicon, analyse};

use crate::data::unpacked;

/// Part of the content words that a paraphrase replaces.
const WORDS_REPLACED: f64 = 0.3;

/// Connectives and the like, each with another wording.
const CONNECTIVES: [(&str, &str); 16] = [
    ("通过", "经由"),
    ("因此", "所以"),
    ("利用", "借助"),
    ("以及", "和"),
    ("并且", "同时"),
    ("但是", "然而"),
    ("由于", "因为"),
    ("为了", "为"),
    ("其中", "这里面"),
    ("进行", "开展"),
    ("结果表明", "结果显示"),
    ("本文", "该文"),
    ("首先", "第一步"),
    ("此外", "另外"),
    ("采用", "使用"),
    ("与", "和"),
];

/// Characters that are misread for each other.
const LOOK_ALIKES: [&str; 22] = [
    "日曰目",
    "未末",
    "己已巳",
    "0OoD",
    "1lI",
    "人入八",
    "大太犬",
    "士土",
    "干千于",
    "天夫",
    "王玉主",
    "治冶",
    "侯候",
    "析折",
    "拔拨",
    "氢氧氮",
    "间问",
    "体休",
    "5S",
    "8B",
    "晴睛",
    "贝见",
];

/// A source of numbers that are the same for the same seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// For a seed and a name within it.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        let hash = name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including 1.
    pub fn part(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below a limit above 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Words with others of the same meaning: the lexicon's own groups and those of Cilin, which lies
/// outside the repository.
#[derive(Debug)]
pub struct Synonyms(BTreeMap<String, Vec<String>>);

impl Synonyms {
    /// Reads both.
    ///
    /// # Errors
    /// Where Cilin is missing.
    pub fn read() -> Result<Self> {
        let mut groups: Vec<Vec<String>> = include_str!("../../data/lexicon/synonyms.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split_whitespace().map(str::to_owned).collect())
            .collect();
        for row in unpacked("corpora/cilin.jsonl.xz")? {
            if row["rel"] == "syn" {
                groups.push(serde_json::from_value(row["words"].clone())?);
            }
        }
        let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for group in &groups {
            let long = || group.iter().filter(|word| word.chars().count() > 1);
            for word in long() {
                let others = long().filter(|other| *other != word).cloned();
                words.entry(word.clone()).or_default().extend(others);
            }
        }
        words.retain(|_, others| !others.is_empty());
        Ok(Self(words))
    }
}

/// Other words for three content words in ten, other connectives for half of them, and some
/// neighbouring clauses the other way round.
#[must_use]
pub fn paraphrase(
    lexicon: &Lexicon,
    synonyms: &Synonyms,
    text: &str,
    dice: &mut Dice,
) -> Paraphrase {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let found = analyse(lexicon, text).words;
    for token in &found {
        let (start, end) = (token.span.start, token.span.end);
        words.retain(|word| !(start <= word.0 && word.1 <= end));
        if !words.iter().any(|word| word.0 < end && start < word.1) {
            words.push((start, end));
        }
    }
    words.sort_unstable();
    let known = words.iter().filter(|word| synonyms.0.contains_key(&text[word.0..word.1])).count();
    let chance = WORDS_REPLACED * words.len() as f64 / known.max(1) as f64;
    let mut made = String::new();
    let (mut at, mut replaced) = (0, 0);
    for (start, end) in &words {
        let Some(others) = synonyms.0.get(&text[*start..*end]) else { continue };
        if dice.part() < chance {
            made.push_str(&text[at..*start]);
            made.push_str(&others[dice.below(others.len())]);
            at = *end;
            replaced += 1;
        }
    }
    made.push_str(&text[at..]);
    for (from, to) in CONNECTIVES {
        if dice.part() < 0.5 {
            made = made.replace(from, to);
        }
    }
    let mut clauses = pieces(&made, "，,。；;！？");
    let mut place = 1;
    while place < clauses.len() {
        if dice.part() < 0.1 {
            clauses.swap(place - 1, place);
            place += 1;
        }
        place += 1;
    }
    Paraphrase { text: clauses.concat(), words: words.len(), replaced }
}

/// A text in other words.
#[derive(Debug)]
pub struct Paraphrase {
    /// The text.
    pub text: String,
    /// Content words that it had.
    pub words: usize,
    /// Those of them that were replaced.
    pub replaced: usize,
}

/// Sentences in another order, and within each of them the clauses.
#[must_use]
pub fn reorder(text: &str, dice: &mut Dice) -> String {
    let mut sentences: Vec<String> = pieces(text, "。；;！？")
        .into_iter()
        .map(|sentence| {
            let mut clauses = pieces(sentence, "，,");
            dice.shuffle(&mut clauses);
            clauses.concat()
        })
        .collect();
    dice.shuffle(&mut sentences);
    sentences.concat()
}

/// A stretch of 40 to 70 % of the text: its beginning, or in every second text any other stretch.
#[must_use]
pub fn truncate(text: &str, dice: &mut Dice) -> String {
    let length = text.chars().count();
    let kept = (length as f64 * (0.4 + 0.3 * dice.part())).ceil() as usize;
    let start = if dice.part() < 0.5 { 0 } else { dice.below(length - kept + 1) };
    text.chars().skip(start).take(kept).collect()
}

/// 3 to 8 % of the characters misread, lost, doubled by a blank or of another width.
#[must_use]
pub fn misread(text: &str, dice: &mut Dice) -> String {
    let rate = 0.03 + 0.05 * dice.part();
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        if dice.part() >= rate {
            made.push(c);
            continue;
        }
        match dice.below(6) {
            0 => {}
            1 => made.extend([c, ' ']),
            2 => made.push(other_width(c)),
            _ => made.push(look_alike(c, dice)),
        }
    }
    made
}

fn other_width(c: char) -> char {
    let code = match c {
        '!'..='~' => u32::from(c) + 0xfee0,
        '！'..='～' => u32::from(c) - 0xfee0,
        other => u32::from(other),
    };
    char::from_u32(code).unwrap_or(c)
}

/// Another of the group; for other Chinese characters a neighbour in Unicode, which has the same
/// radical as a rule.
fn look_alike(c: char, dice: &mut Dice) -> char {
    if let Some(group) = LOOK_ALIKES.iter().find(|group| group.contains(c)) {
        let others: Vec<char> = group.chars().filter(|other| *other != c).collect();
        return others[dice.below(others.len())];
    }
    match c {
        '\u{4e05}'..='\u{9ff0}' => {
            char::from_u32(u32::from(c) + 1 + dice.below(4) as u32).unwrap_or(c)
        }
        other => other,
    }
}

/// The text cut after each of these marks.
fn pieces<'a>(text: &'a str, marks: &str) -> Vec<&'a str> {
    text.split_inclusive(|c| marks.contains(c)).collect()
}

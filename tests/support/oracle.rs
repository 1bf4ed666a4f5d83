//! Judges for a chat server: one that knows what people have judged, one that favours what comes first.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::chat::Act;

/// Answers a judge's question from a table of levels.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    /// Levels by the titles of demand and record.
    pub levels: HashMap<(String, String), u8>,
    /// Which share of its judgements is at random, 0 to 1.
    pub noise: f64,
    /// The seed of chance.
    pub seed: u64,
    /// How many levels it adds to the first that it is shown, less and less to the others.
    pub fondness: f64,
}

/// A record as a judge is shown it.
#[derive(Debug, Clone)]
pub struct ShownRecord {
    /// Its number.
    pub id: u64,
    /// All its texts, title first.
    pub texts: Vec<String>,
}

/// The demand's title and the records of a judge's question.
///
/// # Panics
/// Where the question is another.
#[must_use]
pub fn shown(question: &Value) -> (String, Vec<ShownRecord>) {
    let words = question["messages"][1]["content"].as_str().expect("a question");
    let document: Value = serde_json::from_str(words).expect("a document");
    let title = document["需求"]["标题"].as_str().expect("a title").to_owned();
    let records = document["候选"].as_array().expect("records").iter().map(|record| {
        let texts = record["文字"].as_array().expect("texts").iter();
        let texts = texts.map(|text| text["内容"].as_str().expect("a text").to_owned());
        ShownRecord { id: record["id"].as_u64().expect("a number"), texts: texts.collect() }
    });
    (title, records.collect())
}

/// Whether a question asks to judge, and not to explain.
#[must_use]
pub fn asks_to_judge(question: &Value) -> bool {
    question["messages"][1]["content"].as_str().is_some_and(|words| words.contains("\"候选\""))
}

/// An answer to a judge's question: each record's level and quotes.
#[must_use]
pub fn answer(judged: impl IntoIterator<Item = (u64, u8, Vec<String>)>) -> Act {
    let judgements: Vec<Value> = judged
        .into_iter()
        .map(|(id, level, quotes)| json!({ "id": id, "level": level, "quotes": quotes }))
        .collect();
    Act::Say(json!({ "judgements": judgements }).to_string())
}

impl Oracle {
    /// Answers.
    #[must_use]
    pub fn act(&self, question: &Value) -> Act {
        let (demand, records) = shown(question);
        let count = records.len() as f64;
        answer(records.into_iter().enumerate().map(|(at, record)| {
            let title = record.texts.first().cloned().unwrap_or_default();
            let known = self.known(&demand, &title);
            let chance = self.chance(&demand, &title, question);
            let level =
                if chance[0] < self.noise { 1.0 + (chance[1] * 4.0).floor() } else { known.into() };
            let fond = self.fondness * (1.0 - at as f64 / count);
            (record.id, (level + fond).round().clamp(1.0, 4.0) as u8, vec![title])
        }))
    }

    /// What people have judged of the record whose title begins so; of the unknown, nothing good.
    fn known(&self, demand: &str, title: &str) -> u8 {
        let exactly = self.levels.get(&(demand.to_owned(), title.to_owned()));
        let begins = |((of, whole), _): &(&(String, String), &u8)| {
            of == demand && !title.is_empty() && whole.starts_with(title)
        };
        let known = exactly.or_else(|| self.levels.iter().find(begins).map(|(_, level)| level));
        known.copied().unwrap_or(1)
    }

    /// Two numbers from 0 to 1, the same for the same question about the same record.
    fn chance(&self, demand: &str, title: &str, question: &Value) -> [f64; 2] {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(question["messages"][1]["content"].as_str().unwrap_or_default());
        hash.update(demand);
        hash.update(title);
        let hash = hash.finalize();
        let number = |from: usize| {
            let bytes = <[u8; 8]>::try_from(&hash[from..from + 8]).unwrap_or_default();
            (u64::from_le_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64
        };
        [number(0), number(8)]
    }
}

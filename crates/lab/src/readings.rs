//! How much of what texts state a reader reads, and how much of what it reads they state.
//!
//! A folder of labelled texts holds `texts.jsonl`: a text a line with its library and the values that people have found
//! in it (`data/golden/reading`).

use std::{collections::BTreeMap, fs, path::Path};

use kechuang_domain::Library;
use kechuang_reading::record::{ReadField, is_same_value};
use kechuang_text::Lexicon;
use serde::Deserialize;

use crate::{LabError, Result};

/// The file that makes a folder one of labelled texts.
const FILE: &str = "texts.jsonl";

/// Labelled texts, in the order of the file.
#[derive(Debug)]
pub struct Readings {
    /// The folder's name.
    pub name: String,
    /// The texts.
    pub texts: Vec<LabelledText>,
}

/// A text with what people have found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledText {
    /// Its number.
    pub id: String,
    /// What it is read as.
    pub library: Library,
    /// The words.
    pub text: String,
    /// Its values, as a reader should give them.
    pub values: Vec<(ReadField, String)>,
}

/// What was found of one field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Values that people have found.
    pub labelled: usize,
    /// Values that the reader gave.
    pub given: usize,
    /// Of these, values that people have found, too.
    pub right: usize,
}

impl Tally {
    /// The share of what the reader gave that is right; 1 where it gave nothing.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.given)
    }

    /// The share of what people have found that the reader gave; 1 where there was nothing.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.labelled)
    }

    /// The harmonic mean of both.
    #[must_use]
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.given + self.labelled)
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.given += other.given;
        self.right += other.right;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl Readings {
    /// Whether a folder holds labelled texts.
    #[must_use]
    pub fn are_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Reads the labelled texts of a folder.
    ///
    /// # Errors
    /// [`LabError::Bench`] for what cannot be read, and for labels of fields that are not read.
    pub fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let lines = fs::read_to_string(&file)
            .map_err(|error| LabError::Bench(format!("读不到 {}（{error}）", file.display())))?;
        let mut texts = Vec::new();
        for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong =
                |why: &str| LabError::Bench(format!("{} 第 {number} 行：{why}", file.display()));
            let written: Written =
                serde_json::from_str(line).map_err(|error| wrong(&error.to_string()))?;
            texts.push(written.labelled().map_err(|why| wrong(&why))?);
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, texts })
    }
}

/// Counts the values of a text that a reader gave, by field. Each labelled value counts once.
#[must_use]
pub fn tally<'a>(
    lexicon: &Lexicon,
    text: &LabelledText,
    given: impl IntoIterator<Item = (ReadField, &'a str)>,
) -> BTreeMap<ReadField, Tally> {
    let mut tallies: BTreeMap<ReadField, Tally> = BTreeMap::new();
    let mut open: Vec<&(ReadField, String)> = text.values.iter().collect();
    for (field, _) in &text.values {
        tallies.entry(*field).or_default().labelled += 1;
    }
    for (field, value) in given {
        let tally = tallies.entry(field).or_default();
        tally.given += 1;
        let same = |(labelled, known): &&(ReadField, String)| {
            *labelled == field && is_same_value(lexicon, field, known, value)
        };
        if let Some(at) = open.iter().position(same) {
            open.swap_remove(at);
            tally.right += 1;
        }
    }
    tallies
}

#[derive(Deserialize)]
struct Written {
    id: String,
    library: Library,
    text: String,
    fields: Vec<WrittenValue>,
}

#[derive(Deserialize)]
struct WrittenValue {
    field: String,
    value: String,
    quote: String,
}

impl Written {
    fn labelled(self) -> std::result::Result<LabelledText, String> {
        let Self { id, library, text, fields } = self;
        let values = fields.into_iter().map(|WrittenValue { field, value, quote }| {
            let read = ReadField::of_code(library, &field)
                .ok_or_else(|| format!("{library} 没有可读的字段 {field}"))?;
            let stands = text.contains(&quote);
            stands.then_some((read, value)).ok_or_else(|| format!("原文里没有「{quote}」"))
        });
        Ok(LabelledText {
            id,
            library,
            values: values.collect::<std::result::Result<_, _>>()?,
            text,
        })
    }
}

//! Where a record and each of its fields was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A place within a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of a sheet, or the line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The page of a document, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The sentence, word for word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// The large model that has read it; `None` for what rules or people have read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_by: Option<String>,
}

impl Place {
    /// A line of a text file.
    #[must_use]
    pub fn line(line: u64) -> Self {
        Self { row: Some(line), ..Self::default() }
    }

    /// For people: `工作表“需求”第 12 行`.
    #[must_use]
    pub fn label(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!("工作表“{sheet}”"));
        let page = self.page.map(|page| format!("第 {page} 页"));
        let row = self.row.map(|row| format!("第 {row} 行"));
        let sentence = self.sentence.as_ref().map(|sentence| format!("“{sentence}”"));
        let reader = self.read_by.as_ref().map(|model| format!("（由大模型 {model} 读取）"));
        [sheet, page, row, sentence, reader].into_iter().flatten().collect()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a record was read. It is kept beside what the record says, so that a row that moves within
/// its file is no change of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provenance {
    /// The file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of the file, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The address it was fetched from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was fetched or handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    /// Where the record stands in the file.
    #[serde(skip_serializing_if = "Place::is_unknown")]
    pub place: Place,
    /// Where single fields stand, by code, if not there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Place>,
}

impl Provenance {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Where a field was read: its own place, else the record's.
    #[must_use]
    pub fn of(&self, field: &str) -> &Place {
        self.fields.get(field).unwrap_or(&self.place)
    }

    /// For people: `需求.xlsx 工作表“需求”第 12 行`.
    #[must_use]
    pub fn label(&self) -> String {
        let from = self.file.as_deref().or(self.url.as_deref()).unwrap_or_default();
        format!("{from} {}", self.place.label()).trim().to_owned()
    }
}

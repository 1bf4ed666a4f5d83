//! What readers give.

use kechuang_domain::Place;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Of a broken row, so many characters are kept to show it to its owner.
const SHOWN_CHARS: usize = 200;

/// A row, or what is left of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// Named values: a row of a table, or a form.
    Fields {
        /// Where it begins.
        place: Place,
        /// Values by header.
        fields: Map<String, Value>,
    },
    /// The text of a document that is no form.
    Text {
        /// Where it begins.
        place: Place,
        /// The file's name.
        name: String,
        /// The text, one paragraph a line.
        text: String,
        /// Where each page begins in `text`, in bytes; empty where pages are not known.
        pages: Vec<usize>,
    },
    /// Something that cannot be read.
    Broken {
        /// Where it begins.
        place: Place,
        /// Its beginning, as far as it can be shown.
        shown: String,
        /// Why, in Chinese.
        reason: String,
    },
}

impl Row {
    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> &Place {
        match self {
            Self::Fields { place, .. } | Self::Text { place, .. } | Self::Broken { place, .. } => {
                place
            }
        }
    }

    pub(super) fn broken(line: u64, raw: &[u8], reason: impl Into<String>) -> Self {
        let shown = String::from_utf8_lossy(&raw[..raw.len().min(4 * SHOWN_CHARS)]);
        let shown = shown.chars().filter(|c| *c != '\0').take(SHOWN_CHARS).collect();
        Self::Broken { place: Place::line(line), shown, reason: reason.into() }
    }
}

//! Rows of a file. Files come from outside: sizes are bounded, nothing is trusted to be well formed,
//! and one broken row does not take others with it.

mod csv;
mod json_lines;

use kechuang_domain::Place;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{IngestError, Result};

/// The largest file that is read.
pub const FILE_LIMIT_BYTES: u64 = 512 << 20;
/// The longest row that is read.
pub const ROW_LIMIT_BYTES: usize = 2 << 20;
/// Of a broken row, so many characters are kept to show it to its owner.
const SHOWN_CHARS: usize = 200;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values with a header row, RFC 4180.
    Csv,
}

impl Format {
    /// The format that a file name's ending tells.
    ///
    /// # Errors
    /// [`IngestError::File`] for any other ending.
    pub fn of_name(name: &str) -> Result<Self> {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            "csv" => Ok(Self::Csv),
            _ => Err(IngestError::File(format!(
                "不认识文件「{name}」的格式；目前可导入 .jsonl（每行一个 JSON 对象）和 .csv（首行为列名）"
            ))),
        }
    }
}

/// A row, or what is left of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// Named values.
    Fields {
        /// Where it begins.
        place: Place,
        /// Values by header.
        fields: Map<String, Value>,
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
            Self::Fields { place, .. } | Self::Broken { place, .. } => place,
        }
    }

    fn broken(line: u64, raw: &[u8], reason: impl Into<String>) -> Self {
        let shown = String::from_utf8_lossy(&raw[..raw.len().min(4 * SHOWN_CHARS)]);
        let shown = shown.chars().filter(|c| *c != '\0').take(SHOWN_CHARS).collect();
        Self::Broken { place: Place::line(line), shown, reason: reason.into() }
    }
}

/// All rows of a file, in order.
///
/// # Errors
/// [`IngestError::File`] where no row can be told from another: wrong encoding, no header.
pub fn read(format: Format, bytes: &[u8]) -> Result<Vec<Row>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(IngestError::File(
            "文件是 UTF-16 编码；请用“另存为”选择 UTF-8 后再导入".to_owned(),
        ));
    }
    match format {
        Format::JsonLines => Ok(json_lines::read(bytes)),
        Format::Csv => csv::read(bytes),
    }
}

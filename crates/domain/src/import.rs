//! A file on its way into a library, as those who handed it in watch it.

use serde::{Deserialize, Serialize};

use crate::{ImportId, Library, Timestamp};

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    /// Handed in, waits to be read or is being read.
    Reading,
    /// Read; a person has to look at its columns.
    Mapping,
    /// Its rows are on their way.
    Importing,
    /// Every row has become a record or was rejected with a reason.
    Done,
    /// It could not be read, or its rows could not be saved.
    Failed,
}

impl ImportStage {
    /// All of them, in order.
    pub const ALL: [Self; 5] =
        [Self::Reading, Self::Mapping, Self::Importing, Self::Done, Self::Failed];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Mapping => "mapping",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reading => "正在读取",
            Self::Mapping => "待核对列名",
            Self::Importing => "正在入库",
            Self::Done => "已完成",
            Self::Failed => "未能完成",
        }
    }

    /// The stage with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Whether something will still happen by itself.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Reading | Self::Importing)
    }
}

/// A file on its way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Identifier.
    pub id: ImportId,
    /// Where its rows go.
    pub library: Library,
    /// The source its rows belong to.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Whether its rows are demonstration data.
    pub sample: bool,
    /// How far it has come.
    pub stage: ImportStage,
    /// Headers that its sender has named, as JSON of `ingest`.
    pub mapping: String,
    /// Its headers and first values, once it was read.
    pub preview: Option<ImportPreview>,
    /// What was noticed while reading: sheets without a header, files that were left out.
    pub notes: Vec<String>,
    /// How many rows it has, once that is known.
    pub row_count: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was handed in.
    pub created_at: Timestamp,
}

/// What a file's columns were understood to mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// Columns in order, those of several sheets together.
    pub columns: Vec<PreviewColumn>,
    /// How many rows there are.
    pub rows: u64,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewColumn {
    /// Its header.
    pub header: String,
    /// The code of the field it was understood to mean.
    pub column: Option<String>,
    /// Its first values, shortened.
    pub samples: Vec<String>,
}

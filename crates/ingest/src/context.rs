//! What a file's rows have in common.

use kechuang_domain::{Library, Provenance};
use serde::{Deserialize, Serialize};

use crate::columns::Mapping;

/// What a file's rows have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowContext {
    /// Which library they go to.
    pub library: Library,
    /// The name of the source.
    pub source: String,
    /// Whether they are demonstration data (示例).
    pub sample: bool,
    /// What the source says about its headers.
    #[serde(default)]
    pub mapping: Mapping,
    /// The file they were read from.
    #[serde(default)]
    pub provenance: Provenance,
}

impl RowContext {
    /// The context of rows whose headers are understood as usual.
    #[must_use]
    pub fn new(library: Library, source: impl Into<String>) -> Self {
        Self {
            library,
            source: source.into(),
            sample: false,
            mapping: Mapping::default(),
            provenance: Provenance::default(),
        }
    }
}

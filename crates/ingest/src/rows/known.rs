//! Which texts are headers or labels.

use std::collections::BTreeSet;

use kechuang_domain::Library;
use serde_json::{Map, Value};

use crate::{Column, Mapping};

/// The longest header or label, in characters; longer texts are never looked up.
const HEADER_LIMIT_CHARS: usize = 60;
/// A table or form has so many names that are known.
pub(crate) const NAMES_OF_A_FORM: usize = 3;

/// The names that are known to one reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    libraries: &'a [Library],
    mapping: &'a Mapping,
}

impl<'a> Known<'a> {
    pub(crate) fn new(library: Option<Library>, mapping: &'a Mapping) -> Self {
        let one = |library| match library {
            Library::Achievement => &Library::ALL[0..1],
            Library::Demand => &Library::ALL[1..2],
            Library::Equipment => &Library::ALL[2..3],
            Library::Policy => &Library::ALL[3..4],
        };
        Self { libraries: library.map_or(&Library::ALL[..], one), mapping }
    }

    /// The field that a header means.
    pub(crate) fn column(self, header: &str) -> Option<Column> {
        if header.chars().nth(HEADER_LIMIT_CHARS).is_some() {
            return None;
        }
        self.libraries.iter().find_map(|library| self.mapping.column(*library, header))
    }

    /// The field that a text means as the label of a form or the header of a table: 单位 and 单位：, but
    /// not 单位：某厂, which is a label and its value.
    pub(crate) fn label(self, text: &str) -> Option<Column> {
        let bare = text.trim().trim_end_matches(['：', ':']);
        let has_value = bare.contains(['：', ':']) && !bare.contains(['（', '(']);
        if has_value { None } else { self.column(bare) }
    }

    /// How many different fields these texts name.
    pub(crate) fn labels<'t>(self, texts: impl IntoIterator<Item = &'t str>) -> usize {
        let columns: BTreeSet<Column> =
            texts.into_iter().filter_map(|text| self.label(text)).collect();
        columns.len()
    }
}

/// Adds a value under its header; what stands under the same header already is kept before it.
pub(crate) fn add(fields: &mut Map<String, Value>, header: &str, value: Value) {
    match (fields.get_mut(header), value) {
        (None, value) => {
            fields.insert(header.to_owned(), value);
        }
        (Some(Value::String(before)), Value::String(text)) => {
            if !before.is_empty() && !text.is_empty() {
                before.push('\n');
            }
            before.push_str(&text);
        }
        (Some(before), value) => *before = value,
    }
}

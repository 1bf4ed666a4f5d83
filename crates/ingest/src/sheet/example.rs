//! Example rows of a template, which come back with what people have filled in.

use serde_json::{Map, Value};

use super::exchange::is_exported;
use crate::{Column, Row, RowContext};
use kechuang_domain::TextField;

/// What the key of an example row begins with.
pub(super) const KEY: &str = "示例行";
/// What the title of an example row begins with.
pub(super) const TITLE: &str = "（示例）";

/// Whether a row is a template's example that came back: its 编号 begins with 示例行 and its 名称 with
/// （示例）. Rows that this program has exported are none, whatever they say.
#[must_use]
pub fn is_example_row(context: &RowContext, fields: &Map<String, Value>) -> bool {
    claims_to_be_example(context, fields)
        && begins(context, fields, Column::Text(TextField::Title), TITLE)
}

/// The same of a row as it was read.
pub(crate) fn is_example(context: &RowContext, row: &Row) -> bool {
    matches!(row, Row::Fields { fields, .. } if is_example_row(context, fields))
}

/// Whether a row's 编号 is that of an example. If it is none, somebody has written over the example
/// and must choose another key, for all such rows would have the same.
pub(crate) fn claims_to_be_example(context: &RowContext, fields: &Map<String, Value>) -> bool {
    begins(context, fields, Column::Key, KEY) && !is_exported(context, fields)
}

fn begins(context: &RowContext, fields: &Map<String, Value>, wanted: Column, start: &str) -> bool {
    fields.iter().any(|(header, value)| {
        context.mapping.column(context.library, header) == Some(wanted)
            && value.as_str().is_some_and(|text| text.trim_start().starts_with(start))
    })
}

//! Reading back what an export wrote.
//!
//! A row of an export is known by its 出处, which no other row has: a text in sheets, an object in JSON
//! Lines. Its texts are taken to the letter, where those of other rows lose the spaces around them. In a
//! sheet, cells lose the quote that [`super::cell`] has put before them.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value};

use super::cell::{continued, unmarked, unquoted};
use crate::{Column, Row, RowContext};

/// Whether this program has exported the row.
pub(crate) fn is_exported(context: &RowContext, fields: &Map<String, Value>) -> bool {
    provenance(context, fields).is_some()
}

/// The same of a row as it was read.
pub(crate) fn is_export(context: &RowContext, row: &Row) -> bool {
    matches!(row, Row::Fields { fields, .. } if is_exported(context, fields))
}

/// The row as it was before it was written into a sheet.
pub(crate) fn restored<'a>(
    context: &RowContext,
    fields: &'a Map<String, Value>,
) -> Cow<'a, Map<String, Value>> {
    let is_sheet = provenance(context, fields).is_some_and(Value::is_string);
    if !is_sheet && !fields.keys().any(|header| continued(header).is_some()) {
        return Cow::Borrowed(fields);
    }
    Cow::Owned(joined(fields, is_sheet))
}

fn provenance<'a>(context: &RowContext, fields: &'a Map<String, Value>) -> Option<&'a Value> {
    let is_wanted =
        |header: &str| context.mapping.column(context.library, header) == Some(Column::Provenance);
    let (_, value) = fields.iter().find(|(header, _)| is_wanted(header))?;
    let says = match value {
        Value::Object(_) => true,
        Value::String(text) => text.trim_start().starts_with('{'),
        _ => false,
    };
    says.then_some(value)
}

/// The fields with continued texts in one piece.
fn joined(fields: &Map<String, Value>, is_sheet: bool) -> Map<String, Value> {
    let bare = |value: &Value| match value {
        Value::String(cell) if is_sheet => Value::String(unquoted(cell).to_owned()),
        other => other.clone(),
    };
    let mut whole = Map::new();
    let mut more = BTreeMap::new();
    for (header, value) in fields {
        match continued(header).filter(|(base, _)| fields.contains_key(*base)) {
            Some(place) => drop(more.insert(place, bare(value))),
            None => drop(whole.insert(header.clone(), bare(value))),
        }
    }
    for ((base, _), value) in more {
        if let (Some(Value::String(text)), Value::String(rest)) = (whole.get_mut(base), value) {
            text.push_str(&rest);
        }
    }
    for value in whole.values_mut().filter(|_| is_sheet) {
        if let Value::String(text) = value {
            *text = unmarked(text);
        }
    }
    whole
}

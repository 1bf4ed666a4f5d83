//! What the text of a policy's row says of itself, where the row's own columns are silent.

use std::{borrow::Cow, collections::HashSet};

use kechuang_domain::{Fact, Library, TextField};
use kechuang_reading::{read_policy, standing};
use serde_json::{Map, Value};

use crate::{
    columns::Column,
    context::RowContext,
    document::policy,
    sheet,
    tables::Tables,
    value::{lines, shown},
};

/// The row with what was read of its text: clauses, support, window, region. What the row says itself
/// stands. An exported row is whole.
pub(crate) fn completed<'a>(
    context: &RowContext,
    tables: &Tables,
    fields: &'a Map<String, Value>,
) -> Cow<'a, Map<String, Value>> {
    if context.library != Library::Policy || sheet::is_exported(context, fields) {
        return Cow::Borrowed(fields);
    }
    let row = Row::of(context, fields);
    let Some(title) = &row.title else { return Cow::Borrowed(fields) };
    let mut whole = fields.clone();
    let mut put = |column: Column, code: String, value: Value| {
        let is_said = row.said.contains(&column)
            // Half a period of the row and half of the text would be one that nobody has stated.
            || other_half(column).is_some_and(|other| row.said.contains(&other));
        if !is_said && !whole.contains_key(&code) {
            whole.insert(code, value);
        }
    };
    let is_read = row.said.contains(&Column::Fact(Fact::Clauses));
    // What is read of a text is for everybody; so must the text be.
    let is_public = !row.said.contains(&Column::Tiers);
    if let Some(body) = row.body.as_ref().filter(|_| !is_read && is_public) {
        let mut read = read_policy(&format!("{title}\n{body}"));
        // Clauses count bytes of the text that they were read from. Paragraphs without numbers are no
        // clauses that one could name.
        let is_numbered = read.clauses.iter().any(|clause| !clause.clause.ends_with('段'));
        if read.body != body.trim() || !is_numbered {
            read.clauses.clear();
        }
        for (code, value) in policy(title, tables, read) {
            match Column::of_code(Library::Policy, &code) {
                None | Some(Column::Key | Column::Text(_)) => {}
                Some(column) => put(column, code, value),
            }
        }
    }
    // Whoever issued it, or the name of a statute, tells where it holds.
    let standing = standing(row.owner.as_deref().unwrap_or(title));
    if let Ok(region) = tables.region(&standing.region) {
        let code = Column::Region.code().to_owned();
        put(Column::Region, code, Value::from(region.to_string()));
    }
    if !standing.level.is_empty() {
        let fact = Fact::Level;
        put(Column::Fact(fact), fact.json_name(), Value::from(standing.level));
    }
    Cow::Owned(whole)
}

/// The other end of a period.
fn other_half(column: Column) -> Option<Column> {
    let other = match column {
        Column::Fact(Fact::EffectiveFrom) => Fact::EffectiveUntil,
        Column::Fact(Fact::EffectiveUntil) => Fact::EffectiveFrom,
        Column::Fact(Fact::WindowFrom) => Fact::WindowUntil,
        Column::Fact(Fact::WindowUntil) => Fact::WindowFrom,
        _ => return None,
    };
    Some(Column::Fact(other))
}

/// What a row says.
struct Row {
    said: HashSet<Column>,
    title: Option<String>,
    /// Where it stands in one column: spans cannot count over several.
    body: Option<String>,
    owner: Option<String>,
}

impl Row {
    fn of(context: &RowContext, fields: &Map<String, Value>) -> Self {
        let mut row = Self { said: HashSet::new(), title: None, body: None, owner: None };
        for (header, value) in fields {
            let Some(column) = context.mapping.column(context.library, header) else { continue };
            let text = match value {
                Value::Array(items) if column == Column::Text(TextField::Body) => {
                    Some(lines(items))
                }
                // Tiers stand as an object, or as its text in a sheet.
                Value::Object(tiers) if !tiers.is_empty() => Some(String::from("tiers")),
                value => shown(value),
            };
            let Some(text) = text else { continue };
            let is_second = !row.said.insert(column);
            match column {
                Column::Text(TextField::Title) => row.title = Some(text),
                Column::Text(TextField::Body) => row.body = (!is_second).then_some(text),
                Column::Owner => row.owner = Some(text),
                _ => {}
            }
        }
        row
    }
}

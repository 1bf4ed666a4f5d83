//! Templates to fill in: a workbook made from the registries, so that a field added there has its column
//! here, with a drop-down list or check for its kind and a hint at its header.
//!
//! The second sheet explains every field; a hidden third one holds the lists, which are too long to stand
//! in the rules of the cells. None of their headings is one that an import would know.

mod form;
mod guide;
mod lists;
mod rules;

use kechuang_domain::{ChainCode, Fact, FactKind, Library, Region, TextField};
use rust_xlsxwriter::{DocProperties, Workbook};

use super::header::header;
use crate::{Column, Result};

/// What can be chosen from tables outside the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Industry chains with their names, in the order they are offered.
    pub chains: Vec<(ChainCode, String)>,
    /// Divisions with their names, in the order they are offered.
    pub regions: Vec<(Region, String)>,
}

/// The template of `library` as an XLSX file.
///
/// # Errors
/// [`crate::IngestError::Write`], which the registries of a build that passed its tests do not lead to.
pub fn template(library: Library, choices: &Choices) -> Result<Vec<u8>> {
    let label = library.record_label();
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title(format!("{label}填报表")));
    let columns = columns(library);
    let form = workbook.add_worksheet();
    form.set_name(format!("{label}填报表"))?;
    form::write(form, library, &columns, choices)?;
    let guide = workbook.add_worksheet();
    guide.set_name("填表说明")?;
    guide::write(guide, library, &columns)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(lists::SHEET)?;
    for (name, range) in lists::write(sheet, &columns, choices)? {
        workbook.define_name(name, &range)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// What a person fills in: not what the program keeps for itself.
fn columns(library: Library) -> Vec<Column> {
    let is_ours = |column: &Column| {
        matches!(
            column,
            Column::Status
                | Column::Sample
                | Column::Tiers
                | Column::Provenance
                | Column::Fact(Fact::Clauses)
        )
    };
    Column::of(library).filter(|column| !is_ours(column)).collect()
}

/// What a row cannot do without.
const fn is_required(column: Column) -> bool {
    matches!(column, Column::Text(TextField::Title | TextField::Body) | Column::Owner)
}

/// The header as it stands in the template: required columns have a star.
fn starred(column: Column) -> String {
    let star = if is_required(column) { "*" } else { "" };
    format!("{star}{}", header(column))
}

/// In which form a column is filled in, for people.
fn form_of(column: Column) -> String {
    match column {
        Column::Region | Column::Chain => "从列表选一项".to_owned(),
        Column::Text(TextField::Title) => "文字，至多 500 字".to_owned(),
        Column::Fact(fact) => match fact.kind() {
            FactKind::Choice { is_open: false, .. } => "从列表选一项".to_owned(),
            FactKind::Choice { .. } => "从列表选一项，也可另填".to_owned(),
            FactKind::List { .. } | FactKind::Codes(_) => "可填多项，用；隔开".to_owned(),
            FactKind::Whole { least, most } => format!("{least} 到 {most} 的整数"),
            FactKind::Number { most, unit } => format!("0 到 {most} 的数字，单位 {unit}"),
            FactKind::Money => "数字，单位万元".to_owned(),
            FactKind::Date => "日期，如 2026-12-31".to_owned(),
            FactKind::Month => "年月，如 2026-12".to_owned(),
            FactKind::Flag => "是 或 否".to_owned(),
            FactKind::Rights | FactKind::Indicators => "一项一行，各段用 | 隔开".to_owned(),
            FactKind::Code(_) => "代码".to_owned(),
            FactKind::Text | FactKind::Clauses => "文字".to_owned(),
        },
        _ => "文字".to_owned(),
    }
}

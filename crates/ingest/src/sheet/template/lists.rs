//! Drop-down lists: a hidden sheet with one list a column, each under a name of its own.

use kechuang_domain::FactKind;
use rust_xlsxwriter::Worksheet;

use super::Choices;
use crate::{Column, Result, sheet::choice::entry};

/// The sheet of the lists.
pub(super) const SHEET: &str = "代码表";

/// What can be chosen in a column; empty where anything is written freely.
pub(super) fn options(column: Column, choices: &Choices) -> Vec<String> {
    let owned = |options: &[&str]| options.iter().map(|option| (*option).to_owned()).collect();
    match column {
        Column::Region => {
            choices.regions.iter().map(|(code, name)| entry(name, &code.to_string())).collect()
        }
        Column::Chain => {
            choices.chains.iter().map(|(code, name)| entry(name, code.as_str())).collect()
        }
        Column::Fact(fact) => match fact.kind() {
            FactKind::Choice { options, .. } | FactKind::List { options } => owned(options),
            FactKind::Flag => owned(&["是", "否"]),
            FactKind::Whole { least, most } if most - least < 10 => {
                (least..=most).map(|level| level.to_string()).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The name of a column's list.
pub(super) fn name(column: Column) -> String {
    format!("list_{}", column.code())
}

/// Writes all lists; gives their names and ranges.
pub(super) fn write(
    sheet: &mut Worksheet,
    columns: &[Column],
    choices: &Choices,
) -> Result<Vec<(String, String)>> {
    let mut names = Vec::new();
    let lists = columns.iter().map(|column| (*column, options(*column, choices)));
    for (place, (column, options)) in (0..).zip(lists.filter(|(_, list)| !list.is_empty())) {
        // What stands before the colon is no header that an import knows.
        sheet.write_string(0, place, format!("列表：{}", column.label()))?;
        for (row, option) in (1..).zip(&options) {
            // Levels must be equal to what is typed, which is a number.
            match option.parse::<u8>() {
                Ok(level) => sheet.write_number(row, place, level)?,
                Err(_) => sheet.write_string(row, place, option)?,
            };
        }
        let letters = rust_xlsxwriter::column_number_to_name(place);
        let last = options.len() + 1;
        names.push((name(column), format!("={SHEET}!${letters}$2:${letters}${last}")));
    }
    sheet.set_hidden(true);
    Ok(names)
}

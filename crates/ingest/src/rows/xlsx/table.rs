//! From the cells of a sheet to its rows: which row holds the headers, what merged cells mean.

use std::collections::BTreeMap;

use kechuang_domain::{Place, TextField};
use serde_json::{Map, Value};

use super::{
    book::Book,
    sheet::{Cell, Grid, Line, Merge},
};
use crate::{
    Column, Result,
    rows::{
        Known, Row,
        known::add,
        limits::{Budget, COLUMNS, MERGE_STEPS, over},
    },
};

/// The header row stands within so many rows; above it are titles and notes.
const HEADER_ROWS: usize = 20;
/// Of the cells of a sheet that hold errors, so many are named.
const NAMED_ERRORS: usize = 20;

/// Headers by column, and the row of the sheet that they end with.
pub(super) struct Header {
    pub(super) names: BTreeMap<u32, String>,
    pub(super) bottom: u32,
}

/// The rows of a sheet, or why it has none.
pub(super) fn rows(
    sheet: &str,
    mut grid: Grid,
    book: &Book,
    known: Known<'_>,
    budget: &mut Budget,
    notes: &mut Vec<String>,
) -> Result<std::result::Result<Vec<Row>, String>> {
    if grid.lines.is_empty() {
        return Ok(Err("是空的".to_owned()));
    }
    let Some(header) = header(&grid, book, known) else {
        let reason = format!("前 {HEADER_ROWS} 行里没有可识别的列名（应有“名称”“单位”等）");
        return Ok(Err(reason));
    };
    fill(&mut grid, &header, budget)?;
    let mut errors = Vec::new();
    let mut rows = Vec::new();
    for line in grid.lines {
        if line.number <= header.bottom {
            continue;
        }
        budget.spend_row(line.cells.len())?;
        let place = Place {
            sheet: Some(sheet.to_owned()),
            row: Some(u64::from(line.number)),
            ..Place::default()
        };
        let mut fields = Map::new();
        let mut is_header = true;
        for (column, cell) in &line.cells {
            let Some(name) = header.names.get(column) else { continue };
            let text = cell.text(book);
            is_header &= text.trim() == name;
            if let Cell::Error(error) = cell {
                errors.push(format!("第 {} 行“{name}”列（{error}）", line.number));
                continue;
            }
            budget.spend(name.len() + text.len())?;
            add(&mut fields, name, Value::String(text.to_owned()));
        }
        // Long tables repeat their header on every page.
        if !fields.is_empty() && !is_header {
            rows.push(Row::Fields { place, fields });
        }
    }
    notes.extend(error_note(sheet, &errors));
    Ok(if rows.is_empty() { Err("只有列名，没有数据".to_owned()) } else { Ok(rows) })
}

fn error_note(sheet: &str, errors: &[String]) -> Option<String> {
    let named = errors.iter().take(NAMED_ERRORS).cloned().collect::<Vec<_>>().join("、");
    let more = if errors.len() > NAMED_ERRORS { "等" } else { "" };
    let count = errors.len();
    (count > 0)
        .then(|| format!("工作表“{sheet}”有 {count} 个单元格是公式错误，按空白处理：{named}{more}"))
}

pub(super) fn header(grid: &Grid, book: &Book, known: Known<'_>) -> Option<Header> {
    let mut best: Option<(usize, &Line)> = None;
    for line in grid.lines.iter().take(HEADER_ROWS) {
        let count = known.labels(line.cells.iter().map(|(_, cell)| cell.text(book)));
        let is_title = |(_, cell): &(u32, Cell)| {
            known.label(cell.text(book)) == Some(Column::Text(TextField::Title))
        };
        // One name alone is a header only where it is that of the thing itself.
        let counts = count > 1 || count == 1 && line.cells.iter().any(is_title);
        if counts && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, line));
        }
    }
    let (_, line) = best?;
    let is_tall = |merge: &&Merge| {
        let is_two_rows = merge.bottom == merge.top + 1;
        is_two_rows && (merge.top == line.number || merge.bottom == line.number)
    };
    let upper = grid.merges.iter().find(is_tall).map_or(line.number, |merge| merge.top);
    let lower = grid.merges.iter().find(is_tall).map_or(line.number, |merge| merge.bottom);
    Some(Header { names: names(grid, book, known, upper, lower), bottom: lower })
}

/// Names of a header of one row, or of two where 单位 stands over 名称 and 代码.
fn names(
    grid: &Grid,
    book: &Book,
    known: Known<'_>,
    upper: u32,
    lower: u32,
) -> BTreeMap<u32, String> {
    let texts = |number: u32| -> BTreeMap<u32, &str> {
        let line = grid.lines.iter().find(|line| line.number == number);
        let cells = line.map(|line| line.cells.as_slice()).unwrap_or_default();
        cells.iter().map(|(column, cell)| (*column, cell.text(book).trim())).collect()
    };
    let mut tops = texts(upper);
    for merge in grid.merges.iter().filter(|merge| merge.top == upper && merge.bottom == upper) {
        if let Some(text) = tops.get(&merge.left).copied() {
            let last = merge.right.min(merge.left.saturating_add(COLUMNS as u32));
            tops.extend((merge.left..=last).map(|column| (column, text)));
        }
    }
    if upper == lower {
        let texts = texts(upper).into_iter();
        return texts.map(|(column, text)| (column, text.to_owned())).collect();
    }
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    for (column, text) in &tops {
        names.insert(*column, (*text).to_owned());
    }
    for (column, text) in texts(lower) {
        let together = format!("{}{text}", tops.get(&column).copied().unwrap_or_default());
        let is_known = known.column(&together).is_some();
        names.insert(column, if is_known { together } else { text.to_owned() });
    }
    names
}

/// A value that is merged over several rows is the value of each that says something itself. Merged
/// columns are not filled: one value does not answer two headers.
fn fill(grid: &mut Grid, header: &Header, budget: &mut Budget) -> Result<()> {
    let mut steps = 0;
    for merge in &grid.merges {
        let is_data = merge.top > header.bottom && merge.bottom > merge.top;
        if !is_data || !header.names.contains_key(&merge.left) {
            continue;
        }
        let from = grid.lines.partition_point(|line| line.number < merge.top);
        let Some(first) = grid.lines.get(from).filter(|line| line.number == merge.top) else {
            continue;
        };
        let value = first.cells.iter().find(|(column, _)| *column == merge.left);
        let Some((_, value)) = value.cloned() else { continue };
        for line in &mut grid.lines[from + 1..] {
            steps += 1 + line.cells.len();
            if line.number > merge.bottom {
                break;
            }
            if steps > MERGE_STEPS {
                return Err(over("合并单元格覆盖的格数", &MERGE_STEPS.to_string()));
            }
            if line.cells.iter().all(|(column, _)| *column != merge.left) {
                budget.spend(64 + value.own_len())?;
                line.cells.push((merge.left, value.clone()));
            }
        }
    }
    Ok(())
}

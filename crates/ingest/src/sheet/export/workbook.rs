//! Exports as a workbook of text cells: no value becomes a formula, a date or a rounded number.

use kechuang_domain::Library;
use kechuang_store::StoredRecord;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet};

use super::{Reach, label, value::cell};
use crate::{
    Column, IngestError, Result,
    sheet::{
        cell::{continuation, marked_for_workbook, pieces, quoted_in_workbook},
        header::header,
    },
};

/// The most rows below the header row.
const ROWS: usize = 1_048_575;

pub(super) fn write(
    library: Library,
    columns: &[Column],
    records: &[&StoredRecord],
    reach: Reach,
) -> Result<Vec<u8>> {
    if records.len() > ROWS {
        let count = records.len();
        return Err(IngestError::File(format!(
            "共 {count} 条记录，一张工作表至多 {ROWS} 行；请改用 csv 或 jsonl 导出"
        )));
    }
    let mut workbook = Workbook::new();
    if let Some(label) = label::properties(records) {
        workbook.set_properties(&label);
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(library.label())?.set_freeze_panes(1, 2)?;
    let mut first = 0;
    for column in columns {
        let width = write_column(sheet, first, *column, records, reach)?;
        first += width;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Writes a column and what continues it; tells how many columns that took.
fn write_column(
    sheet: &mut Worksheet,
    first: u16,
    column: Column,
    records: &[&StoredRecord],
    reach: Reach,
) -> Result<u16> {
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let name = header(column);
    sheet.write_string_with_format(0, first, &name, &bold)?;
    let mut taken = 1;
    for (row, stored) in (1..).zip(records) {
        let text = cell(stored, column, reach);
        if text.is_empty() {
            continue;
        }
        for (place, piece) in (0..).zip(pieces(&marked_for_workbook(&text))) {
            while taken <= place {
                let continued = continuation(&name, usize::from(taken));
                sheet.write_string_with_format(0, first + taken, &continued, &bold)?;
                taken += 1;
            }
            sheet.write_string(row, first + place, quoted_in_workbook(piece))?;
        }
    }
    for place in 0..taken {
        sheet.set_column_width(first + place, width(column))?;
    }
    Ok(taken)
}

fn width(column: Column) -> f64 {
    match column {
        Column::Text(_) => 40.0,
        Column::Owner => 24.0,
        _ => 14.0,
    }
}

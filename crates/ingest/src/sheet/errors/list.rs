//! Reasons as a list, for files that have no columns.

use rust_xlsxwriter::{Format, FormatAlign, Workbook};

use crate::{RejectedRow, Result};

pub(super) fn write(rejected: &[RejectedRow]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("退回原因")?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (place, (heading, width)) in (0..).zip([("位置", 36.0), ("所在栏目", 20.0), ("原因", 70.0)])
    {
        sheet.write_string_with_format(0, place, heading, &bold)?;
        sheet.set_column_width(place, width)?;
    }
    let issues = rejected.iter().flat_map(|row| row.issues.iter().map(move |issue| (row, issue)));
    for (line, (row, issue)) in (1..).zip(issues) {
        let cells =
            [&row.place.label(), issue.column.as_deref().unwrap_or_default(), &issue.reason];
        for (place, text) in (0..).zip(cells) {
            sheet.write_string_with_format(line, place, text, &wrapped)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

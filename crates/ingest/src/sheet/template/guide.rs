//! The sheet that explains: one line a field.

use kechuang_domain::{Library, Tier};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use super::{form_of, is_required};
use crate::{
    Column, Result,
    sheet::{header::header, hints::hint},
};

/// Headings with their widths; none of them is a header that an import knows.
const HEADINGS: [(&str, f64); 6] = [
    ("栏目", 22.0),
    ("必填", 7.0),
    ("填什么", 52.0),
    ("怎么填", 26.0),
    ("举例", 46.0),
    ("默认谁能看到", 14.0),
];

const RULES: [&str; 6] = [
    "一行填一条；只有带 * 的栏目必填，其余按实际情况填写，没有就留空。",
    "灰色的示例行供参考，可以留着，也可以删去：编号以“示例行”开头的行不会导入。请勿在示例行上改写。",
    "请不要改动第一行的栏目名称；用不到的栏目可以整列删去，栏目的先后可以调整。",
    "金额一律以万元计；日期填成 2026-12-31 的样子；一格填多项时用；隔开；格内换行用 Alt+Enter。",
    "系统会退回有问题的行，并在最后一列“错误说明”写明原因；改好后把同一文件再次提交即可。",
    "只收公开信息，涉密内容请勿填写。“协议可见”的内容只给与贵单位签有协议的对接方，不进入检索和统计。",
];

pub(super) fn write(sheet: &mut Worksheet, library: Library, columns: &[Column]) -> Result<()> {
    let wrapped = || Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let line = wrapped().set_border(FormatBorder::Thin);
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xDD_EB_F7));
    let label = library.record_label();
    let title = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, format!("{label}填报表怎样填"), &title)?;
    let last = HEADINGS.len() as u16 - 1;
    for (row, rule) in (1..).zip(RULES) {
        sheet.merge_range(row, 0, row, last, &format!("{row}. {rule}"), &wrapped())?;
        sheet.set_row_height(row, 18)?;
    }
    let top = RULES.len() as u32 + 2;
    for (place, (heading, width)) in (0..).zip(HEADINGS) {
        sheet.write_string_with_format(top, place, heading, &head)?;
        sheet.set_column_width(place, width)?;
    }
    for (row, column) in (top + 1..).zip(columns) {
        for (place, text) in (0..).zip(explained(library, *column)) {
            sheet.write_string_with_format(row, place, text, &line)?;
        }
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(top, top)?;
    Ok(())
}

fn explained(library: Library, column: Column) -> [String; 6] {
    let hint = hint(library, column);
    let required = if is_required(column) { "必填" } else { "" };
    let tier = match column {
        Column::Fact(fact) => fact.tier(),
        _ => Tier::Public,
    };
    [
        // Brackets keep a label in a sheet of text from being taken for that of a form.
        format!("【{}】", header(column)),
        required.to_owned(),
        hint.map_or_else(String::new, |hint| hint.says.to_owned()),
        form_of(column),
        hint.map_or_else(String::new, |hint| hint.example.to_owned()),
        if column == Column::Key { "不公开" } else { tier.label() }.to_owned(),
    ]
}

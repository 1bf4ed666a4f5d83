//! The sheet that is filled in.

use kechuang_domain::{FactKind, Library, TextField};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Worksheet};

use super::{Choices, form_of, is_required, lists, rules, starred};
use crate::{
    Column, Result,
    sheet::{
        choice::code_of,
        example,
        hints::{Hint, hint},
    },
};

/// So many rows have lists and checks.
const ROWS: u32 = 2_000;
/// A4 in the numbering of the format.
const A4: u8 = 9;
/// Where notes end a line, in characters; sets their height.
const NOTE_LINE_CHARS: usize = 20;

pub(super) fn write(
    sheet: &mut Worksheet,
    library: Library,
    columns: &[Column],
    choices: &Choices,
) -> Result<()> {
    for (place, column) in (0..).zip(columns) {
        let column = *column;
        let cell = cell_format(column);
        sheet.set_column_width(place, width(column))?.set_column_format(place, &cell)?;
        sheet.write_string_with_format(0, place, starred(column), &header_format(column))?;
        let hint = hint(library, column);
        if let Some(hint) = hint {
            sheet.insert_note(0, place, &note(column, hint))?;
        }
        let options = lists::options(column, choices);
        if let Some(rule) = rules::rule(column, !options.is_empty())? {
            sheet.add_data_validation(1, place, ROWS, place, &rule)?;
        }
        let text = example_of(column, hint, &options);
        write_example(sheet, place, column, &text)?;
    }
    sheet.set_row_height(0, 33)?.set_freeze_panes(1, 2)?;
    sheet.set_landscape().set_paper_size(A4);
    sheet.set_repeat_rows(0, 0)?.set_repeat_columns(0, 1)?;
    sheet.set_header(format!("&C{}填报表", library.record_label()));
    sheet.set_footer("&L* 为必填；示例行不会导入&R第 &P 页，共 &N 页");
    Ok(())
}

fn width(column: Column) -> f64 {
    match column {
        Column::Key => 16.0,
        Column::Text(TextField::Title) => 30.0,
        Column::Text(TextField::Body) => 50.0,
        Column::Text(_) => 32.0,
        Column::Owner | Column::Region => 24.0,
        Column::Fact(fact) => match fact.kind() {
            FactKind::Rights | FactKind::Indicators => 36.0,
            FactKind::List { .. } | FactKind::Text | FactKind::Code(_) => 20.0,
            _ => 15.0,
        },
        _ => 15.0,
    }
}

fn header_format(column: Column) -> Format {
    let fill = if is_required(column) { Color::RGB(0xC6_E0_B4) } else { Color::RGB(0xDD_EB_F7) };
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(fill)
}

/// Texts stay texts: Excel would make 18 digits a rounded number, and 2025-03 a day.
fn cell_format(column: Column) -> Format {
    let format = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    match kind(column) {
        Some(FactKind::Date) => format.set_num_format("yyyy-mm-dd"),
        Some(FactKind::Money | FactKind::Number { .. } | FactKind::Whole { .. }) => format,
        _ => format.set_num_format("@"),
    }
}

const fn kind(column: Column) -> Option<FactKind> {
    match column {
        Column::Fact(fact) => Some(fact.kind()),
        _ => None,
    }
}

fn note(column: Column, hint: Hint) -> Note {
    let mut text = format!("{}\n形式：{}", hint.says, form_of(column));
    if !hint.example.is_empty() && column != Column::Region && column != Column::Chain {
        text.push_str(&format!("\n示例：{}", hint.example));
    }
    let lines: usize = text.lines().map(|line| line.chars().count() / NOTE_LINE_CHARS + 1).sum();
    let height = u32::try_from(18 * lines + 16).unwrap_or(u32::MAX);
    Note::new(text)
        .set_author("填表说明")
        .add_author_prefix(false)
        .set_width(260)
        .set_height(height)
}

/// The cell of the example row.
fn example_of(column: Column, hint: Option<Hint>, options: &[String]) -> String {
    let told = hint.map_or("", |hint| hint.example);
    match column {
        Column::Key => format!("{}1", example::KEY),
        Column::Text(TextField::Title) => format!("{}{told}", example::TITLE),
        Column::Region | Column::Chain => {
            let entry = options.iter().find(|entry| code_of(entry) == told);
            entry.cloned().unwrap_or_else(|| told.to_owned())
        }
        _ => told.to_owned(),
    }
}

fn write_example(sheet: &mut Worksheet, place: u16, column: Column, text: &str) -> Result<()> {
    let format = cell_format(column)
        .set_italic()
        .set_font_color(Color::RGB(0x59_59_59))
        .set_background_color(Color::RGB(0xF2_F2_F2));
    let number = text.parse::<f64>();
    match (kind(column), number) {
        _ if text.is_empty() => sheet.write_blank(1, place, &format)?,
        (Some(FactKind::Date), _) => sheet.write_datetime_with_format(
            1,
            place,
            ExcelDateTime::parse_from_str(text)?,
            &format,
        )?,
        (Some(FactKind::Money | FactKind::Number { .. } | FactKind::Whole { .. }), Ok(number)) => {
            sheet.write_number_with_format(1, place, number, &format)?
        }
        _ => sheet.write_string_with_format(1, place, text, &format)?,
    };
    Ok(())
}

//! Word documents: forms of tables and paragraphs, tables that are lists, or plain text.

mod body;
mod hidden;

use kechuang_domain::Place;
use serde_json::{Map, Value};

use super::{
    Known, Row,
    archive::Archive,
    form::{Forms, without_number},
    known::{NAMES_OF_A_FORM, add},
    text,
};
use crate::{IngestError, Result};
use body::{Block, Cell, Table};
use hidden::Styles;

pub(super) fn read(name: &str, bytes: &[u8], known: Known<'_>) -> Result<Vec<Row>> {
    let mut archive = Archive::open(bytes)?;
    let styles = match archive.part("word/styles.xml")? {
        Some(part) => Styles::read(part)?,
        None => Styles::default(),
    };
    let part = archive.part("word/document.xml")?.ok_or_else(|| {
        IngestError::File("文件里没有正文；请用 Word 或 WPS 打开后另存为 .docx".to_owned())
    })?;
    let blocks = body::read(part, &styles)?;
    let mut forms = Forms::new(known);
    let mut listed = Vec::new();
    let mut tables = 0;
    for block in &blocks {
        match block {
            Block::Paragraph(text) => {
                for line in text.lines() {
                    forms.line(line, &place_of(line));
                }
            }
            Block::Table(table) => {
                tables += 1;
                match list(table, known, tables) {
                    Some(rows) => listed.extend(rows),
                    None => form(table, known, &mut forms),
                }
            }
        }
    }
    let rows: Vec<Row> = forms.rows().unwrap_or_default().into_iter().chain(listed).collect();
    if rows.is_empty() {
        text::document(name, &whole(&blocks)).map(|row| vec![row])
    } else {
        Ok(rows)
    }
}

/// A table whose first row holds headers only: each further row is a record.
fn list(table: &Table, known: Known<'_>, number: usize) -> Option<Vec<Row>> {
    let (first, rest) = table.rows.split_first()?;
    let labels = first.iter().filter(|cell| known.label(&cell.text).is_some()).count();
    // In a form, every second cell is a value.
    let is_list = known.labels(first.iter().map(|cell| &*cell.text)) >= NAMES_OF_A_FORM
        && 2 * labels > first.len()
        && !rest.is_empty();
    if !is_list {
        return None;
    }
    let headers: Vec<&str> = spread(first).collect();
    let row = |(cells, row): (&Vec<Cell>, u64)| {
        let mut fields = Map::new();
        let mut column = 0;
        for cell in cells {
            let header = headers.get(column).copied().unwrap_or_default();
            if !header.is_empty() && !cell.text.is_empty() {
                add(&mut fields, header, Value::String(cell.text.clone()));
            }
            column += cell.span;
        }
        let sheet = Some(format!("表 {number}"));
        let place = Place { sheet, row: Some(row), ..Place::default() };
        (!fields.is_empty()).then_some(Row::Fields { place, fields })
    };
    Some(rest.iter().zip(2..).filter_map(row).collect())
}

/// The text of each grid column of a row.
fn spread(cells: &[Cell]) -> impl Iterator<Item = &str> {
    cells.iter().flat_map(|cell| std::iter::repeat_n(cell.text.trim(), cell.span))
}

/// The labels and values of a table that is a form or a part of one.
fn form(table: &Table, known: Known<'_>, forms: &mut Forms<'_>) {
    let mut rows = table.rows.iter().peekable();
    while let Some(cells) = rows.next() {
        let [only] = cells.as_slice() else {
            pairs(cells, known, forms);
            continue;
        };
        let label = without_number(&only.text);
        let value = rows.peek().and_then(|next| match next.as_slice() {
            [value] if known.label(&value.text).is_none() => Some(value),
            _ => None,
        });
        match value {
            // A label over the whole width has its value beneath it.
            Some(value) if known.label(label).is_some() => {
                forms.field(bare(label), &value.text, &place_of(&value.text));
                rows.next();
            }
            _ => only.text.lines().for_each(|line| forms.line(line, &place_of(line))),
        }
    }
}

/// Label, value, label, value; a cell too many in front is the heading of a group of rows.
fn pairs(cells: &[Cell], known: Known<'_>, forms: &mut Forms<'_>) {
    let mut rest = cells;
    while let [label, more @ ..] = rest {
        let name = without_number(&label.text);
        let next_is_label = more.first().is_some_and(|next| known.label(&next.text).is_some());
        let is_label =
            known.label(name).is_some() || rest.len().is_multiple_of(2) && !next_is_label;
        match more {
            [value, more @ ..] if is_label && !name.is_empty() => {
                forms.field(bare(name), &value.text, &place_of(&value.text));
                rest = more;
            }
            _ => rest = more,
        }
    }
}

fn bare(label: &str) -> &str {
    label.trim().trim_end_matches(['：', ':'])
}

/// Word documents have no lines or pages of their own; the words themselves are the place.
fn place_of(text: &str) -> Place {
    const SHOWN_CHARS: usize = 60;
    let text = text.trim();
    let cut = text.char_indices().nth(SHOWN_CHARS).map_or(text.len(), |(at, _)| at);
    Place { sentence: (cut > 0).then(|| text[..cut].to_owned()), ..Place::default() }
}

/// The whole text, one paragraph or row of a table a line.
fn whole(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => text.push_str(paragraph),
            Block::Table(table) => {
                let row = |cells: &Vec<Cell>| {
                    let cells: Vec<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
                    cells.join("\t")
                };
                text.push_str(&table.rows.iter().map(row).collect::<Vec<_>>().join("\n"));
            }
        }
        text.push('\n');
    }
    text
}

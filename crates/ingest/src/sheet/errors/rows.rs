//! The XML of a sheet with reasons beside its rows.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::{
    styles::Styles,
    xml::{Token, Tokens, attribute, column_of, escaped, letters, prefix, retagged},
};
use crate::{Column, Result};

/// What is written into a sheet. Rows count from 1, columns from 0.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The last row of the header.
    pub(super) header: u32,
    /// The column of the reasons.
    pub(super) column: u32,
    /// Reasons by row.
    pub(super) reasons: BTreeMap<u32, String>,
    /// Reasons by cell, row first.
    pub(super) cells: BTreeMap<(u32, u32), String>,
}

/// What follows the reference to notes in a sheet, in the order of the schema.
const BEHIND_NOTES: [&str; 8] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];
/// The width of the column of the reasons, in characters.
const WIDTH: u32 = 60;

/// Rewrites a sheet; `notes` is the identifier of the drawing of its notes, where it has none yet.
pub(super) fn rewritten(
    xml: &str,
    plan: &Plan,
    styles: &mut Option<Styles<'_>>,
    notes: Option<&str>,
) -> Result<String> {
    let mut written = String::with_capacity(xml.len() + 256 * plan.reasons.len());
    let mut notes = notes.map(|id| {
        format!(
            "<legacyDrawing xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
             r:id=\"{id}\"/>"
        )
    });
    let mut number = 0;
    let mut tokens = Tokens::new(xml);
    while let Some((token, range)) = tokens.next()? {
        let raw = &xml[range.clone()];
        let (tag, is_open) = match &token {
            Token::Start(tag) => (tag, true),
            Token::Empty(tag) => (tag, false),
            Token::End if tokens.depth() == 0 => {
                written.push_str(&notes.take().unwrap_or_default());
                written.push_str(raw);
                continue;
            }
            _ => {
                written.push_str(raw);
                continue;
            }
        };
        match tag.local_name().as_ref() {
            // Programs work the used range out anew.
            "dimension" => drop(if is_open { tokens.skip()? } else { range.end }),
            "row" => {
                number = attribute(tag, "r").and_then(|r| r.parse().ok()).unwrap_or(number + 1);
                let cells = if is_open { cells(xml, &mut tokens)? } else { Vec::new() };
                let row = Row { number, prefix: prefix(tag), cells };
                written.push_str(&row.written(tag, plan, styles)?);
            }
            name => {
                if BEHIND_NOTES.contains(&name) {
                    written.push_str(&notes.take().unwrap_or_default());
                }
                written.push_str(raw);
            }
        }
    }
    Ok(with_width(&written, plan.column)?.unwrap_or(written))
}

/// A cell: its column if it says so, its tag, and its XML.
struct Cell<'a> {
    column: u32,
    tag: BytesStart<'a>,
    is_empty: bool,
    content: &'a str,
}

struct Row<'a> {
    number: u32,
    prefix: String,
    cells: Vec<Cell<'a>>,
}

/// The cells up to the end of the row.
fn cells<'a>(xml: &'a str, tokens: &mut Tokens<'a>) -> Result<Vec<Cell<'a>>> {
    let mut cells: Vec<Cell<'a>> = Vec::new();
    while let Some((token, range)) = tokens.next()? {
        let (tag, is_empty) = match token {
            Token::Start(tag) => (tag, false),
            Token::Empty(tag) => (tag, true),
            Token::End => break,
            Token::Other => continue,
        };
        let end = if is_empty { range.end } else { tokens.skip()? };
        if tag.local_name().as_ref() == "c" {
            let next = cells.last().map_or(0, |cell| cell.column + 1);
            let own = attribute(&tag, "r").and_then(|reference| column_of(&reference));
            let content = &xml[range.end..end];
            cells.push(Cell { column: own.unwrap_or(next), tag, is_empty, content });
        }
    }
    Ok(cells)
}

impl Row<'_> {
    fn written(
        &self,
        tag: &BytesStart<'_>,
        plan: &Plan,
        styles: &mut Option<Styles<'_>>,
    ) -> Result<String> {
        let mut cells = BTreeMap::new();
        for cell in &self.cells {
            if cell.column == plan.column && self.number >= plan.header {
                continue;
            }
            let is_wrong = plan.cells.contains_key(&(self.number, cell.column));
            cells.insert(cell.column, cell.written(is_wrong, styles)?);
        }
        let p = &self.prefix;
        let missing = plan.cells.range((self.number, 0)..=(self.number, u32::MAX));
        for ((_, column), _) in missing.filter(|((_, column), _)| *column != plan.column) {
            if !cells.contains_key(column) {
                let style = red(styles, 0)?;
                let cell =
                    format!("<{p}c r=\"{}{}\" s=\"{style}\"/>", letters(*column), self.number);
                cells.insert(*column, cell);
            }
        }
        let reason = match plan.reasons.get(&self.number) {
            Some(reason) => Some(reason.as_str()),
            None if self.number == plan.header => Some(Column::Errors.label()),
            None => None,
        };
        if let Some(reason) = reason {
            let style = red(styles, 0)?;
            let cell = format!(
                "<{p}c r=\"{}{}\" s=\"{style}\" t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">{}\
                 </{p}t></{p}is></{p}c>",
                letters(plan.column),
                self.number,
                escaped(reason)
            );
            cells.insert(plan.column, cell);
        }
        let cells: String = cells.into_values().collect();
        let name = tag.name();
        Ok(format!("{}{cells}</{}>", retagged(tag, &[("spans", None)], false), name.as_ref()))
    }
}

impl Cell<'_> {
    fn written(&self, is_wrong: bool, styles: &mut Option<Styles<'_>>) -> Result<String> {
        let style = attribute(&self.tag, "s").and_then(|s| s.parse().ok()).unwrap_or(0);
        let wanted = match styles {
            None => style,
            Some(styles) if is_wrong => styles.red(style)?,
            Some(styles) => styles.right(style)?,
        };
        let wanted = wanted.to_string();
        let set = [("s", Some(wanted.as_str()))];
        Ok(retagged(&self.tag, &set, self.is_empty) + self.content)
    }
}

fn red(styles: &mut Option<Styles<'_>>, style: usize) -> Result<usize> {
    styles.as_mut().map_or(Ok(style), |styles| styles.red(style))
}

/// The sheet with a wide column for the reasons; `None` where the column has a width already.
fn with_width(xml: &str, column: u32) -> Result<Option<String>> {
    let number = column + 1;
    let own = |p: &str| {
        format!("<{p}col min=\"{number}\" max=\"{number}\" width=\"{WIDTH}\" customWidth=\"1\"/>")
    };
    let mut tokens = Tokens::new(xml);
    while let Some((token, range)) = tokens.next()? {
        let insert =
            |text: String| Some(format!("{}{text}{}", &xml[..range.start], &xml[range.start..]));
        match token {
            Token::Start(tag) if tag.local_name().as_ref() == "sheetData" => {
                let p = prefix(&tag);
                return Ok(insert(format!("<{p}cols>{}</{p}cols>", own(&p))));
            }
            Token::Start(tag) if tag.local_name().as_ref() == "cols" => {
                let p = prefix(&tag);
                while let Some((token, range)) = tokens.next()? {
                    match token {
                        Token::Empty(col) | Token::Start(col) => {
                            let last =
                                attribute(&col, "max").and_then(|max| max.parse::<u32>().ok());
                            if last.is_none_or(|last| last >= number) {
                                return Ok(None);
                            }
                        }
                        Token::End if tokens.depth() == 1 => {
                            let (before, behind) = xml.split_at(range.start);
                            return Ok(Some(format!("{before}{}{behind}", own(&p))));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

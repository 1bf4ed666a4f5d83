//! The cells of one sheet, as a stream; what says nothing is dropped at once.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::{
    book::{Book, Entry},
    number::{self, Shape},
    strings::rich_text,
};
use crate::{
    IngestError, Result,
    rows::{
        archive::Archive,
        limits::{Budget, COLUMNS, MERGES, ROWS, XML_TOKEN_BYTES, over},
        xml::{Node, Nodes, attribute},
    },
};

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// One of the workbook's shared texts.
    Shared(u32),
    Own(Box<str>),
    /// `#N/A` and the like.
    Error(Box<str>),
}

impl Cell {
    /// Bytes of a text that a copy of the cell copies too.
    pub(super) const fn own_len(&self) -> usize {
        match self {
            Self::Shared(_) => 0,
            Self::Own(text) | Self::Error(text) => text.len(),
        }
    }

    pub(super) fn text<'a>(&'a self, book: &'a Book) -> &'a str {
        match self {
            Self::Shared(number) => book.strings.get(*number).unwrap_or_default(),
            Self::Own(text) | Self::Error(text) => text,
        }
    }
}

/// The cells of a row that say something, from left to right.
#[derive(Debug)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u32,
    /// By column, from 0.
    pub(super) cells: Vec<(u32, Cell)>,
}

/// A merged range, both corners within it; rows from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merge {
    pub(super) top: u32,
    pub(super) left: u32,
    pub(super) bottom: u32,
    pub(super) right: u32,
}

/// A sheet: rows from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) lines: Vec<Line>,
    pub(super) merges: Vec<Merge>,
}

pub(super) fn read(
    archive: &mut Archive<'_>,
    book: &Book,
    entry: &Entry,
    budget: &mut Budget,
) -> Result<Grid> {
    let missing =
        || IngestError::File(format!("工作表“{}”的内容缺失；请打开原文件另存", entry.name));
    let part = archive.part(&entry.part)?.ok_or_else(missing)?;
    let mut nodes = Nodes::new(part);
    let mut grid = Grid::default();
    let mut row = 0;
    let mut column = 0;
    loop {
        let start = match nodes.next()? {
            Node::Start(start) => start,
            Node::Eof => break,
            _ => continue,
        };
        match start.local_name().as_ref() {
            "row" => {
                row = attribute(&start, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                column = 0;
            }
            "c" => {
                let head = Head::of(&start);
                if let Some((own_row, own_column)) = head.position {
                    (row, column) = (own_row, own_column);
                }
                if let Some(cell) = cell(&mut nodes, &head, book)? {
                    grid.put(row, column, cell, budget)?;
                }
                column += 1;
            }
            "mergeCell" => {
                grid.merges.extend(attribute(&start, "ref").as_deref().and_then(merge));
                if grid.merges.len() > MERGES {
                    return Err(over("合并单元格的个数", &MERGES.to_string()));
                }
            }
            _ => {}
        }
    }
    grid.lines.sort_by_key(|line| line.number);
    Ok(grid)
}

impl Grid {
    fn put(&mut self, row: u32, column: u32, cell: Cell, budget: &mut Budget) -> Result<()> {
        if column as usize >= COLUMNS {
            return Err(over("列数", &COLUMNS.to_string()));
        }
        let own = match &cell {
            Cell::Shared(_) => 0,
            Cell::Own(text) | Cell::Error(text) => text.len() + 16,
        };
        budget.spend(own + 32)?;
        if self.lines.last().is_none_or(|line| line.number != row) {
            if self.lines.len() >= ROWS {
                return Err(over("行数", &ROWS.to_string()));
            }
            budget.spend(64)?;
            self.lines.push(Line { number: row, cells: Vec::new() });
        }
        if let Some(line) = self.lines.last_mut() {
            line.cells.push((column, cell));
        }
        Ok(())
    }
}

/// The attributes of a cell.
#[derive(Default)]
struct Head {
    position: Option<(u32, u32)>,
    style: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Flag,
    Error,
}

impl Head {
    fn of(start: &BytesStart<'_>) -> Self {
        let mut head = Self::default();
        // Without checks: they compare every attribute with every other.
        let mut attributes = start.attributes();
        for attribute in attributes.with_checks(false).filter_map(std::result::Result::ok) {
            match attribute.key.as_ref() {
                "r" => head.position = position(&attribute.value),
                "s" => head.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    head.kind = match attribute.value.as_ref() {
                        "s" => Kind::Shared,
                        "b" => Kind::Flag,
                        "e" => Kind::Error,
                        "str" | "inlineStr" | "d" => Kind::Text,
                        _ => Kind::Number,
                    };
                }
                _ => {}
            }
        }
        head
    }
}

/// What the cell that has just begun says; formulas count by the value they had last.
fn cell<R: BufRead>(nodes: &mut Nodes<R>, head: &Head, book: &Book) -> Result<Option<Cell>> {
    let mut text = String::new();
    let mut in_value = false;
    loop {
        match nodes.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "v" => in_value = true,
                "is" => rich_text(nodes, "is", &mut text)?,
                _ => {}
            },
            Node::End(end) => match end.local_name().as_ref() {
                "v" => in_value = false,
                "c" => break,
                _ => {}
            },
            Node::Text(more) if in_value => text.push_str(&more),
            Node::Eof => break,
            _ => {}
        }
        if text.len() > XML_TOKEN_BYTES {
            return Err(over("一个单元格的文字", &format!("{} MB", XML_TOKEN_BYTES >> 20)));
        }
    }
    if text.trim().is_empty() {
        return Ok(None);
    }
    Ok(match head.kind {
        Kind::Shared => {
            let number = text.trim().parse().ok();
            let says = |number: &u32| {
                book.strings.get(*number).is_some_and(|text| !text.trim().is_empty())
            };
            number.filter(says).map(Cell::Shared)
        }
        Kind::Error => Some(Cell::Error(text.into())),
        Kind::Flag => Some(Cell::Own(if text.trim() == "1" { "是" } else { "否" }.into())),
        Kind::Text => Some(Cell::Own(text.into())),
        Kind::Number => {
            let shape = book.shapes.get(head.style).copied().unwrap_or(Shape::Plain);
            Some(Cell::Own(number::shown(&text, shape, book.is_1904).into()))
        }
    })
}

/// `B2` as (2, 1).
fn position(reference: &str) -> Option<(u32, u32)> {
    let at = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(at);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?);
        column = column.checked_mul(26)?.checked_add(value + 1)?;
    }
    Some((digits.parse().ok()?, column.checked_sub(1)?))
}

fn merge(reference: &str) -> Option<Merge> {
    let (from, to) = reference.split_once(':')?;
    let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
    (top <= bottom && left <= right).then_some(Merge { top, left, bottom, right })
}

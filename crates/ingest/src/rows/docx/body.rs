//! The body of a document: paragraphs and tables in order. Tables within a cell are text of that cell.

use std::{collections::BTreeMap, io::BufRead};

use quick_xml::events::BytesStart;

use super::hidden::{Look, Styles};
use crate::{
    Result,
    rows::{
        limits::{BLOCK_BYTES, CELL_BYTES, COLUMNS, DOCUMENT_TEXT_BYTES, over},
        xml::{Node, Nodes, attribute},
    },
};

/// A piece of a document.
pub(super) enum Block {
    Paragraph(String),
    Table(Table),
}

#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    /// How many columns of the grid it takes.
    pub(super) span: usize,
    /// Cells below it belong to it.
    begins_merge: bool,
    /// It belongs to the cell above it.
    is_continued: bool,
}

/// What has been read so far.
#[derive(Default)]
struct Body {
    blocks: Vec<Block>,
    paragraph: String,
    table: Table,
    cell: Cell,
    /// How many tables are open around this place.
    nesting: usize,
    taken: usize,
}

pub(super) fn read(part: impl BufRead, styles: &Styles) -> Result<Vec<Block>> {
    let mut nodes = Nodes::new(part);
    let mut body = Body::default();
    let mut in_text = false;
    let (runs, paragraphs) = (Vec::new(), Vec::new());
    let mut looks = Looks { styles, runs, paragraphs, in_paragraph_properties: false };
    loop {
        let mut skipped = false;
        match nodes.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "t" => in_text = true,
                // What was deleted or moved away, codes of fields, the copy of a drawing for old programs, and how a
                // run looked before.
                "del" | "moveFrom" | "instrText" | "Fallback" | "delText" | "rPrChange" => {
                    skipped = true;
                }
                "tab" => body.push("\t")?,
                "br" | "cr" => body.push("\n")?,
                // Definitions of tab stops, not tabs.
                "tabs" => skipped = true,
                "tbl" => body.begin_table()?,
                "tr" if body.nesting == 1 => body.begin_row()?,
                "tc" if body.nesting == 1 => body.cell = Cell { span: 1, ..Cell::default() },
                "gridSpan" if body.nesting == 1 => {
                    let span = attribute(&start, "val").and_then(|span| span.parse().ok());
                    body.cell.span = span.unwrap_or(1).clamp(1, COLUMNS);
                }
                "vMerge" if body.nesting == 1 => {
                    let begins = attribute(&start, "val").is_some_and(|value| value == "restart");
                    body.cell.begins_merge = begins;
                    body.cell.is_continued = !begins;
                }
                name => looks.start(name, &start),
            },
            Node::End(end) => match end.local_name().as_ref() {
                "t" => in_text = false,
                "p" => {
                    looks.end("p");
                    body.end_paragraph()?;
                }
                "tc" if body.nesting == 1 => body.end_cell()?,
                "tbl" => body.end_table()?,
                name => looks.end(name),
            },
            Node::Text(text) if in_text && !looks.are_unseen() => body.push(&text)?,
            Node::Eof => return Ok(body.blocks),
            _ => {}
        }
        if skipped {
            nodes.skip()?;
        }
    }
}

/// How the runs and paragraphs that are open look: a text box has paragraphs within a run.
struct Looks<'a> {
    styles: &'a Styles,
    /// What each run says.
    runs: Vec<Look>,
    /// What each paragraph says of what its runs leave open.
    paragraphs: Vec<Look>,
    /// The properties of a paragraph are of its mark, not of its words.
    in_paragraph_properties: bool,
}

impl Looks<'_> {
    fn start(&mut self, name: &str, start: &BytesStart<'_>) {
        let style = || self.styles.look(&attribute(start, "val").unwrap_or_default());
        match name {
            "p" => self.paragraphs.push(self.styles.usual),
            "r" => self.runs.push(Look::default()),
            "pPr" => self.in_paragraph_properties = true,
            "pStyle" => {
                let look = style();
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    *paragraph = look.or(*paragraph);
                }
            }
            _ if self.in_paragraph_properties => {}
            name => {
                let look = if name == "rStyle" { style() } else { Look::of(name, start) };
                if let Some(run) = self.runs.last_mut() {
                    *run = look.or(*run);
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => drop(self.paragraphs.pop()),
            "r" => drop(self.runs.pop()),
            "pPr" => self.in_paragraph_properties = false,
            _ => {}
        }
    }

    fn are_unseen(&self) -> bool {
        let paragraph = self.paragraphs.last().copied().unwrap_or_default();
        let run = self.runs.last().copied().unwrap_or_default();
        let around = self.runs.iter().rev().skip(1);
        run.or(paragraph).is_unseen() || around.copied().any(Look::is_unseen)
    }
}

impl Body {
    fn push(&mut self, text: &str) -> Result<()> {
        self.spend(text.len())?;
        self.paragraph.push_str(text);
        Ok(())
    }

    fn spend(&mut self, bytes: usize) -> Result<()> {
        self.taken += bytes;
        if self.taken > DOCUMENT_TEXT_BYTES {
            return Err(over("文档的文字", &format!("{} MB", DOCUMENT_TEXT_BYTES >> 20)));
        }
        Ok(())
    }

    fn begin_table(&mut self) -> Result<()> {
        // A table can stand in the middle of a text box's paragraph.
        self.end_paragraph()?;
        self.nesting += 1;
        Ok(())
    }

    fn begin_row(&mut self) -> Result<()> {
        self.spend(BLOCK_BYTES)?;
        self.table.rows.push(Vec::new());
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<()> {
        let text = std::mem::take(&mut self.paragraph);
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.spend(BLOCK_BYTES)?;
        if self.nesting == 0 {
            self.blocks.push(Block::Paragraph(text.to_owned()));
            return Ok(());
        }
        if !self.cell.text.is_empty() {
            self.cell.text.push('\n');
        }
        self.cell.text.push_str(text);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<()> {
        self.end_paragraph()?;
        self.spend(CELL_BYTES)?;
        let cell = std::mem::take(&mut self.cell);
        let Some(row) = self.table.rows.last_mut() else { return Ok(()) };
        row.push(cell);
        if row.iter().map(|cell| cell.span).sum::<usize>() > COLUMNS {
            return Err(over("列数", &COLUMNS.to_string()));
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<()> {
        self.end_paragraph()?;
        self.nesting = self.nesting.saturating_sub(1);
        if self.nesting == 0 {
            let mut table = std::mem::take(&mut self.table);
            table.join_continued(|bytes| self.spend(bytes))?;
            self.spend(BLOCK_BYTES)?;
            self.blocks.push(Block::Table(table));
        }
        Ok(())
    }
}

impl Table {
    /// A cell merged over several rows says in each what it says in the first.
    fn join_continued(&mut self, mut spend: impl FnMut(usize) -> Result<()>) -> Result<()> {
        let mut above: BTreeMap<usize, String> = BTreeMap::new();
        for row in &mut self.rows {
            let mut column = 0;
            for cell in row.iter_mut() {
                let before = above.get(&column).filter(|_| cell.is_continued);
                if let Some(text) = before.filter(|_| cell.text.is_empty()) {
                    spend(text.len())?;
                    cell.text.clone_from(text);
                } else if cell.begins_merge {
                    spend(cell.text.len())?;
                    above.insert(column, cell.text.clone());
                } else {
                    above.remove(&column);
                }
                column += cell.span;
            }
        }
        self.rows.retain(|row| row.iter().any(|cell| !cell.text.is_empty()));
        Ok(())
    }
}

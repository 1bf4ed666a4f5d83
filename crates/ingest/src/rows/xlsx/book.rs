//! The parts of a workbook: its sheets, number formats and shared texts.

use std::collections::BTreeMap;

use super::{
    number::Shape,
    strings::{self, Strings},
};
use crate::{
    IngestError, Result,
    rows::{
        archive::Archive,
        limits::{RELATIONS, SHEETS, over},
        xml::{Node, Nodes, attribute},
    },
};

/// What sheets refer to.
pub(super) struct Book {
    pub(super) sheets: Vec<Entry>,
    /// Days count from 1904.
    pub(super) is_1904: bool,
    /// The shape of numbers by the style of their cell.
    pub(super) shapes: Vec<Shape>,
    pub(super) strings: Strings,
}

/// A sheet in the workbook's list.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) is_hidden: bool,
}

impl Book {
    pub(super) fn open(archive: &mut Archive<'_>) -> Result<Self> {
        let package = relations(archive, "")?;
        let workbook = of_kind(&package, "officeDocument").unwrap_or("xl/workbook.xml").to_owned();
        let relations = relations(archive, &workbook)?;
        let (sheets, is_1904) = sheets(archive, &workbook, &relations)?;
        let shapes = match of_kind(&relations, "styles") {
            Some(part) => shapes(archive, part)?,
            None => Vec::new(),
        };
        let strings = match of_kind(&relations, "sharedStrings") {
            Some(part) => strings::read(archive, part)?,
            None => Strings::default(),
        };
        Ok(Self { sheets, is_1904, shapes, strings })
    }
}

struct Relation {
    kind: String,
    part: String,
}

/// The first part of this kind.
fn of_kind<'a>(relations: &'a BTreeMap<String, Relation>, kind: &str) -> Option<&'a str> {
    relations.values().find(|found| found.kind == kind).map(|found| found.part.as_str())
}

/// What a part refers to, by identifier; of the package itself for the name "".
fn relations(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<String, Relation>> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let mut relations = BTreeMap::new();
    let Some(listed) = archive.part(&format!("{folder}{slash}_rels/{name}.rels"))? else {
        return Ok(relations);
    };
    let mut nodes = Nodes::new(listed);
    loop {
        match nodes.next()? {
            Node::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let target = attribute(&start, "Target").unwrap_or_default();
                let kind = attribute(&start, "Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let part = match target.strip_prefix('/') {
                    Some(from_root) => from_root.to_owned(),
                    None => format!("{folder}{slash}{target}"),
                };
                let id = attribute(&start, "Id").unwrap_or_default();
                relations.insert(id, Relation { kind, part });
                if relations.len() > RELATIONS {
                    return Err(over("部分之间的关系数", &RELATIONS.to_string()));
                }
            }
            Node::Eof => return Ok(relations),
            _ => {}
        }
    }
}

fn sheets(
    archive: &mut Archive<'_>,
    workbook: &str,
    relations: &BTreeMap<String, Relation>,
) -> Result<(Vec<Entry>, bool)> {
    let part = archive.part(workbook)?.ok_or_else(no_workbook)?;
    let mut nodes = Nodes::new(part);
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    loop {
        match nodes.next()? {
            Node::Start(start) if start.local_name().as_ref() == "workbookPr" => {
                let base = attribute(&start, "date1904");
                is_1904 = base.is_some_and(|base| matches!(base.as_str(), "1" | "true" | "on"));
            }
            Node::Start(start) if start.local_name().as_ref() == "sheet" => {
                let name = attribute(&start, "name").unwrap_or_default();
                let state = attribute(&start, "state").unwrap_or_default();
                // The sheet's own number is called sheetId; only the relation is called id.
                let relation = attribute(&start, "id").and_then(|id| relations.get(&id));
                // Charts and macros are sheets, too.
                let Some(relation) = relation.filter(|found| found.kind == "worksheet") else {
                    continue;
                };
                let is_hidden = matches!(state.as_str(), "hidden" | "veryHidden");
                sheets.push(Entry { name, part: relation.part.clone(), is_hidden });
                if sheets.len() > SHEETS {
                    return Err(over("工作表数", &SHEETS.to_string()));
                }
            }
            Node::Eof => break,
            _ => {}
        }
    }
    if sheets.is_empty() { Err(no_workbook()) } else { Ok((sheets, is_1904)) }
}

/// The shapes of the formats that cells refer to.
fn shapes(archive: &mut Archive<'_>, part: &str) -> Result<Vec<Shape>> {
    let Some(part) = archive.part(part)? else { return Ok(Vec::new()) };
    let mut nodes = Nodes::new(part);
    let mut own = BTreeMap::new();
    let mut shapes = Vec::new();
    let mut is_of_cells = false;
    loop {
        match nodes.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&start, "numFmtId").unwrap_or_default();
                    let code = attribute(&start, "formatCode").unwrap_or_default();
                    own.insert(id, Shape::of_code(&code));
                    if own.len() > RELATIONS {
                        return Err(over("自定义数字格式的个数", &RELATIONS.to_string()));
                    }
                }
                "cellXfs" => is_of_cells = true,
                "xf" if is_of_cells => {
                    let id = attribute(&start, "numFmtId").unwrap_or_default();
                    let built_in = || Shape::of_built_in(id.parse().unwrap_or(0));
                    shapes.push(own.get(&id).copied().unwrap_or_else(built_in));
                }
                _ => {}
            },
            Node::End(end) if end.local_name().as_ref() == "cellXfs" => is_of_cells = false,
            Node::Eof => return Ok(shapes),
            _ => {}
        }
    }
}

fn no_workbook() -> IngestError {
    IngestError::File("文件里没有工作表；请打开原文件另存为 .xlsx 再导入".to_owned())
}

//! A workbook with reasons: only the parts that say something new are written anew.

use std::collections::BTreeMap;

use super::{
    comments, is_errors,
    package::{related, relations_of, rewritten, with_relation, with_types},
    place_of,
    rows::{self, Plan},
    styles::Styles,
};
use crate::{RejectedRow, Result, rows as readers};

const STYLES: &str = "xl/styles.xml";
const TYPES: &str = "[Content_Types].xml";
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The workbook with these reasons; `None` where a reason belongs to no row of a sheet with a header.
pub(super) fn write(bytes: &[u8], rejected: &[RejectedRow]) -> Result<Option<Vec<u8>>> {
    // Guards of size and shape stand before everything that opens the file.
    let layouts = readers::layouts(bytes)?;
    let mut plans: Vec<(String, Plan)> = Vec::new();
    let mut planned = 0;
    for layout in layouts {
        let own = rejected.iter().filter(|row| row.place.sheet.as_deref() == Some(&layout.sheet));
        let headers = || layout.headers.iter().map(|(column, header)| (*column, header));
        let former = headers().find(|(_, header)| is_errors(header));
        let column = former.map_or(layout.free, |(column, _)| column);
        let mut plan = Plan { header: layout.bottom, column, ..Plan::default() };
        for row in own {
            let Some(number) = row.place.row.and_then(|row| u32::try_from(row).ok()) else {
                continue;
            };
            planned += 1;
            plan.reasons.insert(number, row.reason());
            for issue in &row.issues {
                let place = issue.column.as_ref().and_then(|header| place_of(header, headers()));
                if let Some(place) = place {
                    let told: &mut String = plan.cells.entry((number, place)).or_default();
                    told.push_str(if told.is_empty() { "" } else { "；" });
                    told.push_str(&issue.reason);
                }
            }
        }
        if !plan.reasons.is_empty() || former.is_some() {
            plans.push((layout.part, plan));
        }
    }
    if planned < rejected.len() {
        return Ok(None);
    }
    package(bytes, plans).map(Some)
}

fn package(bytes: &[u8], plans: Vec<(String, Plan)>) -> Result<Vec<u8>> {
    let [styles, types] = readers::parts(bytes, [STYLES, TYPES])?;
    let mut styles_of = match &styles {
        Some(xml) => Styles::read(xml)?,
        None => None,
    };
    let mut parts = BTreeMap::new();
    let mut new_comments = Vec::new();
    for (number, (part, plan)) in (1..).zip(plans) {
        let [xml] = readers::parts(bytes, [&part])?;
        let Some(xml) = xml else { continue };
        // Notes of the strict kind of format have names of their own.
        let notes = if xml.contains(TRANSITIONAL) {
            notes(bytes, &part, number, &plan, &mut parts, &mut new_comments)?
        } else {
            None
        };
        parts.insert(part, rows::rewritten(&xml, &plan, &mut styles_of, notes.as_deref())?);
    }
    if let Some(styles) = &styles_of {
        parts.insert(STYLES.to_owned(), styles.written()?);
    }
    if let Some(types) = &types {
        parts.insert(TYPES.to_owned(), with_types(types, &new_comments));
    }
    rewritten(bytes, parts)
}

/// Writes the notes of a sheet; gives the identifier of their drawing where the sheet has to name it.
fn notes(
    bytes: &[u8],
    part: &str,
    number: usize,
    plan: &Plan,
    parts: &mut BTreeMap<String, String>,
    new_comments: &mut Vec<String>,
) -> Result<Option<String>> {
    let relations_part = relations_of(part);
    let [relations] = readers::parts(bytes, [&relations_part])?;
    let mut relations = relations;
    let listed = relations.clone().unwrap_or_default();
    let comments = related(&listed, part, "comments")?;
    if plan.cells.is_empty() && comments.is_none() {
        return Ok(None);
    }
    let drawing = related(&listed, part, "vmlDrawing")?;
    let comments_part = match &comments {
        Some((part, _)) => part.clone(),
        None => format!("xl/commentsReturned{number}.xml"),
    };
    let drawing_part = match &drawing {
        Some((part, _)) => part.clone(),
        None => format!("xl/drawings/vmlDrawingReturned{number}.vml"),
    };
    let [former_texts, former_drawings] = readers::parts(bytes, [&comments_part, &drawing_part])?;
    let (texts, new) = comments::texts(former_texts.as_deref(), &plan.cells)?;
    parts.insert(comments_part.clone(), texts);
    parts.insert(drawing_part.clone(), comments::drawings(former_drawings.as_deref(), &new));
    if comments.is_none() {
        let with = with_relation(relations.as_deref(), "rIdReturned1", "comments", &comments_part);
        relations = Some(with);
        new_comments.push(comments_part);
    }
    let mut named = None;
    if drawing.is_none() {
        let id = "rIdReturned2";
        relations = Some(with_relation(relations.as_deref(), id, "vmlDrawing", &drawing_part));
        named = Some(id.to_owned());
    }
    parts.extend(relations.map(|relations| (relations_part, relations)));
    Ok(named)
}

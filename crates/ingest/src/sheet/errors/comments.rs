//! Notes on rejected cells: a part with their texts, and one with the drawings that show them.

use std::collections::BTreeMap;

use super::xml::{Token, Tokens, attribute, escaped, letters, prefix};
use crate::Result;

/// What our notes begin with, by which they are known again.
const OURS: &str = "退回原因：";
/// What our note says once its cell is right.
const SETTLED: &str = "上次退回的问题已改正";
/// Identifiers of shapes from here on are ours.
const FIRST_SHAPE: usize = 900_001;

/// Notes by cell, row first; rows from 1, columns from 0.
type Reasons = BTreeMap<(u32, u32), String>;

/// The part of the texts with these notes, and the cells that need a drawing. Notes of others stay; their
/// cells have the reason in the column alone.
pub(super) fn texts(former: Option<&str>, reasons: &Reasons) -> Result<(String, Vec<(u32, u32)>)> {
    const NONE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
        <comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
        <authors><author>科创大脑</author></authors><commentList></commentList></comments>";
    let xml = former.unwrap_or(NONE);
    let mut open: BTreeMap<String, (&(u32, u32), &String)> = reasons
        .iter()
        .map(|(cell, reason)| (format!("{}{}", letters(cell.1), cell.0), (cell, reason)))
        .collect();
    let mut written = String::with_capacity(xml.len() + 256 * reasons.len());
    let mut new = Vec::new();
    let mut tokens = Tokens::new(xml);
    while let Some((token, range)) = tokens.next()? {
        match token {
            Token::Start(tag) if tag.local_name().as_ref() == "comment" => {
                let end = tokens.skip()?;
                let raw = &xml[range.start..end];
                let cell = attribute(&tag, "ref").unwrap_or_default();
                let ours = raw.contains(OURS) || raw.contains(SETTLED);
                let reason = open.remove(&cell).map(|(_, reason)| format!("{OURS}{reason}"));
                let reason = reason.unwrap_or_else(|| SETTLED.to_owned());
                let note = if ours { note(&prefix(&tag), &cell, &reason) } else { raw.to_owned() };
                written.push_str(&note);
            }
            Token::End if xml[range.clone()].ends_with("commentList>") => {
                let name = &xml[range.clone()];
                let prefix = name[2..].strip_suffix("commentList>").unwrap_or_default();
                for (cell, (place, reason)) in std::mem::take(&mut open) {
                    written.push_str(&note(prefix, &cell, &format!("{OURS}{reason}")));
                    new.push(*place);
                }
                written.push_str(name);
            }
            _ => written.push_str(&xml[range]),
        }
    }
    Ok((written, new))
}

fn note(p: &str, cell: &str, text: &str) -> String {
    format!(
        "<{p}comment ref=\"{cell}\" authorId=\"0\"><{p}text><{p}r><{p}t xml:space=\"preserve\">{}</{p}t>\
         </{p}r></{p}text></{p}comment>",
        escaped(text)
    )
}

/// The part of the drawings with one more for each of these cells.
pub(super) fn drawings(former: Option<&str>, cells: &[(u32, u32)]) -> String {
    const NONE: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
        xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
        xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\">\
        <o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>\
        <v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
        path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
        <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype></xml>";
    let xml = former.unwrap_or(NONE);
    let end = xml.rfind("</xml>").unwrap_or(xml.len());
    let known = xml.matches("<v:shape ").count();
    let shapes: String = (FIRST_SHAPE + known..)
        .zip(cells)
        .map(|(id, (row, column))| shape(id, *row, *column))
        .collect();
    format!("{}{shapes}{}", &xml[..end], &xml[end..])
}

fn shape(id: usize, row: u32, column: u32) -> String {
    let row = row.saturating_sub(1);
    let (left, right, top, bottom) = (column + 1, column + 4, row, row + 4);
    format!(
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;visibility:hidden\" \
         fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>\
         <v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
         <v:textbox><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\">\
         <x:MoveWithCells/><x:SizeWithCells/>\
         <x:Anchor>{left}, 10, {top}, 4, {right}, 10, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
         <x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
}

//! The package around the sheets: which part belongs to which, and the archive that holds them.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::xml::{Token, Tokens, attribute};
use crate::{IngestError, Result};

/// What the kinds of relations begin with.
pub(super) const KINDS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The part that holds the relations of a part.
pub(super) fn relations_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

/// The part and identifier of the first relation of a kind.
pub(super) fn related(relations: &str, of: &str, kind: &str) -> Result<Option<(String, String)>> {
    let mut tokens = Tokens::new(relations);
    while let Some((token, _)) = tokens.next()? {
        let (Token::Start(tag) | Token::Empty(tag)) = token else { continue };
        let is_wanted =
            attribute(&tag, "Type").is_some_and(|of| of.rsplit('/').next() == Some(kind));
        if let (true, Some(target), Some(id)) =
            (is_wanted, attribute(&tag, "Target"), attribute(&tag, "Id"))
        {
            return Ok(Some((resolved(of, &target), id)));
        }
    }
    Ok(None)
}

/// `../comments1.xml` as seen from `xl/worksheets/sheet1.xml`.
fn resolved(from: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The relations with one more.
pub(super) fn with_relation(relations: Option<&str>, id: &str, kind: &str, part: &str) -> String {
    const NONE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
        xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
    let relation =
        format!("<Relationship Id=\"{id}\" Type=\"{KINDS}/{kind}\" Target=\"/{part}\"/>");
    let relations = match relations {
        // Some programs write an empty list as one tag.
        Some(relations) if relations.contains("</Relationships>") => relations,
        _ => NONE,
    };
    relations.replacen("</Relationships>", &format!("{relation}</Relationships>"), 1)
}

/// The list of content types with those of notes.
pub(super) fn with_types(types: &str, comments: &[String]) -> String {
    const VML: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
    const NOTES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
    let mut added = String::new();
    if !types.contains("Extension=\"vml\"") {
        added.push_str(&format!("<Default Extension=\"vml\" ContentType=\"{VML}\"/>"));
    }
    for part in comments {
        added.push_str(&format!("<Override PartName=\"/{part}\" ContentType=\"{NOTES}\"/>"));
    }
    types.replacen("</Types>", &format!("{added}</Types>"), 1)
}

/// The archive with these parts in the place of those it had, or added.
pub(super) fn rewritten(bytes: &[u8], mut parts: BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let options = SimpleFileOptions::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(failed)?;
        let name = entry.name().map_err(failed)?.into_owned();
        let replaced = parts.keys().find(|part| part.eq_ignore_ascii_case(&name)).cloned();
        match replaced.and_then(|part| parts.remove(&part)) {
            Some(text) => {
                writer.start_file(name, options).map_err(failed)?;
                writer.write_all(text.as_bytes()).map_err(failed)?;
            }
            None => writer.raw_copy_file(entry).map_err(failed)?,
        }
    }
    for (name, text) in parts {
        writer.start_file(name, options).map_err(failed)?;
        writer.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}

fn failed(error: impl std::fmt::Display) -> IngestError {
    IngestError::Write(error.to_string())
}

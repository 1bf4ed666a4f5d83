//! Texts that cells share, one after the other in a single allocation.

use crate::{
    Result,
    rows::{
        archive::Archive,
        limits::{SHARED_TEXT_BYTES, SHARED_TEXTS, over},
        xml::{Node, Nodes},
    },
};

/// Shared texts by number.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let at = number as usize;
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

pub(super) fn read(archive: &mut Archive<'_>, part: &str) -> Result<Strings> {
    let mut strings = Strings::default();
    let Some(part) = archive.part(part)? else { return Ok(strings) };
    let mut nodes = Nodes::new(part);
    loop {
        match nodes.next()? {
            Node::Start(start) if start.local_name().as_ref() == "si" => {
                rich_text(&mut nodes, "si", &mut strings.text)?;
                if strings.text.len() > SHARED_TEXT_BYTES {
                    return Err(over("共享文字", &format!("{} MB", SHARED_TEXT_BYTES >> 20)));
                }
                if strings.ends.len() >= SHARED_TEXTS {
                    return Err(over("共享文字的条数", &SHARED_TEXTS.to_string()));
                }
                // The limit above is far below 2^32.
                strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
            }
            Node::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text of runs up to the end of `element`, without phonetic guides.
pub(super) fn rich_text<R: std::io::BufRead>(
    nodes: &mut Nodes<R>,
    element: &str,
    text: &mut String,
) -> Result<()> {
    let begun = text.len();
    let (mut in_text, mut in_guide) = (false, false);
    loop {
        match nodes.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => in_guide = true,
                _ => {}
            },
            Node::End(end) => match end.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_guide = false,
                name if name == element => break,
                _ => {}
            },
            Node::Text(more) if in_text && !in_guide => text.push_str(&more),
            Node::Eof => break,
            _ => {}
        }
        if text.len() - begun > SHARED_TEXT_BYTES {
            return Err(over("一个单元格的文字", &format!("{} MB", SHARED_TEXT_BYTES >> 20)));
        }
    }
    unescape(text, begun);
    Ok(())
}

/// Characters that XML has no place for are written `_x000D_`.
fn unescape(text: &mut String, begun: usize) {
    if !text[begun..].contains("_x") {
        return;
    }
    let written = text.split_off(begun);
    let mut rest = written.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let hex = escape.get(2..6).filter(|_| escape.as_bytes().get(6) == Some(&b'_'));
        let hex = hex.filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                // Line ends of Windows inside a cell.
                if c != '\r' {
                    text.push(c);
                }
                rest = &escape[7..];
            }
            None => {
                text.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    text.push_str(rest);
}

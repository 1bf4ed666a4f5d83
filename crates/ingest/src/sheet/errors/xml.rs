//! XML in its own words: pieces that are not changed are copied as they stand.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::{IngestError, Result};

/// A piece of a part.
pub(super) enum Token<'a> {
    /// A tag that opens an element.
    Start(BytesStart<'a>),
    /// An element without content.
    Empty(BytesStart<'a>),
    /// A tag that closes an element.
    End,
    /// Text and the like.
    Other,
}

/// The pieces of a part, in order.
pub(super) struct Tokens<'a> {
    reader: Reader<&'a [u8]>,
    at: usize,
    depth: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(xml: &'a str) -> Self {
        Self { reader: Reader::from_str(xml), at: 0, depth: 0 }
    }

    /// The next piece and where it stands; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Token<'a>, Range<usize>)>> {
        let event = self.reader.read_event().map_err(|error| damaged(&error))?;
        let end = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let range = self.at..end;
        self.at = end;
        Ok(Some(match event {
            Event::Start(start) => {
                self.depth += 1;
                (Token::Start(start), range)
            }
            Event::Empty(start) => (Token::Empty(start), range),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                (Token::End, range)
            }
            Event::Eof => return Ok(None),
            _ => (Token::Other, range),
        }))
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Passes to the end of the element that was just opened; tells where that is.
    pub(super) fn skip(&mut self) -> Result<usize> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                return Err(damaged(&"unexpected end"));
            }
        }
        Ok(self.at)
    }
}

fn damaged(error: &dyn std::fmt::Display) -> IngestError {
    IngestError::File(format!("文件内部的 XML 有误（{error}）；请打开后另存一份再导入"))
}

/// The value of an attribute, by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut found = attributes.with_checks(false).filter_map(std::result::Result::ok);
    let found = found.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// The prefix of a tag, with its colon.
pub(super) fn prefix(tag: &BytesStart<'_>) -> String {
    let name = tag.name();
    let name = name.as_ref();
    name.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
}

/// The tag with these attributes set, or taken away where there is no value.
pub(super) fn retagged(
    tag: &BytesStart<'_>,
    set: &[(&str, Option<&str>)],
    is_empty: bool,
) -> String {
    let mut written = format!("<{}", tag.name().as_ref());
    let mut attributes = tag.attributes();
    for attribute in attributes.with_checks(false).filter_map(std::result::Result::ok) {
        let key = attribute.key.as_ref();
        if set.iter().all(|(name, _)| *name != key) {
            written.push_str(&format!(" {key}=\"{}\"", attribute.value.replace('"', "&quot;")));
        }
    }
    for (name, value) in set {
        if let Some(value) = value {
            written.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
    }
    written.push_str(if is_empty { "/>" } else { ">" });
    written
}

/// Text for XML, without what XML has no place for.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' => safe.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(c),
        }
    }
    safe
}

/// Column 27 as `AB`, counted from 0.
pub(super) fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The column of `AB12`, from 0.
pub(super) fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0_u32, |number, letter| {
        number.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    number.checked_sub(1)
}

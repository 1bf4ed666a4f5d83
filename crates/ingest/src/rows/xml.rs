//! XML, event by event, with bounded depth and bounded tokens. No part is ever held whole; entities
//! beyond the five that XML knows are refused together with whatever declares them.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use quick_xml::{
    Error, Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::limits::{XML_DEPTH, XML_TOKEN_BYTES, over};
use crate::{IngestError, Result};

/// What stands in a part, in order. Empty elements come as a start and an end.
pub(super) enum Node<'a> {
    Start(BytesStart<'a>),
    End(quick_xml::events::BytesEnd<'a>),
    Text(Cow<'a, str>),
    /// Comments and the like.
    Other,
    Eof,
}

/// The events of a part.
pub(super) struct Nodes<R> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Nodes<R> {
    pub(super) fn new(part: R) -> Self {
        let mut reader = Reader::from_reader(Metered { part, left: XML_TOKEN_BYTES });
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Node<'_>> {
        self.buffer.clear();
        self.reader.get_mut().left = XML_TOKEN_BYTES;
        match self.reader.read_event_into(&mut self.buffer).map_err(|error| unreadable(&error))? {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > XML_DEPTH {
                    return Err(over("XML 嵌套层数", &XML_DEPTH.to_string()));
                }
                Ok(Node::Start(start))
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Node::End(end))
            }
            Event::Text(text) => Ok(Node::Text(text.xml10_content())),
            Event::CData(text) => Ok(Node::Text(text.xml10_content())),
            Event::GeneralRef(name) => {
                if let Some(c) = name.resolve_char_ref().map_err(|error| unreadable(&error))? {
                    return Ok(Node::Text(Cow::Owned(c.to_string())));
                }
                match resolve_predefined_entity(&name) {
                    Some(text) => Ok(Node::Text(Cow::Borrowed(text))),
                    None => Err(entities()),
                }
            }
            Event::DocType(_) => Err(entities()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(Node::Other),
            // Half a document would be read as a whole one.
            Event::Eof if self.depth > 0 => Err(broken()),
            Event::Eof => Ok(Node::Eof),
        }
    }

    /// Passes over the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }
}

/// An attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    // Without checks: they compare every attribute with every other.
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).filter_map(std::result::Result::ok);
    let mut wanted = attributes.filter(|found| found.key.local_name().as_ref() == name);
    let value = wanted.next()?.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
    Some(value)
}

/// A part that stops where one token is too long.
struct Metered<R> {
    part: R,
    left: usize,
}

/// How [`Metered`] says so through an I/O error.
const TOKEN_TOO_LONG: &str = "token too long";

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(TOKEN_TOO_LONG));
        }
        self.part.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.part.consume(amount);
    }
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

fn unreadable(error: &Error) -> IngestError {
    match error {
        Error::Io(error) if error.to_string() == TOKEN_TOO_LONG => {
            over("XML 中的一个标签或一段文字", &format!("{} MB", XML_TOKEN_BYTES >> 20))
        }
        _ => broken(),
    }
}

fn broken() -> IngestError {
    IngestError::File("文件内部的 XML 不完整或有误；请打开原文件另存一份再导入".to_owned())
}

fn entities() -> IngestError {
    IngestError::File("文件内部的 XML 声明了实体（DTD），不予读取；请打开原文件另存一份".to_owned())
}

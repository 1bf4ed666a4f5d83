//! Styles of a workbook: each style of a rejected cell once more, with a red fill.

use std::collections::BTreeMap;

use super::xml::{Token, Tokens, attribute, prefix, retagged};
use crate::Result;

/// The light red of rejected cells, by which a fill of an earlier time is known again.
const RED: &str = "FFFFC7CE";

/// The styles of a workbook and what was added to them.
pub(super) struct Styles<'a> {
    xml: &'a str,
    prefix: String,
    fills_end: usize,
    xfs_end: usize,
    xfs: Vec<Xf>,
    red: usize,
    has_red: bool,
    made: BTreeMap<(usize, Fill), usize>,
}

struct Xf {
    text: String,
    is_red: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fill {
    Red,
    Blank,
}

impl<'a> Styles<'a> {
    /// Reads styles; `None` where they have no fills or no formats of cells.
    pub(super) fn read(xml: &'a str) -> Result<Option<Self>> {
        let (mut fills_end, mut xfs_end) = (None, None);
        let (mut fills, mut red) = (0, None);
        let mut xfs = Vec::new();
        let mut prefix_of = String::new();
        let mut within = "";
        let mut tokens = Tokens::new(xml);
        while let Some((token, range)) = tokens.next()? {
            let (tag, is_open) = match token {
                Token::Start(tag) => (tag, true),
                Token::Empty(tag) => (tag, false),
                Token::End if tokens.depth() == 1 => {
                    match within {
                        "fills" => fills_end = Some(range.start),
                        "cellXfs" => xfs_end = Some(range.start),
                        _ => {}
                    }
                    within = "";
                    continue;
                }
                _ => continue,
            };
            let end = |tokens: &mut Tokens<'_>| if is_open { tokens.skip() } else { Ok(range.end) };
            match (within, tag.local_name().as_ref()) {
                ("", "fills") if is_open => (within, prefix_of) = ("fills", prefix(&tag)),
                ("", "cellXfs") if is_open => within = "cellXfs",
                ("fills", _) => {
                    if xml[range.start..end(&mut tokens)?].contains(RED) {
                        red = Some(fills);
                    }
                    fills += 1;
                }
                ("cellXfs", _) => {
                    let text = xml[range.start..end(&mut tokens)?].to_owned();
                    let fill = attribute(&tag, "fillId").and_then(|fill| fill.parse().ok());
                    xfs.push((text, fill));
                }
                _ => {}
            }
        }
        let (Some(fills_end), Some(xfs_end)) = (fills_end, xfs_end) else { return Ok(None) };
        let is_red = |fill: Option<usize>| red.is_some() && fill == red;
        let xfs = xfs.into_iter().map(|(text, fill)| Xf { text, is_red: is_red(fill) }).collect();
        Ok(Some(Self {
            xml,
            prefix: prefix_of,
            fills_end,
            xfs_end,
            xfs,
            red: red.unwrap_or(fills),
            has_red: red.is_some(),
            made: BTreeMap::new(),
        }))
    }

    /// The style of a cell that is wrong.
    pub(super) fn red(&mut self, style: usize) -> Result<usize> {
        if self.xfs.get(style).is_some_and(|xf| xf.is_red) {
            return Ok(style);
        }
        self.made(style, Fill::Red)
    }

    /// The style of a cell that is right, whatever it was before.
    pub(super) fn right(&mut self, style: usize) -> Result<usize> {
        match self.xfs.get(style) {
            Some(xf) if xf.is_red => self.made(style, Fill::Blank),
            _ => Ok(style),
        }
    }

    fn made(&mut self, style: usize, fill: Fill) -> Result<usize> {
        if let Some(made) = self.made.get(&(style, fill)) {
            return Ok(*made);
        }
        let Some(xf) = self.xfs.get(style) else { return Ok(style) };
        let id = if fill == Fill::Red { self.red } else { 0 };
        let text = refilled(&xf.text, id)?;
        self.xfs.push(Xf { text, is_red: fill == Fill::Red });
        let made = self.xfs.len() - 1;
        self.made.insert((style, fill), made);
        Ok(made)
    }

    /// The part with what was added; its counts are left to the reader, who does not need them.
    pub(super) fn written(&self) -> Result<String> {
        let mut added: Vec<usize> = self.made.values().copied().collect();
        added.sort_unstable();
        let xfs: String = added.iter().map(|made| self.xfs[*made].text.as_str()).collect();
        let p = &self.prefix;
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{RED}\"/>\
             <{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        );
        let fill = if self.has_red { "" } else { fill.as_str() };
        let mut inserts = [(self.fills_end, fill), (self.xfs_end, xfs.as_str())];
        inserts.sort_unstable_by_key(|(at, _)| *at);
        let mut written = String::with_capacity(self.xml.len() + xfs.len() + fill.len());
        let mut done = 0;
        for (at, text) in inserts {
            written.push_str(&self.xml[done..at]);
            written.push_str(text);
            done = at;
        }
        written.push_str(&self.xml[done..]);
        without_counts(&written)
    }
}

/// A format with another fill.
fn refilled(xf: &str, fill: usize) -> Result<String> {
    let mut tokens = Tokens::new(xf);
    let Some((token, range)) = tokens.next()? else { return Ok(xf.to_owned()) };
    let (tag, is_empty) = match token {
        Token::Start(tag) => (tag, false),
        Token::Empty(tag) => (tag, true),
        _ => return Ok(xf.to_owned()),
    };
    let fill = fill.to_string();
    let set = [("fillId", Some(fill.as_str())), ("applyFill", Some("1"))];
    Ok(retagged(&tag, &set, is_empty) + &xf[range.end..])
}

fn without_counts(xml: &str) -> Result<String> {
    let mut written = String::with_capacity(xml.len());
    let mut tokens = Tokens::new(xml);
    while let Some((token, range)) = tokens.next()? {
        match token {
            Token::Start(tag) if matches!(tag.local_name().as_ref(), "fills" | "cellXfs") => {
                written.push_str(&retagged(&tag, &[("count", None)], false));
            }
            _ => written.push_str(&xml[range]),
        }
    }
    Ok(written)
}

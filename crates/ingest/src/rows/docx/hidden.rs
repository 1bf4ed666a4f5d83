//! What a document hides: as hidden text, or in letters that nobody can read, by its own properties or by a style's. What
//! was not seen by whoever handed it in is not taken in either.

use std::{collections::BTreeMap, io::BufRead};

use quick_xml::events::BytesStart;

use crate::{
    Result,
    rows::xml::{Node, Nodes, attribute},
};

/// Letters of two points, in half points.
const UNREADABLE: u32 = 4;
/// A style can rest on another, which rests on another; longer chains are none that a program has written.
const LONGEST_CHAIN: usize = 16;

/// What properties say of whether words can be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Whether they are hidden text.
    is_hidden: Option<bool>,
    /// Whether their letters are too small to be read.
    is_tiny: Option<bool>,
}

impl Look {
    /// What one property says; nothing for most.
    pub(super) fn of(name: &str, start: &BytesStart<'_>) -> Self {
        let value = attribute(start, "val");
        match name {
            "vanish" | "specVanish" | "webHidden" => {
                let is_off = |value: String| matches!(value.as_str(), "0" | "false" | "off");
                Self { is_hidden: Some(!value.is_some_and(is_off)), is_tiny: None }
            }
            "sz" => {
                let size: Option<u32> = value.and_then(|size| size.parse().ok());
                Self { is_hidden: None, is_tiny: size.map(|size| size <= UNREADABLE) }
            }
            _ => Self::default(),
        }
    }

    /// The same, and what it leaves open as `base` says.
    pub(super) fn or(self, base: Self) -> Self {
        Self {
            is_hidden: self.is_hidden.or(base.is_hidden),
            is_tiny: self.is_tiny.or(base.is_tiny),
        }
    }

    /// Whether words of this look are not seen.
    pub(super) fn is_unseen(self) -> bool {
        self.is_hidden == Some(true) || self.is_tiny == Some(true)
    }
}

/// How the styles of a document look.
#[derive(Debug, Default)]
pub(super) struct Styles {
    looks: BTreeMap<String, Look>,
    /// How everything looks of which nothing is said.
    pub(super) usual: Look,
}

/// What one style says.
#[derive(Default)]
struct Style {
    look: Look,
    rests_on: Option<String>,
}

impl Styles {
    /// Reads the part that holds the styles.
    pub(super) fn read(part: impl BufRead) -> Result<Self> {
        let mut nodes = Nodes::new(part);
        let mut styles: BTreeMap<String, Style> = BTreeMap::new();
        let mut open: Option<(String, Style)> = None;
        let mut usual = Look::default();
        let mut in_defaults = false;
        loop {
            match nodes.next()? {
                Node::Start(start) => match (start.local_name().as_ref(), &mut open) {
                    ("style", _) => {
                        let id = attribute(&start, "styleId").unwrap_or_default();
                        open = Some((id, Style::default()));
                    }
                    ("rPrDefault", _) => in_defaults = true,
                    ("basedOn", Some((_, style))) => style.rests_on = attribute(&start, "val"),
                    (name, Some((_, style))) => style.look = Look::of(name, &start).or(style.look),
                    (name, None) if in_defaults => usual = Look::of(name, &start).or(usual),
                    _ => {}
                },
                Node::End(end) => match end.local_name().as_ref() {
                    "style" => styles.extend(open.take()),
                    "rPrDefault" => in_defaults = false,
                    _ => {}
                },
                Node::Eof => break,
                Node::Text(_) | Node::Other => {}
            }
        }
        let looks = styles.keys().map(|id| (id.clone(), inherited(&styles, id)));
        Ok(Self { looks: looks.collect(), usual })
    }

    /// How what is written in a style looks.
    pub(super) fn look(&self, style: &str) -> Look {
        self.looks.get(style).copied().unwrap_or_default()
    }
}

/// What a style says itself, and what it rests on.
fn inherited(styles: &BTreeMap<String, Style>, id: &str) -> Look {
    let mut look = Look::default();
    let mut next = Some(id);
    for _ in 0..LONGEST_CHAIN {
        let Some(style) = next.and_then(|id| styles.get(id)) else { break };
        look = look.or(style.look);
        next = style.rests_on.as_deref();
    }
    look
}

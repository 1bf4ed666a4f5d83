//! From the bytes of a string to characters and their width.

use std::{collections::BTreeMap, rc::Rc};

use encoding_rs::GB18030;
use lopdf::{Dictionary, Document, Encoding, Object};

/// The largest map from codes to characters, in bytes.
const MAP_LIMIT_BYTES: usize = 4 << 20;

/// A font, as far as its text goes.
pub(super) struct Font<'a> {
    meaning: Meaning<'a>,
    /// Widths of codes in thousandths of the size.
    widths: Widths,
}

enum Widths {
    /// Of codes of one byte, from the first code.
    Bytes(i64, Vec<f32>),
    /// Of codes of two bytes, with that of all others.
    Pairs(BTreeMap<i64, f32>, f32),
    /// Not known.
    Estimated,
}

/// The most codes of a font whose widths are kept.
const WIDTH_LIMIT: usize = 65_536;

enum Meaning<'a> {
    Known(Encoding<'a>),
    /// GBK and its kin, one or two bytes a character.
    Gbk,
    /// Numbers of glyphs without a map to characters.
    Unknown,
}

impl<'a> Font<'a> {
    pub(super) fn new(document: &'a Document, font: &'a Dictionary) -> Self {
        let name =
            font.get_deref(b"Encoding", document).and_then(Object::as_name).unwrap_or_default();
        let has_map = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream).is_ok();
        let is_gbk =
            name.starts_with(b"GBK") || name.starts_with(b"GB-") || name.starts_with(b"GBpc");
        let is_composite = font.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Type0");
        let is_unicode = name.starts_with(b"UniGB-");
        let meaning = if is_gbk {
            Meaning::Gbk
        } else if is_composite && !has_map && !is_unicode {
            Meaning::Unknown
        } else if let Some(map) = has_map.then(|| own_map(document, font)).flatten() {
            map
        } else {
            font.get_font_encoding_with_limit(document, MAP_LIMIT_BYTES)
                .map_or(Meaning::Unknown, Meaning::Known)
        };
        let widths = if !is_composite {
            widths_of_bytes(document, font)
        } else if name.starts_with(b"Identity") {
            widths_of_pairs(document, font)
        } else {
            None
        };
        let widths = widths.unwrap_or(Widths::Estimated);
        Self { meaning, widths }
    }

    /// The characters of a string; `None` where its font has no map to them.
    pub(super) fn text(&self, bytes: &[u8]) -> Option<String> {
        match &self.meaning {
            Meaning::Known(encoding) => encoding.bytes_to_string(bytes).ok(),
            Meaning::Gbk => Some(GB18030.decode_without_bom_handling(bytes).0.into_owned()),
            Meaning::Unknown => None,
        }
    }

    /// How wide the string is, in sizes of the font; estimated where the font does not say.
    pub(super) fn width(&self, bytes: &[u8], text: &str) -> f32 {
        match &self.widths {
            Widths::Bytes(first, widths) => bytes
                .iter()
                .map(|byte| {
                    let at = usize::try_from(i64::from(*byte) - first).ok();
                    at.and_then(|at| widths.get(at)).copied().unwrap_or(500.0) / 1000.0
                })
                .sum(),
            Widths::Pairs(widths, other) => bytes
                .chunks(2)
                .map(|code| {
                    let code = code.iter().fold(0, |code, byte| code << 8 | i64::from(*byte));
                    widths.get(&code).unwrap_or(other) / 1000.0
                })
                .sum(),
            Widths::Estimated => text.chars().map(|c| if is_wide(c) { 1.0 } else { 0.5 }).sum(),
        }
    }
}

/// The map of a font to characters, which stands above what its encoding says (ISO 32000-1, 9.10.2).
/// Browsers that print give glyphs names of their own and only this map tells what they are.
fn own_map<'a>(document: &Document, font: &Dictionary) -> Option<Meaning<'a>> {
    let mut bare = font.clone();
    bare.remove(b"Encoding");
    match bare.get_font_encoding_with_limit(document, MAP_LIMIT_BYTES) {
        Ok(Encoding::UnicodeMapEncoding(map)) => {
            Some(Meaning::Known(Encoding::UnicodeMapEncoding(map)))
        }
        _ => None,
    }
}

/// Chinese characters and their punctuation fill a square.
pub(super) fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

fn widths_of_bytes(document: &Document, font: &Dictionary) -> Option<Widths> {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).ok()?;
    let widths = font.get_deref(b"Widths", document).and_then(Object::as_array).ok()?;
    let widths = widths.iter().take(256).map(|width| width.as_float().unwrap_or(500.0));
    Some(Widths::Bytes(first, widths.collect()))
}

/// ISO 32000-1, 9.7.4.3: `c [w …]` for codes from `c` on, `first last w` for a range of codes.
fn widths_of_pairs(document: &Document, font: &Dictionary) -> Option<Widths> {
    let inner = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array).ok()?;
    let (_, inner) = document.dereference(inner.first()?).ok()?;
    let inner = inner.as_dict().ok()?;
    let other = inner.get_deref(b"DW", document).and_then(Object::as_float).unwrap_or(1000.0);
    let listed = inner.get_deref(b"W", document).and_then(Object::as_array);
    let mut listed = listed.map(Vec::as_slice).unwrap_or_default();
    let mut widths = BTreeMap::new();
    let mut steps = 0;
    while let [first, second, rest @ ..] = listed {
        let first = first.as_i64().ok()?;
        if let Ok(each) = second.as_array() {
            steps += each.len();
            widths.extend((first..).zip(each.iter().filter_map(|width| width.as_float().ok())));
            listed = rest;
        } else {
            let [width, rest @ ..] = rest else { break };
            let last = second.as_i64().ok()?.clamp(first, first.saturating_add(WIDTH_LIMIT as i64));
            let width = width.as_float().ok()?;
            steps += usize::try_from(last - first).unwrap_or(0) + 1;
            widths.extend((first..=last).map(|code| (code, width)));
            listed = rest;
        }
        if steps > WIDTH_LIMIT {
            return None;
        }
    }
    Some(Widths::Pairs(widths, other))
}

/// Fonts that were read already. One font serves many pages.
#[derive(Default)]
pub(super) struct Fonts<'a>(BTreeMap<usize, Rc<Font<'a>>>);

impl<'a> Fonts<'a> {
    /// Adds the fonts of a dictionary of resources, by the names that content uses.
    pub(super) fn add(
        &mut self,
        document: &'a Document,
        resources: &'a Dictionary,
        named: &mut BTreeMap<Vec<u8>, Rc<Font<'a>>>,
    ) {
        let listed = resources.get_deref(b"Font", document).and_then(Object::as_dict);
        for (name, _) in listed.iter().flat_map(|listed| listed.iter()) {
            let font = listed
                .as_ref()
                .ok()
                .and_then(|listed| listed.get_deref(name, document).and_then(Object::as_dict).ok());
            let Some(font) = font.filter(|_| !named.contains_key(name)) else { continue };
            // The document outlives this, so that an address stays that of its font.
            let address = std::ptr::from_ref(font).addr();
            let font = self.0.entry(address).or_insert_with(|| Rc::new(Font::new(document, font)));
            named.insert(name.clone(), Rc::clone(font));
        }
    }
}

//! From the bytes of a string to characters and their width.

use std::collections::BTreeMap;

use encoding_rs::GB18030;
use lopdf::{Dictionary, Document, Encoding, Object};

/// The largest map from codes to characters, in bytes.
const MAP_LIMIT_BYTES: usize = 4 << 20;

/// A font, as far as its text goes.
pub(super) struct Font<'a> {
    meaning: Meaning<'a>,
    /// Widths of one-byte codes in thousandths of the size, from the first code.
    widths: Option<(i64, Vec<f32>)>,
}

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
        } else {
            font.get_font_encoding_with_limit(document, MAP_LIMIT_BYTES)
                .map_or(Meaning::Unknown, Meaning::Known)
        };
        let widths = if is_composite { None } else { widths(document, font) };
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
            Some((first, widths)) => bytes
                .iter()
                .map(|byte| {
                    let at = usize::try_from(i64::from(*byte) - first).ok();
                    at.and_then(|at| widths.get(at)).copied().unwrap_or(500.0) / 1000.0
                })
                .sum(),
            None => text.chars().map(|c| if is_wide(c) { 1.0 } else { 0.5 }).sum(),
        }
    }
}

/// Chinese characters and their punctuation fill a square.
pub(super) fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

fn widths(document: &Document, font: &Dictionary) -> Option<(i64, Vec<f32>)> {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).ok()?;
    let widths = font.get_deref(b"Widths", document).and_then(Object::as_array).ok()?;
    let widths = widths.iter().take(256).map(|width| width.as_float().unwrap_or(500.0));
    Some((first, widths.collect()))
}

/// The fonts of a dictionary of resources, by the names that content uses.
pub(super) fn fonts<'a>(
    document: &'a Document,
    resources: &'a Dictionary,
    fonts: &mut BTreeMap<Vec<u8>, Font<'a>>,
) {
    let Ok(named) = resources.get_deref(b"Font", document).and_then(Object::as_dict) else {
        return;
    };
    for (name, _) in named.iter() {
        if let Ok(font) = named.get_deref(name, document).and_then(Object::as_dict) {
            fonts.entry(name.clone()).or_insert_with(|| Font::new(document, font));
        }
    }
}

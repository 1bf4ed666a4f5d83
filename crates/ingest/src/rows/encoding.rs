//! Which characters the bytes of a text file mean.
//!
//! Strict: a file is UTF-8, or UTF-16 with a byte order mark, or GB18030 (which holds GBK and GB 2312)
//! without a single error; anything else is refused rather than guessed.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use crate::{IngestError, Result};

/// What the bytes of a file mean.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decoded<'a> {
    /// Its text and, where it was not UTF-8, what it was.
    Text(Cow<'a, str>, Option<&'static str>),
    /// UTF-8 (or something else) with damage, at first in this line.
    Damaged(u64),
}

/// Reads the bytes of a text file.
///
/// # Errors
/// [`IngestError::File`] for UTF-16 with damage.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>> {
    if bytes.starts_with(b"\xff\xfe") {
        return utf_16(UTF_16LE, &bytes[2..]);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return utf_16(UTF_16BE, &bytes[2..]);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(Decoded::Text(String::from_utf8_lossy(bytes), None));
    };
    if !is_mostly_utf_8(bytes)
        && let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Ok(Decoded::Text(text, Some("GB18030（GBK）")));
    }
    let before = &bytes[..error.valid_up_to()];
    Ok(Decoded::Damaged(1 + before.iter().filter(|byte| **byte == b'\n').count() as u64))
}

/// The text of a file that is no table, where damage cannot be told row by row.
///
/// # Errors
/// [`IngestError::File`] for any damage.
pub(super) fn decode_whole(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>)> {
    match decode(bytes)? {
        Decoded::Text(text, encoding) => Ok((text, encoding)),
        Decoded::Damaged(line) => Err(IngestError::File(format!(
            "第 {line} 行起的文字既不是 UTF-8 也不是 GBK 编码；请用“另存为”选择 UTF-8 后再导入"
        ))),
    }
}

fn utf_16<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Decoded<'a>> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = text.ok_or_else(|| {
        IngestError::File("文件不是完整的 UTF-16 编码；请用“另存为”选择 UTF-8 后再导入".to_owned())
    })?;
    Ok(Decoded::Text(text, Some("UTF-16")))
}

/// Chinese UTF-8 with one bad byte is often faultless GB18030, of other words. GBK text holds next to
/// no sequence that UTF-8 reads as a character of three bytes.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut characters, mut faults) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| c.len_utf8() == 3).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    characters >= faults
}

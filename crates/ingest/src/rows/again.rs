//! A file that was read once, opened again to write into it what was wrong: under the same limits.

use std::{borrow::Cow, io::Read};

use super::{Known, archive::Archive, csv, encoding, xlsx};
use crate::{IngestError, Mapping, Result};

/// Where the rows of a text of separated values stand.
pub(crate) fn cut(text: &str) -> Result<csv::Cut> {
    csv::cut(text.as_bytes(), Known::new(None, &Mapping::default()))
}

/// The text of a file, and its encoding where that is not UTF-8.
pub(crate) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>)> {
    encoding::decode_whole(bytes)
}

/// Where the headers of a workbook's sheets stand.
pub(crate) fn layouts(bytes: &[u8]) -> Result<Vec<xlsx::Layout>> {
    xlsx::layouts(bytes, Known::new(None, &Mapping::default()))
}

/// Parts of a package as texts, each `None` where it is missing.
pub(crate) fn parts<const N: usize>(bytes: &[u8], names: [&str; N]) -> Result<[Option<String>; N]> {
    let mut archive = Archive::open(bytes)?;
    let mut texts = [const { None }; N];
    for (text, name) in texts.iter_mut().zip(names) {
        if let Some(mut part) = archive.part(name)? {
            let mut read = String::new();
            part.read_to_string(&mut read).map_err(|error| {
                IngestError::File(format!("文件内的 {name} 读不出来（{error}）；请打开后另存一份"))
            })?;
            *text = Some(read);
        }
    }
    Ok(texts)
}

//! ZIP archives, looked at before anything in them is inflated.
//!
//! Parts are read by name and never written anywhere. What the directory says of a part's size is
//! checked first; what really comes out is cut off there.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Cursor, Read},
};

use zip::{ZipArchive, read::ZipFile};

use super::limits::{
    ARCHIVE_BYTES, ARCHIVE_ENTRIES, ARCHIVE_INFLATED_BYTES, PART_BYTES, PART_RATIO,
    RATIO_FREE_BYTES, over,
};
use crate::{IngestError, Result};

/// What a header of the directory begins with.
const DIRECTORY_HEADER: &[u8] = b"PK\x01\x02";

/// An archive whose directory has passed.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    parts: BTreeMap<String, usize>,
}

/// A part on its way out.
pub(super) type Part<'a, 'b> = BufReader<Honest<ZipFile<'b, Cursor<&'a [u8]>>>>;

impl<'a> Archive<'a> {
    /// Looks at the directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > ARCHIVE_BYTES {
            return Err(over("文件", &format!("{} MB", ARCHIVE_BYTES >> 20)));
        }
        // However many directories an archive hides, each entry has a header of its own.
        if headers_at_least(bytes, ARCHIVE_ENTRIES + 1) {
            return Err(over("压缩包内的文件数", &ARCHIVE_ENTRIES.to_string()));
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if zip.has_duplicate_names() {
            return Err(doubtful("有重名的部分"));
        }
        let mut parts = BTreeMap::new();
        let mut inflated = 0_u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| damaged())?;
            let name = entry.name().map_err(|_| damaged())?.into_owned();
            if is_outside(&name) {
                return Err(doubtful("有越出压缩包的路径"));
            }
            if entry.encrypted() {
                return Err(encrypted());
            }
            let size = check_size(entry.size(), entry.compressed_size())?;
            inflated = inflated.saturating_add(size);
            // Programs that write packages do not agree on case.
            if parts.insert(name.to_ascii_lowercase(), index).is_some() {
                return Err(doubtful("有重名的部分"));
            }
        }
        if inflated > ARCHIVE_INFLATED_BYTES {
            return Err(over("解压后的总大小", &format!("{} MB", ARCHIVE_INFLATED_BYTES >> 20)));
        }
        Ok(Self { zip, parts })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_ascii_lowercase())
    }

    /// A part by its name; `None` where there is none.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'a, '_>>> {
        let Some(index) = self.parts.get(&name.to_ascii_lowercase()) else { return Ok(None) };
        let file = self.zip.by_index(*index).map_err(|_| damaged())?;
        let left = file.size();
        Ok(Some(BufReader::new(Honest { file, left })))
    }
}

fn headers_at_least(bytes: &[u8], count: usize) -> bool {
    let mut starts = bytes.split(|byte| *byte == b'P').skip(1);
    let is_header = |rest: &[u8]| rest.starts_with(&DIRECTORY_HEADER[1..]);
    starts.by_ref().filter(|rest| is_header(rest)).nth(count - 1).is_some()
}

fn check_size(size: u64, packed: u64) -> Result<u64> {
    if size > PART_BYTES {
        return Err(over("压缩包内单个部分解压后的大小", &format!("{} MB", PART_BYTES >> 20)));
    }
    if size > RATIO_FREE_BYTES && size / packed.max(1) > PART_RATIO {
        return Err(over("压缩包的压缩比", &format!("{PART_RATIO}:1")));
    }
    Ok(size)
}

fn is_outside(name: &str) -> bool {
    let is_drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with(['/', '\\'])
        || is_drive
        || name.contains('\0')
        || name.split(['/', '\\']).any(|step| step == "..")
}

/// A part that gives no more than its directory entry says.
pub(super) struct Honest<R> {
    file: R,
    left: u64,
}

impl<R: Read> Read for Honest<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("压缩包内某部分的实际大小超过目录所写的大小"))?;
        Ok(read)
    }
}

pub(super) fn damaged() -> IngestError {
    IngestError::File("文件不完整或已损坏，无法解压；请重新下载，或打开后另存一份再导入".to_owned())
}

pub(super) fn encrypted() -> IngestError {
    IngestError::File("文件有密码；请取消密码保护、另存后再导入".to_owned())
}

fn doubtful(what: &str) -> IngestError {
    IngestError::File(format!("压缩包{what}，不予读取；请打开原文件另存一份再导入"))
}

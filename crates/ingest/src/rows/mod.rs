//! Rows of a file. Files come from outside: sizes are bounded, nothing is trusted to be well formed,
//! and one broken row does not take others with it.
//!
//! [`read_file`] is the door for files whose name is known; each format has a reader of its own below.

mod again;
mod archive;
mod csv;
mod docx;
mod encoding;
mod folder;
mod form;
mod format;
mod json;
mod json_lines;
mod known;
mod limits;
pub mod pdf;
mod row;
mod text;
mod xlsx;
mod xml;

use kechuang_domain::{Library, Place};

use crate::{IngestError, Mapping, Result};
use encoding::Decoded;

pub(crate) use again::{cut, decoded, layouts, parts};
pub(crate) use known::Known;

pub use folder::{Folder, FolderFile, walk};
pub use format::Format;
pub use pdf::PdfReader;
pub use row::Row;

/// The largest file that is read.
pub const FILE_LIMIT_BYTES: u64 = 512 << 20;
/// The longest row that is read.
pub const ROW_LIMIT_BYTES: usize = 2 << 20;

/// What a reader has to know to tell headers and labels from other text.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The library that the rows go to; without it, the fields of every library are known.
    pub library: Option<Library>,
    /// What the source says about its headers.
    pub mapping: &'a Mapping,
    /// What reads PDF files; without it they are refused.
    pub pdf: Option<&'a PdfReader>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFile {
    /// How it is written.
    pub format: Format,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// What its owner should know of the reading, in Chinese: sheets that were passed over, an encoding.
    pub notes: Vec<String>,
}

/// Reads a file whose ending and content agree.
///
/// # Errors
/// [`IngestError::File`] where the file is too large, damaged, not what its name says, or holds no
/// rows.
pub fn read_file(options: &ReadOptions<'_>, name: &str, bytes: &[u8]) -> Result<ReadFile> {
    if bytes.len() as u64 > FILE_LIMIT_BYTES {
        return Err(limits::over("文件", &format!("{} MB", FILE_LIMIT_BYTES >> 20)));
    }
    let format = Format::detect(name, bytes)?;
    let known = Known::new(options.library, options.mapping);
    let mut notes = Vec::new();
    let rows = match format {
        Format::JsonLines => json_lines::read(without_mark(bytes))?,
        Format::Json => json::read(without_mark(bytes))?,
        Format::Csv => read_csv(bytes, known, &mut notes)?,
        Format::Text => text::read(name, bytes, known, &mut notes)?,
        Format::Xlsx => xlsx::read(bytes, known, &mut notes)?,
        Format::Docx => docx::read(name, bytes, known)?,
        Format::Pdf => vec![read_pdf(options, name, bytes)?],
    };
    Ok(ReadFile { format, rows, notes })
}

/// All rows of a file whose lines are its rows, in order.
///
/// # Errors
/// [`IngestError::File`] where no row can be told from another, or for any other format.
pub fn read(format: Format, bytes: &[u8]) -> Result<Vec<Row>> {
    let mapping = Mapping::default();
    match format {
        Format::JsonLines if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            Err(IngestError::File("文件是 UTF-16 编码；请用“另存为”选择 UTF-8 后再导入".to_owned()))
        }
        Format::JsonLines => json_lines::read(without_mark(bytes)),
        Format::Csv => read_csv(bytes, Known::new(None, &mapping), &mut Vec::new()),
        _ => {
            let options = ReadOptions { library: None, mapping: &mapping, pdf: None };
            let name = format!("文件.{}", format.ending());
            read_file(&options, &name, bytes).map(|file| file.rows)
        }
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn read_csv(bytes: &[u8], known: Known<'_>, notes: &mut Vec<String>) -> Result<Vec<Row>> {
    match encoding::decode(bytes)? {
        Decoded::Text(text, encoding) => {
            notes.extend(encoding.map(encoding_note));
            csv::read(text.as_bytes(), known)
        }
        Decoded::Damaged(_) => csv::read(without_mark(bytes), known),
    }
}

fn read_pdf(options: &ReadOptions<'_>, name: &str, bytes: &[u8]) -> Result<Row> {
    let reader = options.pdf.ok_or_else(|| {
        IngestError::File(format!("此处不能读取 PDF「{name}」；请用命令行或网页的文件导入"))
    })?;
    let text = reader.read(bytes)?;
    let place = Place { page: Some(1), ..Place::default() };
    Ok(Row::Text { place, name: name.to_owned(), text: text.text, pages: text.pages })
}

fn encoding_note(encoding: &str) -> String {
    format!("文件按 {encoding} 编码读取")
}

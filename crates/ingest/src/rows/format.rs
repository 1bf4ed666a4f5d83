//! Which format a file has. A name is a claim; the content decides whether it holds.

use super::archive::Archive;
use crate::{IngestError, Result};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// One JSON array of objects.
    Json,
    /// Separated values with a header row.
    Csv,
    /// An Excel workbook of 2007 or later.
    Xlsx,
    /// A Word document of 2007 or later.
    Docx,
    /// A PDF with text in it.
    Pdf,
    /// Plain text or Markdown.
    Text,
}

/// What a file's content turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Xlsx,
    Docx,
    OpenDocument,
    OtherZip,
    EncryptedOffice,
    OldOffice,
    Pdf,
    Html,
    Text,
    Unknown,
}

const WAYS_OUT: &str =
    "可导入 .xlsx、.csv、.docx、.pdf、.txt、.json（对象数组）和 .jsonl（每行一个 JSON 对象）";

impl Format {
    /// The format that a file name's ending tells.
    ///
    /// # Errors
    /// [`IngestError::File`] for any other ending.
    pub fn of_name(name: &str) -> Result<Self> {
        let way_out = match ending(name).as_str() {
            "jsonl" | "ndjson" => return Ok(Self::JsonLines),
            "json" => return Ok(Self::Json),
            "csv" | "tsv" => return Ok(Self::Csv),
            "xlsx" | "xlsm" => return Ok(Self::Xlsx),
            "docx" | "docm" => return Ok(Self::Docx),
            "pdf" => return Ok(Self::Pdf),
            "txt" | "md" => return Ok(Self::Text),
            "xls" | "et" | "ods" | "xlsb" => "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
            "doc" | "wps" | "odt" | "rtf" => "请用 Word 或 WPS 打开，另存为 .docx 后再导入",
            "zip" | "rar" | "7z" => "请先解压，再导入其中的文件或整个文件夹",
            _ => WAYS_OUT,
        };
        Err(IngestError::File(format!("不支持文件「{name}」的格式；{way_out}")))
    }

    /// The format that a file's ending and content agree on.
    ///
    /// # Errors
    /// [`IngestError::File`] for endings that are not read, and where the content is something else:
    /// the message says what.
    pub fn detect(name: &str, bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(IngestError::File(format!("文件「{name}」是空的；请重新导出")));
        }
        let content = Content::of(bytes)?;
        // An ending that is not read can hide a content that is; of both, the content tells more.
        let claimed = match (Self::of_name(name), content) {
            (Ok(format), _) => format,
            (Err(refused), Content::Xlsx | Content::Docx | Content::Pdf | Content::Html) => {
                let claimed = ending(name);
                return Err(if claimed.is_empty() { refused } else { content.mismatch(&claimed) });
            }
            (Err(refused), _) => return Err(refused),
        };
        let fits = match claimed {
            Self::Xlsx => content == Content::Xlsx,
            Self::Docx => content == Content::Docx,
            Self::Pdf => content == Content::Pdf,
            Self::JsonLines | Self::Json | Self::Csv | Self::Text => content == Content::Text,
        };
        if fits { Ok(claimed) } else { Err(content.mismatch(&ending(name))) }
    }

    /// The usual ending.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }
}

fn ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) => ending.to_ascii_lowercase(),
        None => String::new(),
    }
}

/// `EncryptedPackage` as the directory of a compound file writes it.
const ENCRYPTED_PACKAGE: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
/// So much of a text is looked at.
const LOOKED_AT_BYTES: usize = 4096;

impl Content {
    fn of(bytes: &[u8]) -> Result<Self> {
        let start = &bytes[..bytes.len().min(LOOKED_AT_BYTES)];
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Self::of_zip(bytes);
        }
        if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            let is_encrypted = contains(bytes, ENCRYPTED_PACKAGE);
            return Ok(if is_encrypted { Self::EncryptedOffice } else { Self::OldOffice });
        }
        // Some programs put a few lines before it.
        if contains(&start[..start.len().min(1024)], b"%PDF-") {
            return Ok(Self::Pdf);
        }
        let is_utf_16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        if !is_utf_16 && start.contains(&0) {
            return Ok(Self::Unknown);
        }
        let lower = start.to_ascii_lowercase();
        let text = lower.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&lower).trim_ascii_start();
        let is_html = [&b"<!doctype html"[..], b"<html", b"<table"];
        Ok(if is_html.iter().any(|tag| text.starts_with(tag)) { Self::Html } else { Self::Text })
    }

    fn of_zip(bytes: &[u8]) -> Result<Self> {
        let archive = Archive::open(bytes)?;
        let has = |name| archive.has(name);
        Ok(if has("xl/workbook.xml") {
            Self::Xlsx
        } else if has("word/document.xml") {
            Self::Docx
        } else if has("mimetype") && has("content.xml") {
            Self::OpenDocument
        } else if has("[Content_Types].xml") && has("_rels/.rels") {
            Self::Xlsx
        } else {
            Self::OtherZip
        })
    }

    /// The refusal of a file named `.ending` that holds this.
    fn mismatch(self, ending: &str) -> IngestError {
        let (what, remedy) = match self {
            Self::Xlsx => ("Excel 工作簿", "请改名为 .xlsx"),
            Self::Docx => ("Word 文档", "请改名为 .docx"),
            Self::OpenDocument => ("OpenDocument 文件", "请打开后另存为 .xlsx 或 .docx"),
            Self::OtherZip => ("压缩包", "请先解压，再导入其中的文件"),
            Self::EncryptedOffice => ("有密码的 Office 文件", "请取消密码保护、另存后再导入"),
            Self::OldOffice => ("旧版 Office 文件", "请打开后另存为 .xlsx 或 .docx"),
            Self::Pdf => ("PDF", "请改名为 .pdf"),
            Self::Html => ("网页", "请用 Excel 或 WPS 打开后另存为 .xlsx"),
            Self::Text => ("纯文本", "请按其内容改名为 .csv、.txt、.json 或 .jsonl"),
            Self::Unknown => ("无法识别的数据", "文件可能已损坏；请重新导出"),
        };
        IngestError::File(format!("文件名是 .{ending}，内容却是{what}；{remedy}"))
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == wanted[0]) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

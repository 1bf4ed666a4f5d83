//! What the targets share.

use std::io::{Cursor, Write};

use kechuang_domain::Library;
use kechuang_ingest::{
    IngestRules, Mapping, Row, RowContext,
    job::row_draft,
    rows::{ReadOptions, read_file},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Reads a file and makes drafts of its rows: whatever the bytes, both end, and rows keep their promises.
pub fn read(name: &str, bytes: &[u8]) {
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(Library::Demand), mapping: &mapping, pdf: None };
    let Ok(file) = read_file(&options, name, bytes) else { return };
    let (context, rules) = (RowContext::new(Library::Demand, "fuzz"), IngestRules::default());
    for row in &file.rows {
        drop(row_draft(&context, &rules, row));
        match row {
            Row::Fields { .. } => {}
            Row::Text { text, pages, .. } => {
                assert!(!text.trim().is_empty(), "an empty document is refused");
                assert!(pages.iter().all(|page| text.is_char_boundary(*page)), "pages begin in the text");
            }
            Row::Broken { reason, .. } => assert!(!reason.is_empty(), "a broken row has its reason"),
        }
    }
    // Rows go through the job table as JSON.
    let saved = serde_json::to_string(&file.rows).expect("rows are plain data");
    let back: Vec<Row> = serde_json::from_str(&saved).expect("rows come back");
    assert_eq!(back, file.rows);
}

/// A package of these parts, with what stands between NUL bytes in `content` as their contents. Mutated
/// packages rarely pass their checksums; this reaches what lies behind.
pub fn package(names: &[&str], content: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let contents = content.split(|byte| *byte == 0).chain(std::iter::repeat(&b""[..]));
    for (name, bytes) in names.iter().zip(contents) {
        zip.start_file(*name, stored).expect("a part");
        zip.write_all(bytes).expect("a part");
    }
    zip.finish().expect("a package").into_inner()
}

/// The parts of a workbook, in the order of [`package`].
pub const WORKBOOK: [&str; 6] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
];

/// The parts of a document.
pub const DOCUMENT: [&str; 1] = ["word/document.xml"];

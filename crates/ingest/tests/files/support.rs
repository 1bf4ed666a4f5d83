//! What tests of files share: small packages made on the spot.

use std::io::{Cursor, Write};

use kechuang_domain::Library;
use kechuang_ingest::{
    Mapping, Row,
    rows::{ReadFile, ReadOptions, read_file},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Reads a file as rows of `library`; the message where it is refused.
pub(crate) fn read_as(library: Library, name: &str, bytes: &[u8]) -> Result<ReadFile, String> {
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(library), mapping: &mapping, pdf: None };
    read_file(&options, name, bytes).map_err(|error| error.to_string())
}

/// The rows as JSON, each with its place: `工作表“需求”第 2 行 {"名称":"甲"}`.
pub(crate) fn shown(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .map(|row| match row {
            Row::Fields { place, fields } => {
                format!("{} {}", place.label(), serde_json::to_string(fields).expect("JSON"))
            }
            Row::Text { name, text, .. } => format!("{name}: {text}"),
            Row::Broken { place, reason, .. } => format!("{} !{reason}", place.label()),
        })
        .collect()
}

/// A package of these parts.
pub(crate) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("a part");
    }
    zip.finish().expect("a package").into_inner()
}

/// A document with this body.
pub(crate) fn docx(body: &str) -> Vec<u8> {
    styled_docx("", body)
}

/// A document with these styles and this body.
pub(crate) fn styled_docx(styles: &str, body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>"
    );
    let styles = format!("<?xml version=\"1.0\"?><w:styles xmlns:w=\"urn:w\">{styles}</w:styles>");
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ])
}

/// A paragraph of a document.
pub(crate) fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

/// A table of a document: cells are texts, `>2 text` takes two columns, `v text` begins a cell over
/// several rows and `^` goes on with it.
pub(crate) fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| {
        let (properties, text) = match text.split_once(' ') {
            Some((mark, text)) if mark.starts_with('>') => {
                (format!("<w:gridSpan w:val=\"{}\"/>", &mark[1..]), text)
            }
            Some(("v", text)) => ("<w:vMerge w:val=\"restart\"/>".to_owned(), text),
            _ if *text == "^" => ("<w:vMerge/>".to_owned(), ""),
            _ => (String::new(), *text),
        };
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text))
    };
    let row =
        |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

/// A workbook with one sheet of this XML (what stands within `worksheet`) and these shared strings.
pub(crate) fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    let sheet = format!("<worksheet xmlns=\"urn:x\">{sheet}</worksheet>");
    workbook(sheet.as_bytes(), strings.as_bytes())
}

/// A workbook of these two parts.
pub(crate) fn workbook(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"urn:r/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| format!("<Relationships>{inner}</Relationships>");
    let root = relations(relation("r1", "officeDocument", "xl/workbook.xml"));
    let book = relations(
        relation("r1", "worksheet", "worksheets/sheet1.xml")
            + &relation("r2", "sharedStrings", "sharedStrings.xml"),
    );
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r=\"urn:r\"><sheets><sheet name=\"\xe8\xa1\xa8\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ])
}

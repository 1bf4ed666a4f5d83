//! How fast files become rows, beside the library beneath each reader alone: 5,000 ChinaXiv abstracts
//! in each format, one thread, median of 5.
//!
//! `cargo bench -p kechuang-benches --bench readers`

use std::{
    hint::black_box,
    io::{Cursor, Read, Write},
    time::Instant,
};

use anyhow::{Context, Result, anyhow};
use calamine::{Reader as _, Xlsx};
use kechuang_benches::{data, figures::print_ratio, is_test};
use kechuang_domain::Library;
use kechuang_ingest::{
    Mapping,
    rows::{ReadOptions, pdf, read_file},
};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use quick_xml::events::Event;
use serde_json::Value;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const RECORDS: usize = 5_000;
const RUNS: usize = 5;
const HEADERS: [&str; 4] = ["编号", "名称", "关键词", "内容简介"];
/// Characters of a line of a page, and lines of a page.
const LINE_CHARS: usize = 36;
const PAGE_LINES: usize = 40;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    let records = records()?;
    let lines = lines(&records)?;
    compare("JSON Lines, beside serde_json", ("a.jsonl", &lines), records.len(), json_alone)?;
    compare("CSV, beside csv", ("a.csv", &csv(&records)?), records.len(), csv_alone)?;
    compare("XLSX, beside calamine", ("a.xlsx", &xlsx(&records)?), records.len(), xlsx_alone)?;
    compare("DOCX, beside quick-xml", ("a.docx", &docx(&records)?), records.len(), docx_alone)?;
    let (file, pages) = pdf(&records[..1_000])?;
    let ours =
        rate(pages, || pdf::extract(&file).map(|text| drop(black_box(text))).map_err(Into::into))?;
    let alone = rate(pages, || pdf_alone(&file))?;
    println!("{:<44} {ours:.0} pages per second, {alone:.0} alone", "PDF, beside lopdf");
    print_ratio("  ratio", ours / alone, "none");
    Ok(())
}

fn compare(
    what: &str,
    (name, file): (&str, &[u8]),
    records: usize,
    alone: fn(&[u8]) -> Result<()>,
) -> Result<()> {
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(Library::Achievement), mapping: &mapping, pdf: None };
    let ours = rate(records, || {
        let read = read_file(&options, name, file)?;
        anyhow::ensure!(read.rows.len() == records, "{name}: {} rows", read.rows.len());
        drop(black_box(read));
        Ok(())
    })?;
    let alone = rate(records, || alone(file))?;
    println!("{what:<44} {ours:.0} records per second, {alone:.0} alone");
    print_ratio("  ratio", ours / alone, "none");
    Ok(())
}

/// Records per second, median of the runs.
fn rate(records: usize, mut read: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut rates = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        read()?;
        rates.push(records as f64 / started.elapsed().as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates[RUNS / 2])
}

/// The texts of each record, in the order of [`HEADERS`].
fn records() -> Result<Vec<[String; 4]>> {
    let corpus = data::corpus()?;
    let mut records = Vec::with_capacity(RECORDS);
    for line in corpus.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(RECORDS) {
        let row: Value = serde_json::from_slice(line)?;
        let text = |name: &str| match &row[name] {
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("；")
            }
            _ => String::new(),
        };
        records.push(["id", "title", "keywords", "abstract"].map(text));
    }
    Ok(records)
}

fn lines(records: &[[String; 4]]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for record in records {
        let row: serde_json::Map<String, Value> = HEADERS
            .iter()
            .zip(record)
            .map(|(name, text)| ((*name).to_owned(), text.clone().into()))
            .collect();
        serde_json::to_writer(&mut lines, &row)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn json_alone(file: &[u8]) -> Result<()> {
    for line in file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        black_box(serde_json::from_slice::<Value>(line)?);
    }
    Ok(())
}

fn csv(records: &[[String; 4]]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADERS)?;
    for record in records {
        writer.write_record(record)?;
    }
    Ok(writer.into_inner()?)
}

fn csv_alone(file: &[u8]) -> Result<()> {
    for record in csv::Reader::from_reader(file).records() {
        black_box(record?);
    }
    Ok(())
}

fn xlsx(records: &[[String; 4]]) -> Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADERS)?;
    for (record, row) in records.iter().zip(1..) {
        sheet.write_row(row, 0, record)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn xlsx_alone(file: &[u8]) -> Result<()> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file))?;
    let name = workbook.sheet_names().first().cloned().context("a sheet")?;
    black_box(workbook.worksheet_range(&name)?);
    Ok(())
}

fn docx(records: &[[String; 4]]) -> Result<Vec<u8>> {
    let mut document = "<w:document><w:body><w:tbl>".to_owned();
    let header = HEADERS.map(str::to_owned);
    for record in std::iter::once(&header).chain(records) {
        document.push_str("<w:tr>");
        for text in record {
            let text = quick_xml::escape::escape(text.as_str());
            document.push_str(&format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"));
        }
        document.push_str("</w:tr>");
    }
    document.push_str("</w:tbl></w:body></w:document>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default())?;
    zip.write_all(document.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

fn docx_alone(file: &[u8]) -> Result<()> {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(file))?.by_name("word/document.xml")?.read_to_string(&mut text)?;
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        if black_box(reader.read_event()?) == Event::Eof {
            return Ok(());
        }
    }
}

/// Pages of text, and how many.
fn pdf(records: &[[String; 4]]) -> Result<(Vec<u8>, usize)> {
    let text: Vec<u16> = records.iter().flat_map(|[.., body]| body.encode_utf16()).collect();
    let mut document = Document::with_version("1.5");
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "STSong-Light", "Encoding" => "UniGB-UCS2-H",
    });
    let resources = dictionary! { "Font" => dictionary! { "F1" => font } };
    let tree = document.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for page in text.chunks(LINE_CHARS * PAGE_LINES) {
        let mut content = "BT /F1 10 Tf 80 780 Td 14 TL\n".to_owned();
        for line in page.chunks(LINE_CHARS) {
            let hex: String = line.iter().map(|unit| format!("{unit:04X}")).collect();
            content.push_str(&format!("<{hex}> Tj T*\n"));
        }
        content.push_str("ET");
        let content = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        let page = dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources.clone(),
        };
        kids.push(document.add_object(page).into());
    }
    let pages = kids.len();
    let count = i64::try_from(pages)?;
    let root = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(tree, Object::Dictionary(root));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document.compress();
    let mut file = Vec::new();
    document.save_to(&mut file).map_err(|error| anyhow!("{error}"))?;
    Ok((file, pages))
}

fn pdf_alone(file: &[u8]) -> Result<()> {
    let document = Document::load_mem(file)?;
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    black_box(document.extract_text(&pages)?);
    Ok(())
}

//! Rows of what was written.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use kechuang_domain::{Freshness, PartyId, Record, Timestamp};
use kechuang_ingest::{
    Format, Row, RowContext, Tables, draft::draft, rows::read, sheet::ExportFormat,
};
use kechuang_store::{RecordDraft, StoredRecord};

/// A record as the store would give it back for a draft.
pub(crate) fn stored(draft: &RecordDraft, number: i64) -> StoredRecord {
    let at = Timestamp::from_micros(0);
    let owner: PartyId = "018f0000-0000-7000-8000-000000000001".parse().expect("an id");
    StoredRecord {
        record: Record {
            id: "018f0000-0000-7000-8000-000000000002".parse().expect("an id"),
            revision: 1,
            owner,
            source: draft.source.clone(),
            status: draft.status,
            content: draft.content.clone(),
            created_at: at,
            updated_at: at,
            number,
            confirmed_at: at,
            freshness: Freshness::Fresh,
            duplicate_of: None,
            provenance: draft.provenance.clone(),
        },
        owner_name: draft.owner.clone(),
    }
}

/// A workbook, open.
pub(crate) fn workbook(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

/// A part of a package, as text.
pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("a text");
    text
}

/// The cells of a sheet as texts, from its first row on.
pub(crate) fn cells(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let range = workbook(bytes).worksheet_range(sheet).expect("a sheet");
    let (height, width) = range.end().map_or((0, 0), |(row, column)| (row + 1, column + 1));
    let text = |row, column| match range.get_value((row, column)) {
        None | Some(Data::Empty) => String::new(),
        Some(Data::String(text)) => text.clone(),
        Some(Data::DateTime(at)) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        Some(other) => other.to_string(),
    };
    (0..height).map(|row| (0..width).map(|column| text(row, column)).collect()).collect()
}

/// The rows of an export.
pub(crate) fn rows_of(format: ExportFormat, bytes: &[u8]) -> Vec<Row> {
    match format {
        ExportFormat::Csv => read(Format::Csv, bytes).expect("CSV"),
        ExportFormat::JsonLines => read(Format::JsonLines, bytes).expect("JSON Lines"),
        ExportFormat::Xlsx => read(Format::Xlsx, bytes).expect("a workbook"),
    }
}

/// The drafts of these rows, or why there is none.
pub(crate) fn drafts(context: &RowContext, rows: &[Row]) -> Vec<Result<RecordDraft, String>> {
    rows.iter()
        .map(|row| match row {
            Row::Fields { place, fields } => draft(context, &Tables::default(), place, fields)
                .map_err(|issues| format!("{issues:?}")),
            broken => Err(format!("{broken:?}")),
        })
        .collect()
}

//! Exports as CSV: UTF-8 with a byte order mark, by which Excel knows it, and CRLF after RFC 4180. Every
//! cell stands in quotes, so that none can look like a separator or a mark of its own.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use kechuang_store::StoredRecord;

use super::{Reach, value::cell};
use crate::{
    Column, IngestError, Result,
    sheet::{
        cell::{marked, quoted},
        header::header,
    },
};

pub(super) fn write(
    columns: &[Column],
    records: &[&StoredRecord],
    reach: Reach,
) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Always)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(columns.iter().map(|column| header(*column))).map_err(failed)?;
    for stored in records {
        let cells = columns.iter().map(|column| cell(stored, *column, reach));
        for cell in cells {
            writer.write_field(quoted(&marked(&cell)).as_bytes()).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error().into()))
}

fn failed(error: csv::Error) -> IngestError {
    IngestError::Write(error.to_string())
}

//! Files to be kept.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use crate::encode::percent_encoded;

/// A file with the name under which a browser keeps it.
#[derive(Debug)]
pub struct Download {
    /// Its name; the ending tells its type.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let ending = self.name.rsplit('.').next().unwrap_or_default();
        let kind = match ending {
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsm" => "application/vnd.ms-excel.sheet.macroEnabled.12",
            "csv" => "text/csv; charset=utf-8",
            "tsv" => "text/tab-separated-values",
            "jsonl" => "application/x-ndjson",
            _ => "application/octet-stream",
        };
        // RFC 6266: the name as UTF-8, and one for programs that do not know that.
        let named = format!(
            "attachment; filename=\"download.{ending}\"; filename*=UTF-8''{}",
            percent_encoded(&self.name)
        );
        (
            [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)],
            self.bytes,
        )
            .into_response()
    }
}

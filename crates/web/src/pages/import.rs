//! One import: its columns to be looked at, its progress, what became of its rows.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{Import, ImportStage};
use kechuang_ingest::{Column, ImportReport, Mapping, RejectedRow, import};

use super::{PageRefusal, page_of};
use crate::{
    Service,
    access::PageKeeper,
    api::{
        imports::{begin, found},
        sheets::given_back,
    },
    extract::{Fields, Segment},
    problem::Refusal,
};

/// Rejected rows that are listed, at most.
const REJECTED_SHOWN: usize = 200;
/// Names of form fields that carry what a column means: this and the header.
const FIELD: &str = "column:";

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    import: Import,
    created_at: String,
    report: ImportReport,
    percent: usize,
    columns: Vec<ColumnLine>,
    rejected: Vec<(String, String)>,
    rejected_count: usize,
    doubts: Vec<(String, String)>,
}

/// Gives the file back with what is wrong in it.
pub async fn errors(
    State(service): State<Service>,
    _: PageKeeper,
    id: Result<Segment, Refusal>,
) -> Result<Response, PageRefusal> {
    let Segment(id) = id?;
    Ok(given_back(&service, &id).await?.into_response())
}

/// A column with what it can mean.
struct ColumnLine {
    header: String,
    samples: String,
    choices: Vec<Choice>,
    meaning: Option<&'static str>,
}

struct Choice {
    code: &'static str,
    label: &'static str,
    chosen: bool,
}

impl ImportPage {
    fn new(import: Import, report: ImportReport) -> Self {
        let rows = usize::try_from(import.row_count.unwrap_or(0)).unwrap_or(0);
        let told = |row: &RejectedRow| (row.place.label(), row.reason());
        let shown = |rows: &[RejectedRow]| rows.iter().take(REJECTED_SHOWN).map(told).collect();
        Self {
            created_at: import.created_at.china_minute(),
            percent: (report.rows_done * 100).checked_div(rows).unwrap_or(0).min(100),
            columns: columns(&import),
            rejected: shown(&report.ingested.rejected),
            doubts: shown(&report.ingested.doubts),
            rejected_count: report.ingested.rejected.len(),
            report,
            import,
        }
    }
}

fn columns(import: &Import) -> Vec<ColumnLine> {
    let known: Vec<Column> = Column::of(import.library).collect();
    let columns = import.preview.iter().flat_map(|preview| &preview.columns);
    columns
        .map(|column| {
            let means = |one: &Column| column.column.as_deref() == Some(one.code());
            let choice =
                |one: &Column| Choice { code: one.code(), label: one.label(), chosen: means(one) };
            ColumnLine {
                header: column.header.clone(),
                samples: column.samples.join(" ／ "),
                choices: known.iter().map(choice).collect(),
                meaning: known.iter().find(|one| means(one)).map(|one| one.label()),
            }
        })
        .collect()
}

/// Shows an import.
pub async fn show(
    State(service): State<Service>,
    _: PageKeeper,
    id: Result<Segment, Refusal>,
) -> Result<Response, PageRefusal> {
    let Segment(id) = id?;
    let import = found(&service, &id).await?;
    let report = import::report(service.engine.store(), import.id).await.map_err(Refusal::from)?;
    Ok(page_of(&ImportPage::new(import, report)))
}

/// Takes the rows with the columns as the form says.
pub async fn start(
    State(service): State<Service>,
    _: PageKeeper,
    id: Result<Segment, Refusal>,
    fields: Result<Fields<BTreeMap<String, String>>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Segment(id) = id?;
    let Fields(fields) = fields?;
    let columns = fields
        .into_iter()
        // Browsers send the line breaks of a name as CRLF, whatever they were.
        .filter_map(|(name, code)| Some((name.strip_prefix(FIELD)?.replace("\r\n", "\n"), code)));
    begin(&service, &id, &Mapping(columns.collect())).await?;
    Ok(Redirect::to(&format!("/imports/{id}")).into_response())
}

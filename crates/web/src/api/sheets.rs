//! Sheets to take away: the result of a search, templates to fill in, filled ones with what is wrong.

use std::{net::SocketAddr, sync::Arc};

use axum::extract::{ConnectInfo, State};
use kechuang_domain::{Library, ProblemCode};
use kechuang_ingest::{
    import,
    sheet::{self, ExportFormat, Reach, errors_ending, with_errors},
};
use kechuang_matching::clock;
use tokio::task::spawn_blocking;

use crate::{
    Service,
    access::Keeper,
    api::{imports::found, search::SearchParams},
    download::Download,
    extract::{Params, Segment},
    problem::{ProblemDocument, Refusal},
};

/// Records of one export, at most: some 20 MB of text.
pub(crate) const EXPORT_LIMIT: usize = 5_000;

/// Exports the result of a search, as the public sees it. Takes what a search takes, without `limit` and
/// `cursor`.
#[utoipa::path(get, path = "/api/v1/exports/{format}", operation_id = "export_records", tag = "四库",
    params(("format" = String, Path, description = "xlsx、csv 或 jsonl"), SearchParams), responses(
    (status = 200, description = "检索结果，至多 5000 条", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "参数有误，或结果太多", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn export(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    Segment(format): Segment,
    Params(params): Params<SearchParams>,
) -> Result<Download, Refusal> {
    let format: ExportFormat = format.parse().map_err(|error| wrong(format!("{error}")))?;
    let request = params.into_request()?;
    service.limits.match_run(from.into())?;
    let (records, total) = service.engine.search_all(&request, EXPORT_LIMIT, clock::now()).await?;
    if total > EXPORT_LIMIT as u64 {
        return Err(wrong(format!(
            "结果有 {total} 条，一次至多导出 {EXPORT_LIMIT} 条；请用筛选条件缩小范围"
        )));
    }
    let library = request.library;
    let bytes =
        spawn_blocking(move || sheet::export(format, library, records.iter(), Reach::Public));
    let bytes = bytes.await.map_err(|error| internal(&error))??;
    Ok(Download { name: format!("{}.{}", library.record_label(), format.ending()), bytes })
}

/// Gives the template of a library, to be filled in and handed in.
#[utoipa::path(get, path = "/api/v1/templates/{library}", operation_id = "read_template", tag = "导入",
    params(("library" = String, Path, description = "achievement、demand、equipment 或 policy")), responses(
    (status = 200, description = "带说明、示例和下拉列表的 Excel 表", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "没有这个库", body = ProblemDocument)))]
pub async fn template(
    State(service): State<Service>,
    Segment(library): Segment,
) -> Result<Download, Refusal> {
    let library: Library = library.parse().map_err(|error| wrong(format!("{error}")))?;
    let choices = Arc::clone(&service.choices);
    let bytes = spawn_blocking(move || sheet::template(library, &choices));
    let bytes = bytes.await.map_err(|error| internal(&error))??;
    Ok(Download { name: format!("{}填报表.xlsx", library.record_label()), bytes })
}

/// Gives the file of an import back, with a reason for each rejected cell.
#[utoipa::path(get, path = "/api/v1/imports/{id}/errors", operation_id = "read_import_errors", tag = "导入",
    params(("id" = String, Path, description = "导入编号")),
    security(("bearer" = [])), responses(
    (status = 200, description = "原文件加错误说明", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 404, description = "没有这次导入，没有被拒绝的行，或原文件已过保存期", body = ProblemDocument)))]
pub async fn errors(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
) -> Result<Download, Refusal> {
    given_back(&service, &id).await
}

/// The file of an import with its mistakes, for the API and the page.
pub(crate) async fn given_back(service: &Service, id: &str) -> Result<Download, Refusal> {
    let import = found(service, id).await?;
    let store = service.engine.store();
    let rejected = import::report(store, import.id).await?.ingested.rejected;
    let missing = |why: &str| Refusal::new(ProblemCode::UnknownImport, why);
    if rejected.is_empty() {
        return Err(missing("这次导入没有被拒绝的行，不必退回"));
    }
    let Some((bytes, _)) = store.import_file(import.id).await? else {
        return Err(missing("原文件已过保存期；请重新上传后再下载退回文件"));
    };
    let name = import.file.clone();
    let bytes = spawn_blocking(move || with_errors(&name, &bytes, &rejected));
    let bytes = bytes.await.map_err(|error| internal(&error))??;
    let stem = import.file.rsplit_once('.').map_or(&*import.file, |(stem, _)| stem);
    let stem = stem.rsplit('/').next().unwrap_or_default();
    Ok(Download { name: format!("{stem}（退回）.{}", errors_ending(&import.file)), bytes })
}

fn wrong(detail: impl Into<String>) -> Refusal {
    Refusal::new(ProblemCode::InvalidParameter, detail)
}

fn internal(error: &tokio::task::JoinError) -> Refusal {
    tracing::error!(%error, "a sheet could not be written");
    Refusal::new(ProblemCode::Internal, "表格没有生成，已记入日志；请稍后再试")
}

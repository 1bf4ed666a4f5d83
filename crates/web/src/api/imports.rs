//! Handing files in, looking at their columns, watching their rows arrive.

use axum::{
    Json as Answer,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kechuang_domain::{Import, ImportStage, ProblemCode, Watch};
use kechuang_ingest::{Mapping, import};
use kechuang_matching::clock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    access::Keeper,
    extract::{self, Json, Segment},
    problem::{ProblemDocument, Refusal},
    upload::Upload,
    wire::import::ImportWire,
};

/// Imports that are listed.
pub(crate) const LISTED: i64 = 50;

/// A multipart form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read part by part; this is its description")]
pub struct ImportForm {
    /// The file: .xlsx, .csv, .jsonl, .docx, .pdf, .txt.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// `achievement`, `demand`, `equipment` or `policy`.
    library: String,
    /// The source its rows belong to; the file's name if left out.
    source: Option<String>,
    /// `true`: wait for `start`, so that a person can look at the columns.
    preview: Option<String>,
    /// `true`: demonstration data.
    sample: Option<String>,
    /// JSON: the field that each header means, empty for a column to leave out.
    mapping: Option<String>,
}

/// What a person says of the columns.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartInput {
    /// The field that each header means; empty for a column to leave out.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub mapping: Mapping,
}

/// The newest imports.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportList {
    imports: Vec<ImportLine>,
}

/// An import in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportLine {
    /// The import's id.
    id: String,
    /// `reading`, `mapping`, `importing`, `done` or `failed`.
    stage: &'static str,
    /// `achievement`, `demand`, `equipment` or `policy`.
    library: &'static str,
    /// The file's name.
    file: String,
    /// The source its rows belong to.
    source: String,
    /// RFC 3339.
    created_at: String,
}

/// Hands a file in. It is safe from here on; a worker reads it.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "create_import", tag = "导入",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    security(("bearer" = [])), responses(
    (status = 202, description = "已收下；Location 为进度地址", body = ImportWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 413, description = "文件过大", body = ProblemDocument),
    (status = 422, description = "文件或字段有误", body = ProblemDocument)))]
pub async fn create(
    State(service): State<Service>,
    _: Keeper,
    Upload(file): Upload,
) -> Result<Response, Refusal> {
    let id = import::submit(service.engine.store(), file, clock::now(), &Watch::nobody()).await?;
    accepted(&service, &id.to_string()).await
}

/// Lists the newest imports.
#[utoipa::path(get, path = "/api/v1/imports", operation_id = "list_imports", tag = "导入",
    security(("bearer" = [])), responses(
    (status = 200, description = "最近的导入", body = ImportList),
    (status = 401, description = "没有令牌", body = ProblemDocument)))]
pub async fn list(
    State(service): State<Service>,
    _: Keeper,
) -> Result<Answer<ImportList>, Refusal> {
    let imports = service.engine.store().newest_imports(LISTED).await?;
    let imports = imports.into_iter().map(|import| ImportLine {
        id: import.id.to_string(),
        stage: import.stage.code(),
        library: import.library.code(),
        file: import.file,
        source: import.source,
        created_at: import.created_at.to_string(),
    });
    Ok(Answer(ImportList { imports: imports.collect() }))
}

/// Shows how far an import has come.
#[utoipa::path(get, path = "/api/v1/imports/{id}", operation_id = "read_import", tag = "导入",
    params(("id" = String, Path, description = "导入编号")),
    security(("bearer" = [])), responses(
    (status = 200, description = "进度与结果", body = ImportWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 404, description = "没有这次导入", body = ProblemDocument)))]
pub async fn read(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
) -> Result<Answer<ImportWire>, Refusal> {
    shown(&service, &id).await.map(Answer)
}

/// Takes the rows of an import whose columns a person has looked at.
#[utoipa::path(post, path = "/api/v1/imports/{id}/start", operation_id = "start_import", tag = "导入",
    params(("id" = String, Path, description = "导入编号")), request_body = StartInput,
    security(("bearer" = [])), responses(
    (status = 202, description = "开始入库", body = ImportWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 404, description = "没有这次导入", body = ProblemDocument),
    (status = 409, description = "这次导入不在等待核对", body = ProblemDocument),
    (status = 422, description = "列名对应有误", body = ProblemDocument)))]
pub async fn start(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
    Json(StartInput { mapping }): Json<StartInput>,
) -> Result<Response, Refusal> {
    begin(&service, &id, &mapping).await?;
    accepted(&service, &id).await
}

/// Begins to take rows in.
pub(crate) async fn begin(service: &Service, id: &str, mapping: &Mapping) -> Result<(), Refusal> {
    let import = found(service, id).await?;
    if import::start(service.engine.store(), &import, mapping, clock::now()).await? {
        return Ok(());
    }
    let detail = match import.stage {
        ImportStage::Reading => "文件还在读取；请稍候片刻再试",
        _ => "这次导入已经开始或结束，不必再核对；需要时请重新上传",
    };
    Err(Refusal::new(ProblemCode::ImportNotWaiting, detail))
}

/// The import that a path names.
pub(crate) async fn found(service: &Service, id: &str) -> Result<Import, Refusal> {
    let id = extract::import_id(id)?;
    service.engine.store().import(id).await?.ok_or_else(|| {
        Refusal::new(ProblemCode::UnknownImport, format!("没有编号为 {id} 的导入；请核对链接"))
    })
}

async fn shown(service: &Service, id: &str) -> Result<ImportWire, Refusal> {
    let import = found(service, id).await?;
    let report = import::report(service.engine.store(), import.id).await?;
    Ok(ImportWire::new(import, report))
}

async fn accepted(service: &Service, id: &str) -> Result<Response, Refusal> {
    let place = format!("/api/v1/imports/{id}");
    let shown = shown(service, id).await?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Answer(shown)).into_response())
}

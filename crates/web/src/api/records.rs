//! Reading and keeping single records.

use std::time::Duration;

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kechuang_domain::{
    Content, Library, ProblemCode, Provenance, RecordId, Source, Status, Viewer,
};
use kechuang_ingest::Column;
use kechuang_matching::{MatchError, Token, clock};
use kechuang_store::{RecordDraft, Saved, StoreError, StoredRecord};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Service,
    access::{self, Keeper},
    extract::{self, Json, Params, Segment},
    problem::{ProblemDocument, Refusal},
    wire::record::{Reach, RecordInput, RecordWire, ReviewWire},
};

/// The source name of records that are made here.
const SOURCE: &str = "api";
/// The longest Idempotency-Key.
const KEY_LIMIT: usize = 200;
/// How long a write waits to become visible before it says so.
const VISIBLE_PATIENCE: Duration = Duration::from_secs(10);

/// Whether to wait for the index.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WriteParams {
    /// `wait`: answer when searches show the change.
    pub visible: Option<String>,
}

/// Reads a record. A keeper's token shows all texts with their tiers.
#[utoipa::path(get, path = "/api/v1/records/{id}", operation_id = "read_record", tag = "四库",
    params(("id" = String, Path, description = "记录编号，或 CG-000012 这样的编号")), responses(
    (status = 200, description = "记录；ETag 为版本号", body = RecordWire),
    (status = 404, description = "没有这条记录", body = ProblemDocument)))]
pub async fn read(
    State(service): State<Service>,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let is_keeper = access::shown_token(&headers).is_some();
    if is_keeper {
        access::require_token(&service, &headers).await?;
    }
    let store = service.engine.store();
    let id = match Library::of_public_number(&id) {
        Some((library, number)) => store.record_of_number(library, number).await?,
        None => None,
    }
    .map_or_else(|| extract::record_id(&id), Ok)?;
    let stored = store.record(id).await?;
    if is_keeper {
        let mut wire = RecordWire::new(&stored, Reach::Keeper, clock::now().china_date());
        let reviews = service.engine.store().reviews(stored.record.id).await?;
        wire.reviews = reviews.into_iter().map(ReviewWire::from).collect();
        return Ok(tagged(StatusCode::OK, &stored, wire));
    }
    visible(&stored)?;
    Ok(shown(StatusCode::OK, &stored, Reach::Viewer(Viewer::Public)))
}

/// Makes a record. The same Idempotency-Key makes it once.
#[utoipa::path(post, path = "/api/v1/records", operation_id = "create_record", tag = "四库", request_body = RecordInput,
    params(WriteParams, ("Idempotency-Key" = Option<String>, Header, description = "重复提交只建一次")),
    security(("bearer" = [])), responses(
    (status = 201, description = "已建立", body = RecordWire),
    (status = 200, description = "同一 Idempotency-Key 已建立过", body = RecordWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument),
    (status = 422, description = "字段有误", body = ProblemDocument)))]
pub async fn create(
    State(service): State<Service>,
    _: Keeper,
    Params(params): Params<WriteParams>,
    headers: HeaderMap,
    Json(input): Json<RecordInput>,
) -> Result<Response, Refusal> {
    let key = idempotency_key(&headers)?;
    let draft = input.into_draft(Source { name: SOURCE.to_owned(), key })?;
    let store = service.engine.store();
    if let Some(known) = store.record_of_source(draft.content.library(), &draft.source).await? {
        let stored = store.record(known).await?;
        if stored.record.content != draft.content || stored.owner_name != draft.owner {
            return Err(Refusal::new(
                ProblemCode::InvalidParameter,
                "这个 Idempotency-Key 已用于另一条内容；请换一个，或用 PUT 更新原记录",
            ));
        }
        return Ok(shown(StatusCode::OK, &stored, Reach::Keeper));
    }
    let saved = store.save_records(std::slice::from_ref(&draft), clock::now()).await?;
    let Some(saved) = saved.first() else {
        return Err(Refusal::new(ProblemCode::Internal, "记录没有保存；请稍后再试"));
    };
    answer(&service, StatusCode::CREATED, saved, &params).await
}

/// Replaces what a record says. If-Match must name the revision that was read.
#[utoipa::path(put, path = "/api/v1/records/{id}", operation_id = "update_record", tag = "四库", request_body = RecordInput,
    params(("id" = String, Path, description = "记录编号"), WriteParams,
        ("If-Match" = String, Header, description = "读到的 ETag")),
    security(("bearer" = [])), responses(
    (status = 200, description = "已更新", body = RecordWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument),
    (status = 404, description = "没有这条记录", body = ProblemDocument),
    (status = 412, description = "记录已被他人修改", body = ProblemDocument),
    (status = 428, description = "缺少 If-Match", body = ProblemDocument)))]
pub async fn update(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
    Params(params): Params<WriteParams>,
    headers: HeaderMap,
    Json(input): Json<RecordInput>,
) -> Result<Response, Refusal> {
    let id = extract::record_id(&id)?;
    let expected = expected_revision(&headers)?;
    let former = service.engine.store().record(id).await?.record;
    let mut draft = input.into_draft(former.source)?;
    if draft.content.library() != former.content.library() {
        return Err(Refusal::new(
            ProblemCode::InvalidField,
            "字段 library：记录不能换库；请另建一条",
        ));
    }
    draft.provenance = still_true(former.provenance, &former.content, &draft.content);
    let saved = save(&service, id, expected, &draft).await?;
    answer(&service, StatusCode::OK, &saved, &params).await
}

/// Where a record was read, as far as it still says what was read there.
fn still_true(mut provenance: Provenance, former: &Content, now: &Content) -> Provenance {
    let is_same = |code: &str| match Column::of_code(now.library(), code) {
        Some(Column::Text(field)) => {
            let text = |content: &Content| {
                let mut texts = content.all_texts();
                texts.find(|(known, _)| *known == field).map(|(_, tiered)| tiered.text.clone())
            };
            text(former) == text(now)
        }
        Some(Column::Fact(fact)) => former.details().get(fact) == now.details().get(fact),
        _ => false,
    };
    provenance.fields.retain(|code, _| is_same(code));
    provenance
}

/// Withdraws a record: it is neither found nor matched any more, its revisions stay.
#[utoipa::path(delete, path = "/api/v1/records/{id}", operation_id = "withdraw_record", tag = "四库",
    params(("id" = String, Path, description = "记录编号"), WriteParams,
        ("If-Match" = String, Header, description = "读到的 ETag")),
    security(("bearer" = [])), responses(
    (status = 200, description = "已撤回", body = RecordWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument),
    (status = 404, description = "没有这条记录", body = ProblemDocument),
    (status = 412, description = "记录已被他人修改", body = ProblemDocument),
    (status = 428, description = "缺少 If-Match", body = ProblemDocument)))]
pub async fn withdraw(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
    Params(params): Params<WriteParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let id = extract::record_id(&id)?;
    let expected = expected_revision(&headers)?;
    let StoredRecord { record, owner_name } = service.engine.store().record(id).await?;
    let draft = RecordDraft {
        owner: owner_name,
        source: record.source,
        status: Status::Withdrawn,
        content: record.content,
        provenance: record.provenance,
    };
    let saved = save(&service, id, expected, &draft).await?;
    answer(&service, StatusCode::OK, &saved, &params).await
}

async fn save(
    service: &Service,
    id: RecordId,
    expected: i64,
    draft: &RecordDraft,
) -> Result<Saved, Refusal> {
    Ok(service.engine.store().update_record(id, expected, draft, clock::now()).await?)
}

async fn answer(
    service: &Service,
    status: StatusCode,
    saved: &Saved,
    params: &WriteParams,
) -> Result<Response, Refusal> {
    if params.visible.as_deref() == Some("wait") {
        let head = service.engine.store().change_head().await?;
        if !service.engine.wait_visible(head, VISIBLE_PATIENCE).await {
            return Err(Refusal::new(
                ProblemCode::Unavailable,
                format!("记录 {} 已保存，但索引还没有跟上；请稍后再查，不必重新提交", saved.id),
            ));
        }
    }
    let stored = service.engine.store().record(saved.id).await?;
    Ok(shown(status, &stored, Reach::Keeper))
}

/// A record with its ETag and address.
fn shown(status: StatusCode, stored: &StoredRecord, reach: Reach) -> Response {
    let today = clock::now().china_date();
    tagged(status, stored, RecordWire::new(stored, reach, today))
}

fn tagged(status: StatusCode, stored: &StoredRecord, wire: RecordWire) -> Response {
    let tag = format!("\"{}\"", stored.record.revision);
    let mut response = (status, [(header::ETAG, tag)], Answer(wire)).into_response();
    if status == StatusCode::CREATED
        && let Ok(location) = format!("/api/v1/records/{}", stored.record.id).parse()
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Withdrawn records are not there for anybody but their keepers.
pub(crate) fn visible(stored: &StoredRecord) -> Result<(), Refusal> {
    if stored.record.visible_to(Viewer::Public) {
        Ok(())
    } else {
        Err(MatchError::from(StoreError::UnknownRecord(stored.record.id)).into())
    }
}

fn expected_revision(headers: &HeaderMap) -> Result<i64, Refusal> {
    let Some(tag) = headers.get(header::IF_MATCH) else {
        return Err(Refusal::new(
            ProblemCode::PreconditionRequired,
            "请在 If-Match 头中带上读取记录时得到的 ETag，以免覆盖他人的修改",
        ));
    };
    let revision = tag.to_str().ok().and_then(|tag| tag.trim().trim_matches('"').parse().ok());
    revision.ok_or_else(|| {
        Refusal::new(
            ProblemCode::InvalidParameter,
            "If-Match 有误；应为读取记录时的 ETag，例如 \"3\"",
        )
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(Token::new().secret().to_owned());
    };
    let key = key.to_str().ok().map(str::trim);
    let fits = |key: &&str| (1..=KEY_LIMIT).contains(&key.len());
    key.filter(fits).map(str::to_owned).ok_or_else(|| {
        let detail = format!("Idempotency-Key 应为 1 到 {KEY_LIMIT} 个可见 ASCII 字符");
        Refusal::new(ProblemCode::InvalidParameter, detail)
    })
}

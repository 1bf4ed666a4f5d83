//! Notices to owners whose records nobody has confirmed for long, and confirming.

use std::collections::HashMap;

use axum::{Json as Answer, extract::State};
use kechuang_domain::{FreshnessNotice, ProblemCode, RecordId, Viewer};
use kechuang_matching::clock;
use kechuang_store::StoredRecord;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Service,
    access::Keeper,
    extract::{Segment, record_id},
    problem::{ProblemDocument, Refusal},
    wire::record::{Reach, RecordWire},
};

/// Notices that are listed, those whose day comes first.
const LISTED: i64 = 200;

/// Notices that stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeList {
    /// How many there are; the first 200 are listed.
    total: i64,
    notices: Vec<NoticeWire>,
}

/// What an owner is told: a record is hidden unless somebody confirms it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeWire {
    /// The record.
    record: String,
    /// The number that people use.
    number: String,
    /// Its title.
    title: String,
    /// Its library.
    library: &'static str,
    /// Its owner's name.
    owner: String,
    /// RFC 3339: when somebody stood by it last.
    confirmed_at: String,
    /// RFC 3339: when the notice was made.
    created_at: String,
    /// RFC 3339: when the record is hidden.
    hides_at: String,
    /// `fresh`, `stale` or `hidden`.
    freshness: &'static str,
}

/// Lists notices, those whose day comes first.
#[utoipa::path(get, path = "/api/v1/notices", operation_id = "list_notices", tag = "四库",
    security(("bearer" = [])), responses(
    (status = 200, description = "久未确认、即将或已经隐去的记录", body = NoticeList),
    (status = 401, description = "没有令牌", body = ProblemDocument)))]
pub async fn list(
    State(service): State<Service>,
    _: Keeper,
) -> Result<Answer<NoticeList>, Refusal> {
    let (notices, total) = standing(&service).await?;
    let notices = notices.into_iter().map(|(notice, stored)| NoticeWire {
        record: notice.record.to_string(),
        number: stored.record.public_number(),
        title: stored.record.content.title_for(Viewer::Public).to_owned(),
        library: notice.library.code(),
        owner: notice.owner,
        confirmed_at: notice.confirmed_at.to_string(),
        created_at: notice.created_at.to_string(),
        hides_at: notice.hides_at.to_string(),
        freshness: notice.freshness.code(),
    });
    Ok(Answer(NoticeList { total, notices: notices.collect() }))
}

/// Notes that somebody stands by a record; a hidden one is listed and matched again.
#[utoipa::path(post, path = "/api/v1/records/{id}/confirm", operation_id = "confirm_record",
    tag = "四库", params(("id" = String, Path, description = "记录编号")),
    security(("bearer" = [])), responses(
    (status = 200, description = "已确认", body = RecordWire),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 404, description = "没有这条记录", body = ProblemDocument)))]
pub async fn confirm(
    State(service): State<Service>,
    _: Keeper,
    Segment(id): Segment,
) -> Result<Answer<RecordWire>, Refusal> {
    let id = record_id(&id)?;
    keep(&service, &[id]).await?;
    let stored = service.engine.store().record(id).await?;
    Ok(Answer(RecordWire::new(&stored, Reach::Keeper)))
}

/// Confirms records, from the API or from a page.
pub(crate) async fn keep(service: &Service, ids: &[RecordId]) -> Result<(), Refusal> {
    match service.engine.store().confirm_records(ids, clock::now()).await? {
        0 => Err(Refusal::new(ProblemCode::UnknownRecord, "没有这条记录，或它已撤回；请核对编号")),
        _ => Ok(()),
    }
}

/// The notices that are listed, with their records, and how many there are in all.
pub(crate) async fn standing(
    service: &Service,
) -> Result<(Vec<(FreshnessNotice, StoredRecord)>, i64), Refusal> {
    let store = service.engine.store();
    let (notices, total) = store.freshness_notices(LISTED).await?;
    let ids: Vec<RecordId> = notices.iter().map(|notice| notice.record).collect();
    let mut records: HashMap<RecordId, StoredRecord> =
        store.records(&ids).await?.into_iter().map(|one| (one.record.id, one)).collect();
    let notices = notices.into_iter().filter_map(|notice| {
        let stored = records.remove(&notice.record)?;
        Some((notice, stored))
    });
    Ok((notices.collect(), total))
}

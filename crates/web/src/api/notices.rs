//! Notices to owners whose records nobody has confirmed for long, and confirming.

use std::collections::HashMap;

use axum::{Json as Answer, extract::State};
use kechuang_domain::{FreshnessNotice, ProblemCode, RecordId, Viewer};
use kechuang_matching::clock;
use kechuang_store::StoredRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Service,
    access::Keeper,
    extract::{Params, Segment, record_id},
    problem::{ProblemDocument, Refusal},
    wire::record::{Reach, RecordWire},
};

/// Notices on one page.
pub(crate) const LISTED: i64 = 200;
/// Records that are confirmed together, at most.
const CONFIRMED_AT_ONCE: usize = 500;

/// Notices that stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeList {
    /// How many there are, on all pages together.
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

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct NoticeParams {
    /// From 1; 200 notices each.
    pub page: Option<String>,
}

impl NoticeParams {
    /// The page's number, from 1.
    pub(crate) fn number(&self) -> Result<i64, Refusal> {
        let number = self.page.as_deref().map_or(Ok(1), |page| page.trim().parse::<i64>());
        number.ok().filter(|page| (1..=1_000_000).contains(page)).ok_or_else(|| {
            Refusal::new(ProblemCode::InvalidParameter, "参数 page：应为从 1 开始的页码")
        })
    }
}

/// Lists notices: those whose day comes first, and last those of records that are hidden already.
#[utoipa::path(get, path = "/api/v1/notices", operation_id = "list_notices", tag = "四库",
    params(NoticeParams),
    security(("bearer" = [])), responses(
    (status = 200, description = "久未确认、即将或已经隐去的记录", body = NoticeList),
    (status = 401, description = "没有令牌", body = ProblemDocument)))]
pub async fn list(
    State(service): State<Service>,
    _: Keeper,
    Params(params): Params<NoticeParams>,
) -> Result<Answer<NoticeList>, Refusal> {
    let (notices, total) = standing(&service, params.number()?).await?;
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
    Ok(Answer(RecordWire::new(&stored, Reach::Keeper, clock::now().china_date())))
}

/// Confirms records, from the API or from a page.
pub(crate) async fn keep(service: &Service, ids: &[RecordId]) -> Result<(), Refusal> {
    if ids.len() > CONFIRMED_AT_ONCE {
        let told = format!("一次至多确认 {CONFIRMED_AT_ONCE} 条；请分几次");
        return Err(Refusal::new(ProblemCode::InvalidField, told));
    }
    match service.engine.store().confirm_records(ids, clock::now()).await? {
        0 => Err(Refusal::new(ProblemCode::UnknownRecord, "没有这条记录，或它已撤回；请核对编号")),
        _ => Ok(()),
    }
}

/// The notices of a page, from 1, with their records, and how many there are in all.
pub(crate) async fn standing(
    service: &Service,
    page: i64,
) -> Result<(Vec<(FreshnessNotice, StoredRecord)>, i64), Refusal> {
    let store = service.engine.store();
    let (notices, total) = store.freshness_notices(LISTED, (page - 1) * LISTED).await?;
    let ids: Vec<RecordId> = notices.iter().map(|notice| notice.record).collect();
    let mut records: HashMap<RecordId, StoredRecord> =
        store.records(&ids).await?.into_iter().map(|one| (one.record.id, one)).collect();
    let notices = notices.into_iter().filter_map(|notice| {
        let stored = records.remove(&notice.record)?;
        Some((notice, stored))
    });
    Ok((notices.collect(), total))
}

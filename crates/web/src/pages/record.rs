//! One record: what it says, where it comes from, whether somebody stands by it.

mod clauses;
mod sources;

use askama::Template;
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{
    Content, Date, Fact, FactKind, FactValue, Freshness, Library, Period, Record, Review,
    ReviewKind, Status, TextField, Timestamp, Viewer, warnings,
};
use kechuang_ingest::Column;
use kechuang_matching::clock;
use kechuang_store::StoredRecord;

use self::{
    clauses::ClauseLine,
    sources::{Other, Source},
};
use super::{PageRefusal, page_of};
use crate::{
    Service,
    access::is_keeper,
    api::records::visible,
    extract::{self, Segment},
    names::Names,
    problem::Refusal,
};

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage<'a> {
    id: String,
    library: Library,
    title: &'a str,
    sample: bool,
    /// Where it stands, or how it does not hold any more.
    status: &'static str,
    /// What follows from its not being in force today.
    out_of_force: Option<String>,
    facts: Vec<(&'static str, String)>,
    texts: Vec<(&'static str, &'a str)>,
    clauses: Vec<ClauseLine<'a>>,
    hidden: Vec<(&'static str, &'static str)>,
    revision: i64,
    updated_at: String,
    /// What a match from this record finds, where it can be matched.
    finds: Option<&'static str>,
    is_keeper: bool,
    confirmed_on: String,
    /// What follows from nobody having confirmed it for long.
    unconfirmed: Option<String>,
    /// What a keeper should look at, by field.
    warnings: Vec<(&'static str, String)>,
    duplicate_of: Option<Other>,
    /// What keepers have said of it, newest first, for keepers.
    reviews: Vec<String>,
    sources: Vec<Source>,
}

impl<'a> RecordPage<'a> {
    fn new(stored: &'a StoredRecord, names: &Names, is_keeper: bool, now: Timestamp) -> Self {
        let record = &stored.record;
        let content = &record.content;
        let texts = content.texts_for(Viewer::Public);
        let today = now.china_date();
        Self {
            id: record.id.to_string(),
            library: record.library(),
            title: content.title_for(Viewer::Public),
            sample: content.sample,
            status: match record.lapse(today) {
                Some(lapse) if record.status == Status::Active => lapse.label(),
                _ => record.status.label(),
            },
            out_of_force: out_of_force(record, today),
            facts: facts(stored, names),
            texts: texts
                .filter(|(field, _)| *field != TextField::Title)
                .map(|(field, text)| (field.label(), text))
                .collect(),
            clauses: clauses::of(content),
            hidden: hidden(content),
            revision: record.revision,
            updated_at: record.updated_at.china_minute(),
            finds: match record.library() {
                Library::Demand => Some("为这项需求找答案"),
                Library::Achievement => Some("看哪些需求用得上"),
                Library::Equipment | Library::Policy => None,
            },
            is_keeper,
            confirmed_on: record.confirmed_at.china_date().to_string(),
            unconfirmed: unconfirmed(record),
            warnings: if is_keeper { doubts(content, now) } else { Vec::new() },
            duplicate_of: None,
            reviews: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// An entry of the review log, for people.
fn said(review: &Review) -> String {
    let what = match review.kind {
        ReviewKind::Confirmed => "确认仍然有效".to_owned(),
        ReviewKind::SameAs(other) => format!("认定与 {other} 是同一条"),
        ReviewKind::OtherThan(other) => format!("认定与 {other} 不是同一条"),
        ReviewKind::Status(status) => format!("状态改为“{}”", status.label()),
    };
    format!("{} {what}", review.at.china_minute())
}

/// A record that does not hold, or not yet, must not be taken for one that does.
fn out_of_force(record: &Record, today: Date) -> Option<String> {
    let period = Period::of(record);
    if let Some(lapse) = record.lapse(today) {
        let ended = period.ends.filter(|ends| *ends < today);
        let ended = ended.map(|ends| format!("（{ends}）")).unwrap_or_default();
        return Some(format!("{}{ended}，仅供查阅，不参与匹配", lapse.label()));
    }
    let begins = period.begins.filter(|begins| *begins > today)?;
    Some(format!("尚未施行，自 {begins} 起施行"))
}

fn unconfirmed(record: &Record) -> Option<String> {
    let day = record.confirmed_at.china_date();
    match record.freshness {
        Freshness::Fresh => None,
        Freshness::Stale => {
            Some(format!("{day} 之后无人确认，在列表和匹配中排序靠后；请先与单位核实"))
        }
        Freshness::Hidden => {
            Some(format!("{day} 之后无人确认，已不在列表和匹配中出现；单位确认后即恢复"))
        }
    }
}

fn doubts(content: &Content, now: Timestamp) -> Vec<(&'static str, String)> {
    let label =
        |field: &str| Column::of_code(content.library(), field).map_or("其他", Column::label);
    let found = warnings(content, now.china_date()).into_iter();
    found.map(|warning| (label(warning.field), warning.reason)).collect()
}

fn hidden(content: &Content) -> Vec<(&'static str, &'static str)> {
    let texts = content.hidden_from(Viewer::Public);
    let facts = content.details().hidden_from(Viewer::Public);
    let texts = texts.map(|(field, tier)| (field.label(), tier.label()));
    texts.chain(facts.map(|(fact, tier)| (fact.label(), tier.label()))).collect()
}

fn facts(stored: &StoredRecord, names: &Names) -> Vec<(&'static str, String)> {
    let content = &stored.record.content;
    let mut facts =
        vec![("编号", stored.record.public_number()), ("单位", stored.owner_name.clone())];
    facts.extend(content.region.map(|region| ("地区", names.region(region))));
    facts.extend(content.chain.as_ref().map(|chain| ("产业链", names.chain(chain))));
    let own = content.details().for_viewer(Viewer::Public);
    let own = own.filter(|(_, value)| !matches!(value, FactValue::Clauses(_)));
    let provenance = stored.record.provenance_for(Viewer::Public);
    facts.extend(own.map(|(fact, value)| {
        let place = provenance.fields.get(fact.code());
        let is_of_model = place.is_some_and(|place| place.read_by.is_some());
        let label = if is_of_model { "（由大模型读取）" } else { "" };
        (fact.label(), format!("{}{label}", shown(fact, value)))
    }));
    facts
}

/// A fact as a reader wants it: with its unit, one right or indicator a line.
pub(super) fn shown(fact: Fact, value: &FactValue) -> String {
    match (fact.kind(), value) {
        (FactKind::Money, value) => format!("{} 万元", fact.to_cell(value)),
        (FactKind::Number { unit, .. }, value) => format!("{} {unit}", fact.to_cell(value)),
        (_, FactValue::Whole(trl)) if matches!(fact, Fact::Trl | Fact::ExpectedTrl) => {
            format!("{trl} 级（共 9 级）")
        }
        (_, FactValue::Clauses(clauses)) => format!("{} 条", clauses.len()),
        (_, value) => fact.to_cell(value).replace('|', "　"),
    }
}

/// Shows a record.
pub async fn show(
    State(service): State<Service>,
    headers: HeaderMap,
    id: Result<Segment, Refusal>,
) -> Result<Response, PageRefusal> {
    let Segment(id) = id?;
    let store = service.engine.store();
    if let Some((library, number)) = Library::of_public_number(&id)
        && let Some(id) = store.record_of_number(library, number).await.map_err(Refusal::from)?
    {
        return Ok(Redirect::to(&format!("/records/{id}")).into_response());
    }
    let id = extract::record_id(&id)?;
    let stored = store.record(id).await.map_err(Refusal::from)?;
    visible(&stored)?;
    let is_keeper = is_keeper(&service, &headers).await?;
    let mut page = RecordPage::new(&stored, &service.names, is_keeper, clock::now());
    page.sources = sources::of(&stored, &sources::duplicates(store, &stored).await?);
    if is_keeper {
        let reviews = store.reviews(id).await.map_err(Refusal::from)?;
        page.reviews = reviews.iter().map(said).collect();
    }
    if let Some(shown) = stored.record.duplicate_of {
        let shown = store.record(shown).await.map_err(Refusal::from)?;
        page.duplicate_of = Some(Other::of(&shown));
    }
    Ok(page_of(&page))
}

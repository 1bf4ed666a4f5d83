//! One record.

use askama::Template;
use axum::{extract::State, response::Response};
use kechuang_domain::{Content, Fact, FactKind, FactValue, Library, TextField, Viewer};
use kechuang_store::StoredRecord;

use super::{PageRefusal, page_of};
use crate::{
    Service,
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
    status: &'static str,
    facts: Vec<(&'static str, String)>,
    texts: Vec<(&'static str, &'a str)>,
    hidden: Vec<(&'static str, &'static str)>,
    revision: i64,
    updated_at: String,
    /// What a match from this record finds, where it can be matched.
    finds: Option<&'static str>,
}

impl<'a> RecordPage<'a> {
    fn new(stored: &'a StoredRecord, names: &Names) -> Self {
        let record = &stored.record;
        let content = &record.content;
        let texts = content.texts_for(Viewer::Public);
        Self {
            id: record.id.to_string(),
            library: record.library(),
            title: content.title_for(Viewer::Public),
            sample: content.sample,
            status: record.status.label(),
            facts: facts(stored, names),
            texts: texts
                .filter(|(field, _)| *field != TextField::Title)
                .map(|(field, text)| (field.label(), text))
                .collect(),
            hidden: hidden(content),
            revision: record.revision,
            updated_at: record.updated_at.china_minute(),
            finds: match record.library() {
                Library::Demand => Some("为这项需求找答案"),
                Library::Achievement => Some("看哪些需求用得上"),
                Library::Equipment | Library::Policy => None,
            },
        }
    }
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
    facts.extend(own.map(|(fact, value)| (fact.label(), shown(fact, value))));
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
    id: Result<Segment, Refusal>,
) -> Result<Response, PageRefusal> {
    let Segment(id) = id?;
    let id = extract::record_id(&id)?;
    let stored = service.engine.store().record(id).await.map_err(Refusal::from)?;
    visible(&stored)?;
    Ok(page_of(&RecordPage::new(&stored, &service.names)))
}

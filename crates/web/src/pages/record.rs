//! One record.

use askama::Template;
use axum::{extract::State, response::Response};
use kechuang_domain::{Details, Library, Money, TextField, Viewer};
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
            hidden: content
                .hidden_from(Viewer::Public)
                .map(|(field, tier)| (field.label(), tier.label()))
                .collect(),
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

fn facts(stored: &StoredRecord, names: &Names) -> Vec<(&'static str, String)> {
    let content = &stored.record.content;
    let mut facts = vec![("单位", stored.owner_name.clone())];
    facts.extend(content.region.map(|region| ("地区", names.region(region))));
    facts.extend(content.chain.as_ref().map(|chain| ("产业链", names.chain(chain))));
    match content.details().clone() {
        Details::Achievement { trl, year } => {
            facts.extend(trl.map(|trl| ("技术成熟度", format!("{trl} 级（共 9 级）"))));
            facts.extend(year.map(|year| ("完成年份", format!("{year} 年"))));
        }
        Details::Demand { category, budget, deadline } => {
            facts.extend(category.map(|category| ("类别", category)));
            facts.extend(
                budget.map(Money::wan_yuan).map(|wan| ("拟投入资金", format!("{wan} 万元"))),
            );
            facts.extend(deadline.map(|deadline| ("完成时限", deadline.to_string())));
        }
        Details::Equipment { kind, price } => {
            facts.extend(kind.map(|kind| ("类别", kind)));
            facts.extend(price.map(|price| ("收费", price)));
        }
        Details::Policy { document_number, level, effective_from, effective_until } => {
            facts.extend(document_number.map(|number| ("文号", number)));
            facts.extend(level.map(|level| ("层级", level)));
            facts.extend(effective_from.map(|from| ("施行日期", from.to_string())));
            facts.extend(effective_until.map(|until| ("失效日期", until.to_string())));
        }
    }
    facts
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

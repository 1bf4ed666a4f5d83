//! What a record says in a column.

use std::collections::BTreeMap;

use kechuang_domain::{Fact, FactValue, Tier, Viewer};
use kechuang_store::StoredRecord;
use serde_json::{Map, Value};

use super::Reach;
use crate::Column;

/// The cell of a sheet; empty where nothing is said or may be shown.
pub(super) fn cell(stored: &StoredRecord, column: Column, reach: Reach) -> String {
    let record = &stored.record;
    let sample = || if record.content.sample { "是" } else { "" }.to_owned();
    match column {
        Column::Fact(fact) => {
            fact_of(stored, fact, reach).map_or_else(String::new, |value| fact.to_cell(value))
        }
        Column::Sample => sample(),
        Column::Status if reach == Reach::Keeper => record.status.label().to_owned(),
        _ => match json(stored, column, reach) {
            None => String::new(),
            Some(Value::String(text)) => text,
            Some(value) => value.to_string(),
        },
    }
}

/// The value in JSON; `None` where nothing is said or may be shown.
pub(super) fn json(stored: &StoredRecord, column: Column, reach: Reach) -> Option<Value> {
    let record = &stored.record;
    let content = &record.content;
    match (column, reach) {
        (Column::Key, Reach::Keeper) => Some(record.source.key.clone().into()),
        (Column::Key, Reach::Public) => Some(record.public_number().into()),
        (Column::Text(field), Reach::Keeper) => {
            let mut texts = content.all_texts();
            texts.find(|(known, _)| *known == field).map(|(_, tiered)| tiered.text.clone().into())
        }
        (Column::Text(field), Reach::Public) => {
            content.text_for(Viewer::Public, field).map(Value::from)
        }
        (Column::Fact(fact), _) => fact_of(stored, fact, reach).map(|value| fact.to_json(value)),
        (Column::Owner, _) => Some(stored.owner_name.clone().into()),
        (Column::Region, _) => content.region.map(|region| region.to_string().into()),
        (Column::Chain, _) => content.chain.as_ref().map(|chain| chain.as_str().into()),
        (Column::Sample, _) => content.sample.then_some(true.into()),
        (Column::Status, Reach::Keeper) => Some(record.status.code().into()),
        (Column::Tiers, Reach::Keeper) => tiers(stored).map(Value::Object),
        // Plain data with text keys always becomes JSON.
        (Column::Provenance, Reach::Keeper) => serde_json::to_value(&record.provenance).ok(),
        (Column::ReadByModel, _) => Some(read_by_model(stored, reach)?.into()),
        (Column::SourceName, Reach::Keeper) => Some(record.source.name.clone().into()),
        (
            Column::Status | Column::Tiers | Column::Provenance | Column::SourceName,
            Reach::Public,
        )
        | (Column::Errors, _) => None,
    }
}

fn fact_of(stored: &StoredRecord, fact: Fact, reach: Reach) -> Option<&FactValue> {
    let details = stored.record.content.details();
    let may_see = reach == Reach::Keeper || Viewer::Public.may_see(details.tier(fact));
    details.get(fact).filter(|_| may_see)
}

/// The fields that large models have read, with the models: 完成时限、拟投入资金（qwen3-8b）.
fn read_by_model(stored: &StoredRecord, reach: Reach) -> Option<String> {
    let provenance = match reach {
        Reach::Keeper => stored.record.provenance.clone(),
        Reach::Public => stored.record.provenance_for(Viewer::Public),
    };
    let library = stored.record.library();
    let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, place) in &provenance.fields {
        if let (Some(model), Some(column)) = (&place.read_by, Column::of_code(library, code)) {
            fields.entry(model).or_default().push(column.label());
        }
    }
    let told = fields.iter().map(|(model, labels)| format!("{}（{model}）", labels.join("、")));
    let told = told.collect::<Vec<_>>().join("；");
    (!told.is_empty()).then_some(told)
}

/// Tiers that are not those of the registries.
fn tiers(stored: &StoredRecord) -> Option<Map<String, Value>> {
    let content = &stored.record.content;
    let texts = content.all_texts().filter(|(_, tiered)| tiered.tier != Tier::Public);
    let texts = texts.map(|(field, tiered)| (field.code(), tiered.tier));
    let details = content.details();
    let facts = details.all().map(|(fact, _)| (fact, details.tier(fact)));
    let facts = facts.filter(|(fact, tier)| *tier != fact.tier());
    let facts = facts.map(|(fact, tier)| (fact.code(), tier));
    let tiers: Map<String, Value> = texts
        .chain(facts)
        .filter_map(|(code, tier)| Some((code.to_owned(), serde_json::to_value(tier).ok()?)))
        .collect();
    (!tiers.is_empty()).then_some(tiers)
}

//! Facts as JSON. Names, kinds and descriptions come from the registry in `domain`.

use std::collections::BTreeMap;

use kechuang_domain::{Details, Fact, FactKind, FactValue, Library, Problem, Tier};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{AdditionalProperties, ArrayBuilder, SchemaType, Type},
    },
};

use super::record::wrong;

/// Facts by name. Those of another library must be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DetailsWire(Map<String, Value>);

impl DetailsWire {
    /// Facts as a person has filled them in, by code.
    pub fn of_cells(cells: impl Iterator<Item = (Fact, String)>) -> Self {
        Self(cells.map(|(fact, cell)| (fact.json_name(), cell.into())).collect())
    }

    /// These facts.
    pub fn of<'a>(facts: impl Iterator<Item = (Fact, &'a FactValue)>) -> Self {
        Self(facts.map(|(fact, value)| (fact.json_name(), fact.to_json(value))).collect())
    }

    /// The facts of a record of `library`.
    ///
    /// # Errors
    /// A problem naming the field.
    pub fn into_details(
        self,
        library: Library,
        tiers: BTreeMap<String, Tier>,
    ) -> Result<Details, Problem> {
        let mut facts = Vec::with_capacity(self.0.len());
        for (name, value) in &self.0 {
            let fact = Fact::of_json_name(name).filter(|fact| fact.libraries().contains(&library));
            let fact = fact.ok_or_else(|| {
                let label = library.record_label();
                wrong("details", &format!("{label}没有「{name}」；可用的字段见 /openapi.json"))
            })?;
            let value = fact.parse_json(value);
            let value = value.map_err(|error| wrong(&format!("details.{name}"), &error))?;
            facts.extend(value.map(|value| (fact, value)));
        }
        let mut narrowed = Vec::with_capacity(tiers.len());
        for (name, tier) in tiers {
            let fact: Fact = name.parse().map_err(|error| wrong("tiers", &error))?;
            narrowed.push((fact, tier));
        }
        let details = Details::new(library, facts).map_err(|error| wrong("details", &error))?;
        Ok(details.with_tiers(narrowed))
    }
}

impl PartialSchema for DetailsWire {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new()
            .description(Some("各库的字段；只填本库有的"))
            .additional_properties(Some(AdditionalProperties::FreeForm(false)));
        for fact in Fact::ALL {
            object = object.property(fact.json_name(), schema_of(*fact));
        }
        object.into()
    }
}

impl ToSchema for DetailsWire {
    fn name() -> std::borrow::Cow<'static, str> {
        "Details".into()
    }
}

fn schema_of(fact: Fact) -> RefOr<Schema> {
    let libraries: Vec<_> = fact.libraries().iter().map(|library| library.record_label()).collect();
    let mut told = format!("{}（{}）", fact.label(), libraries.join("、"));
    let plain = |kind| ObjectBuilder::new().schema_type(SchemaType::Type(kind));
    let object = match fact.kind() {
        FactKind::Text | FactKind::Code(_) => plain(Type::String),
        FactKind::Choice { options, is_open: false } => {
            plain(Type::String).enum_values(Some(options.to_vec()))
        }
        FactKind::Choice { options, is_open: true } => {
            told.push_str(&format!("；例如 {}", options.join("、")));
            plain(Type::String)
        }
        FactKind::Date => plain(Type::String).examples(["2026-12-31"]),
        FactKind::Month => plain(Type::String).examples(["2026-12"]),
        FactKind::Whole { least, most } => {
            plain(Type::Integer).minimum(Some(least)).maximum(Some(most))
        }
        FactKind::Number { most, unit } => {
            told.push_str(&format!("，单位 {unit}"));
            plain(Type::Number).minimum(Some(0)).maximum(Some(most))
        }
        FactKind::Money => {
            told.push_str("，单位 万元");
            plain(Type::Number).minimum(Some(0))
        }
        FactKind::Flag => plain(Type::Boolean),
        FactKind::List { .. } | FactKind::Codes(_) => {
            return array(plain(Type::String), &told);
        }
        FactKind::Rights | FactKind::Indicators | FactKind::Clauses => {
            return array(plain(Type::Object), &told);
        }
    };
    object.description(Some(told)).into()
}

fn array(items: ObjectBuilder, told: &str) -> RefOr<Schema> {
    ArrayBuilder::new().items(items).description(Some(told)).into()
}

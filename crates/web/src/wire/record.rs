//! Records as JSON, out and in.

use std::collections::BTreeMap;

use kechuang_domain::{
    Content, Date, Details, Library, Money, Problem, ProblemCode, Source, Status, TextField, Tier,
    TieredText, Viewer,
};
use kechuang_store::{RecordDraft, StoredRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name of an owner, in characters.
const OWNER_LIMIT_CHARS: usize = 200;

/// A record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct RecordWire {
    /// The record's id, the same over all revisions.
    pub id: String,
    /// Counts from 1; also the ETag.
    pub revision: i64,
    /// `achievement`, `demand`, `equipment` or `policy`.
    pub library: &'static str,
    /// `active`, `closed` or `withdrawn`.
    pub status: &'static str,
    /// The owner's name.
    pub owner: String,
    /// The title.
    pub title: String,
    /// The texts that the reader may see, by field.
    pub texts: BTreeMap<&'static str, TextWire>,
    /// Fields that are filled in and hidden from the reader.
    pub hidden: Vec<HiddenWire>,
    /// Division code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Industry chain code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// Demonstration data (示例).
    pub sample: bool,
    /// What only this library's records have.
    pub details: DetailsWire,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// A text and who may see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Text)]
#[serde(deny_unknown_fields)]
pub struct TextWire {
    /// The text.
    pub text: String,
    /// `public` (if left out), `registered` or `agreement`.
    #[serde(default)]
    #[schema(value_type = String)]
    pub tier: Tier,
}

/// A field that is hidden from the reader.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HiddenText)]
pub struct HiddenWire {
    /// Which field.
    pub field: &'static str,
    /// Who may see it.
    #[schema(value_type = String)]
    pub tier: Tier,
}

/// What only some libraries' records have. Those of another library must be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Details)]
#[serde(default, deny_unknown_fields)]
pub struct DetailsWire {
    /// Achievement: readiness level, 1 to 9 (GB/T 22900).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trl: Option<u8>,
    /// Achievement: year of completion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Demand: 类别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Demand: planned spending in 万元.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_wan: Option<f64>,
    /// Demand: day by which it must be met.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub deadline: Option<Date>,
    /// Equipment: 类别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Equipment: 收费.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// Policy: 文号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Policy: 层级.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Policy: first day in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub effective_from: Option<Date>,
    /// Policy: last day in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub effective_until: Option<Date>,
}

/// A record to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordInput)]
#[serde(deny_unknown_fields)]
pub struct RecordInput {
    /// `achievement`, `demand`, `equipment` or `policy`; cannot change later.
    pub library: String,
    /// The owner's name.
    pub owner: String,
    /// `active` (if left out), `closed` or `withdrawn`.
    #[serde(default)]
    pub status: Option<String>,
    /// The texts by field; `title` must be there.
    pub texts: BTreeMap<String, TextWire>,
    /// Six-digit division code.
    #[serde(default)]
    pub region: Option<String>,
    /// Industry chain code.
    #[serde(default)]
    pub chain: Option<String>,
    /// Demonstration data (示例).
    #[serde(default)]
    pub sample: bool,
    /// What only this library's records have.
    #[serde(default)]
    pub details: DetailsWire,
}

/// How much of a record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What this viewer may see.
    Viewer(Viewer),
    /// Everything, for whoever keeps the records.
    Keeper,
}

impl RecordWire {
    /// A record as its reader sees it.
    #[must_use]
    pub fn new(stored: &StoredRecord, reach: Reach) -> Self {
        let StoredRecord { record, owner_name } = stored;
        let content = &record.content;
        let mut texts = BTreeMap::new();
        let mut hidden = Vec::new();
        for (field, tiered) in content.all_texts() {
            let seen = match reach {
                Reach::Keeper => true,
                Reach::Viewer(viewer) => viewer.may_see(tiered.tier),
            };
            if seen {
                let text = TextWire { text: tiered.text.clone(), tier: tiered.tier };
                texts.insert(field.code(), text);
            } else {
                hidden.push(HiddenWire { field: field.code(), tier: tiered.tier });
            }
        }
        Self {
            id: record.id.to_string(),
            revision: record.revision,
            library: record.library().code(),
            status: record.status.code(),
            owner: owner_name.clone(),
            title: texts
                .get(TextField::Title.code())
                .map_or_else(|| content.title_for(Viewer::Public), |title| title.text.as_str())
                .to_owned(),
            texts,
            hidden,
            region: content.region.map(|region| region.to_string()),
            chain: content.chain.as_ref().map(|chain| chain.as_str().to_owned()),
            sample: content.sample,
            details: DetailsWire::from(content.details()),
            created_at: record.created_at.to_string(),
            updated_at: record.updated_at.to_string(),
        }
    }
}

impl From<&Details> for DetailsWire {
    fn from(details: &Details) -> Self {
        let none = Self::default();
        match details.clone() {
            Details::Achievement { trl, year } => Self { trl, year, ..none },
            Details::Demand { category, budget, deadline } => {
                Self { category, budget_wan: budget.map(Money::wan_yuan), deadline, ..none }
            }
            Details::Equipment { kind, price } => Self { kind, price, ..none },
            Details::Policy { document_number, level, effective_from, effective_until } => {
                Self { document_number, level, effective_from, effective_until, ..none }
            }
        }
    }
}

impl RecordInput {
    /// The draft of this record under a source name.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidField`] naming the field.
    pub fn into_draft(self, source: Source) -> Result<RecordDraft, Problem> {
        let library: Library = self.library.parse().map_err(|error| wrong("library", &error))?;
        let details = self.details.into_details(library)?;
        let mut texts = Vec::with_capacity(self.texts.len());
        for (name, TextWire { text, tier }) in self.texts {
            let field: TextField = name.parse().map_err(|error| wrong("texts", &error))?;
            texts.push((field, TieredText { text, tier }));
        }
        let mut content = Content::new(texts, details).map_err(|error| wrong("texts", &error))?;
        let region = self.region.map(|region| region.parse()).transpose();
        content.region = region.map_err(|error| wrong("region", &error))?;
        let chain = self.chain.map(|chain| chain.parse()).transpose();
        content.chain = chain.map_err(|error| wrong("chain", &error))?;
        content.sample = self.sample;
        let owner = self.owner.replace('\0', "").trim().to_owned();
        if owner.is_empty() {
            return Err(wrong("owner", &"单位为空；请填写单位全称"));
        }
        if owner.chars().count() > OWNER_LIMIT_CHARS {
            return Err(wrong("owner", &format!("超过 {OWNER_LIMIT_CHARS} 个字符；请缩短")));
        }
        let status = match self.status.as_deref() {
            None => Status::Active,
            Some(code) => Status::from_code(code)
                .ok_or_else(|| wrong("status", &"可用：active、closed、withdrawn"))?,
        };
        Ok(RecordDraft { owner, source, status, content })
    }
}

impl DetailsWire {
    fn into_details(self, library: Library) -> Result<Details, Problem> {
        let given = self.clone();
        let details = match library {
            Library::Achievement => Details::Achievement { trl: self.trl, year: self.year },
            Library::Demand => Details::Demand {
                category: self.category,
                budget: self.budget_wan.map(budget).transpose()?,
                deadline: self.deadline,
            },
            Library::Equipment => Details::Equipment { kind: self.kind, price: self.price },
            Library::Policy => Details::Policy {
                document_number: self.document_number,
                level: self.level,
                effective_from: self.effective_from,
                effective_until: self.effective_until,
            },
        };
        let budget_wan = given.budget_wan.filter(|_| library == Library::Demand);
        let kept = Self { budget_wan, ..Self::from(&details) };
        if kept == given {
            Ok(details)
        } else {
            let label = library.record_label();
            Err(wrong("details", &format!("含有{label}没有的字段；各库可用的字段见 /openapi.json")))
        }
    }
}

fn budget(wan: f64) -> Result<Money, Problem> {
    Money::from_wan_yuan(wan).ok_or_else(|| wrong("details.budget_wan", &"应为不小于 0 的万元数"))
}

fn wrong(field: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem::new(ProblemCode::InvalidField, format!("字段 {field}：{why}"))
}

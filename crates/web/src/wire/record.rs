//! Records as JSON, out and in.

use std::collections::BTreeMap;

use kechuang_domain::{
    Content, Date, Lapse, Library, Problem, ProblemCode, Provenance, Review, Source, Status,
    TextField, Tier, TieredText, Viewer,
};
use kechuang_store::{RecordDraft, StoredRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::details::DetailsWire;

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
    /// Facts by name; amounts of money in 万元.
    pub details: DetailsWire,
    /// The number that people use, such as `CG-000012`.
    pub number: String,
    /// The record that is shown in place of this one, which says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// RFC 3339: when its source or a person last stood by it.
    pub confirmed_at: String,
    /// `expired` (a policy), `overdue` (a demand) or `outdated`, where the record does not hold today any
    /// more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapse: Option<&'static str>,
    /// `fresh`, `stale` (listed and matched further down) or `hidden` (neither, until confirmed).
    pub freshness: &'static str,
    /// What keepers have said of it, newest first; for keepers who read it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewWire>,
    /// Where it was read.
    #[schema(value_type = Object)]
    #[serde(skip_serializing_if = "Provenance::is_unknown")]
    pub provenance: Provenance,
}

/// What a keeper has said of a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Review)]
pub struct ReviewWire {
    /// `confirmed`, `same_as`, `other_than` or `status`.
    pub kind: &'static str,
    /// The other record that it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The standing that it gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// RFC 3339.
    pub at: String,
}

impl From<Review> for ReviewWire {
    fn from(review: Review) -> Self {
        Self {
            kind: review.kind.code(),
            other: review.kind.other().map(|other| other.to_string()),
            status: review.kind.status().map(Status::code),
            at: review.at.to_string(),
        }
    }
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
    /// Facts by name; amounts of money in 万元.
    #[serde(default)]
    pub details: DetailsWire,
    /// Who may see a fact, by name, where it is not as usual.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub tiers: BTreeMap<String, Tier>,
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
    /// A record as its reader sees it on a day.
    #[must_use]
    pub fn new(stored: &StoredRecord, reach: Reach, today: Date) -> Self {
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
        let details = content.details();
        let facts = details.all().filter(|(fact, _)| match reach {
            Reach::Keeper => true,
            Reach::Viewer(viewer) => viewer.may_see(details.tier(*fact)),
        });
        if let Reach::Viewer(viewer) = reach {
            let secret = details.hidden_from(viewer);
            hidden.extend(secret.map(|(fact, tier)| HiddenWire { field: fact.code(), tier }));
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
            details: DetailsWire::of(facts),
            number: record.public_number(),
            duplicate_of: record.duplicate_of.map(|shown| shown.to_string()),
            created_at: record.created_at.to_string(),
            updated_at: record.updated_at.to_string(),
            confirmed_at: record.confirmed_at.to_string(),
            lapse: record.lapse(today).map(Lapse::code),
            freshness: record.freshness.code(),
            reviews: Vec::new(),
            provenance: match reach {
                Reach::Keeper => record.provenance.clone(),
                Reach::Viewer(viewer) => record.provenance_for(viewer),
            },
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
        let details = self.details.into_details(library, self.tiers)?;
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
                .ok_or_else(|| wrong("status", &"可用：active、closed、withdrawn、suspect"))?,
        };
        Ok(RecordDraft { owner, source, status, content, provenance: Provenance::default() })
    }
}

pub(crate) fn wrong(field: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem::new(ProblemCode::InvalidField, format!("字段 {field}：{why}"))
}

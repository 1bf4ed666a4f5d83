//! Records of the four libraries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ChainCode, Date, Library, Money, PartyId, RecordId, Region, TextField, Tier, TieredText,
    Timestamp, Viewer,
};

/// The longest title a record may have, in characters.
pub const TITLE_LIMIT_CHARS: usize = 500;
/// The longest any other text of a record may be, in characters: a short book.
pub const TEXT_LIMIT_CHARS: usize = 200_000;

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In the library, found and matched.
    Active,
    /// Finished (a demand answered, a line closed): still found, no longer matched.
    Closed,
    /// Taken back by its owner: neither found nor matched.
    Withdrawn,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Closed, Self::Withdrawn];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "有效",
            Self::Closed => "已办结",
            Self::Withdrawn => "已撤回",
        }
    }

    /// The status with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// The name a record has where it came from. A second arrival under the same name is a new revision
/// of the same record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Which source: a file's given name, a feed, `api`.
    pub name: String,
    /// The record's key there, unique within the source and library.
    pub key: String,
}

/// What only records of one library have, beyond texts. More fields join as optional ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "library", rename_all = "snake_case")]
pub enum Details {
    /// 成果.
    Achievement {
        /// Technology readiness level 1 to 9 (GB/T 22900).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trl: Option<u8>,
        /// Year of completion.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<u16>,
    },
    /// 需求.
    Demand {
        /// 类别 as the firm gives it: 技术攻关, 成果引进, 检测, 中试, 人才, 场景.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
        /// What the firm plans to spend.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<Money>,
        /// When it must be solved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Date>,
    },
    /// 设备.
    Equipment {
        /// 类别: 仪器, 中试线, 实验室, 算力, 服务.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// 收费, as the holder words it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<String>,
    },
    /// 政策.
    Policy {
        /// 文号, such as 吕政办发〔2024〕24号.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document_number: Option<String>,
        /// 层级: 国家, 省, 市, 县.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<String>,
        /// First day in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effective_from: Option<Date>,
        /// Last day in force; absent means until further notice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effective_until: Option<Date>,
    },
}

impl Details {
    /// Details of `library` with nothing filled in.
    #[must_use]
    pub const fn empty(library: Library) -> Self {
        match library {
            Library::Achievement => Self::Achievement { trl: None, year: None },
            Library::Demand => Self::Demand { category: None, budget: None, deadline: None },
            Library::Equipment => Self::Equipment { kind: None, price: None },
            Library::Policy => Self::Policy {
                document_number: None,
                level: None,
                effective_from: None,
                effective_until: None,
            },
        }
    }

    /// The library these details belong to.
    #[must_use]
    pub const fn library(&self) -> Library {
        match self {
            Self::Achievement { .. } => Library::Achievement,
            Self::Demand { .. } => Library::Demand,
            Self::Equipment { .. } => Library::Equipment,
            Self::Policy { .. } => Library::Policy,
        }
    }
}

/// What can never be right about a record's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// There is no title, or it is blank.
    #[error("名称为空；请填写名称")]
    NoTitle,
    /// A text is longer than the limit.
    #[error("{}有 {chars} 个字符，超过上限 {limit}；请缩短", field.label())]
    TooLong {
        /// Which text.
        field: TextField,
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be, in characters.
        limit: usize,
    },
    /// A readiness level outside 1 to 9.
    #[error("技术成熟度 {0} 不在 1–9 之间（GB/T 22900）")]
    BadTrl(u8),
    /// A policy that ends before it begins.
    #[error("失效日期 {until} 早于施行日期 {from}")]
    EndsBeforeStart {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
}

/// What a source says about a record: the part that a revision changes. Its texts are checked, so
/// they are reached through methods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    texts: BTreeMap<TextField, TieredText>,
    /// Where the owner sits or the policy applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The industry chain it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainCode>,
    /// Written for demonstration (示例), shown as such wherever the record is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
    details: Details,
}

impl Content {
    /// Checks and keeps the texts and details. Blank texts are dropped, U+0000 is stripped.
    ///
    /// # Errors
    /// What [`ContentError`] lists.
    pub fn new(
        texts: impl IntoIterator<Item = (TextField, TieredText)>,
        details: Details,
    ) -> Result<Self, ContentError> {
        let mut kept = BTreeMap::new();
        for (field, mut tiered) in texts {
            tiered.text.retain(|c| c != '\0');
            if tiered.text.trim().is_empty() {
                continue;
            }
            let limit =
                if field == TextField::Title { TITLE_LIMIT_CHARS } else { TEXT_LIMIT_CHARS };
            let chars = tiered.text.chars().count();
            if chars > limit {
                return Err(ContentError::TooLong { field, chars, limit });
            }
            kept.insert(field, tiered);
        }
        if !kept.contains_key(&TextField::Title) {
            return Err(ContentError::NoTitle);
        }
        check_details(&details)?;
        Ok(Self { texts: kept, region: None, chain: None, sample: false, details })
    }

    /// What only this library's records have.
    #[must_use]
    pub const fn details(&self) -> &Details {
        &self.details
    }

    /// The library this content belongs to.
    #[must_use]
    pub const fn library(&self) -> Library {
        self.details.library()
    }

    /// The texts that `viewer` may see, in page order.
    pub fn texts_for(&self, viewer: Viewer) -> impl Iterator<Item = (TextField, &str)> {
        self.texts
            .iter()
            .filter(move |(_, tiered)| viewer.may_see(tiered.tier))
            .map(|(field, tiered)| (*field, tiered.text.as_str()))
    }

    /// One text, if it is there and `viewer` may see it.
    #[must_use]
    pub fn text_for(&self, viewer: Viewer, field: TextField) -> Option<&str> {
        self.texts
            .get(&field)
            .filter(|tiered| viewer.may_see(tiered.tier))
            .map(|tiered| tiered.text.as_str())
    }

    /// The title as `viewer` may see it.
    #[must_use]
    pub fn title_for(&self, viewer: Viewer) -> &str {
        self.text_for(viewer, TextField::Title).unwrap_or("（名称未公开）")
    }

    /// The fields that are filled in but hidden from `viewer`, with their tiers, so that a page can
    /// say that there is more.
    pub fn hidden_from(&self, viewer: Viewer) -> impl Iterator<Item = (TextField, Tier)> {
        self.texts
            .iter()
            .filter(move |(_, tiered)| !viewer.may_see(tiered.tier))
            .map(|(field, tiered)| (*field, tiered.tier))
    }

    /// Every text with its tier, for those who keep or edit the record.
    pub fn all_texts(&self) -> impl Iterator<Item = (TextField, &TieredText)> {
        self.texts.iter().map(|(field, tiered)| (*field, tiered))
    }
}

fn check_details(details: &Details) -> Result<(), ContentError> {
    match details {
        Details::Achievement { trl: Some(trl), .. } if !(1..=9).contains(trl) => {
            Err(ContentError::BadTrl(*trl))
        }
        Details::Policy { effective_from: Some(from), effective_until: Some(until), .. }
            if until < from =>
        {
            Err(ContentError::EndsBeforeStart { from: *from, until: *until })
        }
        _ => Ok(()),
    }
}

/// A record at one revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Identifier, the same over all revisions.
    pub id: RecordId,
    /// Counts from 1; every change adds one.
    pub revision: i64,
    /// Who owns it.
    pub owner: PartyId,
    /// Where it came from.
    pub source: Source,
    /// Where it stands.
    pub status: Status,
    /// What it says.
    pub content: Content,
    /// When its first revision was saved.
    pub created_at: Timestamp,
    /// When this revision was saved.
    pub updated_at: Timestamp,
}

impl Record {
    /// The library it lies in.
    #[must_use]
    pub const fn library(&self) -> Library {
        self.content.library()
    }

    /// Whether `viewer` may see the record at all. Withdrawn records are nobody's but their owner's.
    #[must_use]
    pub fn visible_to(&self, viewer: Viewer) -> bool {
        match viewer {
            Viewer::Public => self.status != Status::Withdrawn,
        }
    }
}

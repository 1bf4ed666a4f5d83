//! Records of the four libraries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ChainCode, Details, DetailsError, Fact, Freshness, Library, PartyId, Provenance, RecordId,
    Region, TextField, Tier, TieredText, Timestamp, Viewer,
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
    /// Looks like no real content (未提供, 测试, advertising): found, not matched, until a person has
    /// looked at it.
    Suspect,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Closed, Self::Withdrawn, Self::Suspect];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Suspect => "suspect",
        }
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "有效",
            Self::Closed => "已办结",
            Self::Withdrawn => "已撤回",
            Self::Suspect => "待核实",
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
    /// What can never be right about its facts.
    #[error(transparent)]
    Details(#[from] DetailsError),
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

    /// Whether `viewer` may see a title and nothing else.
    #[must_use]
    pub fn has_title_alone(&self, viewer: Viewer) -> bool {
        self.texts_for(viewer).all(|(field, _)| field == TextField::Title)
    }

    /// Everything that `viewer` may see below the title, a text a line.
    #[must_use]
    pub fn below_title(&self, viewer: Viewer) -> String {
        let texts = self.texts_for(viewer).filter(|(field, _)| *field != TextField::Title);
        texts.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
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
    /// Counts the library's records from 1, for [`Record::public_number`].
    pub number: i64,
    /// When its source or a person last stood by it.
    pub confirmed_at: Timestamp,
    /// How fresh that makes it, as of the last check of its library.
    pub freshness: Freshness,
    /// The record that is shown in its place, where it says the same.
    pub duplicate_of: Option<RecordId>,
    /// Where this revision was read.
    pub provenance: Provenance,
}

impl Record {
    /// The library it lies in.
    #[must_use]
    pub const fn library(&self) -> Library {
        self.content.library()
    }

    /// The number that people use: `CG-000012` for an achievement.
    #[must_use]
    pub fn public_number(&self) -> String {
        format!("{}-{:06}", self.library().number_prefix(), self.number)
    }

    /// Where it was read, as `viewer` may know it: without the places of hidden fields, and without any
    /// sentence where a text is hidden, for a sentence may stand in that.
    #[must_use]
    pub fn provenance_for(&self, viewer: Viewer) -> Provenance {
        let mut provenance = self.provenance.clone();
        let texts = self.content.hidden_from(viewer).map(|(field, _)| field.code());
        let facts = self.content.details.hidden_from(viewer).map(|(fact, _)| fact.code());
        for hidden in texts.chain(facts) {
            provenance.fields.remove(hidden);
        }
        if self.content.hidden_from(viewer).next().is_some() {
            provenance.place.sentence = None;
            for place in provenance.fields.values_mut() {
                place.sentence = None;
            }
        }
        provenance
    }

    /// Whether the record stands in lists and in the index: visible to `viewer`, not hidden for want of
    /// a confirmation, and not shown by another record that says the same.
    #[must_use]
    pub fn listed_for(&self, viewer: Viewer) -> bool {
        self.visible_to(viewer)
            && self.duplicate_of.is_none()
            && self.freshness != Freshness::Hidden
    }

    /// Whether `viewer` may see the record at all. Withdrawn records, and demands that are not for the
    /// public, are nobody's but their owner's.
    #[must_use]
    pub fn visible_to(&self, viewer: Viewer) -> bool {
        let publicity = self.content.details.text(Fact::Publicity);
        match viewer {
            Viewer::Public => self.status != Status::Withdrawn && publicity != Some("不公开"),
        }
    }
}

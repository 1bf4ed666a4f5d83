//! Who may see which text.

use serde::{Deserialize, Serialize};

/// How far a text may travel, from widest to narrowest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Anybody.
    #[default]
    Public,
    /// Signed-in members of a registered party.
    Registered,
    /// Parties under an agreement with the owner. Such text enters no statistics at all.
    Agreement,
}

impl Tier {
    /// All tiers, from widest to narrowest.
    pub const ALL: [Self; 3] = [Self::Public, Self::Registered, Self::Agreement];

    /// The stable code, as in the API and in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Registered => "registered",
            Self::Agreement => "agreement",
        }
    }

    /// The Chinese name shown beside a field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Public => "公开",
            Self::Registered => "注册可见",
            Self::Agreement => "协议可见",
        }
    }
}

/// A text and the tier that limits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieredText {
    /// The text as the source wrote it, without U+0000.
    pub text: String,
    /// Who may see it.
    #[serde(default, skip_serializing_if = "is_public")]
    pub tier: Tier,
}

fn is_public(tier: &Tier) -> bool {
    *tier == Tier::Public
}

/// On whose behalf something is searched, matched or read. Nothing a viewer may not see shapes what
/// that viewer sees: no score, count or snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Viewer {
    /// Somebody who is not signed in.
    #[default]
    Public,
}

impl Viewer {
    /// Whether this viewer may see text of `tier`.
    #[must_use]
    pub const fn may_see(self, tier: Tier) -> bool {
        match self {
            Self::Public => matches!(tier, Tier::Public),
        }
    }
}

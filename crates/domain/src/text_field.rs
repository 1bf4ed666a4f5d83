//! The text fields a record can have. This is the one registry of them: a field added here is stored,
//! indexed, shown and quoted everywhere.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a text field counts as in search; each role has its own weights in a rank profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextRole {
    /// Names the thing.
    Title,
    /// Chosen words about the thing.
    Keywords,
    /// Prose about the thing.
    Body,
}

impl TextRole {
    /// All roles, in the order their scores are listed.
    pub const ALL: [Self; 3] = [Self::Title, Self::Keywords, Self::Body];
}

macro_rules! text_fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $label:literal, $role:ident;)+) => {
        /// A text field of a record. The order here is the order on a record's page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum TextField {
            $($(#[$doc])* $name,)+
        }

        impl TextField {
            /// Every text field.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name in the API and in import files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The Chinese name on pages and in headers of import files.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// What the field counts as in search.
            #[must_use]
            pub const fn role(self) -> TextRole {
                match self { $(Self::$name => TextRole::$role),+ }
            }
        }
    };
}

text_fields! {
    /// What the record is called.
    Title = "title", "名称", Title;
    /// Keywords, separated by `；`.
    Keywords = "keywords", "关键词", Keywords;
    /// Maker's model or type of an instrument.
    Model = "model", "型号规格", Keywords;
    /// The description as the source gives it.
    Body = "body", "内容简介", Body;
    /// Technical indicators of an achievement.
    Indicators = "indicators", "技术指标", Body;
    /// Where an achievement has been used.
    Applications = "applications", "应用案例", Body;
    /// What an instrument can measure or a line can make.
    Specification = "specification", "主要技术指标", Body;
    /// What the holder of a resource offers to outsiders.
    Services = "services", "服务内容", Body;
    /// What a policy grants, with its cap.
    Support = "support", "支持方式与标准", Body;
    /// Whom a policy is for.
    Conditions = "conditions", "申报条件", Body;
}

impl fmt::Display for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no text field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为「{0}」的文本字段")]
pub struct UnknownTextField(pub String);

impl FromStr for TextField {
    type Err = UnknownTextField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|field| field.code() == text)
            .ok_or_else(|| UnknownTextField(text.to_owned()))
    }
}

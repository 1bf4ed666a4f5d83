//! The text fields a record can have. This is the one registry of them: a field added here is stored,
//! indexed, shown and quoted everywhere.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Library;

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
    ($($(#[$doc:meta])* $name:ident = $code:literal, $label:literal, $role:ident, [$($library:ident)*];)+) => {
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

            /// The libraries whose records have it.
            #[must_use]
            pub const fn libraries(self) -> &'static [Library] {
                match self { $(Self::$name => &[$(Library::$library),*]),+ }
            }
        }
    };
}

text_fields! {
    /// What the record is called.
    Title = "title", "名称", Title, [Achievement Demand Equipment Policy];
    /// Keywords, separated by `；`.
    Keywords = "keywords", "关键词", Keywords, [Achievement Demand Equipment Policy];
    /// Maker's model or type of an instrument.
    Model = "model", "型号规格", Keywords, [Equipment];
    /// The description as the source gives it.
    Body = "body", "内容简介", Body, [Achievement Demand Equipment Policy];
    /// How things are at the firm, and what hurts.
    Situation = "situation", "现状与痛点", Body, [Demand];
    /// What the firm has tried already.
    Attempts = "attempts", "已尝试的办法", Body, [Demand];
    /// What a solution must keep to: material, environment, plant, safety.
    Constraints = "constraints", "约束条件", Body, [Demand];
    /// What whoever takes up the demand must be.
    TakerConditions = "taker_conditions", "揭榜方条件", Body, [Demand];
    /// The wording of a demand that may be shown where the full one may not.
    PublicText = "public_text", "脱敏文本", Body, [Demand];
    /// Technical indicators of an achievement.
    Indicators = "indicators", "技术指标", Body, [Achievement Demand];
    /// What the claimed readiness level rests on.
    TrlEvidence = "trl_evidence", "成熟度依据", Body, [Achievement];
    /// What is better than in the solutions in use.
    Advantages = "advantages", "比较优势", Body, [Achievement];
    /// Costs and returns.
    Economics = "economics", "经济性", Body, [Achievement];
    /// Where an achievement has been used.
    Applications = "applications", "应用案例", Body, [Achievement];
    /// Pilot lines, instruments, laboratories or computing that are still needed.
    NeededResources = "needed_resources", "所需中试与设备", Body, [Achievement Demand];
    /// What it is made of or from; the first of five elements.
    ElementMaterial = "element_material", "材料要素", Keywords, [Achievement Demand];
    /// By which process.
    ElementMethod = "element_method", "方法要素", Keywords, [Achievement Demand];
    /// To which effect.
    ElementEffect = "element_effect", "功效要素", Keywords, [Achievement Demand];
    /// Which product.
    ElementProduct = "element_product", "产品要素", Keywords, [Achievement Demand];
    /// For which use.
    ElementApplication = "element_application", "应用要素", Keywords, [Achievement Demand];
    /// What an instrument can measure or a line can make.
    Specification = "specification", "主要技术指标", Body, [Equipment];
    /// What a resource is for.
    Functions = "functions", "主要功能", Body, [Equipment];
    /// What can be put into it.
    Samples = "samples", "适用样品", Body, [Equipment];
    /// What the holder of a resource offers to outsiders.
    Services = "services", "服务内容", Body, [Equipment];
    /// How it is booked.
    BookingRules = "booking_rules", "预约规则", Body, [Equipment];
    /// What a policy grants, with its cap.
    Support = "support", "支持方式与标准", Body, [Policy];
    /// Whom a policy is for.
    Conditions = "conditions", "申报条件", Body, [Policy];
    /// What has to be handed in.
    Materials = "materials", "申报材料", Body, [Policy];
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

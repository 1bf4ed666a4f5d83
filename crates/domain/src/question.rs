//! Questions back to whoever poses a demand.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most questions that somebody is asked at once.
pub const QUESTION_LIMIT: usize = 3;

/// A question whose answer would make the demand clearer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Why it is asked.
    pub kind: QuestionKind,
    /// The question, in Chinese.
    pub text: String,
    /// Answers to choose from; empty where any may be given.
    pub options: Vec<String>,
    /// Which share of the first five answers would change by an answer, on the average of the options; `None` where that
    /// depends on what is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
    /// Whether a large model has worded it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_model: bool,
}

/// Why a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// The demand names no figure to reach.
    Indicator,
    /// It does not say of what material or product it speaks.
    Object,
    /// It does not say where the solution must work.
    Application,
    /// The answers fall into groups, and it does not say which is meant.
    Split,
}

impl QuestionKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Indicator, Self::Object, Self::Application, Self::Split];

    /// The stable code, as in the API and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Object => "object",
            Self::Application => "application",
            Self::Split => "split",
        }
    }

    /// What is asked for what a demand lacks; `None` for a question that depends on the answers.
    #[must_use]
    pub const fn template(self) -> Option<&'static str> {
        match self {
            Self::Indicator => {
                Some("希望达到哪些可以测量的指标？请写明数值和单位，例如“抗拉强度不低于 240 MPa”。")
            }
            Self::Object => Some("涉及什么材料、产品或设备？请写明牌号、规格或型号。"),
            Self::Application => {
                Some("用在什么场合，有哪些工况或限制？例如温度、介质、产能、现有设备。")
            }
            Self::Split => None,
        }
    }

    /// What an answer is called in the demand that it is added to.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Indicator => "指标",
            Self::Object => "对象",
            Self::Application => "适用场合",
            Self::Split => "侧重",
        }
    }
}

/// The text names no kind of question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有「{0}」这种问题")]
pub struct UnknownQuestionKind(pub String);

impl FromStr for QuestionKind {
    type Err = UnknownQuestionKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.code() == text).ok_or_else(|| UnknownQuestionKind(text.to_owned()))
    }
}

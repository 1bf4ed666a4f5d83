//! The large model beside the site, as far as the site itself asks it.

use std::pin::Pin;

use kechuang_domain::{AssistHealth, Library, Question, RunId};
use kechuang_reading::record::ReadValue;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Service;

/// A large model. Whoever asks for it is somebody whom nobody knows; a failure is told in Chinese, fit for anybody.
pub trait LargeModel: Send + Sync {
    /// How it is doing.
    fn health(&self) -> AssistHealth;

    /// Has a text read as a record of a library: values with words of the text that say them.
    fn read(&self, library: Library, text: String) -> Asking<'_, ReadValue>;

    /// Has questions proposed that would make the demand of a run clearer.
    fn propose(&self, run: RunId) -> Asking<'_, Question>;
}

/// A question to a large model, under way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<ModelAnswer<T>, String>> + Send + 'a>>;

/// What a large model has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelAnswer<T> {
    /// The model.
    pub model: String,
    /// What rests on what is there.
    pub said: Vec<T>,
    /// What rests on nothing, and was taken out.
    pub removed: usize,
    /// Whether it was shown the beginning only of what was to be read.
    pub is_cut: bool,
}

/// What a large model had to do with what rules do without it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ModelPart {
    /// `none`: it was not asked; `refined`: it took part; `degraded`: it was asked in vain, and all is of the rules.
    pub state: &'static str,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How much of what it said rests on nothing, and was taken out.
    pub removed: usize,
    /// Whether it was shown the beginning of the text only.
    pub is_cut: bool,
    /// What went wrong, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Asks the large model where that is wanted; what it said, and its part. `instead` says what there is where it is asked
/// in vain.
pub(crate) async fn ask<T>(
    service: &Service,
    is_wanted: bool,
    instead: &str,
    question: impl for<'a> FnOnce(&'a dyn LargeModel) -> Asking<'a, T>,
) -> (Vec<T>, ModelPart) {
    let answer = match &service.assist {
        _ if !is_wanted => {
            return (Vec::new(), ModelPart { state: "none", ..ModelPart::default() });
        }
        None => Err("没有启用大模型".to_owned()),
        Some(model) => question(&**model).await,
    };
    match answer {
        Ok(ModelAnswer { model, said, removed, is_cut }) => {
            let model = Some(model);
            (said, ModelPart { state: "refined", model, removed, is_cut, message: None })
        }
        Err(why) => {
            let message = Some(format!("{why}；{instead}"));
            (Vec::new(), ModelPart { state: "degraded", message, ..ModelPart::default() })
        }
    }
}

/// The large model and where it is, for people who decide whether it may see what they write.
pub(crate) fn told(service: &Service) -> Option<String> {
    let health = service.assist.as_ref()?.health();
    Some(format!("{}（{}）", health.model, health.place))
}

//! The large model, where the configuration names one.

use std::sync::Arc;

use kechuang_assist::{
    Assistant, Caller, Log,
    clarify::{Proposed, clarify},
    read::read,
};
use kechuang_domain::{AssistHealth, Library, Question, RunId, Viewer};
use kechuang_inference::generative::{Endpoint, Generator, LocalModel};
use kechuang_matching::{Engine, clock};
use kechuang_reading::record::ReadValue;
use kechuang_web::{Asking, LargeModel, ModelAnswer};

use crate::{
    config::{Assist, Config, ModelPlace},
    explain::{self, Failed},
    output::Output,
};

/// The large model; `None` where there is none, and where the one that is named cannot be used: what it would do is left
/// out, and said.
pub(crate) fn open(config: &Config, engine: &Engine, output: Output) -> Option<Assistant> {
    let assist = config.assist.as_ref()?;
    match generator(assist) {
        Ok(generator) => Some(Assistant::new(generator, engine.store().clone(), assist.settings)),
        Err(error) => {
            output.note(&format!("{}；答案不经大模型评审", explain::message(&error)));
            None
        }
    }
}

/// The model itself.
///
/// # Errors
/// A key that cannot be sent, or a file that cannot be loaded.
pub(crate) fn generator(assist: &Assist) -> anyhow::Result<Generator> {
    let opened = match &assist.place {
        ModelPlace::Server(settings) => {
            Endpoint::new(settings.clone()).map(|endpoint| Generator::Endpoint(endpoint.into()))
        }
        ModelPlace::File(path) => {
            LocalModel::load(path).map(|model| Generator::Local(model.into()))
        }
    };
    Ok(opened.map_err(|error| Failed(format!("大模型不能使用：{error}")))?)
}

/// The large model as the site asks it.
#[derive(Debug)]
pub struct SiteModel {
    /// What is asked.
    pub assistant: Arc<Assistant>,
    /// Whose runs it is asked about.
    pub engine: Arc<Engine>,
}

/// On whose behalf visitors of the site ask: all of them together, so that nobody from outside can spend the office's tokens. What
/// they hand in is theirs, and is logged by its hash alone.
fn visitor() -> Caller {
    Caller { name: "公众".to_owned(), viewer: Viewer::Public, log: Log::Hashes }
}

impl LargeModel for SiteModel {
    fn health(&self) -> AssistHealth {
        self.assistant.health()
    }

    fn read(&self, library: Library, text: String) -> Asking<'_, ReadValue> {
        Box::pin(async move {
            let lexicon = self.engine.lexicon();
            let caller = visitor();
            match read(&self.assistant, lexicon, &caller, library, &text, clock::now()).await {
                Ok(reading) => Ok(ModelAnswer {
                    model: self.assistant.generator().model().to_owned(),
                    said: reading.values,
                    removed: reading.removed,
                    is_cut: reading.is_cut,
                }),
                Err(error) => {
                    tracing::warn!(%error, "a text was not read");
                    Err(error.public().to_owned())
                }
            }
        })
    }

    fn propose(&self, run: RunId) -> Asking<'_, Question> {
        Box::pin(async move {
            let failed = |error: &dyn std::fmt::Display| {
                tracing::warn!(%error, "no questions were proposed");
            };
            let context = self.engine.question_context(run, clock::now()).await;
            let context = context.map_err(|error| {
                failed(&error);
                "大模型没有得到要追问的需求".to_owned()
            })?;
            let model = self.assistant.generator().model().to_owned();
            let Some(context) = context else {
                return Ok(ModelAnswer { model, said: Vec::new(), removed: 0, is_cut: false });
            };
            let lexicon = self.engine.lexicon();
            match clarify(&self.assistant, lexicon, &visitor(), &context, clock::now()).await {
                Ok(Proposed { questions: said, removed }) => {
                    Ok(ModelAnswer { model, said, removed, is_cut: false })
                }
                Err(error) => {
                    failed(&error);
                    Err(error.public().to_owned())
                }
            }
        })
    }
}

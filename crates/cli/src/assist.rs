//! The large model, where the configuration names one.

use kechuang_assist::Assistant;
use kechuang_inference::generative::{Endpoint, Generator, LocalModel};
use kechuang_matching::Engine;

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

//! The large model, where the configuration names one.

use kechuang_assist::Assistant;
use kechuang_inference::generative::{Endpoint, Generator, LocalModel};
use kechuang_matching::Engine;

use crate::{
    config::{Assist, Config, ModelPlace},
    explain::Failed,
};

/// The large model; `None` where there is none.
///
/// # Errors
/// A key that cannot be sent, or a file that cannot be loaded.
pub(crate) fn open(config: &Config, engine: &Engine) -> anyhow::Result<Option<Assistant>> {
    let Some(assist) = &config.assist else { return Ok(None) };
    Ok(Some(Assistant::new(generator(assist)?, engine.store().clone(), assist.settings)))
}

/// The model itself.
///
/// # Errors
/// As [`open`].
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

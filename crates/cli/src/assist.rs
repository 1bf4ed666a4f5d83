//! The large model, where the configuration names one.

use kechuang_assist::Assistant;
use kechuang_inference::generative::Endpoint;
use kechuang_matching::Engine;

use crate::config::Config;

/// The large model; from then on it judges what the engine saves. `None` where there is none.
///
/// # Errors
/// A key that cannot be sent.
pub(crate) fn open(config: &Config, engine: &Engine) -> anyhow::Result<Option<Assistant>> {
    let Some(assist) = &config.assist else { return Ok(None) };
    let endpoint = Endpoint::new(assist.endpoint.clone())?;
    engine.start_refining();
    Ok(Some(Assistant::new(endpoint, engine.store().clone(), assist.settings)))
}

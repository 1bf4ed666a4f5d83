//! What an installation has fitted itself: the weights of the learned order and how levels are told, in the place of
//! what is bundled.

use std::{fs, io, path::PathBuf, sync::Arc};

use kechuang_matching::Rules;
use kechuang_ranking::{Fitted, profile::DEFAULT_PROFILE};

use crate::{assets, config::Config, explain::Failed};

/// Where they lie.
fn file(config: &Config) -> PathBuf {
    config.data.join("fitted.toml")
}

/// The rules that the engine goes by, with what the installation has fitted itself.
///
/// # Errors
/// Weights that cannot be read: another order than the one that was chosen would mislead.
pub(crate) fn rules(config: &Config) -> anyhow::Result<Rules> {
    let rules = assets::rules()?;
    let file = file(config);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(rules),
        Err(error) => return Err(Failed(format!("读不到 {}：{error}", file.display())).into()),
    };
    let wrong = |why: String| {
        let file = file.display();
        Failed(format!("{file} 不能用：{why}；请改正，或删去它以恢复随附的"))
    };
    let fitted: Fitted = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let profiles = rules.profiles.with_fitted(DEFAULT_PROFILE, fitted);
    let profiles = profiles.map_err(|mistakes| wrong(mistakes.0.join("；")))?;
    Ok(Rules { profiles: Arc::new(profiles), ..rules })
}

/// Saves what was fitted; tells where. What was fitted before of another kind stays. It counts from the next start on.
///
/// # Errors
/// What the data folder says, and a former file that cannot be read.
pub(crate) fn save(config: &Config, fitted: Fitted) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&config.data)?;
    let file = file(config);
    let former: Fitted = match fs::read_to_string(&file) {
        Ok(text) => toml::from_str(&text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fitted::default(),
        Err(error) => return Err(Failed(format!("读不到 {}：{error}", file.display())).into()),
    };
    let all =
        Fitted { learned: fitted.learned.or(former.learned), level: fitted.level.or(former.level) };
    // A half-written file would stop the next start.
    let mut new = tempfile::NamedTempFile::new_in(&config.data)?;
    io::Write::write_all(&mut new, toml::to_string(&all)?.as_bytes())?;
    new.persist(&file)?;
    Ok(file)
}

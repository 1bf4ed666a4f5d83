//! Weights of the learned order that an installation has fitted itself, in the place of the bundled ones.

use std::{fs, io, path::PathBuf, sync::Arc};

use kechuang_matching::Rules;
use kechuang_ranking::{learned::LearnedRule, profile::DEFAULT_PROFILE};

use crate::{assets, config::Config, explain::Failed};

/// Where they lie.
fn file(config: &Config) -> PathBuf {
    config.data.join("learned.toml")
}

/// The rules that the engine goes by, with the installation's own weights where it has fitted some.
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
        Failed(format!("{file} 不能用：{why}；请改正，或删去它以恢复随附的权重"))
    };
    let learned: LearnedRule = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let profiles = rules.profiles.with_learned(DEFAULT_PROFILE, learned);
    let profiles = profiles.map_err(|mistakes| wrong(mistakes.0.join("；")))?;
    Ok(Rules { profiles: Arc::new(profiles), ..rules })
}

/// Saves weights for the installation; tells where. They count from the next start on.
///
/// # Errors
/// What the data folder says.
pub(crate) fn save(config: &Config, learned: &LearnedRule) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&config.data)?;
    let file = file(config);
    // A half-written file would stop the next start.
    let mut new = tempfile::NamedTempFile::new_in(&config.data)?;
    io::Write::write_all(&mut new, toml::to_string(learned)?.as_bytes())?;
    new.persist(&file)?;
    Ok(file)
}

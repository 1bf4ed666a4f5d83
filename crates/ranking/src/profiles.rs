//! The rank profiles of an installation, from their files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{
    learned::LearnedRule,
    level::LevelRule,
    profile::{DEFAULT_PROFILE, Profile},
};

/// The key by which a profile names another whose values hold where it has none of its own.
const INHERITS: &str = "inherits";

/// All profiles of an installation, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles(BTreeMap<String, Profile>);

/// What an installation has fitted itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// The learned order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<LearnedRule>,
    /// How levels are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelRule>,
}

/// Every mistake in the profiles, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("排序方案有误：\n{}", .0.join("\n"))]
pub struct ProfileErrors(pub Vec<String>);

impl Profiles {
    /// Reads profiles from (name, TOML) pairs. One that `inherits` another says only where it differs.
    ///
    /// # Errors
    /// All mistakes of all profiles together, each with its file.
    pub fn parse<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ProfileErrors> {
        let mut mistakes = Vec::new();
        let mut tables = BTreeMap::new();
        for (name, text) in files {
            match text.parse::<Table>() {
                Ok(table) => drop(tables.insert(name, table)),
                Err(error) => mistakes.push(format!("{name}.toml：{error}")),
            }
        }
        let mut profiles = BTreeMap::new();
        for name in tables.keys() {
            let whole = inherited(&tables, name, &mut Vec::new());
            match whole.and_then(|table| table.try_into().map_err(|error| format!("{error}"))) {
                Ok(profile) => {
                    let profile = Profile { name: (*name).to_owned(), ..profile };
                    let wrong = profile.mistakes();
                    mistakes.extend(wrong.into_iter().map(|what| format!("{name}.toml：{what}")));
                    profiles.insert((*name).to_owned(), profile);
                }
                Err(error) => mistakes.push(format!("{name}.toml：{error}")),
            }
        }
        if mistakes.is_empty() && !profiles.contains_key(DEFAULT_PROFILE) {
            mistakes.push(format!("缺少 {DEFAULT_PROFILE}.toml"));
        }
        if mistakes.is_empty() { Ok(Self(profiles)) } else { Err(ProfileErrors(mistakes)) }
    }

    /// The profile of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.0.get(name)
    }

    /// The same with more profiles.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Profile>) -> Self {
        let mut all = self.0.clone();
        all.extend(more.into_iter().map(|profile| (profile.name.clone(), profile)));
        Self(all)
    }

    /// The same with what was fitted elsewhere in the place of what one profile has.
    ///
    /// # Errors
    /// What cannot be meant so.
    pub fn with_fitted(&self, name: &str, fitted: Fitted) -> Result<Self, ProfileErrors> {
        let mut all = self.0.clone();
        if let Some(profile) = all.get_mut(name) {
            profile.learned = fitted.learned.unwrap_or_else(|| profile.learned.clone());
            if let Some(level) = fitted.level {
                // Curves of a kind of records that were not there stay as they are.
                let former = profile.level.take();
                let (titles, texts) = former.map(|former| (former.titles, former.texts)).unzip();
                profile.level = Some(LevelRule {
                    titles: level.titles.or(titles.flatten()),
                    texts: level.texts.or(texts.flatten()),
                    ..level
                });
            }
            let mistakes = profile.mistakes();
            if !mistakes.is_empty() {
                return Err(ProfileErrors(mistakes));
            }
        }
        Ok(Self(all))
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A profile's table with what it inherits; why there is none, in Chinese.
fn inherited<'a>(
    tables: &BTreeMap<&'a str, Table>,
    name: &'a str,
    heirs: &mut Vec<&'a str>,
) -> Result<Table, String> {
    let mut own = tables.get(name).cloned().ok_or_else(|| format!("没有 {name}.toml"))?;
    let Some(base) = own.remove(INHERITS) else { return Ok(own) };
    heirs.push(name);
    let base = base.as_str().unwrap_or_default();
    let Some((base, _)) = tables.get_key_value(base) else {
        return Err(format!("{INHERITS} 所指的「{base}」不在排序方案之中"));
    };
    if heirs.contains(base) {
        return Err(format!("{INHERITS} 绕成了圈：{} → {base}", heirs.join(" → ")));
    }
    let mut whole = inherited(tables, base, heirs)?;
    lay_over(&mut whole, own);
    Ok(whole)
}

/// Puts the values of one table in the place of another's, table by table.
fn lay_over(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => drop(below.insert(key, value)),
        }
    }
}

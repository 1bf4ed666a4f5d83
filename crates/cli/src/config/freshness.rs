//! `[freshness]`: how long the records of each library stand unconfirmed.

use std::collections::BTreeMap;

use kechuang_domain::{FreshnessRule, FreshnessRules, Library};
use serde::Deserialize;

/// How long a library's records stand unconfirmed: its periods, or `"off"`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum FreshnessChoice {
    Word(String),
    Rule(FreshnessRule),
}

/// The usual rules with those that are set.
pub(super) fn read(
    set: BTreeMap<String, FreshnessChoice>,
    mistakes: &mut Vec<String>,
) -> FreshnessRules {
    let mut rules = FreshnessRules::default();
    for (name, choice) in set {
        let at = format!("freshness.{name}");
        let library = match name.parse::<Library>() {
            Ok(library) => library,
            Err(error) => {
                mistakes.push(format!("{at}：{error}"));
                continue;
            }
        };
        match choice {
            FreshnessChoice::Word(word) if word == "off" => rules = rules.with(library, None),
            FreshnessChoice::Word(word) => {
                mistakes.push(format!("{at}「{word}」有误；应为 \"off\" 或一组天数"));
            }
            FreshnessChoice::Rule(rule) => match rule.check() {
                Ok(()) => rules = rules.with(library, Some(rule)),
                Err(error) => mistakes.push(format!("{at}：{error}")),
            },
        }
    }
    rules
}

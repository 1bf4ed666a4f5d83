//! `[assist]`: the large model, if there is one, and what it may cost.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use kechuang_assist::{AssistantSettings, Price};
use kechuang_inference::generative::{BreakerSettings, EndpointSettings, JsonMode, Secret};
use kechuang_store::DailyCaps;
use serde::Deserialize;

use super::models::is_web;

/// The key where no file is named.
const KEY_VARIABLE: &str = "KECHUANG_ASSIST_KEY";
/// A window of ten records takes a model of some size half a minute.
const PATIENCE_SECONDS: u64 = 120;
const ATTEMPT_SECONDS: u64 = 60;
const ATTEMPTS: usize = 3;
const CONCURRENT: usize = 4;
/// Some hundred refined answers.
const CALLER_DAILY_TOKENS: u64 = 2_000_000;
const DAILY_TOKENS: u64 = 10_000_000;

/// Where the large model is.
#[derive(Debug, Clone)]
pub enum ModelPlace {
    /// On a server, and how it is asked.
    Server(EndpointSettings),
    /// In a GGUF file, to run in this process.
    File(PathBuf),
}

/// The large model and what it may cost.
#[derive(Debug, Clone)]
pub struct Assist {
    /// Where it is.
    pub place: ModelPlace,
    /// What it may cost.
    pub settings: AssistantSettings,
}

/// The section as it is written.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    url: Option<String>,
    gguf: Option<PathBuf>,
    model: Option<String>,
    key_file: Option<PathBuf>,
    json: Option<JsonMode>,
    timeout_seconds: Option<u64>,
    attempt_seconds: Option<u64>,
    attempts: Option<usize>,
    concurrent: Option<usize>,
    daily_tokens: Option<u64>,
    caller_daily_tokens: Option<u64>,
    yuan_per_million_prompt_tokens: Option<f64>,
    yuan_per_million_output_tokens: Option<f64>,
}

/// The large model; `None` where there is none. It is off unless an address or a file is written.
pub(super) fn read(section: Section, mistakes: &mut Vec<String>) -> Option<Assist> {
    let place = match (section.url.clone(), section.gguf.clone()) {
        (Some(url), None) => ModelPlace::Server(server(url, &section, mistakes)),
        (None, Some(file)) => ModelPlace::File(file),
        (Some(_), Some(_)) => {
            mistakes.push("assist.url 与 assist.gguf 只能写其一".to_owned());
            return None;
        }
        (None, None) => {
            if section != Section::default() {
                mistakes.push(
                    "[assist] 写了其他项，就须写 url（大模型服务的地址，如 http://127.0.0.1:8000/v1）或 gguf（模型文件）"
                        .to_owned(),
                );
            }
            return None;
        }
    };
    Some(Assist { place, settings: settings(&section, mistakes) })
}

/// The large model at an address that was named on the command line, otherwise asked as the section says.
pub(super) fn named(
    url: String,
    model: Option<String>,
    section: Section,
    mistakes: &mut Vec<String>,
) -> Assist {
    let section = Section { model, ..section };
    let place = ModelPlace::Server(server(url, &section, mistakes));
    Assist { place, settings: settings(&section, mistakes) }
}

fn server(url: String, section: &Section, mistakes: &mut Vec<String>) -> EndpointSettings {
    if !is_web(&url) {
        mistakes.push(format!("assist.url「{url}」有误；应形如 http://127.0.0.1:8000/v1"));
    }
    let model = section.model.clone().unwrap_or_default();
    if model.trim().is_empty() {
        mistakes.push("assist.model 未写；应为该服务上的模型名称".to_owned());
    }
    let attempt = above_zero("attempt_seconds", section.attempt_seconds, ATTEMPT_SECONDS, mistakes);
    for (name, given) in [("attempts", section.attempts), ("concurrent", section.concurrent)] {
        if given == Some(0) {
            mistakes.push(format!("assist.{name} 须大于 0"));
        }
    }
    EndpointSettings {
        url,
        model,
        key: key(section.key_file.as_deref(), mistakes),
        json: section.json.unwrap_or_default(),
        attempt: Duration::from_secs(attempt),
        attempts: section.attempts.unwrap_or(ATTEMPTS),
        concurrent: section.concurrent.unwrap_or(CONCURRENT),
        breaker: BreakerSettings::default(),
    }
}

fn settings(section: &Section, mistakes: &mut Vec<String>) -> AssistantSettings {
    let usual = [
        ("timeout_seconds", section.timeout_seconds, PATIENCE_SECONDS),
        ("daily_tokens", section.daily_tokens, DAILY_TOKENS),
        ("caller_daily_tokens", section.caller_daily_tokens, CALLER_DAILY_TOKENS),
    ];
    let [patience, all, caller] =
        usual.map(|(name, given, usual)| above_zero(name, given, usual, mistakes));
    let price = Price {
        prompt: section.yuan_per_million_prompt_tokens.unwrap_or(0.0),
        output: section.yuan_per_million_output_tokens.unwrap_or(0.0),
    };
    if !(price.prompt >= 0.0 && price.output >= 0.0) {
        mistakes.push("assist.yuan_per_million_… 不能为负".to_owned());
    }
    AssistantSettings {
        caps: DailyCaps { caller, all },
        price,
        patience: Duration::from_secs(patience),
    }
}

fn above_zero(name: &str, given: Option<u64>, usual: u64, mistakes: &mut Vec<String>) -> u64 {
    if given == Some(0) {
        mistakes.push(format!("assist.{name} 须大于 0"));
    }
    given.unwrap_or(usual)
}

/// The key: of the file, where one is named, or else of the environment.
fn key(file: Option<&Path>, mistakes: &mut Vec<String>) -> Option<Secret> {
    let text = match file {
        Some(path) => match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                mistakes.push(format!("读不到 assist.key_file {}：{error}", path.display()));
                return None;
            }
        },
        None => std::env::var(KEY_VARIABLE).unwrap_or_default(),
    };
    let key = text.trim();
    (!key.is_empty()).then(|| Secret::new(key.to_owned()))
}

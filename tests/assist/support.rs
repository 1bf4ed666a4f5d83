//! Assistants over scripted models.

use std::time::Duration;

use kechuang_assist::{Assistant, AssistantSettings, Caller, Log, Price};
use kechuang_domain::Viewer;
use kechuang_inference::generative::{
    BreakerSettings, Endpoint, EndpointSettings, Generator, JsonMode,
};
use kechuang_store::{DailyCaps, Store};

/// How a test's model is asked: fast to give up.
pub(crate) fn endpoint(url: &str) -> EndpointSettings {
    EndpointSettings {
        url: url.to_owned(),
        model: "示例模型".to_owned(),
        key: None,
        json: JsonMode::Schema,
        attempt: Duration::from_millis(300),
        attempts: 2,
        concurrent: 4,
        breaker: BreakerSettings { failures: 4, rest: Duration::from_secs(60) },
    }
}

/// Nobody spends so much.
pub(crate) const PLENTY: DailyCaps = DailyCaps { caller: u64::MAX, all: u64::MAX };

pub(crate) fn assistant(url: &str, store: &Store, caps: DailyCaps) -> Assistant {
    let settings = AssistantSettings {
        caps,
        price: Price { prompt: 2.0, output: 8.0 },
        patience: Duration::from_secs(2),
    };
    let endpoint = Endpoint::new(endpoint(url)).expect("settings that are fine");
    Assistant::new(Generator::Endpoint(endpoint.into()), store.clone(), settings)
}

pub(crate) fn caller() -> Caller {
    Caller { name: "场景促进中心".to_owned(), viewer: Viewer::Public, log: Log::Words }
}

//! A site on a free port, with its own store and index.

use std::{num::NonZeroU32, sync::Arc};

use kechuang_assist::Assistant;
use kechuang_cli::assist::SiteModel;
use kechuang_domain::{FreshnessRules, Watch};
use kechuang_ingest::work_one;
use kechuang_matching::{Token, clock};
use kechuang_store::{RecordDraft, Store};
use kechuang_web::{LargeModel, Service, Settings};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::TestEngine;

/// Lets clients be built: whoever comes first installs the cryptography, the product where it fetches
/// feeds.
pub fn install_tls() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// A running site.
pub struct App {
    /// The engine behind it.
    pub test: TestEngine,
    /// The token that may write.
    pub token: String,
    address: String,
    client: Client,
}

/// What the site answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// A header, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl App {
    /// A site over these records, with limits that no test reaches by accident.
    pub async fn new(drafts: &[RecordDraft]) -> Self {
        Self::limited(drafts, 10_000).await
    }

    /// A site where an address may ask for so many matches in a minute.
    pub async fn limited(drafts: &[RecordDraft], matches_per_minute: u32) -> Self {
        Self::assisted(drafts, matches_per_minute, |_| None).await
    }

    /// A site with a large model beside it.
    pub async fn with_model(
        drafts: &[RecordDraft],
        assistant: impl FnOnce(&Store) -> Assistant,
    ) -> Self {
        Self::assisted(drafts, 10_000, |store| Some(assistant(store))).await
    }

    async fn assisted(
        drafts: &[RecordDraft],
        matches_per_minute: u32,
        assistant: impl FnOnce(&Store) -> Option<Assistant>,
    ) -> Self {
        let mut test = TestEngine::new().await;
        test.save(drafts).await;
        let token = Token::new();
        let kept = test.engine.store().keep_first_token(&token.hash(), "测试", clock::now()).await;
        assert!(kept.expect("a store that answers"), "a new store has no token");
        let settings = Settings {
            matches_per_minute: NonZeroU32::new(matches_per_minute).expect("not zero"),
            requests_per_minute: NonZeroU32::new(1_000_000).expect("not zero"),
        };
        let names = kechuang_cli::assets::names().expect("names that are fine");
        let choices = kechuang_cli::assets::choices().expect("choices that are fine");
        let engine = Arc::clone(&test.engine);
        let model = assistant(engine.store()).map(|assistant| {
            let (assistant, engine) = (Arc::new(assistant), Arc::clone(&engine));
            Arc::new(SiteModel { assistant, engine }) as Arc<dyn LargeModel>
        });
        let service = Service::new(engine, names, choices, &settings).with_assist(model);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(kechuang_web::serve(listener, service, std::future::pending()));
        install_tls();
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { test, token: token.secret().to_owned(), address, client }
    }

    /// A request to the site.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.expect("a body") }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Does all background work that is due, and brings the index up to date.
    pub async fn work(&mut self) {
        let rules = kechuang_cli::assets::ingest_rules(FreshnessRules::default())
            .expect("rules that are fine");
        let store = self.test.engine.store();
        let nobody = Watch::nobody();
        while work_one(store, &rules, clock::now(), &nobody).await.expect("a job").is_some() {}
        self.test.upkeep.catch_up().await.expect("an index that follows");
    }

    /// A request with a JSON body and the token that may write.
    pub async fn write(&self, method: Method, path: &str, if_match: &str, body: &Value) -> Answer {
        let mut request = self.request(method, path).bearer_auth(&self.token).json(body);
        if !if_match.is_empty() {
            request = request.header("if-match", if_match);
        }
        self.send(request).await
    }
}

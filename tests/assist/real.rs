//! A real server of the chat protocol, such as the one of `transformers`, where one is named.

use std::time::{Duration, Instant};

use kechuang_inference::generative::{
    Endpoint, EndpointSettings, Form, GenerateError, JsonMode, Prompt,
};
use kechuang_tests::{block_on, skipped};
use serde_json::json;

use crate::support::endpoint;

/// Its address, up to `/v1`, and the model's name there; `tiny_model.py` tells how to start one.
const SERVER: &str = "KECHUANG_TEST_CHAT";
const MODEL: &str = "KECHUANG_TEST_CHAT_MODEL";

fn settings() -> Option<EndpointSettings> {
    let (Ok(url), Ok(model)) = (std::env::var(SERVER), std::env::var(MODEL)) else {
        skipped(&format!("{SERVER} and {MODEL} name no server of the chat protocol"));
        return None;
    };
    // Its first answer may load the model.
    Some(EndpointSettings { model, attempt: Duration::from_secs(60), ..endpoint(&url) })
}

fn prompt() -> Prompt {
    Prompt {
        system: "你是评审。".to_owned(),
        user: "赤泥制备陶粒".to_owned(),
        form: None,
        max_tokens: 24,
        temperature: 0.0,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(120)
}

#[test]
fn a_real_server_answers_whole_and_word_by_word() {
    let Some(settings) = settings() else { return };
    block_on(async {
        let endpoint = Endpoint::new(settings).expect("settings that are fine");
        let whole = endpoint.ask(&prompt(), soon()).await.expect("an answer");
        assert!(whole.usage.prompt_tokens > 10 && !whole.usage.is_estimated, "{whole:?}");
        assert!((1..=24).contains(&whole.usage.output_tokens));
        let mut heard = String::new();
        let mut told = |words: &str| heard.push_str(words);
        let listened = endpoint.listen(&prompt(), soon(), &mut told).await.expect("an answer");
        // Some servers count nothing where they stream.
        let counts = !listened.usage.is_estimated;
        assert!(!counts || listened.usage.prompt_tokens == whole.usage.prompt_tokens);
        assert_eq!(listened.text, heard.trim());
        assert_eq!(endpoint.health().answered, 2);
    });
}

#[test]
fn a_real_server_takes_every_way_of_asking_for_a_form_or_says_no() {
    let Some(settings) = settings() else { return };
    block_on(async {
        for mode in [JsonMode::Prompt, JsonMode::Object, JsonMode::Schema] {
            let settings = EndpointSettings { json: mode, ..settings.clone() };
            let endpoint = Endpoint::new(settings).expect("settings that are fine");
            let form = Some(Form { name: "level", schema: json!({ "type": "object" }) });
            let answered = endpoint.ask(&Prompt { form, ..prompt() }, soon()).await;
            let is_told = match &answered {
                Ok(_) => true,
                // Of a form that they do not know, some say that it is their own fault.
                Err(GenerateError::Refused { status }) => (400..600).contains(status),
                Err(_) => false,
            };
            assert!(is_told, "{mode:?} {answered:?}");
        }
    });
}

#[test]
fn a_real_server_that_does_not_know_a_model_says_so() {
    let Some(settings) = settings() else { return };
    block_on(async {
        let settings = EndpointSettings { url: format!("{}/none", settings.url), ..settings };
        let endpoint = Endpoint::new(settings).expect("settings that are fine");
        let refused = endpoint.ask(&prompt(), soon()).await.expect_err("no such address");
        assert!(refused.to_string().contains("404"), "{refused}");
    });
}

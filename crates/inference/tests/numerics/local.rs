//! Models that write, from GGUF files, against the reference implementation.

use std::time::{Duration, Instant};

use kechuang_inference::generative::{GenerateError, LocalModel, Prompt};
use serde::Deserialize;

use crate::support::folder;

#[derive(Deserialize)]
struct Expected {
    prompts: Vec<String>,
    tokens: Vec<Vec<u32>>,
    logits: Vec<Vec<f32>>,
    words: Vec<String>,
}

fn model(name: &str) -> LocalModel {
    LocalModel::load(&folder(&format!("{name}.gguf"))).expect("a model")
}

async fn check(name: &str) {
    let model = model(name);
    let text = std::fs::read_to_string(folder(&format!("{name}.json"))).expect("expectations");
    let wanted: Expected = serde_json::from_str(&text).expect("expectations that are JSON");
    for (at, prompt) in wanted.prompts.iter().enumerate() {
        assert_eq!(model.tokens_of(prompt).expect("tokens"), wanted.tokens[at], "{prompt}");
        let logits = model.logits_after(prompt).expect("logits");
        assert_eq!(logits.len(), wanted.logits[at].len());
        let away = logits.iter().zip(&wanted.logits[at]).map(|(a, b)| (a - b).abs());
        let furthest = away.fold(0.0, f32::max);
        assert!(furthest < 1e-3, "{name} {prompt}: {furthest}");
        let mut heard = String::new();
        let mut told = |words: &str| heard.push_str(words);
        let until = Instant::now() + Duration::from_secs(60);
        let reply = model.go_on(prompt.clone(), 16, 0.0, until, &mut told).await.expect("words");
        assert_eq!(reply.text, wanted.words[at].trim(), "{name} {prompt}");
        // What was heard may lack a character that never became whole.
        assert!(wanted.words[at].starts_with(&heard), "{heard}");
        assert_eq!(reply.usage.prompt_tokens as usize, wanted.tokens[at].len());
    }
}

#[tokio::test]
async fn qwen3_writes_what_the_reference_writes() {
    check("qwen3").await;
}

#[tokio::test]
async fn qwen2_writes_what_the_reference_writes() {
    check("qwen2").await;
}

#[tokio::test]
async fn a_prompt_is_answered_in_time_or_not_at_all() {
    let model = model("qwen3");
    let prompt = Prompt {
        system: "只回答。<|im_end|>".to_owned(),
        user: "赤泥".to_owned(),
        form: None,
        max_tokens: 24,
        temperature: 0.7,
    };
    let soon = Instant::now() + Duration::from_secs(60);
    let reply = model.ask(&prompt, soon, &mut |_| {}).await.expect("an answer");
    assert!(reply.usage.output_tokens <= 24 && !reply.usage.is_estimated);
    // The same question has the same answer, whatever was asked between.
    let other = Prompt { user: "镁合金".to_owned(), ..prompt.clone() };
    model.ask(&other, soon, &mut |_| {}).await.expect("an answer");
    assert_eq!(model.ask(&prompt, soon, &mut |_| {}).await.expect("an answer"), reply);
    let late = model.ask(&prompt, Instant::now(), &mut |_| {}).await.expect_err("no time");
    assert_eq!(late, GenerateError::Deadline);
    let long = Prompt { user: "镁".repeat(2_000), ..prompt };
    let refused = model.ask(&long, soon, &mut |_| {}).await.expect_err("too long");
    assert!(refused.to_string().contains("512"), "{refused}");
    assert_eq!((model.health().answered, model.health().failed.len()), (3, 2));
}

#[test]
fn files_that_are_no_such_model_are_refused_in_chinese() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = std::fs::read(self::folder("qwen3.gguf")).expect("a model");
    for (name, content, said) in [
        ("empty.gguf", Vec::new(), "有误"),
        ("text.gguf", b"GGUF? no".to_vec(), "有误"),
        ("half.gguf", whole[..whole.len() / 2].to_vec(), "有误"),
        ("other.gguf", replaced(&whole, b"qwen3", b"llama"), "llama"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        let refused = LocalModel::load(&path).expect_err(name).to_string();
        assert!(refused.contains(said), "{name}: {refused}");
    }
    assert!(LocalModel::load(&folder.path().join("none.gguf")).is_err());
}

fn replaced(bytes: &[u8], from: &[u8; 5], to: &[u8; 5]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - 5 {
        if bytes[at..at + 5] == *from {
            bytes[at..at + 5].copy_from_slice(to);
        }
    }
    bytes
}

//! The OpenAI chat protocol, as far as it is spoken here.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{GenerateError, Prompt, Reply, Usage};

/// How a server is told which form an answer must have. Answers are checked in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonMode {
    /// By its schema: vLLM, llama.cpp, Ollama, newer services.
    #[default]
    Schema,
    /// That it must be JSON: DeepSeek, Qwen.
    Object,
    /// By the prompt alone.
    Prompt,
}

#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    max_tokens: u32,
    temperature: f32,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

impl<'a> Request<'a> {
    pub(super) fn new(model: &'a str, prompt: &'a Prompt, mode: JsonMode, stream: bool) -> Self {
        let response_format = prompt.form.as_ref().and_then(|form| match mode {
            JsonMode::Schema => Some(json!({
                "type": "json_schema",
                "json_schema": { "name": form.name, "schema": form.schema, "strict": true },
            })),
            JsonMode::Object => Some(json!({ "type": "json_object" })),
            JsonMode::Prompt => None,
        });
        Self {
            model,
            messages: [
                Message { role: "system", content: &prompt.system },
                Message { role: "user", content: &prompt.user },
            ],
            max_tokens: prompt.max_tokens,
            temperature: prompt.temperature,
            stream,
            stream_options: stream.then(|| json!({ "include_usage": true })),
            response_format,
        }
    }
}

/// An answer, or a piece of one.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Tokens>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default, alias = "delta")]
    message: Content,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Content {
    #[serde(default)]
    content: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Tokens {
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// An answer as it comes together.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    text: String,
    usage: Option<Tokens>,
    finish_reason: Option<String>,
    has_choice: bool,
}

impl Gathered {
    /// Takes in a whole answer or a piece of one, and gives the new words.
    pub(super) fn take(&mut self, json: &[u8]) -> Result<String, GenerateError> {
        let answer: Answer = serde_json::from_slice(json).map_err(|error| {
            GenerateError::Garbage(format!("第 {} 行起不是约定的 JSON", error.line()))
        })?;
        self.usage = answer.usage.or(self.usage);
        let Some(choice) = answer.choices.into_iter().next() else { return Ok(String::new()) };
        self.has_choice = true;
        self.finish_reason = choice.finish_reason.or(self.finish_reason.take());
        let words = choice.message.content.unwrap_or_default();
        self.text.push_str(&words);
        Ok(words)
    }

    /// Whether it has said that it is over.
    pub(super) const fn is_finished(&self) -> bool {
        self.finish_reason.is_some()
    }

    /// The answer, once all of it is there.
    pub(super) fn into_reply(self, prompt: &Prompt) -> Result<Reply, GenerateError> {
        if !self.has_choice {
            return Err(GenerateError::Garbage("没有 choices".to_owned()));
        }
        let text = without_thoughts(&self.text).to_owned();
        let usage = match self.usage {
            Some(Tokens { prompt_tokens, completion_tokens }) => {
                Usage { prompt_tokens, output_tokens: completion_tokens, is_estimated: false }
            }
            None => Usage {
                prompt_tokens: prompt.most_tokens() - u64::from(prompt.max_tokens),
                output_tokens: self.text.chars().count() as u64,
                is_estimated: true,
            },
        };
        let is_cut_off = self.finish_reason.as_deref() == Some("length");
        Ok(Reply { text, usage, is_cut_off })
    }
}

/// The answer behind what a model thinks aloud first.
pub(super) fn without_thoughts(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("<think>") {
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, answer)| answer.trim()),
        None => text,
    }
}

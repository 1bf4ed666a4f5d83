//! A model of the Qwen family from a GGUF file, in this process.
//!
//! For an office without a server, and slow on a processor: some tokens a second for a model of half a billion
//! weights. One prompt is computed at a time, and who has no time left stops it at the next token.

use std::{
    fs::File,
    io::BufReader,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use candle_core::{
    Device, Tensor,
    quantized::gguf_file::{Content, Value},
};
use candle_transformers::{
    generation::LogitsProcessor,
    models::{quantized_qwen2, quantized_qwen3},
};

use super::{
    BreakerState, GenerateError, Health, Prompt, Reply, Usage, breaker::BreakerSettings,
    health::Watched, tokenizer::TextCutter, wire::without_thoughts,
};
use crate::{InferenceError, Result};

/// The seed of chance where a prompt wants any: the same question has the same answer.
const SEED: u64 = 1;
/// Tokens of a prompt that are read at once; between pieces it is looked whether there is time left.
const PIECE: usize = 64;

/// A model in this process.
#[derive(Debug)]
pub struct LocalModel {
    name: String,
    computing: Arc<Computing>,
    watched: Mutex<Watched>,
}

#[derive(Debug)]
struct Computing {
    network: Mutex<Network>,
    cutter: TextCutter,
    /// How many tokens prompt and answer may have together.
    context: usize,
}

enum Network {
    Qwen2(quantized_qwen2::ModelWeights),
    Qwen3(quantized_qwen3::ModelWeights),
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Qwen2(_) => "Qwen2",
            Self::Qwen3(_) => "Qwen3",
        })
    }
}

impl Network {
    /// The logits of the token after these, of which so many have been read before.
    fn next(&mut self, tokens: &[u32], read: usize) -> candle_core::Result<Tensor> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        match self {
            Self::Qwen2(network) => network.forward(&input, read),
            Self::Qwen3(network) => network.forward(&input, read),
        }?
        .squeeze(0)
    }

    fn forget(&mut self) {
        match self {
            Self::Qwen2(network) => network.clear_kv_cache(),
            Self::Qwen3(network) => network.clear_kv_cache(),
        }
    }
}

impl LocalModel {
    /// Loads a GGUF file of the architectures qwen2 and qwen3, which has its tokenizer in it.
    ///
    /// # Errors
    /// [`InferenceError::File`] where it cannot be read, [`InferenceError::Unsupported`] for one of another kind.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let broken = |what: String| InferenceError::File {
            model: name.clone(),
            file: path.display().to_string(),
            what,
        };
        let file = File::open(path).map_err(|error| broken(error.to_string()))?;
        let mut file = BufReader::new(file);
        let mut content = Content::read(&mut file).map_err(|error| broken(error.to_string()))?;
        let cutter = TextCutter::of(&content.metadata)
            .map_err(|what| InferenceError::Unsupported { model: name.clone(), what })?;
        let architecture = match content.metadata.get("general.architecture") {
            Some(Value::String(name)) => name.clone(),
            _ => String::new(),
        };
        let context = content.metadata.get(&format!("{architecture}.context_length"));
        let context = context.and_then(|length| length.to_u32().ok()).unwrap_or(0) as usize;
        // Angles of positions lose too much in half precision.
        content.metadata.insert("general.dtype".to_owned(), Value::U32(0));
        let network = match architecture.as_str() {
            "qwen2" => Network::Qwen2(
                quantized_qwen2::ModelWeights::from_gguf(content, &mut file, &Device::Cpu)
                    .map_err(|error| broken(error.to_string()))?,
            ),
            "qwen3" => Network::Qwen3(
                quantized_qwen3::ModelWeights::from_gguf(content, &mut file, &Device::Cpu)
                    .map_err(|error| broken(error.to_string()))?,
            ),
            other => {
                let what = format!("它是 {other}；进程内只能运行 Qwen2、Qwen2.5 和 Qwen3");
                return Err(InferenceError::Unsupported { model: name, what });
            }
        };
        let computing = Computing { network: Mutex::new(network), cutter, context };
        let watched = Mutex::new(Watched::new(BreakerSettings::default()));
        Ok(Self { name, computing: Arc::new(computing), watched })
    }

    /// The model's name: that of its file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        // Whatever it fails at, asking again is no burden to anybody.
        Health { breaker: BreakerState::Closed, ..self.watched().health(Instant::now()) }
    }

    /// The logits of the token that comes after a text.
    ///
    /// # Errors
    /// [`InferenceError::Compute`].
    pub fn logits_after(&self, text: &str) -> Result<Vec<f32>> {
        let tokens = self.computing.cutter.tokens(text)?;
        let mut network = self.computing.network();
        network.forget();
        Ok(network.next(&tokens, 0)?.to_vec1()?)
    }

    /// The tokens of a text.
    ///
    /// # Errors
    /// [`InferenceError::Tokens`].
    pub fn tokens_of(&self, text: &str) -> Result<Vec<u32>> {
        self.computing.cutter.tokens(text)
    }

    /// Goes on with a text.
    ///
    /// # Errors
    /// [`GenerateError::Deadline`] where there is no time left, [`GenerateError::Garbage`] where computing fails.
    pub async fn go_on(
        &self,
        text: String,
        most: u32,
        temperature: f32,
        until: Instant,
        told: &mut (dyn FnMut(&str) + Send),
    ) -> std::result::Result<Reply, GenerateError> {
        let began = Instant::now();
        let computing = Arc::clone(&self.computing);
        let (words, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let written = tokio::task::spawn_blocking(move || {
            computing.write(&text, most, temperature, until, &|piece| drop(words.send(piece)))
        });
        let listened = async {
            while let Some(piece) = heard.recv().await {
                told(&piece);
            }
            written.await.unwrap_or_else(|_| Err(failed("计算线程中断")))
        };
        // The thread itself sees the time at its next token, or at the next piece of the prompt.
        let written = tokio::time::timeout_at(until.into(), listened).await;
        let written = written.unwrap_or(Err(GenerateError::Deadline));
        match &written {
            Ok(reply) => self.watched().answered(reply.usage, began.elapsed()),
            Err(error) => self.watched().failed(error, Instant::now()),
        }
        written
    }

    /// Answers a prompt.
    ///
    /// # Errors
    /// As [`go_on`](Self::go_on).
    pub async fn ask(
        &self,
        prompt: &Prompt,
        until: Instant,
        told: &mut (dyn FnMut(&str) + Send),
    ) -> std::result::Result<Reply, GenerateError> {
        let text = self.computing.cutter.chat(&prompt.system, &prompt.user);
        self.go_on(text, prompt.max_tokens, prompt.temperature, until, told).await
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Computing {
    fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(
        &self,
        text: &str,
        most: u32,
        temperature: f32,
        until: Instant,
        told: &dyn Fn(String),
    ) -> std::result::Result<Reply, GenerateError> {
        let tokens = self.cutter.tokens(text).map_err(|error| failed(&error.to_string()))?;
        let left = self.context.saturating_sub(tokens.len());
        if left == 0 {
            let (has, most) = (tokens.len(), self.context);
            return Err(failed(&format!("提示有 {has} 个词元，超过模型的 {most}")));
        }
        let most = left.min(most as usize);
        let mut network = self.network();
        network.forget();
        let temperature = (temperature > 0.0).then_some(f64::from(temperature));
        let mut choice = LogitsProcessor::new(SEED, temperature, None);
        let mut read = 0;
        let mut compute = |piece: &[u32]| {
            if Instant::now() >= until {
                return Err(GenerateError::Deadline);
            }
            let logits = network.next(piece, read).map_err(|error| failed(&error.to_string()))?;
            read += piece.len();
            Ok(logits)
        };
        let mut logits = None;
        for piece in tokens.chunks(PIECE) {
            logits = Some(compute(piece)?);
        }
        let mut written = Written { cutter: &self.cutter, tokens: Vec::new(), said: 0 };
        let mut is_cut_off = true;
        while let Some(last) = logits.take() {
            let next = choice.sample(&last).map_err(|error| failed(&error.to_string()))?;
            if self.cutter.ends(next) {
                is_cut_off = false;
                break;
            }
            written.push(next, told)?;
            if written.tokens.len() < most {
                logits = Some(compute(&[next])?);
            }
        }
        let whole = written.words()?;
        let written = written.tokens;
        let usage = Usage {
            prompt_tokens: tokens.len() as u64,
            output_tokens: written.len() as u64,
            is_estimated: false,
        };
        Ok(Reply { text: without_thoughts(&whole).to_owned(), usage, is_cut_off })
    }
}

/// What has been written so far.
struct Written<'a> {
    cutter: &'a TextCutter,
    tokens: Vec<u32>,
    /// How much of it has been told, in bytes.
    said: usize,
}

impl Written<'_> {
    fn words(&self) -> std::result::Result<String, GenerateError> {
        self.cutter.words(&self.tokens).map_err(|error| failed(&error.to_string()))
    }

    /// Adds a token, and tells the words that it completes.
    fn push(
        &mut self,
        token: u32,
        told: &dyn Fn(String),
    ) -> std::result::Result<(), GenerateError> {
        self.tokens.push(token);
        let whole = self.words()?;
        // A character of several tokens is not there yet.
        if !whole.ends_with(char::REPLACEMENT_CHARACTER) && whole.is_char_boundary(self.said) {
            told(whole[self.said..].to_owned());
            self.said = whole.len();
        }
        Ok(())
    }
}

fn failed(what: &str) -> GenerateError {
    GenerateError::Garbage(what.to_owned())
}

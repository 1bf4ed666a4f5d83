//! The tokenizer that a GGUF file of the Qwen family has in it.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;
use tokenizers::{
    AddedToken, Tokenizer,
    decoders::byte_level::ByteLevel,
    models::bpe::{BPE, Vocab},
    normalizers::unicode::NFC,
    pre_tokenizers::{
        PreTokenizerWrapper,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};

use crate::{InferenceError, Result};

/// How the family cuts text before it looks for pieces.
const CUT: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// What the file says of a token that stands for itself and is never cut out of text.
const CONTROL: i64 = 3;
/// What it says of one that stands for itself and is text.
const USER_DEFINED: i64 = 4;

/// Cuts texts into tokens, and puts tokens together.
#[derive(Debug)]
pub(super) struct TextCutter {
    tokenizer: Tokenizer,
    /// Tokens that end an answer.
    ends: Vec<u32>,
    thinks: bool,
}

impl TextCutter {
    /// Of a file's metadata; what it lacks, in Chinese.
    pub(super) fn of(metadata: &HashMap<String, Value>) -> std::result::Result<Self, String> {
        let words = strings(metadata, "tokenizer.ggml.tokens")?;
        let merges = strings(metadata, "tokenizer.ggml.merges")?;
        let mut tokenizer = byte_pairs(&words, &merges).map_err(wrong)?;
        let kinds: Vec<i64> = match metadata.get("tokenizer.ggml.token_type") {
            Some(Value::Array(kinds)) => kinds.iter().map(whole).collect(),
            _ => Vec::new(),
        };
        for (word, kind) in words.iter().zip(&kinds) {
            let added = match *kind {
                CONTROL => tokenizer.add_special_tokens([AddedToken::from(word.clone(), true)]),
                USER_DEFINED => tokenizer.add_tokens([AddedToken::from(word.clone(), false)]),
                _ => continue,
            };
            added.map_err(wrong)?;
        }
        let named = ["<|im_end|>", "<|endoftext|>"];
        let mut ends: Vec<u32> =
            named.iter().filter_map(|word| tokenizer.token_to_id(word)).collect();
        let told = metadata.get("tokenizer.ggml.eos_token_id").and_then(|id| id.to_u32().ok());
        ends.extend(told);
        let thinks = words.iter().any(|word| word == "<think>");
        Ok(Self { tokenizer, ends, thinks })
    }

    pub(super) fn tokens(&self, text: &str) -> Result<Vec<u32>> {
        let cut = self.tokenizer.encode(text, false);
        let cut = cut.map_err(|error| InferenceError::Tokens(error.to_string()))?;
        Ok(cut.get_ids().to_vec())
    }

    pub(super) fn words(&self, tokens: &[u32]) -> Result<String> {
        let words = self.tokenizer.decode(tokens, true);
        words.map_err(|error| InferenceError::Tokens(error.to_string()))
    }

    pub(super) fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// A conversation up to where the model answers. A model that would think aloud first is told that it has: on a
    /// processor nobody waits for that. Marks of turns that stand in the texts are broken up, so that no text ends its
    /// own turn.
    pub(super) fn chat(&self, system: &str, user: &str) -> String {
        let plain = |text: &str| {
            let text = text.replace("<think>", "<\u{200b}think>");
            text.replace("</think>", "<\u{200b}/think>").replace("<|", "<\u{200b}|")
        };
        let thought = if self.thinks { "<think>\n\n</think>\n\n" } else { "" };
        let (system, user) = (plain(system), plain(user));
        format!(
            "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n{thought}"
        )
    }
}

/// A list of strings of a file's metadata.
fn strings(
    metadata: &HashMap<String, Value>,
    key: &str,
) -> std::result::Result<Vec<String>, String> {
    let Some(Value::Array(all)) = metadata.get(key) else {
        return Err(format!("文件中没有分词器（{key}）"));
    };
    all.iter().map(|one| one.to_string().cloned().map_err(|error| error.to_string())).collect()
}

/// The family's way of cutting text, with these words and merges.
fn byte_pairs(words: &[String], merges: &[String]) -> tokenizers::Result<Tokenizer> {
    let vocabulary: Vocab = words.iter().cloned().zip(0_u32..).collect();
    let pairs = merges.iter().filter_map(|pair| pair.split_once(' '));
    let merges = pairs.map(|(first, second)| (first.to_owned(), second.to_owned())).collect();
    let mut tokenizer =
        Tokenizer::new(BPE::builder().vocab_and_merges(vocabulary, merges).build()?);
    let cut = SplitPattern::Regex(CUT.to_owned());
    let cut = Split::new(cut, SplitDelimiterBehavior::Isolated, false)?;
    let bytes = ByteLevel::new(false, false, false);
    tokenizer.with_normalizer(Some(NFC))?;
    tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![
        PreTokenizerWrapper::Split(cut),
        PreTokenizerWrapper::ByteLevel(bytes),
    ])));
    tokenizer.with_decoder(Some(bytes));
    Ok(tokenizer)
}

fn wrong(error: tokenizers::Error) -> String {
    format!("分词器有误（{error}）")
}

fn whole(value: &Value) -> i64 {
    match value {
        Value::I32(number) => i64::from(*number),
        Value::U32(number) => i64::from(*number),
        Value::I64(number) => *number,
        _ => 1,
    }
}

//! Texts as numbers: the model's own tokenizer, cut to its limit.

use tokenizers::{
    PaddingParams, Tokenizer, TruncationParams, TruncationStrategy,
    utils::truncation::TruncationDirection,
};

use crate::{InferenceError, ModelFolder, Result};

/// One input of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// Numbers of its tokens.
    pub(crate) ids: Vec<u32>,
    /// 0 for the first text, 1 for the second.
    pub(crate) types: Vec<u32>,
}

/// A tokenizer that is ready to use.
pub(crate) struct TokenCutter(Tokenizer);

impl TokenCutter {
    pub(crate) fn load(model: &ModelFolder, max_tokens: usize) -> Result<Self> {
        const FILE: &str = "tokenizer.json";
        let content = model.read(FILE)?;
        let mut tokenizer = Tokenizer::from_bytes(content.as_ref())
            .map_err(|error| model.wrong(FILE, format!("不是可用的分词器（{error}）")))?;
        let cut = TruncationParams {
            direction: TruncationDirection::Right,
            max_length: max_tokens,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
        };
        tokenizer
            .with_truncation(Some(cut))
            .map_err(|error| InferenceError::Tokens(error.to_string()))?
            .with_padding(None::<PaddingParams>);
        Ok(Self(tokenizer))
    }

    /// The tokens of a text, with those that mark its beginning and end.
    pub(crate) fn single(&self, text: &str) -> Result<Tokens> {
        self.cut(text.into(), true)
    }

    /// The tokens of two texts that are read together.
    pub(crate) fn pair(&self, first: &str, second: &str) -> Result<Tokens> {
        self.cut((first, second).into(), true)
    }

    /// The tokens of a text as it stands.
    pub(crate) fn bare(&self, text: &str) -> Result<Tokens> {
        self.cut(text.into(), false)
    }

    /// The number of one token.
    pub(crate) fn id(&self, token: &str) -> Option<u32> {
        self.0.token_to_id(token)
    }

    fn cut(&self, input: tokenizers::EncodeInput<'_>, marks: bool) -> Result<Tokens> {
        let encoding = self
            .0
            .encode_fast(input, marks)
            .map_err(|error| InferenceError::Tokens(error.to_string()))?;
        let (mut ids, mut types) = (encoding.get_ids().to_vec(), encoding.get_type_ids().to_vec());
        if ids.is_empty() && marks {
            // No network reads nothing; tokenizers without marks make that of an empty text.
            ids.push(0);
            types.push(0);
        }
        Ok(Tokens { ids, types })
    }
}

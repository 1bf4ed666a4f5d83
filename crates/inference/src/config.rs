//! A checkpoint's `config.json`, as far as the networks here need it. Releases of the reference
//! implementation write it differently, so that only what is read is asked for.

use candle_nn::Activation;
use candle_transformers::models::{bert, qwen3, xlm_roberta};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{ModelFolder, ModelKind, Result, tokens::TokenCutter};

/// No known model is wider, or reads longer texts.
const MOST_WIDTH: usize = 1 << 16;
const MOST_POSITIONS: usize = 1 << 20;

/// Which network a checkpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Family {
    /// BERT.
    #[serde(rename = "bert")]
    Bert,
    /// XLM-RoBERTa.
    #[serde(rename = "xlm-roberta")]
    XlmRoberta,
    /// Qwen3, which reads from left to right.
    #[serde(rename = "qwen3")]
    Qwen3,
    /// One table of vectors, a row a token; our own form.
    #[serde(rename = "static")]
    Static,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ModelConfig {
    #[serde(rename = "model_type")]
    pub(crate) family: Family,
    pub(crate) hidden_size: usize,
    pub(crate) max_position_embeddings: usize,
    pub(crate) vocab_size: usize,
    #[serde(default)]
    num_hidden_layers: usize,
    #[serde(default)]
    num_attention_heads: usize,
    #[serde(default)]
    intermediate_size: usize,
    #[serde(default)]
    hidden_act: String,
    #[serde(default)]
    position_embedding_type: Option<String>,
    #[serde(default)]
    type_vocab_size: Option<usize>,
    #[serde(default)]
    layer_norm_eps: Option<f64>,
    #[serde(default)]
    pad_token_id: Option<u32>,
    #[serde(default)]
    id2label: Option<Map<String, Value>>,
    #[serde(default)]
    head_dim: Option<usize>,
    #[serde(default)]
    num_key_value_heads: Option<usize>,
    #[serde(default)]
    attention_bias: Option<bool>,
    #[serde(default)]
    use_sliding_window: Option<bool>,
    #[serde(default)]
    tie_word_embeddings: Option<bool>,
    #[serde(default)]
    rms_norm_eps: Option<f64>,
    #[serde(default)]
    rope_theta: Option<f64>,
    /// Where newer releases keep `rope_theta`.
    #[serde(default)]
    rope_parameters: Option<RopeParameters>,
}

#[derive(Debug, Clone, Deserialize)]
struct RopeParameters {
    #[serde(default)]
    rope_theta: Option<f64>,
    #[serde(default)]
    rope_type: Option<String>,
}

/// What every loaded model begins with.
pub(crate) struct Prepared {
    pub(crate) config: ModelConfig,
    pub(crate) cutter: TokenCutter,
    /// The manifest's limit, or the network's where that is less.
    pub(crate) max_tokens: usize,
}

impl Prepared {
    /// Sees that a model is of this kind and its files are whole, and reads what stands around its weights.
    ///
    /// # Errors
    /// [`InferenceError::Unsupported`](crate::InferenceError::Unsupported) for one of another kind, and what
    /// its files say.
    pub(crate) fn of(model: &ModelFolder, kind: ModelKind) -> Result<Self> {
        if model.manifest.kind != kind {
            return Err(model.unsupported(format!("它不是{}", kind.label())));
        }
        model.verify()?;
        let config = ModelConfig::load(model)?;
        let max_tokens = model.manifest.max_tokens.min(config.positions());
        let cutter = TokenCutter::load(model, max_tokens)?;
        Ok(Self { config, cutter, max_tokens })
    }
}

impl ModelConfig {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`InferenceError::File`](crate::InferenceError::File) where it cannot be read,
    /// [`InferenceError::Unsupported`](crate::InferenceError::Unsupported) for what would be computed
    /// wrongly here.
    pub(crate) fn load(model: &ModelFolder) -> Result<Self> {
        const FILE: &str = "config.json";
        let content = model.read(FILE)?;
        let config: Self = serde_json::from_slice(&content)
            .map_err(|error| model.wrong(FILE, format!("不能识别（{error}）")))?;
        let position = config.position_embedding_type.as_deref().unwrap_or("absolute");
        if position != "absolute" {
            return Err(model.unsupported(format!("位置编码 {position} 尚不支持")));
        }
        let rope = config.rope_parameters.as_ref().and_then(|rope| rope.rope_type.as_deref());
        if rope.is_some_and(|kind| kind != "default") {
            return Err(model.unsupported("旋转位置编码的扩展尚不支持"));
        }
        if config.use_sliding_window == Some(true) {
            return Err(model.unsupported("滑动窗口注意力尚不支持"));
        }
        match config.shape_mistake() {
            Some(what) => Err(model.wrong(FILE, what)),
            None => Ok(config),
        }
    }

    /// What of the numbers would make the network panic or take all memory.
    fn shape_mistake(&self) -> Option<String> {
        let wrong = |what: &str| Some(format!("{what} 的取值不能使用"));
        let heads = self.num_attention_heads;
        if !(1..=MOST_WIDTH).contains(&self.hidden_size) {
            return wrong("hidden_size");
        }
        if !(8..=MOST_POSITIONS).contains(&self.positions()) {
            return wrong("max_position_embeddings");
        }
        if self.vocab_size <= self.padding() as usize {
            return wrong("vocab_size");
        }
        match self.family {
            Family::Static => None,
            Family::Bert | Family::XlmRoberta => {
                let fits = heads > 0 && self.hidden_size.is_multiple_of(heads);
                if fits { None } else { wrong("num_attention_heads") }
            }
            Family::Qwen3 => {
                let groups = self.num_key_value_heads.unwrap_or(heads);
                let fits = groups > 0 && heads > 0 && heads.is_multiple_of(groups);
                if fits { None } else { wrong("num_key_value_heads") }
            }
        }
    }

    /// Outputs of a classifier: those that are named.
    pub(crate) fn labels(&self) -> usize {
        self.id2label.as_ref().map_or(2, Map::len)
    }

    /// How many tokens a text may have. XLM-RoBERTa counts positions from behind its padding.
    pub(crate) const fn positions(&self) -> usize {
        match self.family {
            Family::XlmRoberta => self.max_position_embeddings.saturating_sub(2),
            Family::Bert | Family::Qwen3 | Family::Static => self.max_position_embeddings,
        }
    }

    /// The number that fills up short inputs.
    pub(crate) fn padding(&self) -> u32 {
        self.pad_token_id.unwrap_or(match self.family {
            Family::XlmRoberta => 1,
            Family::Bert | Family::Qwen3 | Family::Static => 0,
        })
    }

    pub(crate) fn bert(&self, model: &ModelFolder) -> Result<bert::Config> {
        let hidden_act = match self.hidden_act.as_str() {
            "gelu" => bert::HiddenAct::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => bert::HiddenAct::GeluApproximate,
            "relu" => bert::HiddenAct::Relu,
            other => return Err(model.unsupported(format!("激活函数 {other} 尚不支持"))),
        };
        Ok(bert::Config {
            vocab_size: self.vocab_size,
            hidden_size: self.hidden_size,
            num_hidden_layers: self.num_hidden_layers,
            num_attention_heads: self.num_attention_heads,
            intermediate_size: self.intermediate_size,
            hidden_act,
            max_position_embeddings: self.max_position_embeddings,
            type_vocab_size: self.type_vocab_size.unwrap_or(2),
            layer_norm_eps: self.layer_norm_eps.unwrap_or(1e-12),
            pad_token_id: self.padding() as usize,
            model_type: None,
            ..bert::Config::default()
        })
    }

    pub(crate) fn xlm_roberta(&self, model: &ModelFolder) -> Result<xlm_roberta::Config> {
        Ok(xlm_roberta::Config {
            hidden_size: self.hidden_size,
            layer_norm_eps: self.layer_norm_eps.unwrap_or(1e-5),
            attention_probs_dropout_prob: 0.0,
            hidden_dropout_prob: 0.0,
            num_attention_heads: self.num_attention_heads,
            position_embedding_type: "absolute".to_owned(),
            intermediate_size: self.intermediate_size,
            hidden_act: self.activation(model)?,
            num_hidden_layers: self.num_hidden_layers,
            vocab_size: self.vocab_size,
            max_position_embeddings: self.max_position_embeddings,
            type_vocab_size: self.type_vocab_size.unwrap_or(1),
            pad_token_id: self.padding(),
        })
    }

    pub(crate) fn qwen3(&self, model: &ModelFolder) -> Result<qwen3::Config> {
        let theta = self.rope_parameters.as_ref().and_then(|rope| rope.rope_theta);
        let heads = self.num_attention_heads;
        Ok(qwen3::Config {
            vocab_size: self.vocab_size,
            hidden_size: self.hidden_size,
            intermediate_size: self.intermediate_size,
            num_hidden_layers: self.num_hidden_layers,
            num_attention_heads: heads,
            head_dim: self.head_dim.unwrap_or(self.hidden_size / heads.max(1)),
            attention_bias: self.attention_bias.unwrap_or(false),
            num_key_value_heads: self.num_key_value_heads.unwrap_or(heads),
            max_position_embeddings: self.max_position_embeddings,
            sliding_window: None,
            max_window_layers: self.num_hidden_layers,
            tie_word_embeddings: self.tie_word_embeddings.unwrap_or(true),
            rope_theta: theta.or(self.rope_theta).unwrap_or(1_000_000.0),
            rms_norm_eps: self.rms_norm_eps.unwrap_or(1e-6),
            use_sliding_window: false,
            hidden_act: self.activation(model)?,
        })
    }

    fn activation(&self, model: &ModelFolder) -> Result<Activation> {
        match self.hidden_act.as_str() {
            "gelu" => Ok(Activation::Gelu),
            "gelu_new" | "gelu_pytorch_tanh" => Ok(Activation::NewGelu),
            "relu" => Ok(Activation::Relu),
            "silu" => Ok(Activation::Silu),
            other => Err(model.unsupported(format!("激活函数 {other} 尚不支持"))),
        }
    }
}

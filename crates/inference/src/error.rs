//! What can go wrong with models, by what the caller can do about it. Messages are for people.

use std::path::PathBuf;

/// A failure of a model.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// There is no such model folder, or it has no manifest.
    #[error("没有模型目录 {}，或其中缺少 {}；{REMEDY}", .0.display(), crate::manifest::MANIFEST_FILE)]
    NoModel(PathBuf),
    /// The folder's files are not what the manifest says.
    #[error("模型「{model}」的文件 {file} 有误：{what}；{REMEDY}")]
    File {
        /// Which model.
        model: String,
        /// Which of its files.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A manifest that cannot be used.
    #[error("模型清单有误：{0}")]
    Manifest(String),
    /// A kind of model that this program does not run.
    #[error("模型「{model}」不能使用：{what}")]
    Unsupported {
        /// Which model.
        model: String,
        /// Why.
        what: String,
    },
    /// The tokenizer's words for what is wrong.
    #[error("分词器出错：{0}")]
    Tokens(String),
    /// Computing failed.
    #[error("模型计算出错：{0}")]
    Compute(#[from] candle_core::Error),
    /// The model's thread has ended.
    #[error("模型的计算线程已退出；请重启程序，并查看日志")]
    Stopped,
    /// The cache of vectors cannot be read or written.
    #[error("向量缓存 {} 不能使用：{error}", path.display())]
    Cache {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A model could not be fetched.
    #[error("下载失败：{0}")]
    Fetch(String),
}

const REMEDY: &str = "可用 kechuang models fetch 重新下载，或用 kechuang models verify 核对";

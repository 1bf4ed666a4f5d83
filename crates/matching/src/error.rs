//! What can go wrong with a request, by whose fault it is.

use kechuang_domain::{Problem, ProblemCode};
use kechuang_index::IndexError;
use kechuang_inference::InferenceError;
use kechuang_store::StoreError;

/// A failure of the engine.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// The request cannot be answered as it is; the detail tells the caller why, in Chinese.
    #[error(transparent)]
    Request(#[from] Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A model failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// A saved run cannot be read.
    #[error("a saved run cannot be read: {0}")]
    Corrupt(#[from] serde_json::Error),
}

impl MatchError {
    pub(crate) fn request(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self::Request(Problem::new(code, detail))
    }

    /// The problem as a person should read it. Failures of our own say no more than that.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Request(problem) => problem.clone(),
            Self::Store(error) => store_problem(error),
            Self::Index(IndexError::Folder(_)) => {
                Problem::new(ProblemCode::ReadOnly, "索引目录无法读写；请检查磁盘空间和目录权限")
            }
            Self::Index(_) | Self::Inference(_) | Self::Corrupt(_) => internal(),
        }
    }
}

fn store_problem(error: &StoreError) -> Problem {
    match error {
        StoreError::UnknownRecord(id) => {
            Problem::new(ProblemCode::UnknownRecord, format!("没有编号为 {id} 的记录；请核对编号"))
        }
        StoreError::RevisionConflict { current, .. } => Problem::new(
            ProblemCode::RevisionConflict,
            format!("记录现为第 {current} 版；请重新读取，在新版上修改后再提交"),
        ),
        StoreError::ReadOnly(_) => Problem::new(
            ProblemCode::ReadOnly,
            "数据目录不可写，这次修改没有保存；请检查目录权限和磁盘空间",
        ),
        StoreError::Unavailable(_) => {
            Problem::new(ProblemCode::Unavailable, "数据库没有应答；请稍后再试")
        }
        _ => internal(),
    }
}

fn internal() -> Problem {
    Problem::new(ProblemCode::Internal, "服务内部出错，已记入日志；请稍后再试，并告知管理员")
}

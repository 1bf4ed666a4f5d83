//! Failures, told to a person in Chinese: what is wrong, where, and what to do.

use std::io;

use kechuang_domain::{Problem, ProblemCode};
use kechuang_index::IndexError;
use kechuang_ingest::IngestError;
use kechuang_lab::LabError;
use kechuang_matching::MatchError;
use kechuang_store::StoreError;

use crate::output::{Exit, Output};

/// A mistake in how the program was called or configured, in Chinese.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Work that could not be done, in Chinese.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

/// Prints what went wrong and gives the exit code that fits.
#[must_use]
pub fn failed(error: &anyhow::Error, output: Output) -> Exit {
    tracing::debug!(?error, "the command failed");
    let (exit, code, message) = told(error);
    output.failure(code, &message);
    exit
}

/// What went wrong, for a person.
#[must_use]
pub fn message(error: &anyhow::Error) -> String {
    told(error).2
}

fn told(error: &anyhow::Error) -> (Exit, &'static str, String) {
    if let Some(Usage(message)) = error.downcast_ref() {
        return (Exit::Usage, "usage", message.clone());
    }
    if let Some(Failed(message)) = error.downcast_ref() {
        return (Exit::Failed, "failed", message.clone());
    }
    if let Some(message) = of_file(error) {
        return (Exit::Failed, "bad_file", message);
    }
    let problem = problem(error);
    let wrong_call = matches!(
        problem.code,
        ProblemCode::UnknownProfile | ProblemCode::InvalidField | ProblemCode::InvalidParameter
    );
    let exit = if wrong_call { Exit::Usage } else { Exit::Failed };
    (exit, problem.code.code(), problem.to_string())
}

/// A file that cannot be used; its message says it all.
fn of_file(error: &anyhow::Error) -> Option<String> {
    if let Some(IngestError::File(message)) = error.downcast_ref() {
        return Some(message.clone());
    }
    match error.downcast_ref()? {
        LabError::Ingest(IngestError::File(message)) | LabError::Bench(message) => {
            Some(message.clone())
        }
        LabError::Eval(error) => Some(error.to_string()),
        _ => None,
    }
}

fn problem(error: &anyhow::Error) -> Problem {
    if let Some(error) = error.downcast_ref::<MatchError>() {
        return of_match(error);
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return of_store(error);
    }
    if let Some(error) = error.downcast_ref::<IngestError>() {
        return of_ingest(error);
    }
    if let Some(error) = error.downcast_ref::<LabError>() {
        return match error {
            LabError::Match(error) => of_match(error),
            LabError::Store(error) => of_store(error),
            LabError::Ingest(error) => of_ingest(error),
            told => Problem::new(ProblemCode::InvalidField, told.to_string()),
        };
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return Problem::new(ProblemCode::ReadOnly, format!("{error}；请检查目录权限和磁盘空间"));
    }
    Problem::new(ProblemCode::Internal, format!("{error:#}"))
}

fn of_match(error: &MatchError) -> Problem {
    match error {
        MatchError::Store(error) => of_store(error),
        MatchError::Index(IndexError::Owned) => Problem::new(
            ProblemCode::Unavailable,
            "索引目录正由另一个 kechuang 进程维护；请先停掉它，或换一个 --data 目录",
        ),
        MatchError::Index(error) => {
            Problem::new(error_code(error), format!("索引：{error}；可用 kechuang reindex 重建"))
        }
        other => other.problem(),
    }
}

const fn error_code(error: &IndexError) -> ProblemCode {
    match error {
        IndexError::Folder(_) => ProblemCode::ReadOnly,
        _ => ProblemCode::Internal,
    }
}

fn of_store(error: &StoreError) -> Problem {
    match error {
        StoreError::ReadOnly(what) => Problem::new(
            ProblemCode::ReadOnly,
            format!("{what} 不可写；请检查目录权限和磁盘空间，或用 --data 换一个目录"),
        ),
        StoreError::Unavailable(what) => Problem::new(
            ProblemCode::Unavailable,
            format!("数据库没有应答（{what}）；请检查 --database 的地址和数据库是否在运行"),
        ),
        StoreError::Schema(what) => Problem::new(
            ProblemCode::Unavailable,
            format!("数据库结构与程序不符（{what}）；若数据由更新的版本建立，请升级程序"),
        ),
        StoreError::Corrupt(what) => {
            Problem::new(ProblemCode::Internal, format!("数据库中有读不懂的内容：{what}"))
        }
        StoreError::Database(what) => {
            Problem::new(ProblemCode::Internal, format!("数据库出错：{what}"))
        }
        StoreError::UnknownRecord(_)
        | StoreError::RevisionConflict { .. }
        | StoreError::LeaseLost => {
            Problem::new(ProblemCode::UnknownRecord, format!("{error}；请核对编号"))
        }
    }
}

fn of_ingest(error: &IngestError) -> Problem {
    match error {
        IngestError::Store(error) => of_store(error),
        told => Problem::new(ProblemCode::InvalidField, told.to_string()),
    }
}

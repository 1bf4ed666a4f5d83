//! Reading requests, with refusals a person can act on.

use std::str::FromStr;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use kechuang_domain::{ImportId, Problem, ProblemCode, RecordId, RunId};
use serde::de::DeserializeOwned;

use crate::problem::Refusal;

/// The largest body that is read, in bytes. A record may hold a short book; its texts are checked one
/// by one.
pub const BODY_LIMIT_BYTES: usize = 2 << 20;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_json = kind.is_some_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(Refusal::new(
                ProblemCode::UnsupportedMediaType,
                "请以 Content-Type: application/json 发送 JSON",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        parse(&bytes).map(Self)
    }
}

fn too_large(rejection: BytesRejection) -> Refusal {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let limit = BODY_LIMIT_BYTES >> 20;
        Refusal::new(
            ProblemCode::BodyTooLarge,
            format!("内容超过上限 {limit} MB；请缩短或分次提交"),
        )
    } else {
        Refusal::new(ProblemCode::InvalidJson, "请求内容没有收全；请重新发送")
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Refusal::new(
            ProblemCode::InvalidJson,
            "内容不是 UTF-8 编码（可能是 GBK）；请转为 UTF-8 后再发送",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        told(&path, error.inner())
    })?;
    reader.end().map_err(|error| told(".", &error))?;
    Ok(value)
}

fn told(path: &str, error: &serde_json::Error) -> Refusal {
    let place = format!("第 {} 行第 {} 列附近", error.line(), error.column());
    if !error.is_data() {
        let what = format!("{place}不是完整的 JSON；请检查引号、逗号和括号");
        return Refusal::new(ProblemCode::InvalidJson, what);
    }
    let said = error.to_string();
    let quoted = said.split('`').nth(1).unwrap_or_default();
    let what = if said.starts_with("unknown field") {
        format!("不认识的字段「{quoted}」（{place}）；可用的字段见 /openapi.json")
    } else if said.starts_with("missing field") {
        format!("缺少字段「{quoted}」；需要的字段见 /openapi.json")
    } else {
        let field = if path == "." { "整个内容" } else { path };
        format!("「{field}」的类型或取值不对（{place}）；应有的形状见 /openapi.json")
    };
    Refusal::new(ProblemCode::InvalidJson, what)
}

/// The fields of a page's form.
#[derive(Debug)]
pub struct Fields<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Fields<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let form = axum::Form::from_request(request, state).await;
        let axum::Form(fields) = form.map_err(|rejection| {
            let code = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ProblemCode::BodyTooLarge
            } else {
                ProblemCode::InvalidField
            };
            Refusal::new(code, "表单内容没有收全或过长；请返回上一页重新填写")
        })?;
        Ok(Self(fields))
    }
}

/// Parameters behind the question mark.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Query(params) = Query::from_request_parts(parts, state).await.map_err(|_| {
            Refusal::new(
                ProblemCode::InvalidParameter,
                "网址中 ? 之后的参数有误；可用的参数及取值见 /openapi.json",
            )
        })?;
        Ok(Self(params))
    }
}

/// The one variable part of an address.
#[derive(Debug)]
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(text) = Path::from_request_parts(parts, state).await.map_err(|_| {
            Refusal::new(ProblemCode::NotFound, "网址中有无法识别的字符；请核对链接")
        })?;
        Ok(Self(text))
    }
}

/// A parameter that is given as text, where it is given and not blank.
///
/// # Errors
/// [`ProblemCode::InvalidParameter`] with the type's own reason.
pub fn optional<T>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|error: T::Err| {
        Problem::new(ProblemCode::InvalidParameter, format!("参数 {name}：{error}"))
    })
}

/// The record that a path names.
///
/// # Errors
/// [`ProblemCode::UnknownRecord`] for what cannot be an id.
pub fn record_id(text: &str) -> Result<RecordId, Problem> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(60).collect();
        Problem::new(ProblemCode::UnknownRecord, format!("「{shown}」不是记录编号；请核对链接"))
    })
}

/// The import that a path names.
///
/// # Errors
/// [`ProblemCode::UnknownImport`] for what cannot be an id.
pub fn import_id(text: &str) -> Result<ImportId, Problem> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(60).collect();
        Problem::new(ProblemCode::UnknownImport, format!("「{shown}」不是导入编号；请核对链接"))
    })
}

/// The run that a path names.
///
/// # Errors
/// [`ProblemCode::UnknownRun`] for what cannot be an id.
pub fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| unknown_run())
}

/// One answer for a run that is not there, has expired, or is somebody else's: which of them it is
/// is nobody's business.
#[must_use]
pub fn unknown_run() -> Problem {
    Problem::new(
        ProblemCode::UnknownRun,
        "请核对完整链接（含 token）；匿名匹配的结果保留 7 天，过期请重新匹配",
    )
}

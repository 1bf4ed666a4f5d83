//! Reading a free text into the fields of a record.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
};
use kechuang_domain::{Library, Problem, ProblemCode, request::DEMAND_LIMIT_CHARS};
use kechuang_reading::record::{ReadBy, ReadField, ReadValue, read_record, together};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use crate::{
    Service,
    extract::Json,
    large_model::{self, ModelPart},
    limit::Caller,
    problem::{ProblemDocument, Refusal},
};

/// What is to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReadingInput)]
#[serde(deny_unknown_fields)]
pub struct ReadingInput {
    /// `demand` or `achievement`.
    pub library: String,
    /// The text: a pasted form, a letter, a message; up to 20,000 characters.
    pub text: String,
    /// Whether the large model reads it, too, where there is one. It is then handed to it.
    #[serde(default)]
    pub assist: bool,
}

/// What a text says, as fields of a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reading)]
pub struct ReadingWire {
    /// The values, in the order of a record's fields. A field can have several; where rules and model differ over a field that has
    /// one, both stand here.
    pub values: Vec<ReadValueWire>,
    /// Whether a large model took part.
    pub assist: ModelPart,
}

/// A value with the words that say it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReadValue)]
pub struct ReadValueWire {
    /// The field's code, as in import files.
    pub field: String,
    /// Its Chinese name.
    pub label: String,
    /// As a person would fill it in: `300 万元`, `2027-06-30`, `抗拉强度|≥240 MPa`.
    pub value: String,
    /// The words of the text, verbatim.
    pub quote: String,
    /// Where they begin, in bytes of the text.
    pub start: usize,
    /// `rules`, `model` or `both`.
    pub by: &'static str,
}

/// Who has read a value, as the API tells it: rules first, a model second.
const fn code_of(by: ReadBy) -> &'static str {
    match by {
        ReadBy::First => "rules",
        ReadBy::Second => "model",
        ReadBy::Both => "both",
    }
}

/// What a text says, and who has read it.
pub(crate) struct Read {
    pub(crate) values: Vec<(ReadValue, ReadBy)>,
    pub(crate) assist: ModelPart,
}

/// Reads a text into the fields of a demand or an achievement, each value with the sentence that says it. Nothing is saved.
#[utoipa::path(post, path = "/api/v1/readings", operation_id = "create_reading", tag = "四库", request_body = ReadingInput, responses(
    (status = 200, description = "读出的栏目，各带原文", body = ReadingWire),
    (status = 400, description = "不是所要求的 JSON", body = ProblemDocument),
    (status = 413, description = "内容过大", body = ProblemDocument),
    (status = 415, description = "不是 JSON", body = ProblemDocument),
    (status = 422, description = "不能读取", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn create(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    Json(ReadingInput { library, text, assist }): Json<ReadingInput>,
) -> Result<Answer<ReadingWire>, Refusal> {
    let library = library_of(&library)?;
    let Read { values, assist } = read(&service, from.into(), library, &text, assist).await?;
    let values = values.into_iter().map(|(ReadValue { field, value, quote }, by)| ReadValueWire {
        field: field.code().to_owned(),
        label: field.label().to_owned(),
        value,
        quote: quote.of(&text).unwrap_or_default().to_owned(),
        start: quote.start,
        by: code_of(by),
    });
    Ok(Answer(ReadingWire { values: values.collect(), assist }))
}

/// The library that a text is read for.
pub(crate) fn library_of(code: &str) -> Result<Library, Problem> {
    let library: Option<Library> = code.parse().ok();
    library.filter(|library| !ReadField::of(*library).is_empty()).ok_or_else(|| {
        let detail = "字段 library 应为 demand（需求）或 achievement（成果）";
        Problem::new(ProblemCode::InvalidField, detail)
    })
}

/// Reads a text by rules and, where that is asked for and there is one, by a large model.
pub(crate) async fn read(
    service: &Service,
    from: Caller,
    library: Library,
    text: &str,
    is_assisted: bool,
) -> Result<Read, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(ProblemCode::EmptyText, "请给出要读取的文字"));
    }
    let chars = text.chars().count();
    if chars > DEMAND_LIMIT_CHARS {
        let detail =
            format!("文字有 {chars} 个字，超过上限 {DEMAND_LIMIT_CHARS}；请分次读取，或以文件导入");
        return Err(Problem::new(ProblemCode::TextTooLong, detail));
    }
    // It costs about as much as a match does.
    service.limits.match_run(from)?;
    let (engine, words) = (Arc::clone(&service.engine), text.to_owned());
    let ruled = spawn_blocking(move || read_record(engine.lexicon(), library, &words)).await;
    let ruled = ruled.map_err(|error| {
        tracing::error!(%error, "a text was not read");
        Problem::new(ProblemCode::Internal, "文字没有读成；请稍后再试")
    })?;
    let instead = "以下由规则读出";
    let asked = large_model::ask(service, is_assisted, instead, |model| {
        model.read(library, text.to_owned())
    });
    let (modelled, assist) = asked.await;
    Ok(Read { values: together(service.engine.lexicon(), library, ruled, modelled), assist })
}

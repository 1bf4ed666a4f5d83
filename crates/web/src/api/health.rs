//! Whether the process lives, and whether it can answer.

use axum::{Json, extract::State};
use kechuang_domain::{Library, ProblemCode};
use kechuang_matching::{Engine, MeaningState, RerankerState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Service,
    problem::{ProblemDocument, Refusal},
};

/// Alive.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    /// Always `ok`.
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

/// Ready, with what an operator asks first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// Always `ready`.
    status: &'static str,
    /// `SQLite` or `PostgreSQL`.
    store: &'static str,
    /// The last change of the store.
    change_head: i64,
    /// The last change that the index shows.
    applied_seq: i64,
    /// How meanings are compared.
    meaning: MeaningReady,
    /// The model that reads demand and answer together; a site may do without.
    cross_encoder: CrossEncoderReady,
    /// Public records in the index, by library.
    records: std::collections::BTreeMap<&'static str, u64>,
}

/// How meanings are compared. A site without that is ready all the same: it answers by words and says so.
#[derive(Debug, Serialize, ToSchema)]
struct MeaningReady {
    /// The encoder's name.
    encoder: Option<String>,
    /// The last change whose vectors are known to be there.
    applied_seq: i64,
    /// What is wrong, in Chinese.
    problem: Option<String>,
}

impl MeaningReady {
    async fn of(engine: &Engine) -> Self {
        match engine.meaning() {
            MeaningState::Absent(why) => {
                Self { encoder: None, applied_seq: 0, problem: Some(why.to_string()) }
            }
            MeaningState::Present(meaning) => {
                let failed = meaning.vectors.health().await.err();
                let problem = failed.map(|error| {
                    tracing::warn!(%error, "the vector server does not answer");
                    "向量服务没有应答，匹配只按字词；请检查向量服务是否在运行".to_owned()
                });
                let encoder = Some(meaning.encoder.manifest().name.clone());
                Self { encoder, applied_seq: meaning.vectors.known_seq(), problem }
            }
        }
    }
}

/// The model that reads demand and answer together.
#[derive(Debug, Serialize, ToSchema)]
struct CrossEncoderReady {
    /// Its name; none where the site has none.
    name: Option<String>,
    /// What is wrong, in Chinese.
    problem: Option<String>,
}

impl CrossEncoderReady {
    fn of(engine: &Engine) -> Self {
        match engine.reranker() {
            RerankerState::NotWanted => Self { name: None, problem: None },
            RerankerState::Absent(why) => Self { name: None, problem: Some(why.to_string()) },
            RerankerState::Present(reranker) => {
                Self { name: Some(reranker.model.manifest().name.clone()), problem: None }
            }
        }
    }
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "运行",
    responses((status = 200, description = "进程在运行", body = Alive)))]
pub async fn healthz() -> Json<Alive> {
    Json(Alive { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether store and index answer.
#[utoipa::path(get, path = "/readyz", tag = "运行", responses(
    (status = 200, description = "可以服务", body = Ready),
    (status = 503, description = "数据库没有应答", body = ProblemDocument)))]
pub async fn readyz(State(service): State<Service>) -> Result<Json<Ready>, Refusal> {
    let store = service.engine.store();
    let change_head = store.change_head().await.map_err(|error| {
        tracing::error!(%error, "the store does not answer");
        Refusal::new(ProblemCode::Unavailable, "数据库没有应答；请检查数据库是否在运行")
    })?;
    let snapshot = service.engine.index().snapshot();
    Ok(Json(Ready {
        status: "ready",
        store: store.backend(),
        change_head,
        applied_seq: snapshot.applied_seq(),
        meaning: MeaningReady::of(&service.engine).await,
        cross_encoder: CrossEncoderReady::of(&service.engine),
        records: Library::ALL
            .into_iter()
            .map(|library| (library.code(), snapshot.record_count(library)))
            .collect(),
    }))
}

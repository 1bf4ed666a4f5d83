//! Addresses, and what surrounds every handler.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kechuang_domain::{Problem, ProblemCode};
use tokio::net::TcpListener;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Service, api, extract::BODY_LIMIT_BYTES, pages, problem::Refusal, upload::FORM_LIMIT_BYTES,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "科创大脑", description = "产业界出题，科技界答题：技术需求与成果、设备、政策的匹配"),
    modifiers(&BearerToken),
    tags((name = "匹配"), (name = "四库"), (name = "导入"), (name = "运行"))
)]
struct Document;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
    }
}

fn api_router() -> OpenApiRouter<Service> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(api::matches::create))
        .routes(routes!(api::matches::read))
        .routes(routes!(api::questions::read))
        .routes(routes!(api::readings::create))
        .routes(routes!(api::search::search, api::records::create))
        .routes(routes!(api::records::read, api::records::update, api::records::withdraw))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(api::imports::create, api::imports::list))
                .layer(DefaultBodyLimit::max(FORM_LIMIT_BYTES)),
        )
        .routes(routes!(api::imports::read))
        .routes(routes!(api::sheets::errors))
        .routes(routes!(api::sheets::template))
        .routes(routes!(api::sheets::export))
        .routes(routes!(api::imports::start))
        .routes(routes!(api::duplicates::list, api::duplicates::decide))
        .routes(routes!(api::notices::list))
        .routes(routes!(api::notices::confirm))
        .routes(routes!(api::assist::read))
        .routes(routes!(api::health::healthz))
        .routes(routes!(api::health::readyz))
}

/// The API's description, OpenAPI 3.1.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api_router().split_for_parts().1
}

/// The whole site.
pub fn app(service: Service) -> Router {
    let (api, document) = api_router().split_for_parts();
    let page_routes = Router::new()
        .route("/", get(pages::home::show))
        .route("/matches", post(pages::run::create))
        .route("/matches/{run}", get(pages::run::show))
        .route("/matches/{run}/questions", get(pages::questions::show))
        .route("/records/{id}", get(pages::record::show))
        .route("/records/{id}/matches", post(pages::run::create_from_record))
        .route("/search", get(pages::search::show))
        .route("/read", get(pages::reading::ask).post(pages::reading::show))
        .route("/read/save", post(pages::reading::save))
        .merge(
            Router::new()
                .route("/read/file", post(pages::reading::show_file))
                .layer(DefaultBodyLimit::max(FORM_LIMIT_BYTES)),
        )
        .merge(
            Router::new()
                .route("/imports", get(pages::imports::show).post(pages::imports::create))
                .layer(DefaultBodyLimit::max(FORM_LIMIT_BYTES)),
        )
        .route("/duplicates", get(pages::duplicates::show).post(pages::duplicates::decide))
        .route("/assist", get(pages::assist::show))
        .route("/notices", get(pages::notices::show))
        .route("/notices/confirm", post(pages::notices::confirm))
        .route("/imports/enter", post(pages::imports::enter))
        .route("/imports/{id}", get(pages::import::show))
        .route("/imports/{id}/errors", get(pages::import::errors))
        .route("/imports/{id}/start", post(pages::import::start))
        .route("/static/style.css", get(pages::style));
    let id = HeaderName::from_static("x-request-id");
    api.merge(page_routes)
        .route("/openapi.json", get(async move || axum::Json(document.clone())))
        .fallback(unknown_address)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(service.clone(), limit))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Tokens of anonymous runs stand in addresses, and addresses must not leak.
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(always(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
        .with_state(service)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Answers on `listener` until `stop` is done, then finishes what is under way.
///
/// # Errors
/// What the network says.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = app(service).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(stop).await
}

/// The path is logged without its parameters: they hold tokens and what people search for.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let (method, path) = (request.method(), request.uri().path());
    tracing::info_span!("request", %method, path, id = id.unwrap_or_default())
}

async fn limit(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    match service.limits.request(from.into()) {
        Ok(()) => next.run(request).await,
        Err(problem) => refuse(request.uri(), problem),
    }
}

async fn unknown_address(uri: Uri) -> Response {
    refuse(&uri, Problem::new(ProblemCode::NotFound, "请核对网址，或从首页重新开始"))
}

async fn wrong_method(uri: Uri) -> Response {
    refuse(&uri, Problem::new(ProblemCode::MethodNotAllowed, "可用的方法见 /openapi.json"))
}

/// A refusal in the form that the address speaks.
fn refuse(uri: &Uri, problem: Problem) -> Response {
    if uri.path().starts_with("/api/") {
        Refusal(problem).into_response()
    } else {
        pages::PageRefusal(problem).into_response()
    }
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = said, "a handler panicked");
    Refusal::new(ProblemCode::Internal, "服务内部出错，已记入日志；请稍后再试").into_response()
}

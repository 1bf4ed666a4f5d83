//! Who may write: whoever shows a token that the store knows by its hash.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use kechuang_domain::{Problem, ProblemCode};
use kechuang_matching::Token;

use crate::{Service, problem::Refusal};

/// Somebody who may write. Asked for before the body is read.
#[derive(Debug)]
pub struct Keeper;

impl FromRequestParts<Service> for Keeper {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        require_token(service, &parts.headers).await?;
        Ok(Self)
    }
}

/// Refuses a request without a valid bearer token.
///
/// # Errors
/// [`ProblemCode::Unauthorized`], or what the store says.
pub async fn require_token(service: &Service, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(token) = shown_token(headers) else {
        return Err(refused(
            "请在 Authorization 头中带上访问令牌（Bearer …）；令牌在首次启动时打印",
        ));
    };
    if service.engine.store().knows_token(&token.hash()).await? {
        Ok(())
    } else {
        Err(refused("访问令牌无效；请核对首次启动时打印的令牌"))
    }
}

/// The bearer token that a request shows, valid or not.
#[must_use]
pub fn shown_token(headers: &HeaderMap) -> Option<Token> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::shown(token.trim()))
}

fn refused(detail: &str) -> Refusal {
    Refusal(Problem::new(ProblemCode::Unauthorized, detail))
}

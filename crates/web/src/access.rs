//! Who may write: whoever shows a token that the store knows by its hash.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{Problem, ProblemCode};
use kechuang_matching::Token;

use crate::{Service, pages::PageRefusal, problem::Refusal};

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

/// A visitor of a page who may write; others are shown where to say so. Asked for before the body is
/// read.
#[derive(Debug)]
pub struct PageKeeper;

impl FromRequestParts<Service> for PageKeeper {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Response> {
        match is_keeper(service, &parts.headers).await {
            Ok(true) => Ok(Self),
            Ok(false) => Err(Redirect::to("/imports").into_response()),
            Err(refusal) => Err(PageRefusal::from(refusal).into_response()),
        }
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

/// The cookie in which a page's visitor carries the write token.
const COOKIE: &str = "kechuang_keeper";
/// How long a browser keeps it: a working day.
const COOKIE_SECONDS: u32 = 12 * 3600;

/// Whether the visitor of a page may write. The cookie is sent by pages of this site only (`SameSite`),
/// so that no other site can act in the visitor's name.
///
/// # Errors
/// What the store says.
pub async fn is_keeper(service: &Service, headers: &HeaderMap) -> Result<bool, Refusal> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    match pairs.find(|(name, _)| name.trim() == COOKIE) {
        Some((_, token)) => {
            Ok(service.engine.store().knows_token(&Token::shown(token.trim()).hash()).await?)
        }
        None => Ok(false),
    }
}

/// The header value that makes a browser carry this token.
///
/// # Errors
/// [`ProblemCode::Unauthorized`] for a token that is none, or what the store says.
pub async fn keeper_cookie(service: &Service, token: &str) -> Result<String, Refusal> {
    let token = token.trim();
    let is_plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_plain || !service.engine.store().knows_token(&Token::shown(token).hash()).await? {
        return Err(refused("访问令牌无效；请核对首次启动时打印的令牌"));
    }
    Ok(format!("{COOKIE}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict"))
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

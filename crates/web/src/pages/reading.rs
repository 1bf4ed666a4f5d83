//! Reading a free text into fields, to look through, match or keep.

mod form;

use std::net::SocketAddr;

use askama::Template;
use axum::{
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{
    Library, Problem, ProblemCode, Provenance, Source, Tier, request::DEMAND_LIMIT_CHARS,
};
use kechuang_ingest::read::text_of_file;
use kechuang_matching::clock;
use tokio::task::spawn_blocking;

use self::form::{Entered, Line};
use super::{PageRefusal, page_of};
use crate::{
    Service,
    access::{PageKeeper, is_keeper},
    api::{
        questions::QuestionParams,
        readings::{self, Read},
    },
    extract::{Fields, Params},
    large_model::{self, ModelPart},
    limit::Caller,
    problem::Refusal,
    upload::Upload,
};

/// The source name of records that are kept from here.
const SOURCE: &str = "网页录入";

#[derive(Template)]
#[template(path = "reading.html")]
struct ReadingPage {
    library: Library,
    text: String,
    limit_chars: usize,
    /// The large model that a text can be handed to, and where it is.
    large_model: Option<String>,
    is_assisted: bool,
    /// The fields, once the text has been read.
    lines: Vec<Line>,
    assist: ModelPart,
    is_keeper: bool,
    /// Who may see the text itself, once it is kept.
    tier: Tier,
    tiers: [Tier; 3],
    /// What is wrong with what was to be kept, in Chinese.
    problem: Option<String>,
}

impl ReadingPage {
    fn new(service: &Service, library: Library, text: String) -> Self {
        Self {
            library,
            text,
            limit_chars: DEMAND_LIMIT_CHARS,
            large_model: large_model::told(service),
            is_assisted: false,
            lines: Vec::new(),
            assist: ModelPart::default(),
            is_keeper: false,
            tier: Tier::Public,
            tiers: Tier::ALL,
            problem: None,
        }
    }

    fn is_for(&self, code: &str) -> bool {
        self.library.code() == code
    }
}

/// Shows the empty form.
pub async fn ask(
    State(service): State<Service>,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let is_keeper = is_keeper(&service, &headers).await?;
    let page = ReadingPage::new(&service, Library::Demand, String::new());
    Ok(page_of(&ReadingPage { is_keeper, ..page }))
}

/// Reads a text and shows what it says.
pub async fn show(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    form: Result<Fields<Vec<(String, String)>>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(mut pairs) = form?;
    // What is read anew is read for the library that is chosen now.
    pairs.retain(|(name, _)| name != "read_as");
    let Entered { library, text, is_assisted, .. } = Entered::of(&pairs)?;
    let is_keeper = is_keeper(&service, &headers).await?;
    let page = ReadingPage { is_assisted, is_keeper, ..ReadingPage::new(&service, library, text) };
    shown(&service, from.into(), page).await
}

/// Reads a document that a keeper hands in, in the same way.
pub async fn show_file(
    State(service): State<Service>,
    _: PageKeeper,
    from: ConnectInfo<SocketAddr>,
    asking: Result<Params<QuestionParams>, Refusal>,
    upload: Result<Upload, Refusal>,
) -> Result<Response, PageRefusal> {
    let (Params(asking), Upload(file)) = (asking?, upload?);
    let library = readings::library_of(file.library.code())?;
    let text = spawn_blocking(move || text_of_file(library, &file.name, &file.bytes, None)).await;
    let text = text.map_err(|error| {
        tracing::error!(%error, "a document was not read");
        Problem::new(ProblemCode::Internal, "文档没有读成；请稍后再试")
    })?;
    let text = text.map_err(Refusal::from)?;
    let is_assisted = asking.assist.as_deref() == Some("1");
    let page = ReadingPage::new(&service, library, text);
    shown(&service, from.into(), ReadingPage { is_assisted, is_keeper: true, ..page }).await
}

/// The page with what its text says.
async fn shown(
    service: &Service,
    from: Caller,
    page: ReadingPage,
) -> Result<Response, PageRefusal> {
    let ReadingPage { library, text, is_assisted, .. } = &page;
    let Read { values, assist } =
        readings::read(service, from, *library, text, *is_assisted).await?;
    let lines = form::lines(*library, text, &values);
    let tier = form::usual_tier(text);
    Ok(page_of(&ReadingPage { lines, assist, tier, ..page }))
}

/// Keeps what a person has looked through as a record.
pub async fn save(
    State(service): State<Service>,
    _: PageKeeper,
    form: Result<Fields<Vec<(String, String)>>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(pairs) = form?;
    let entered = Entered::of(&pairs)?;
    match kept(&service, &entered).await {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        // What was typed stays.
        Err(problem) if problem.code == ProblemCode::InvalidField => {
            let page = ReadingPage::new(&service, entered.library, entered.text.clone());
            Ok(page_of(&ReadingPage {
                lines: entered.lines(&service.engine),
                assist: ModelPart {
                    model: Some(entered.model.clone()).filter(|_| entered.has_modelled()),
                    ..ModelPart::default()
                },
                is_keeper: true,
                tier: entered.tier,
                problem: Some(problem.detail),
                ..page
            }))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The address of the record that was made.
async fn kept(service: &Service, entered: &Entered) -> Result<String, Problem> {
    let source = Source { name: SOURCE.to_owned(), key: entered.key() };
    let mut draft = entered.input()?.into_draft(source)?;
    draft.provenance = Provenance {
        fields: entered.places(&service.engine),
        fetched_at: Some(clock::now()),
        ..Provenance::default()
    };
    let store = service.engine.store();
    let saved = store.save_records(std::slice::from_ref(&draft), clock::now()).await;
    let saved = saved.map_err(Refusal::from).map_err(|Refusal(problem)| problem)?;
    let saved = saved
        .first()
        .ok_or_else(|| Problem::new(ProblemCode::Internal, "记录没有保存；请稍后再试"))?;
    Ok(format!("/records/{}", saved.id))
}

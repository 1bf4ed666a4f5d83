//! What is to be matched, read into a text and its needs.

use kechuang_domain::{
    Applicant, Fact, Library, MatchRequest, MatchSource, MatchedSource, Need, PartyKind,
    ProblemCode, Record, Span, TextField, Viewer, fact::MeasuredIndicator,
    request::DEMAND_LIMIT_CHARS,
};
use kechuang_reading::{Part, read_demand};
use kechuang_store::Store;
use kechuang_text::sentences;

use crate::{MatchError, Result, Rules};

/// Characters of a free text that stand for its title when it has no title line.
const TITLE_CHARS: usize = 40;

/// A source with what was understood of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSource {
    /// What is saved and shown.
    pub source: MatchedSource,
    /// Where the title ends in the source's text, in bytes.
    pub title_end: usize,
    /// What is needed.
    pub needs: Vec<Need>,
    /// The parts of the text below the title, in order.
    pub parts: Vec<Part>,
    /// Where the text lists the resources that are needed.
    pub resources_at: Option<Span>,
    /// The demand's kind, where its record says it.
    pub category: Option<String>,
    /// Indicators to reach, of the record's facts.
    pub targets: Vec<MeasuredIndicator>,
    /// Who asks, as far as it is known.
    pub applicant: Applicant,
}

impl ReadSource {
    /// The part of the text that names the demand.
    #[must_use]
    pub fn title(&self) -> &str {
        self.source.text.get(..self.title_end).unwrap_or_default()
    }

    /// The rest of the text.
    #[must_use]
    pub fn body(&self) -> &str {
        self.source.text.get(self.title_end..).unwrap_or_default()
    }
}

/// Reads the source of a request.
pub(crate) async fn read(
    store: &Store,
    rules: &Rules,
    request: &MatchRequest,
) -> Result<ReadSource> {
    let (viewer, told) = (request.viewer, &request.applicant);
    match &request.source {
        MatchSource::Text(text) => from_text(rules, text, told),
        MatchSource::Record(id) => {
            let record = store.record(*id).await?.record;
            if !record.visible_to(viewer) {
                return Err(kechuang_store::StoreError::UnknownRecord(*id).into());
            }
            let owner = store.party(record.owner).await?;
            let kind = owner.map(|owner| owner.kind).filter(|kind| *kind != PartyKind::Unknown);
            from_record(rules, &record, viewer, applicant(&record, kind, viewer, told))
        }
    }
}

/// The record's owner; what the record does not say is taken from the request.
fn applicant(
    record: &Record,
    kind: Option<PartyKind>,
    viewer: Viewer,
    told: &Applicant,
) -> Applicant {
    let details = record.content.details();
    let fact = |fact: Fact| {
        let text = details.text(fact).filter(|_| viewer.may_see(details.tier(fact)));
        text.map(str::to_owned)
    };
    Applicant {
        region: record.content.region.or(told.region),
        chain: record.content.chain.clone().or_else(|| told.chain.clone()),
        kind: kind.or(told.kind),
        size: fact(Fact::FirmSize).or_else(|| told.size.clone()),
        industry: fact(Fact::Industry).or_else(|| told.industry.clone()),
    }
}

fn from_text(rules: &Rules, text: &str, told: &Applicant) -> Result<ReadSource> {
    // A form sends line breaks as two characters each.
    let text = text.replace('\0', "").replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(MatchError::request(
            ProblemCode::EmptyText,
            "请写下技术难题：要解决什么、在什么条件下、达到什么指标",
        ));
    }
    let chars = text.chars().count();
    if chars > DEMAND_LIMIT_CHARS {
        return Err(MatchError::request(
            ProblemCode::TextTooLong,
            format!("文字有 {chars} 个字符，上限为 {DEMAND_LIMIT_CHARS}；请只留技术需求部分"),
        ));
    }
    let reading = read_demand(&rules.lexicon, &rules.headings, text);
    Ok(ReadSource {
        source: MatchedSource {
            record: None,
            library: Library::Demand,
            title: shown_title(text, reading.title),
            text: text.to_owned(),
            region: told.region,
            chain: told.chain.clone(),
        },
        title_end: reading.title.end,
        needs: reading.needs,
        parts: reading.parts,
        resources_at: None,
        category: None,
        targets: Vec::new(),
        applicant: told.clone(),
    })
}

/// The title line, or the beginning of the first sentence.
fn shown_title(text: &str, title: Span) -> String {
    let named = title.of(text).filter(|title| !title.is_empty());
    let first = || sentences(text).first().and_then(|first| first.of(text)).unwrap_or(text);
    let name = named.unwrap_or_else(first);
    match name.char_indices().nth(TITLE_CHARS) {
        Some((cut, _)) => format!("{}…", &name[..cut]),
        None => name.to_owned(),
    }
}

fn from_record(
    rules: &Rules,
    record: &Record,
    viewer: Viewer,
    applicant: Applicant,
) -> Result<ReadSource> {
    let library = record.library();
    if !matches!(library, Library::Demand | Library::Achievement) {
        return Err(MatchError::request(
            ProblemCode::NotMatchable,
            format!("{}记录不能发起匹配；请从需求或成果发起", library.label()),
        ));
    }
    let title = record.content.title_for(viewer);
    let mut text = title.to_owned();
    let mut resources_at = None;
    for (field, more) in record.content.texts_for(viewer) {
        if field != TextField::Title {
            text.push('\n');
            let start = text.len();
            text.push_str(more);
            if field == TextField::NeededResources {
                resources_at = Some(Span { start, end: text.len() });
            }
        }
    }
    // Needs are read from the demand's own words below its title; a title alone is one need.
    let keywords_end = title.len()
        + record.content.text_for(viewer, TextField::Keywords).map_or(0, |words| words.len() + 1);
    let from = if keywords_end < text.len() { keywords_end } else { 0 };
    let mut reading = read_demand(&rules.lexicon, &rules.headings, &text[from..]);
    for span in reading
        .needs
        .iter_mut()
        .map(|need| &mut need.span)
        .chain(reading.parts.iter_mut().map(|part| &mut part.span))
    {
        *span = span.shifted(from);
    }
    let details = record.content.details();
    let sees = |fact: Fact| viewer.may_see(details.tier(fact));
    let targets = if sees(Fact::Targets) { details.indicators(Fact::Targets) } else { &[] };
    let category = details.text(Fact::Category).filter(|_| sees(Fact::Category));
    Ok(ReadSource {
        source: MatchedSource {
            record: Some((record.id, record.revision)),
            library,
            title: title.to_owned(),
            text,
            region: applicant.region,
            chain: applicant.chain.clone(),
        },
        title_end: title.len(),
        needs: reading.needs,
        parts: reading.parts,
        resources_at,
        category: category.map(str::to_owned),
        targets: targets.to_vec(),
        applicant,
    })
}

//! `match`: answers for a text or a demand.

use std::io::Read;

use kechuang_domain::{
    Applicant, AskedBy, Basis, Library, Match, MatchOutcome, MatchRequest, MatchSource, PartyKind,
    Prospect, RecordId, ResourceNeed, Source, Verdict, Watch, fact::FIRM_SIZES,
};
use kechuang_matching::{Engine, clock, run::expiry};
use kechuang_web::{Names, wire::outcome::RunWire};

use crate::{
    args::ApplicantFlags,
    assets,
    config::Config,
    explain::{Failed, Usage},
    output::{Exit, Output},
    parts::Parts,
    reranker, sample,
};

pub(super) struct Asked {
    pub(super) text: Option<String>,
    pub(super) demand: Option<String>,
    pub(super) top: usize,
    pub(super) neighbours: usize,
    pub(super) profile: Option<String>,
    pub(super) applicant: ApplicantFlags,
}

pub(super) async fn run(
    config: &Config,
    output: Output,
    watch: &Watch,
    asked: Asked,
) -> anyhow::Result<Exit> {
    let applicant = applicant(asked.applicant)?;
    let mut parts = Parts::open(config, output, watch).await?;
    parts.engine.set_reranker(reranker::open(config, output));
    parts.catch_up().await?;
    parts.encode().await?;
    let source = match (asked.text, asked.demand) {
        (Some(text), _) => MatchSource::Text(if text == "-" { standard_input()? } else { text }),
        (None, Some(demand)) => MatchSource::Record(named(&parts.engine, &demand).await?),
        (None, None) => {
            return Err(
                Usage("请用 --text 写下技术难题，或用 --demand 给出需求编号".to_owned()).into()
            );
        }
    };
    let request = MatchRequest {
        profile: asked.profile,
        top: asked.top,
        neighbours: asked.neighbours,
        applicant,
        ..MatchRequest::new(source)
    };
    let now = clock::now();
    let found = parts.engine.find(&request, now).await?;
    let (id, token) = parts.engine.save(&request, &found, now).await?;
    let text =
        if output.is_json() { String::new() } else { shown(&found.outcome, &assets::names()?) };
    let expires_at = token.as_ref().map(|_| expiry(now));
    let token = token.map(|token| token.secret().to_owned());
    output.answer(&RunWire::new(id, now, expires_at, token, found.outcome, false), || text)?;
    Ok(Exit::Done)
}

/// Who would apply for policies, by names or codes.
fn applicant(flags: ApplicantFlags) -> anyhow::Result<Applicant> {
    let tables = assets::tables()?;
    let wrong = |error: &dyn std::fmt::Display| Usage(error.to_string());
    let region = flags.region.map(|region| tables.region(&region)).transpose();
    let chain = flags.chain.map(|chain| tables.chain(&chain)).transpose();
    if let Some(size) = flags.size.as_deref().filter(|size| !FIRM_SIZES.contains(size)) {
        let told = format!("企业规模「{size}」有误；应为{}之一", FIRM_SIZES.join("、"));
        return Err(Usage(told).into());
    }
    Ok(Applicant {
        region: region.map_err(|error| wrong(&error))?,
        chain: chain.map_err(|error| wrong(&error))?,
        kind: flags.size.is_some().then_some(PartyKind::Firm),
        size: flags.size,
        industry: None,
    })
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| {
        Failed(
            "输入不是 UTF-8 编码（可能是 GBK）；请转为 UTF-8，例如用 iconv -f GBK -t UTF-8"
                .to_owned(),
        )
        .into()
    })
}

/// A record by its id, its public number, or the key that sample data gives it.
async fn named(engine: &Engine, name: &str) -> anyhow::Result<RecordId> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    for library in [Library::Demand, Library::Achievement] {
        let source = Source { name: sample::SOURCE.to_owned(), key: name.to_owned() };
        if let Some(id) = engine.store().record_of_source(library, &source).await? {
            return Ok(id);
        }
    }
    if let Some((library, number)) = Library::of_public_number(name)
        && let Some(id) = engine.store().record_of_number(library, number).await?
    {
        return Ok(id);
    }
    Err(Failed(format!(
        "没有编号为「{name}」的需求；可用系统编号（见记录网址）或 XQ-000012 这样的编号，示例数据用 DEM-001 这样的编号（先运行 kechuang demo --once）"
    ))
    .into())
}

fn shown(outcome: &MatchOutcome, names: &Names) -> String {
    let mut lines = vec![format!("需求：{}", outcome.source.title)];
    for need in &outcome.needs {
        lines.push(format!("  · [{}] {}", need.kind.label(), need.text));
    }
    for degraded in &outcome.degraded {
        lines.push(format!("注意：{}", degraded.message));
    }
    lines.extend(outcome.prospect.and_then(Prospect::warning));
    lines.push(
        "“谈到”指原文有相近的句子；指标按原文数值对照，名称或测试条件不一致的不作判断".to_owned(),
    );
    for library in Library::ALL {
        let found = outcome.list(library);
        if !found.is_empty() {
            lines.push(format!("\n{}：", library.label()));
        }
        for answer in found {
            tell(answer, outcome, names, &mut lines);
            lines.extend(answer.notes.iter().map(|note| format!("     注意：{note}")));
        }
    }
    for need in outcome.unmet_resources.iter().filter_map(|need| outcome.resource_needs.get(*need))
    {
        let (kind, by, words) = (need.kind.label(), asker(need), need.asked_by.words());
        lines.push(format!("未找到：{kind}「{}」（{by}：“{words}”）", need.what));
    }
    if Library::ALL.into_iter().all(|library| outcome.list(library).is_empty()) {
        lines.push("库里没有找到相近的记录".to_owned());
    }
    lines.join("\n")
}

fn tell(answer: &Match, outcome: &MatchOutcome, names: &Names, lines: &mut Vec<String>) {
    let sample = if answer.sample { "（示例）" } else { "" };
    lines.push(format!("{:>3}. {}{sample}　{}", answer.rank, answer.title, answer.owner));
    match answer.library {
        Library::Equipment => return tell_equipment(answer, outcome, lines),
        Library::Policy => return tell_policy(answer, names, lines),
        Library::Achievement | Library::Demand => {}
    }
    let field = answer.neighbouring.as_ref().map(|chain| names.chain(chain));
    lines.extend(field.map(|field| format!("     相邻领域：{field}")));
    lines.push(format!("     {}", answer.explanation.summary));
    lines.extend(answer.explanation.level.map(|level| format!("     相关程度：{}", level.told())));
    lines.extend(answer.explanation.nearness().map(|nearness| format!("     {nearness}")));
    lines.extend(answer.alike.iter().map(|one| format!("     同一单位相近的记录：{}", one.title)));
    for check in &answer.explanation.indicators {
        if let Some(said) = &check.said {
            let (asked, told, said) = (&check.asked, check.fulfilment.label(), said.words());
            lines.push(format!("     指标：{asked}　{told}　“{said}”"));
        }
    }
    for evidence in &answer.explanation.evidence {
        if let Some(need) = outcome.needs.get(evidence.need) {
            lines.push(format!("     要求：{}", need.text));
            let near = evidence.cosine.map(|cosine| format!("（语义相近 {cosine:.2}）"));
            let near = near.unwrap_or_default();
            lines.push(format!("     原文：“{}”{near}", evidence.quote.text()));
        }
    }
}

fn asker(need: &ResourceNeed) -> String {
    match &need.asked_by {
        AskedBy::Achievement { title, .. } => format!("成果《{title}》"),
        AskedBy::Source { .. } | AskedBy::SourceFact { .. } => "需求".to_owned(),
    }
}

fn tell_equipment(answer: &Match, outcome: &MatchOutcome, lines: &mut Vec<String>) {
    for served in &answer.serves {
        let Some(need) = outcome.resource_needs.get(served.need) else { continue };
        let by = asker(need);
        let (what, reason) = (&need.what, need.reason.label());
        lines.push(format!("     对应：{}「{what}」（{reason}）", need.kind.label()));
        lines.push(format!("     {by}：“{}”", need.asked_by.words()));
        lines.push(format!("     设备：“{}”", served.quote.text()));
    }
}

fn tell_policy(answer: &Match, names: &Names, lines: &mut Vec<String>) {
    if let Some(clause) = &answer.clause {
        let named = format!("{} {}", clause.clause, clause.title);
        let named = match named.trim() {
            "" => clause.quote.field.label(),
            named => named,
        };
        lines.push(format!("     条款：{named}“{}”", clause.quote.text()));
        lines.extend(clause.cap.map(|cap| format!("     上限：{} 万元", cap.wan_yuan())));
    }
    for check in &answer.eligibility {
        let mark = if check.verdict == Verdict::Pass { "✓" } else { check.verdict.label() };
        let basis = check.basis.as_ref().map(|basis| match basis {
            Basis::Text(quote) => format!("（“{}”）", quote.text()),
            Basis::Fact { .. } => format!("（{}）", basis.words()),
            Basis::Region(region) => format!("（{}）", names.region(*region)),
            Basis::Chain(chain) => format!("（{}）", names.chain(chain)),
        });
        let basis = basis.unwrap_or_default();
        lines.push(format!("     {mark} {}：{}{basis}", check.check.label(), check.message));
    }
}

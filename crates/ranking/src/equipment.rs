//! Which equipment serves the resource needs of a demand and its best achievements.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::Applicant;
use kechuang_domain::{
    AskedBy, Content, Fact, Need, RecordId, Region, ResourceKind, ResourceNeed, ServedNeed, Stage,
    StageScore, Viewer,
};
use kechuang_text::Lexicon;

use crate::{
    Candidate, Chosen, Profile, RankInput, Ranked, ResourceTerms,
    beside::EquipmentRule,
    evidence::Sentences,
    fusion::lexical_score,
    rank::{demote, explain},
    sought::{Sought, SoughtResource},
};

/// What equipment is chosen by, beside the profile.
#[derive(Debug, Clone, Copy)]
pub struct Equipment<'a> {
    /// What the demand needs.
    pub needs: &'a [Need],
    /// Candidates of the equipment library, with the words of `needs`.
    pub input: &'a RankInput,
    /// What the candidates say; those that are not here are not read.
    pub contents: &'a BTreeMap<RecordId, &'a Content>,
    /// What resources are needed.
    pub wanted: &'a [ResourceNeed],
    /// What each of them is found by.
    pub terms: &'a [ResourceTerms],
    /// Who would use it.
    pub applicant: &'a Applicant,
    /// On whose behalf.
    pub viewer: Viewer,
}

/// Chooses at most `beside.equipment_top` pieces, best first, a few of each kind, and tells which of the
/// needs nothing serves.
#[must_use]
pub fn choose_equipment(
    lexicon: &Lexicon,
    profile: &Profile,
    asked: &Equipment<'_>,
) -> (Vec<Chosen>, Vec<usize>) {
    let needs = Sought::all(lexicon, &asked.input.needs);
    let resources: Vec<_> =
        asked.terms.iter().map(|terms| SoughtResource::of(lexicon, terms)).collect();
    let sought = (needs.as_slice(), resources.as_slice());
    let mut fitting: Vec<Chosen> = asked
        .input
        .candidates
        .iter()
        .filter_map(|candidate| fit(lexicon, profile, asked, sought, candidate))
        .collect();
    fitting.sort_by(best_first);
    let served: BTreeSet<usize> =
        fitting.iter().flat_map(|one| one.serves.iter().map(|served| served.need)).collect();
    let unmet = (0..asked.wanted.len()).filter(|need| !served.contains(need)).collect();
    let mut chosen =
        diverse(&profile.beside.equipment, profile.beside.equipment_top, asked, fitting);
    chosen.sort_by(best_first);
    (chosen, unmet)
}

fn best_first(a: &Chosen, b: &Chosen) -> std::cmp::Ordering {
    b.ranked.score.total_cmp(&a.ranked.score).then(a.ranked.id.cmp(&b.ranked.id))
}

/// Takes the best one by one. What serves only needs that are served already waits, and no kind takes
/// more than its places.
fn diverse(
    rule: &EquipmentRule,
    top: usize,
    asked: &Equipment<'_>,
    mut fitting: Vec<Chosen>,
) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::new();
    let mut served: BTreeSet<usize> = BTreeSet::new();
    let mut taken: BTreeMap<Option<ResourceKind>, usize> = BTreeMap::new();
    let kind = |one: &Chosen| {
        asked.contents.get(&one.ranked.id).and_then(|content| kind_of(content, asked.viewer))
    };
    while chosen.len() < top {
        let worth = |one: &Chosen| {
            let repeats = one.serves.iter().all(|one| served.contains(&one.need));
            one.ranked.score * if repeats { rule.repeat } else { 1.0 }
        };
        let free = |one: &Chosen| taken.get(&kind(one)).is_none_or(|taken| *taken < rule.per_kind);
        let mut next: Option<(usize, f64)> = None;
        for (place, one) in fitting.iter().enumerate() {
            if free(one) && next.is_none_or(|(_, highest)| worth(one) > highest) {
                next = Some((place, worth(one)));
            }
        }
        let Some((place, _)) = next else { break };
        let one = fitting.remove(place);
        *taken.entry(kind(&one)).or_insert(0) += 1;
        served.extend(one.serves.iter().map(|one| one.need));
        chosen.push(one);
    }
    chosen
}

/// How a candidate fits; `None` where nothing asks for it and it is not close enough without.
fn fit(
    lexicon: &Lexicon,
    profile: &Profile,
    asked: &Equipment<'_>,
    (needs, resources): (&[Sought<'_>], &[SoughtResource<'_>]),
    candidate: &Candidate,
) -> Option<Chosen> {
    let rule = &profile.beside.equipment;
    let content = asked.contents.get(&candidate.id)?;
    let sentences = Sentences::read(lexicon, content.texts_for(asked.viewer));
    let mut serves: Vec<(f64, ServedNeed)> = Vec::new();
    for (place, (need, terms)) in asked.wanted.iter().zip(resources).enumerate() {
        let Some(served) = serve(rule, asked, content, &sentences, place, need, terms) else {
            continue;
        };
        let of_achievement = matches!(need.asked_by, AskedBy::Achievement { .. });
        let factor = if of_achievement { profile.beside.resources.of_achievement } else { 1.0 };
        let weight = profile.beside.resources.weight(need.reason) * factor;
        serves.push((served.fit * weight, served));
    }
    serves.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.need.cmp(&b.1.need)));
    let support = sentences.support(needs, profile.coverage.need_support);
    let coverage = support.coverage;
    let fused = lexical_score(profile, &candidate.fields);
    let mut explanation = explain(profile, asked.needs, candidate, fused, support, Vec::new());
    let score = match serves.first() {
        Some((best, _)) => {
            let more = rule.more_needs * (serves.len() - 1) as f64;
            best + more + nearness(rule, asked.applicant, content)
        }
        None if coverage >= profile.beside.equipment_min_coverage => rule.unasked * coverage,
        None => return None,
    };
    let score = demote(profile, candidate, score, Some(&mut explanation));
    explanation.stages.push(StageScore { stage: Stage::Equipment, score });
    let serves: Vec<ServedNeed> = serves.into_iter().map(|(_, served)| served).collect();
    let notes = notes(asked, content, &serves);
    Some(Chosen {
        ranked: Ranked {
            id: candidate.id,
            revision: candidate.revision,
            score,
            explanation: Some(explanation),
        },
        alike: Vec::new(),
        serves,
        eligibility: Vec::new(),
        clause: None,
        notes,
    })
}

fn serve(
    rule: &EquipmentRule,
    asked: &Equipment<'_>,
    content: &Content,
    sentences: &Sentences<'_>,
    place: usize,
    need: &ResourceNeed,
    terms: &SoughtResource<'_>,
) -> Option<ServedNeed> {
    let kind = kind_factor(rule, need.kind, kind_of(content, asked.viewer))?;
    let subject = sentences.share(&terms.subject);
    let named = terms.names.iter().filter_map(|name| sentences.best(place, name));
    let named = named.reduce(|best, next| if next.support > best.support { next } else { best });
    let (evidence, fit) = match named {
        _ if terms.names.is_empty() => {
            // Its kind is its name.
            let best = sentences.best(place, &terms.subject)?;
            let fit = rule.words + rule.subject * subject;
            (subject >= rule.min_subject).then_some((best, fit))?
        }
        Some(named) if named.support >= rule.min_words => {
            let fit = rule.words * named.support + rule.subject * subject;
            (named, fit)
        }
        _ => return None,
    };
    let qualified = has_qualification(content, asked.viewer, &need.qualifications);
    let factor = if qualified { 1.0 } else { rule.unqualified };
    Some(ServedNeed {
        need: place,
        quote: evidence.quote,
        shared: evidence.shared,
        fit: kind * factor * fit,
    })
}

fn kind_of(content: &Content, viewer: Viewer) -> Option<ResourceKind> {
    let details = content.details();
    let label = details.text(Fact::Kind).filter(|_| viewer.may_see(details.tier(Fact::Kind)))?;
    ResourceKind::from_label(label)
}

/// How far a piece of this kind can stand for what is needed; `None` where it cannot.
fn kind_factor(
    rule: &EquipmentRule,
    needed: ResourceKind,
    is: Option<ResourceKind>,
) -> Option<f64> {
    let tests = |kind| {
        matches!(kind, ResourceKind::Instrument | ResourceKind::Laboratory | ResourceKind::Service)
    };
    match is {
        None => Some(rule.related_kind),
        Some(is) if is == needed => Some(1.0),
        Some(is) if tests(is) && tests(needed) => Some(rule.related_kind),
        Some(_) => None,
    }
}

/// Whether one of the qualifications that are asked for is stated, or none is asked for.
fn has_qualification(content: &Content, viewer: Viewer, asked: &[String]) -> bool {
    let details = content.details();
    let visible = viewer.may_see(details.tier(Fact::Qualifications));
    let stated: &[String] = if visible { details.list(Fact::Qualifications) } else { &[] };
    let says = |text: &str| asked.iter().any(|qualification| text.contains(qualification.as_str()));
    asked.is_empty()
        || stated.iter().any(|stated| says(stated))
        || content.texts_for(viewer).any(|(_, text)| says(text))
}

fn nearness(rule: &EquipmentRule, applicant: &Applicant, content: &Content) -> f64 {
    let near = match (content.region, applicant.region) {
        (Some(there), Some(here)) => closeness(rule, there, here),
        _ => 0.0,
    };
    let same_chain = content.chain.is_some() && content.chain == applicant.chain;
    near + if same_chain { rule.same_chain } else { 0.0 }
}

const fn closeness(rule: &EquipmentRule, there: Region, here: Region) -> f64 {
    let (there, here) = (there.number(), here.number());
    if there == here {
        rule.same_county
    } else if there / 100 == here / 100 {
        rule.same_prefecture
    } else if there / 10_000 == here / 10_000 {
        rule.same_province
    } else {
        0.0
    }
}

fn notes(asked: &Equipment<'_>, content: &Content, serves: &[ServedNeed]) -> Vec<String> {
    let details = content.details();
    let visible = |fact: Fact| asked.viewer.may_see(details.tier(fact));
    let mut notes = Vec::new();
    if let Some(condition) = details.text(Fact::Condition)
        && condition != "正常"
        && visible(Fact::Condition)
    {
        notes.push(format!("设备状态为“{condition}”，请先与持有单位确认何时可用"));
    }
    if details.is(Fact::AvoidCompetitors) && visible(Fact::AvoidCompetitors) {
        notes.push("持有单位回避竞争对手，预约时须说明身份".to_owned());
    }
    let mut missing: Vec<&str> = Vec::new();
    for served in serves {
        let Some(need) = asked.wanted.get(served.need) else { continue };
        if !has_qualification(content, asked.viewer, &need.qualifications) {
            missing.extend(need.qualifications.iter().map(String::as_str));
        }
    }
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        notes.push(format!("记录未写明 {} 资质，请先核实报告是否有效", missing.join("、")));
    }
    if serves.is_empty() {
        notes.push("没有读出对这类资源的明确需要，仅因内容相近列出".to_owned());
    }
    notes
}

//! What resources a demand and its best achievements need.

use kechuang_domain::{
    AskedBy, Basis, Fact, Quote, Record, RecordId, ResourceKind, ResourceNeed, ResourceReason,
    Span, TextField, Viewer,
};
use kechuang_ranking::beside::ResourceRule;
use kechuang_reading::{FoundResource, PartRole, Voice, read_measures, read_resources};

use crate::{Rules, source::ReadSource};

/// A resource that is needed, with what it is looked for by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) need: ResourceNeed,
    /// Names of the resource; none where only its subject tells.
    pub(crate) names: Vec<String>,
    /// What it is for.
    pub(crate) subject: String,
}

/// Reads the demand, then the achievements that answer it best. What is asked for in so many words comes
/// before what is concluded.
pub(crate) fn wanted(
    rules: &Rules,
    rule: &ResourceRule,
    source: &ReadSource,
    answers: &[&Record],
    viewer: Viewer,
) -> Vec<Wanted> {
    let mut all = Vec::new();
    of_source(rules, source, &mut all);
    for answer in answers {
        of_achievement(rules, rule, answer, viewer, &mut all);
    }
    measured(rules, source, answers, viewer, &mut all);
    all.truncate(rule.limit);
    all
}

/// Keeps a need, unless the same instrument is there already, or, where it has no name, the same kind by
/// the same asker: a demand that speaks of its pilot test three times needs one line.
fn keep(all: &mut Vec<Wanted>, next: Wanted) {
    let same = all.iter_mut().find(|known| {
        known.need.kind == next.need.kind
            && known.names == next.names
            && (!next.names.is_empty() || asker(known) == asker(&next))
    });
    match same {
        Some(known) => {
            for qualification in next.need.qualifications {
                if !known.need.qualifications.contains(&qualification) {
                    known.need.qualifications.push(qualification);
                }
            }
        }
        None => all.push(next),
    }
}

/// Which achievement asks; none for the demand itself.
const fn asker(wanted: &Wanted) -> Option<RecordId> {
    match wanted.need.asked_by {
        AskedBy::Achievement { record, .. } => Some(record),
        AskedBy::Source { .. } | AskedBy::SourceFact { .. } => None,
    }
}

fn wanted_from(found: FoundResource, subject: &str, asked_by: AskedBy) -> Wanted {
    let names = found.words.split_whitespace().map(str::to_owned);
    let (names, subject) = if found.is_named {
        (names.collect(), subject.to_owned())
    } else {
        (Vec::new(), format!("{subject} {}", found.words))
    };
    let need = ResourceNeed {
        kind: found.kind,
        what: found.what,
        qualifications: found.qualifications,
        reason: found.reason,
        asked_by,
    };
    Wanted { need, names, subject }
}

fn of_source(rules: &Rules, source: &ReadSource, all: &mut Vec<Wanted>) {
    let text = &source.source.text;
    let subject = subject_of(source);
    for (span, voice) in segments(source) {
        let Some(words) = span.of(text) else { continue };
        for found in read_resources(&rules.lexicon, &rules.resources, words, voice) {
            let span = found.span.shifted(span.start);
            let Some(said) = span.of(text) else { continue };
            let asked_by = AskedBy::Source { span, text: said.to_owned() };
            keep(all, wanted_from(found, subject, asked_by));
        }
    }
    let asks_for_pilot = all.iter().any(|one| one.need.kind == ResourceKind::PilotLine);
    if source.category.as_deref() == Some("中试") && !asks_for_pilot {
        let need = ResourceNeed {
            kind: ResourceKind::PilotLine,
            what: "中试".to_owned(),
            qualifications: Vec::new(),
            reason: ResourceReason::Asked,
            asked_by: AskedBy::SourceFact { fact: Fact::Category, value: "中试".to_owned() },
        };
        all.push(Wanted { need, names: Vec::new(), subject: subject.to_owned() });
    }
}

/// What the demand is about.
fn subject_of(source: &ReadSource) -> &str {
    let title = source.title();
    if title.is_empty() { &source.source.title } else { title }
}

/// The pieces of the demand's text, each with how it speaks.
fn segments(source: &ReadSource) -> Vec<(Span, Voice)> {
    let list = source.resources_at;
    let mut segments: Vec<_> = list.into_iter().map(|list| (list, Voice::List)).collect();
    for part in &source.parts {
        let voice = if part.role == PartRole::Background { Voice::Report } else { Voice::Demand };
        match list.filter(|list| part.span.start < list.end && list.start < part.span.end) {
            Some(list) => segments.extend([
                (Span { start: part.span.start, end: list.start.max(part.span.start) }, voice),
                (Span { start: list.end.min(part.span.end), end: part.span.end }, voice),
            ]),
            None => segments.push((part.span, voice)),
        }
    }
    // A title says least of what is needed for it.
    segments.push((Span { start: 0, end: source.title_end }, Voice::Demand));
    segments
}

fn of_achievement(
    rules: &Rules,
    rule: &ResourceRule,
    answer: &Record,
    viewer: Viewer,
    all: &mut Vec<Wanted>,
) {
    const READ: [(TextField, Voice); 3] = [
        (TextField::NeededResources, Voice::List),
        (TextField::Body, Voice::Report),
        (TextField::TrlEvidence, Voice::Report),
    ];
    let title = answer.content.title_for(viewer);
    let asked_by = |basis| AskedBy::Achievement {
        record: answer.id,
        revision: answer.revision,
        title: title.to_owned(),
        basis,
    };
    let mut asks_for_pilot = false;
    for (field, voice) in READ {
        let Some(text) = answer.content.text_for(viewer, field) else { continue };
        for found in read_resources(&rules.lexicon, &rules.resources, text, voice) {
            let Some(quote) = Quote::cut(field, text, found.span) else { continue };
            asks_for_pilot |= found.kind == ResourceKind::PilotLine;
            keep(all, wanted_from(found, title, asked_by(Basis::Text(quote))));
        }
    }
    if let Some(basis) = unready(rule, answer, viewer).filter(|_| !asks_for_pilot) {
        let need = ResourceNeed {
            kind: ResourceKind::PilotLine,
            what: "中试".to_owned(),
            qualifications: Vec::new(),
            reason: ResourceReason::Readiness,
            asked_by: asked_by(basis),
        };
        keep(all, Wanted { need, names: Vec::new(), subject: title.to_owned() });
    }
}

/// What says that a result has yet to go through a pilot line.
fn unready(rule: &ResourceRule, answer: &Record, viewer: Viewer) -> Option<Basis> {
    let details = answer.content.details();
    let stated = |fact: Fact| {
        let value = details.get(fact).filter(|_| viewer.may_see(details.tier(fact)))?;
        Some(Basis::Fact { fact, value: fact.to_cell(value) })
    };
    match details.whole(Fact::Trl).filter(|_| viewer.may_see(details.tier(Fact::Trl))) {
        Some(level) => (level <= rule.pilot_trl).then(|| stated(Fact::Trl))?,
        None if matches!(details.text(Fact::Stage), Some("初期" | "中期")) => {
            stated(Fact::Stage)
        }
        None => None,
    }
}

/// What has to be measured: first the demand's indicators, then those of the achievements.
fn measured(
    rules: &Rules,
    source: &ReadSource,
    answers: &[&Record],
    viewer: Viewer,
    all: &mut Vec<Wanted>,
) {
    let mut read = |words: &str, subject: &str, asked_by: &dyn Fn() -> AskedBy| {
        for found in read_measures(&rules.lexicon, &rules.resources, words) {
            keep(all, wanted_from(found, subject, asked_by()));
        }
    };
    let subject = subject_of(source);
    for need in source.needs.iter().filter(|need| !need.indicators.is_empty()) {
        read(&need.text, subject, &|| AskedBy::Source { span: need.span, text: need.text.clone() });
    }
    for target in &source.targets {
        read(&target.indicator, subject, &|| AskedBy::SourceFact {
            fact: Fact::Targets,
            value: format!("{}{}", target.indicator, target.stated),
        });
    }
    for answer in answers {
        let details = answer.content.details();
        if !viewer.may_see(details.tier(Fact::Measured)) {
            continue;
        }
        let title = answer.content.title_for(viewer);
        for row in details.indicators(Fact::Measured) {
            read(&row.indicator, title, &|| AskedBy::Achievement {
                record: answer.id,
                revision: answer.revision,
                title: title.to_owned(),
                basis: Basis::Fact {
                    fact: Fact::Measured,
                    value: format!("{}{}", row.indicator, row.stated),
                },
            });
        }
    }
}

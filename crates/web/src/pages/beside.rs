//! What stands beside the achievements on the page of a match: equipment with the needs it serves,
//! policies with their eligibility and the clause that grants something.

use kechuang_domain::{
    AskedBy, Basis, EligibilityCheck, Library, Match, MatchOutcome, Quote, RecordId, ResourceNeed,
    Verdict,
};

use crate::names::Names;

/// Needs of one piece of equipment that are shown, at most.
const SERVED_SHOWN: usize = 3;

/// Equipment and policies of one run.
pub(super) struct Beside<'a> {
    pub(super) equipment: Vec<EquipmentLine<'a>>,
    pub(super) unmet: Vec<AskedLine<'a>>,
    pub(super) policies: Vec<PolicyLine<'a>>,
}

/// A piece of equipment.
pub(super) struct EquipmentLine<'a> {
    pub(super) found: &'a Match,
    pub(super) place: Option<String>,
    pub(super) served: Vec<ServedLine<'a>>,
    pub(super) more: usize,
    /// The best sentence, where no need is served.
    pub(super) quote: Option<&'a str>,
}

/// A need with the words of the equipment that answer it.
pub(super) struct ServedLine<'a> {
    pub(super) asked: AskedLine<'a>,
    pub(super) field: &'static str,
    pub(super) quote: &'a str,
}

/// A resource need in the words that state it.
pub(super) struct AskedLine<'a> {
    pub(super) kind: &'static str,
    pub(super) what: String,
    pub(super) reason: &'static str,
    pub(super) words: String,
    /// The achievement that says so; none for the demand itself.
    pub(super) by: Option<(RecordId, &'a str)>,
}

/// A policy.
pub(super) struct PolicyLine<'a> {
    pub(super) found: &'a Match,
    pub(super) place: Option<String>,
    pub(super) chain: Option<String>,
    pub(super) clause: Option<ClauseLine<'a>>,
    pub(super) checks: Vec<CheckLine<'a>>,
}

/// What a policy grants.
pub(super) struct ClauseLine<'a> {
    pub(super) heading: String,
    pub(super) quote: &'a str,
    pub(super) facts: String,
}

/// One point of eligibility.
pub(super) struct CheckLine<'a> {
    pub(super) passes: bool,
    pub(super) check: &'static str,
    pub(super) message: &'a str,
    pub(super) basis: Option<String>,
}

impl<'a> Beside<'a> {
    pub(super) fn new(outcome: &'a MatchOutcome, names: &Names) -> Self {
        let needs = &outcome.resource_needs;
        let unmet = outcome.unmet_resources.iter().filter_map(|need| needs.get(*need));
        Self {
            equipment: outcome
                .list(Library::Equipment)
                .iter()
                .map(|found| equipment(found, needs, names))
                .collect(),
            unmet: unmet.map(asked).collect(),
            policies: outcome
                .list(Library::Policy)
                .iter()
                .map(|found| policy(found, names))
                .collect(),
        }
    }
}

fn equipment<'a>(found: &'a Match, needs: &'a [ResourceNeed], names: &Names) -> EquipmentLine<'a> {
    let served = found.serves.iter().filter_map(|served| {
        Some(ServedLine {
            asked: asked(needs.get(served.need)?),
            field: served.quote.field.label(),
            quote: served.quote.text(),
        })
    });
    let evidence = found.explanation.evidence.first();
    EquipmentLine {
        found,
        place: found.region.map(|region| names.region(region)),
        served: served.take(SERVED_SHOWN).collect(),
        more: found.serves.len().saturating_sub(SERVED_SHOWN),
        quote: evidence.filter(|_| found.serves.is_empty()).map(|one| one.quote.text()),
    }
}

fn asked(need: &ResourceNeed) -> AskedLine<'_> {
    let unsaid: Vec<&str> = need
        .qualifications
        .iter()
        .map(String::as_str)
        .filter(|qualification| !need.what.contains(qualification))
        .collect();
    let what = if unsaid.is_empty() {
        need.what.clone()
    } else {
        format!("{}（{}）", need.what, unsaid.join("、"))
    };
    AskedLine {
        kind: need.kind.label(),
        what,
        reason: need.reason.label(),
        words: need.asked_by.words(),
        by: match &need.asked_by {
            AskedBy::Achievement { record, title, .. } => Some((*record, title)),
            AskedBy::Source { .. } | AskedBy::SourceFact { .. } => None,
        },
    }
}

fn policy<'a>(found: &'a Match, names: &Names) -> PolicyLine<'a> {
    PolicyLine {
        found,
        place: found.region.map(|region| names.region(region)),
        chain: found.chain.as_ref().map(|chain| names.chain(chain)),
        clause: found.clause.as_ref().map(|clause| {
            let named = |quote: &Quote| match (clause.clause.as_str(), clause.title.as_str()) {
                ("", "") => quote.field.label().to_owned(),
                (number, title) => format!("{number} {title}").trim().to_owned(),
            };
            let mut facts = Vec::new();
            facts.extend(clause.cap.map(|cap| format!("最高 {} 万元", cap.wan_yuan())));
            facts.extend(match (clause.window_from, clause.window_until) {
                (Some(from), Some(until)) => Some(format!("申报 {from} 至 {until}")),
                (Some(from), None) => Some(format!("申报自 {from} 起")),
                (None, Some(until)) => Some(format!("申报截至 {until}")),
                (None, None) => None,
            });
            ClauseLine {
                heading: named(&clause.quote),
                quote: clause.quote.text(),
                facts: facts.join("；"),
            }
        }),
        checks: found.eligibility.iter().map(|check| check_line(check, names)).collect(),
    }
}

fn check_line<'a>(check: &'a EligibilityCheck, names: &Names) -> CheckLine<'a> {
    CheckLine {
        passes: check.verdict == Verdict::Pass,
        check: check.check.label(),
        message: &check.message,
        basis: check.basis.as_ref().map(|basis| match basis {
            Basis::Text(quote) => format!("“{}”", quote.text()),
            Basis::Fact { .. } => basis.words(),
            Basis::Region(region) => format!("适用区域：{}", names.region(*region)),
            Basis::Chain(chain) => format!("产业链：{}", names.chain(chain)),
        }),
    }
}

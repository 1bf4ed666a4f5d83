//! Which policies the source's owner may use, the nearest first.

use std::collections::BTreeMap;

use kechuang_domain::{
    Applicant, CheckKind, Content, Date, EligibilityCheck, Need, RecordId, Region, Stage,
    StageScore, Verdict, Viewer,
};
use kechuang_text::Lexicon;

use crate::{
    Candidate, Chosen, NeedTerms, Profile, RankInput, Ranked, WantedSupport,
    beside::PolicyRule,
    clause::{ClauseChoice, best_clause},
    eligibility::{check, excludes},
    evidence::Sentences,
    fusion::{closeness, lexical_score},
    rank::{demote, explain},
    sought::Sought,
};

/// What policies are chosen by, beside the profile.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'a> {
    /// What the demand needs.
    pub needs: &'a [Need],
    /// Candidates of the policy library, with the words of `needs`.
    pub input: &'a RankInput,
    /// What the candidates say; those that are not here are not read.
    pub contents: &'a BTreeMap<RecordId, &'a Content>,
    /// Who would apply.
    pub applicant: &'a Applicant,
    /// What kind of support fits.
    pub wanted: &'a WantedSupport,
    /// Coverage below which a policy that says nothing of the demand's kind is not shown.
    pub min_coverage: f64,
    /// The day that counts.
    pub today: Date,
    /// On whose behalf.
    pub viewer: Viewer,
}

/// Chooses at most `beside.policy_top` policies, best first, each with its checks and the clause that
/// grants something. One with a failed check is not among them.
#[must_use]
pub fn choose_policies(lexicon: &Lexicon, profile: &Profile, asked: &Policies<'_>) -> Vec<Chosen> {
    let terms = together(&asked.input.needs);
    let sought = Sought::all(lexicon, &asked.input.needs);
    let whole = Sought::of(lexicon, &terms);
    let close = closeness(profile, &asked.input.candidates);
    let mut chosen: Vec<Chosen> = asked
        .input
        .candidates
        .iter()
        .zip(close)
        .filter_map(|(candidate, close)| {
            fit(lexicon, profile, asked, &sought, &whole, candidate, close)
        })
        .collect();
    chosen.sort_by(|a, b| {
        b.ranked.score.total_cmp(&a.ranked.score).then(a.ranked.id.cmp(&b.ranked.id))
    });
    chosen.truncate(profile.beside.policy_top);
    chosen
}

/// The words of all needs; one that stands in several counts once.
fn together(needs: &[NeedTerms]) -> NeedTerms {
    let mut weights = BTreeMap::new();
    for need in needs {
        weights.extend(need.weights.iter().map(|(word, weight)| (word.clone(), *weight)));
    }
    NeedTerms { weights }
}

fn fit(
    lexicon: &Lexicon,
    profile: &Profile,
    asked: &Policies<'_>,
    needs: &[Sought<'_>],
    whole: &Sought<'_>,
    candidate: &Candidate,
    close: f64,
) -> Option<Chosen> {
    let rule = &profile.beside.policy;
    let policy = *asked.contents.get(&candidate.id)?;
    let mut checks = check(policy, asked.viewer, asked.applicant, asked.today);
    if excludes(&checks) {
        return None;
    }
    let sentences = Sentences::read(lexicon, policy.texts_for(asked.viewer));
    let support = sentences.support(needs, profile.coverage.need_support);
    let choice = ClauseChoice {
        rule,
        policy,
        viewer: asked.viewer,
        applicant: asked.applicant,
        today: asked.today,
        wanted: asked.wanted,
        sought: whole,
        sentences: &sentences,
    };
    let clause = match best_clause(&choice) {
        Ok(Some((clause, more))) => {
            join(&mut checks, more);
            Some(clause)
        }
        Ok(None) => None,
        Err(()) => return None,
    };
    let category = category(asked, policy);
    // Of a chain that may not be theirs, only what is close is worth a look.
    let for_all = policy.chain.is_none() || policy.chain == asked.applicant.chain;
    if support.coverage < asked.min_coverage && !(for_all && category >= 1.0) {
        return None;
    }
    let score = rule.words * close
        + rule.coverage * support.coverage
        + specificity(rule, asked.applicant, policy)
        + rule.category * category
        - if is_closed(&checks) { rule.closed_window } else { 0.0 };
    let fused = lexical_score(profile, &candidate.fields);
    let mut explanation = explain(profile, asked.needs, candidate, fused, support, Vec::new());
    let score = demote(profile, candidate, score, Some(&mut explanation));
    explanation.stages.push(StageScore { stage: Stage::Policy, score });
    let notes = notes(&checks);
    Some(Chosen {
        ranked: Ranked {
            id: candidate.id,
            revision: candidate.revision,
            score,
            explanation: Some(explanation),
        },
        alike: Vec::new(),
        serves: Vec::new(),
        eligibility: checks,
        clause,
        notes,
    })
}

/// Adds a clause's checks. Where a policy and its clause speak of the window, the clause's counts.
fn join(checks: &mut Vec<EligibilityCheck>, more: Vec<EligibilityCheck>) {
    if more.iter().any(|check| check.check == CheckKind::Window) {
        checks.retain(|check| check.check != CheckKind::Window);
    }
    checks.extend(more);
    checks.sort_by_key(|check| check.check);
}

/// How well the policy's title, support and clauses fit the demand's kind.
fn category(asked: &Policies<'_>, policy: &Content) -> f64 {
    use kechuang_domain::{Fact, TextField};
    let details = policy.details();
    let kinds: &[String] = if asked.viewer.may_see(details.tier(Fact::SupportKinds)) {
        details.list(Fact::SupportKinds)
    } else {
        &[]
    };
    [TextField::Title, TextField::Support]
        .into_iter()
        .filter_map(|field| policy.text_for(asked.viewer, field))
        .map(|text| asked.wanted.fit(text, kinds))
        .fold(0.0, f64::max)
}

/// What a policy for the applicant's own chain and place gains over one for all.
fn specificity(rule: &PolicyRule, applicant: &Applicant, policy: &Content) -> f64 {
    let chain =
        if policy.chain.is_some() && policy.chain == applicant.chain { rule.chain } else { 0.0 };
    let place = match (policy.region, applicant.region) {
        (Some(applies), Some(sits)) if applies.contains(sits) => of_place(rule, applies),
        _ => 0.0,
    };
    chain + place
}

const fn of_place(rule: &PolicyRule, place: Region) -> f64 {
    let number = place.number();
    if number == 100_000 {
        0.0
    } else if number.is_multiple_of(10_000) {
        rule.province
    } else if number.is_multiple_of(100) {
        rule.prefecture
    } else {
        rule.county
    }
}

fn window(checks: &[EligibilityCheck]) -> Option<&EligibilityCheck> {
    checks.iter().find(|check| check.check == CheckKind::Window)
}

fn is_closed(checks: &[EligibilityCheck]) -> bool {
    window(checks).is_some_and(|check| check.verdict != Verdict::Pass)
}

fn notes(checks: &[EligibilityCheck]) -> Vec<String> {
    window(checks)
        .filter(|check| check.verdict != Verdict::Pass)
        .map(|check| check.message.clone())
        .into_iter()
        .collect()
}

//! From the best achievements to the equipment that they and the demand need, and to the policies that
//! the demand's owner may use.

use kechuang_domain::{AskedBy, Date, Library, MatchRequest, Record, ResourceKind, ResourceReason};
use kechuang_index::{Analyser, Snapshot};
use kechuang_ranking::{Profile, Ranked, ResourceTerms, WantedSupport, resource_terms};

use crate::{
    Engine, Result,
    hydrate::Records,
    recall::{Scope, SourceWords, choose_terms, recall},
    recalled::Recalled,
    resources::{Wanted, wanted},
    scores::Beside,
    source::ReadSource,
};

impl Engine {
    /// What equipment and policies are to be chosen by, and what recall found of both.
    ///
    /// # Errors
    /// What the index says.
    #[expect(clippy::too_many_arguments, reason = "the second step starts from all of the first")]
    pub(crate) fn recall_beside(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: &ReadSource,
        words: &SourceWords,
        answers: &[Ranked],
        records: &Records,
        today: Date,
    ) -> Result<(Beside, [Recalled; 2])> {
        let rule = &profile.beside.resources;
        let answers = best_answers(profile, answers, records);
        let wanted = wanted(self.rules(), rule, source, &answers, request.viewer);
        let mut terms = Vec::with_capacity(wanted.len());
        for one in &wanted {
            terms.push(self.terms_of(snapshot, profile, one)?);
        }
        let support = self.support_of(source, &wanted);
        let for_equipment = words.led_by(self.lexicon(), &resource_words(&wanted));
        let for_policies = words.followed_by(self.lexicon(), &support.words.join(" "));
        let head = profile.beside.head;
        let recalled = |library, words: &SourceWords| {
            let terms = choose_terms(self.lexicon(), snapshot, profile, library, words)?;
            let scope = Scope { library, region: None, closed: None, also: None };
            let found = recall(snapshot, profile, &terms, scope)?.candidates;
            Ok::<_, crate::MatchError>(Recalled { head, ..Recalled::of(library, found) })
        };
        let recalled = [
            recalled(Library::Equipment, for_equipment.as_ref().unwrap_or(words))?,
            recalled(Library::Policy, for_policies.as_ref().unwrap_or(words))?,
        ];
        let beside = Beside {
            today,
            applicant: source.applicant.clone(),
            resources: wanted.into_iter().map(|one| one.need).collect(),
            resource_terms: terms,
            support,
        };
        Ok((beside, recalled))
    }

    fn terms_of(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        wanted: &Wanted,
    ) -> Result<ResourceTerms> {
        let names = wanted.names.iter().map(String::as_str);
        let idf = |word: &str| snapshot.idf(Library::Equipment, Analyser::Words, word);
        let generic_weight = profile.coverage.generic_weight;
        Ok(resource_terms(self.lexicon(), names, &wanted.subject, generic_weight, idf)?)
    }

    /// The support that fits the demand's kind and the resources it asks for.
    fn support_of(&self, source: &ReadSource, wanted: &[Wanted]) -> WantedSupport {
        let asked = wanted.iter().filter(|one| {
            one.need.reason == ResourceReason::Asked
                && !matches!(one.need.asked_by, AskedBy::Achievement { .. })
        });
        let of_resources = asked.map(|one| match one.need.kind {
            ResourceKind::PilotLine => "中试",
            ResourceKind::Instrument | ResourceKind::Laboratory | ResourceKind::Service => "检测",
            ResourceKind::Computing => "算力",
        });
        self.rules().support.wanted(source.category.as_deref().into_iter().chain(of_resources))
    }
}

/// The achievements that answer well enough to say what is needed next.
fn best_answers<'a>(
    profile: &Profile,
    answers: &[Ranked],
    records: &'a Records,
) -> Vec<&'a Record> {
    let rule = &profile.beside.resources;
    answers
        .iter()
        .take(rule.answers)
        .filter(|answer| {
            let coverage = answer.explanation.as_ref().map_or(0.0, |why| why.coverage);
            coverage >= rule.answer_coverage
        })
        .filter_map(|answer| records.get(&answer.id).map(|stored| &stored.record))
        .collect()
}

/// The words that equipment is looked for by, beside the demand's own.
fn resource_words(wanted: &[Wanted]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for one in wanted {
        words.push(one.need.kind.label());
        if one.names.is_empty() {
            words.push(&one.subject);
        }
        words.extend(one.names.iter().map(String::as_str));
    }
    words.join(" ")
}

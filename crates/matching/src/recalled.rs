//! A list on its way from recall to ranking: how far it is read, and in which order.

use std::collections::HashSet;

use kechuang_domain::{Library, MatchRequest, MatchedSource, RecordId};
use kechuang_ranking::{Candidate, Profile, fusion::fuse};

use crate::{
    Engine, Result,
    hydrate::{self, Asker, Records, can_answer},
};

/// What recall found in one library.
pub(crate) struct Recalled {
    pub(crate) library: Library,
    pub(crate) found: Vec<Candidate>,
    /// How many of them are wanted, then how many were read to find them.
    pub(crate) head: usize,
    /// Which of them the learned order may put elsewhere; it has to read them first.
    pub(crate) titles_alone: HashSet<RecordId>,
    /// How many the learned order has put first.
    pub(crate) ordered: usize,
}

impl Recalled {
    /// A list of which nothing is wanted yet.
    pub(crate) fn of(library: Library, found: Vec<Candidate>) -> Self {
        Self { library, found, head: 0, titles_alone: HashSet::new(), ordered: 0 }
    }

    /// How many to read, from the first: what is wanted, and as far as the learned order has something to do.
    fn to_read(&self, profile: &Profile) -> usize {
        let deep = &self.found[..profile.learned.depth.min(self.found.len())];
        let last = deep.iter().rposition(|one| self.titles_alone.contains(&one.id));
        self.head.max(last.map_or(0, |last| last + 1)).min(self.found.len())
    }
}

impl Engine {
    /// Reads a list until the best of those that fit are all read. What is past its day, meant for others or
    /// not there any more is taken out, and the rest is put in order again without it: what nobody may see
    /// must not shape what they see.
    pub(crate) async fn hydrate_head(
        &self,
        profile: &Profile,
        mut part: Recalled,
        asker: Asker<'_>,
        records: &mut Records,
    ) -> Result<Recalled> {
        loop {
            let head = part.to_read(profile);
            let unread: HashSet<RecordId> = part.found[..head]
                .iter()
                .map(|one| one.id)
                .filter(|id| !records.get(id).is_some_and(|stored| can_answer(stored, asker)))
                .collect();
            if unread.is_empty() {
                part.head = head;
                return Ok(part);
            }
            let new = unread.iter().copied().filter(|id| !records.contains_key(id));
            records.extend(hydrate::newest(self.store(), new, asker.viewer).await?);
            let fits = |id: &RecordId| {
                !unread.contains(id)
                    || records.get(id).is_some_and(|stored| can_answer(stored, asker))
            };
            part.found.retain(|one| fits(&one.id));
            part.found = in_fused_order(profile, part.found);
        }
    }
}

/// How many of a main list are read and explained, from the first: of a closed set all.
pub(crate) fn explained(profile: &Profile, request: &MatchRequest, found: &[Candidate]) -> usize {
    match request.candidates {
        Some(_) => found.len(),
        None => {
            let deep = if request.neighbours > 0 { profile.neighbours.depth } else { 0 };
            request.top.max(profile.coverage.head).max(deep).min(found.len())
        }
    }
}

pub(crate) fn in_fused_order(profile: &Profile, found: Vec<Candidate>) -> Vec<Candidate> {
    let fused = fuse(profile, &found);
    let mut ordered: Vec<_> = fused.into_iter().zip(found).collect();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    ordered.into_iter().map(|(_, candidate)| candidate).collect()
}

/// A demand asks achievements; an achievement asks demands.
pub(crate) const fn main_library(source: Library) -> Library {
    match source {
        Library::Achievement => Library::Demand,
        Library::Demand | Library::Equipment | Library::Policy => Library::Achievement,
    }
}

/// How many matches of a library are shown, and from which coverage on.
pub(crate) const fn shown(
    profile: &Profile,
    request: &MatchRequest,
    source: &MatchedSource,
    library: Library,
) -> (usize, f64) {
    match library {
        Library::Achievement | Library::Demand => (request.top, 0.0),
        Library::Equipment => (profile.beside.equipment_top, profile.beside.equipment_min_coverage),
        // A policy for the source's own chain fits by that alone.
        Library::Policy if source.chain.is_some() => (profile.beside.policy_top, 0.0),
        Library::Policy => (profile.beside.policy_top, profile.beside.policy_min_coverage),
    }
}

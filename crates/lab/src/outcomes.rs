//! Judgements that an installation has made itself: what became of its matches.
//!
//! A contract says level 4, a proposal that was taken up or talked over level 3, one that was turned down for what it
//! is level 1. Reasons that say nothing of whether it answers (too dear, too late) say nothing here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use kechuang_domain::{EventKind, Library, Record, RecordId, Status, TextField, Viewer};
use kechuang_eval::Level;
use kechuang_store::{Outcome, Store, StoredRecord};
use serde_json::{Map, Value};

use crate::{Bench, LabError, Result};

/// Records read at a time.
const PAGE: i64 = 500;

/// Achievements beside the judged ones, at most: what else might have been found.
const MOST_ACHIEVEMENTS: usize = 20_000;

/// Words of reasons that are not about whether the record answers.
const OTHER_REASONS: [&str; 15] = [
    "价格",
    "费用",
    "报价",
    "预算",
    "资金",
    "周期",
    "时间",
    "工期",
    "档期",
    "人手",
    "地域",
    "距离",
    "联系不上",
    "暂停",
    "撤回",
];

/// Writes what became of matches as a benchmark into an empty folder, and opens it.
///
/// # Errors
/// [`LabError::Bench`] where nothing was taken up or turned down yet; what the store and the folder say.
pub async fn bench_of_outcomes(store: &Store, folder: &Path) -> Result<Bench> {
    let levels = levels(&store.outcomes().await?);
    if levels.is_empty() {
        return Err(nothing());
    }
    let judged: BTreeSet<RecordId> =
        levels.keys().flat_map(|(demand, record)| [*demand, *record]).collect();
    let mut lines = [String::new(), String::new()];
    let mut written = [BTreeSet::new(), BTreeSet::new()];
    let mut last = None;
    loop {
        let page = store.records_after(last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.record.id);
        for StoredRecord { record, .. } in &page {
            let is_judged = judged.contains(&record.id);
            let is_wanted = match record.library() {
                Library::Demand => is_judged,
                Library::Achievement => {
                    let has_room = written[1].len() < MOST_ACHIEVEMENTS;
                    is_judged || has_room && record.status == Status::Active
                }
                Library::Equipment | Library::Policy => false,
            };
            // A record without a public title could not be taken in.
            if is_wanted && record.content.text_for(Viewer::Public, TextField::Title).is_some() {
                let at = usize::from(record.library() == Library::Achievement);
                lines[at].push_str(&line(record));
                written[at].insert(record.id);
            }
        }
    }
    // Matches may start from an achievement, too, and records may be gone.
    let is_there = |(demand, record): &(RecordId, RecordId)| {
        written[0].contains(demand) && written[1].contains(record)
    };
    let qrels: String = levels
        .iter()
        .filter(|(pair, _)| is_there(pair))
        .map(|((demand, record), level)| format!("{demand}\t{record}\t{}\n", level.number()))
        .collect();
    if qrels.is_empty() {
        return Err(nothing());
    }
    let [demands, achievements] = lines;
    for (name, text) in
        [("demands.jsonl", demands), ("achievements.jsonl", achievements), ("qrels.tsv", qrels)]
    {
        let failed = |error| LabError::Bench(format!("{name} 写不下：{error}"));
        fs::write(folder.join(name), text).map_err(failed)?;
    }
    Bench::open(folder)
}

fn nothing() -> LabError {
    LabError::Bench(
        "库中还没有可用的结果：须有从需求记录发起的匹配，且其中的成果已被接受、拒绝或签约"
            .to_owned(),
    )
}

/// The level of each pair of demand and achievement: the best that came of it.
fn levels(outcomes: &[Outcome]) -> BTreeMap<(RecordId, RecordId), Level> {
    let mut levels = BTreeMap::new();
    for outcome in outcomes {
        if let Some(level) = level(outcome.kind, outcome.reason.as_deref()) {
            let pair = (outcome.source, outcome.record);
            let best = levels.entry(pair).or_insert(level);
            *best = level.max(*best);
        }
    }
    levels
}

fn level(kind: EventKind, reason: Option<&str>) -> Option<Level> {
    match kind {
        EventKind::Contracted => Some(Level::Strong),
        EventKind::Accepted | EventKind::Met => Some(Level::FairlyStrong),
        EventKind::Declined => {
            let reason = reason.unwrap_or_default();
            let is_other = OTHER_REASONS.iter().any(|word| reason.contains(word));
            (!is_other).then_some(Level::Unrelated)
        }
        EventKind::Matched | EventKind::Seen | EventKind::Replied => None,
    }
}

/// A record as a line of JSON, as far as everybody may see it.
fn line(record: &Record) -> String {
    let mut row = Map::new();
    row.insert("id".to_owned(), record.id.to_string().into());
    for (field, text) in record.content.texts_for(Viewer::Public) {
        let name = if field == TextField::Title { "title" } else { field.code() };
        row.insert(name.to_owned(), text.into());
    }
    format!("{}\n", Value::Object(row))
}

#[cfg(test)]
mod tests {
    use kechuang_domain::EventKind::{Accepted, Contracted, Declined, Seen};
    use kechuang_eval::Level::{FairlyStrong, Strong, Unrelated};

    use super::level;

    #[test]
    fn what_became_of_a_match_says_how_well_it_answered() {
        for (kind, reason, expected) in [
            (Contracted, None, Some(Strong)),
            (Accepted, None, Some(FairlyStrong)),
            (Declined, Some("技术路线不符"), Some(Unrelated)),
            (Declined, None, Some(Unrelated)),
            (Declined, Some("报价超出预算"), None),
            (Seen, None, None),
        ] {
            assert_eq!(level(kind, reason), expected, "{kind:?} {reason:?}");
        }
    }
}

//! Finding records that say the same, in the batch that has just been saved and in the whole library.
//!
//! Exact ones are linked: the earliest stands for all, and every record keeps its own source and place.
//! Near ones are offered to a person. `text::near` finds and compares; what it measures is in
//! `benches/README.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kechuang_domain::{
    Date, Fact, Library, Record, RecordId, Status, Step, TextField, Timestamp, Viewer, Watch,
};
use kechuang_store::{ClaimedJob, DuplicatePair, RecordKeys, SaveKind, Saved, Store};
use kechuang_text::near::{Fingerprint, Text, Verdict, compare};
use serde::{Deserialize, Serialize};

use crate::{IngestRules, Ingested, Linking, Result, Worked};

/// Facts that tell two things apart however alike their texts are.
const IDENTITY: [Fact; 7] = [
    Fact::RegistrationNumber,
    Fact::Doi,
    Fact::Cstr,
    Fact::AssetNumber,
    Fact::Site,
    Fact::DocumentNumber,
    Fact::OwnerCode,
];

/// What a job of comparing works on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    library: Library,
    records: Vec<RecordId>,
}

impl Payload {
    /// The records of a batch that are new or say something new.
    pub(crate) fn of(library: Library, saved: &[Saved]) -> Option<Self> {
        let changed = saved.iter().filter(|one| one.kind != SaveKind::Unchanged);
        let records: BTreeSet<RecordId> = changed.map(|one| one.id).collect();
        (!records.is_empty()).then(|| Self { library, records: records.into_iter().collect() })
    }
}

/// What comparing has found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Records that were put behind an earlier one that says the same.
    pub linked: usize,
    /// Pairs that were offered to a person.
    pub offered: usize,
}

/// Compares the records of one job with their library.
pub(crate) async fn find(
    store: &Store,
    rules: &IngestRules,
    job: &ClaimedJob,
    now: Timestamp,
    watch: &Watch,
) -> Result<Worked> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let linking = rules.linking.as_ref();
    let mut batch = Batch::default();
    if let Some(linking) = linking {
        batch.today = now.china_date();
        batch.read(store, linking, &payload).await?;
    }
    watch.reached(Step::Compared);
    let (same, alike) = batch.pairs();
    let compared = Compared { linked: same.len(), offered: alike.len() };
    let result = serde_json::to_string(&compared)?;
    store.finish_duplicates(job, payload.library, &same, &alike, &result, now).await?;
    Ok(Worked { job: job.id, ingested: Ingested::default() })
}

/// Verdicts by pair, the earlier record first, and the texts that were cut for them.
#[derive(Default)]
struct Batch {
    /// The day on which records hold or not.
    today: Date,
    cut: HashMap<RecordId, Cut>,
    found: BTreeMap<(RecordId, RecordId), (Verdict, f64)>,
}

struct Cut {
    record: Record,
    text: Text,
    is_title_only: bool,
}

impl Batch {
    async fn read(&mut self, store: &Store, linking: &Linking, payload: &Payload) -> Result<()> {
        self.fetch(store, linking, &payload.records).await?;
        let of: Vec<RecordKeys> =
            payload.records.iter().filter_map(|id| self.cut.get(id)).map(keys).collect();
        // All keys are filed before any candidate is asked for.
        store.file_records(payload.library, &of).await?;
        for one in &of {
            let least = Fingerprint::SHARED_MIN as i64;
            let candidates = store.duplicate_candidates(payload.library, one, least).await?;
            let unknown: Vec<RecordId> =
                candidates.iter().filter(|id| !self.cut.contains_key(id)).copied().collect();
            self.fetch(store, linking, &unknown).await?;
            for other in candidates {
                self.compare(linking, one.record, other);
            }
        }
        Ok(())
    }

    async fn fetch(&mut self, store: &Store, linking: &Linking, ids: &[RecordId]) -> Result<()> {
        for stored in store.records(ids).await? {
            if matches!(stored.record.status, Status::Active | Status::Closed) {
                self.cut.insert(stored.record.id, cut(linking, stored.record));
            }
        }
        Ok(())
    }

    fn compare(&mut self, linking: &Linking, a: RecordId, b: RecordId) {
        let pair = (a.min(b), a.max(b));
        let (Some(first), Some(second)) = (self.cut.get(&pair.0), self.cut.get(&pair.1)) else {
            return;
        };
        if self.found.contains_key(&pair) || are_told_apart(&first.record, &second.record) {
            return;
        }
        let likeness = compare(&first.text, &second.text);
        let verdict = match linking.rule.verdict(&likeness) {
            // Nobody would see the later one any more.
            Verdict::Exact if !can_stand_for(&first.record, &second.record, self.today) => {
                Verdict::Near
            }
            // Different owners can have results of the same short name.
            Verdict::Exact if first.is_title_only && first.record.owner != second.record.owner => {
                Verdict::Near
            }
            verdict => verdict,
        };
        self.found.insert(pair, (verdict, likeness.score));
    }

    /// Pairs that are the same and pairs that are alike. A record that is linked is offered with none.
    fn pairs(&self) -> (Vec<DuplicatePair>, Vec<DuplicatePair>) {
        let pairs = |wanted: Verdict| {
            self.found
                .iter()
                .filter(move |(_, (verdict, _))| *verdict == wanted)
                .map(|((a, b), (_, score))| DuplicatePair { a: *a, b: *b, score: *score })
        };
        let same: Vec<_> = pairs(Verdict::Exact).collect();
        let behind: BTreeSet<RecordId> = same.iter().map(|pair| pair.b).collect();
        let is_shown =
            |pair: &DuplicatePair| !behind.contains(&pair.a) && !behind.contains(&pair.b);
        let alike = nearest(pairs(Verdict::Near).filter(is_shown));
        // One link takes a record behind the earliest; more say nothing new.
        let mut linked = BTreeSet::new();
        (same.into_iter().filter(|pair| linked.insert(pair.b)).collect(), alike)
    }
}

/// Whether showing `earlier` alone keeps what `later` is there for: whoever sees or matches the one sees
/// or matches the other.
fn can_stand_for(earlier: &Record, later: &Record, today: Date) -> bool {
    let is_matched = |record: &Record| {
        record.status == Status::Active
            && record.visible_to(Viewer::Public)
            && record.lapse(today).is_none()
    };
    let mut hidden = earlier.content.hidden_from(Viewer::Public);
    let hides_more =
        hidden.any(|(field, _)| later.content.text_for(Viewer::Public, field).is_some());
    (is_matched(earlier) || !is_matched(later)) && !hides_more
}

/// Of each later record the pair with the earlier one that it is most like: a series of twenty that look
/// alike is nineteen questions to a person, not a hundred and ninety.
fn nearest(pairs: impl Iterator<Item = DuplicatePair>) -> Vec<DuplicatePair> {
    let mut best: BTreeMap<RecordId, DuplicatePair> = BTreeMap::new();
    for pair in pairs {
        let known = best.entry(pair.b).or_insert(pair);
        if pair.score > known.score {
            *known = pair;
        }
    }
    best.into_values().collect()
}

fn cut(linking: &Linking, record: Record) -> Cut {
    let mut body = String::new();
    let mut title = "";
    for (field, tiered) in record.content.all_texts() {
        if field == TextField::Title {
            title = &tiered.text;
        } else {
            body.push_str(&tiered.text);
            body.push('\n');
        }
    }
    let text = Text::of(&linking.lexicon, title, &body);
    let is_title_only = body.trim().is_empty();
    Cut { text, is_title_only, record }
}

fn keys(cut: &Cut) -> RecordKeys {
    let fingerprint = Fingerprint::of(&cut.text);
    // Stored integers are signed; the bits are what counts.
    let mut keys: BTreeMap<i64, i64> =
        fingerprint.keys().iter().map(|key| (key.cast_signed(), 1)).collect();
    if let Some(title) = fingerprint.title() {
        // An equal title alone is worth a comparison.
        keys.insert(title.cast_signed(), Fingerprint::SHARED_MIN as i64);
    }
    RecordKeys { record: cut.record.id, keys: keys.into_iter().collect() }
}

fn are_told_apart(a: &Record, b: &Record) -> bool {
    if let (Some(a), Some(b)) = (model(a), model(b))
        && a != b
    {
        return true;
    }
    let (a, b) = (a.content.details(), b.content.details());
    IDENTITY.into_iter().any(|fact| match (a.get(fact), b.get(fact)) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    })
}

/// The letters and digits of an instrument's model: `LI-3000A` and `Li 3000a` are one.
fn model(record: &Record) -> Option<String> {
    let mut texts = record.content.all_texts();
    let (_, model) = texts.find(|(field, _)| *field == TextField::Model)?;
    let bare = model.text.chars().filter(|c| c.is_alphanumeric());
    Some(bare.flat_map(char::to_lowercase).collect::<String>()).filter(|bare| !bare.is_empty())
}

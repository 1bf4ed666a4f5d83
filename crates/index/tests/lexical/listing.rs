//! Lists with facets, orders and pages.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    Content, Date, Details, Facet, Fact, FactValue, Library, PartyId, Period, Record, RecordId,
    Selection, Sort, Status, TextField, Tier, TieredText, Timestamp,
};
use kechuang_index::{Document, Filter, ListQuery, Listing, Position, Snapshot};
use kechuang_text::{QueryTerm, analyse};
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::{EVEN, TestIndex, lexicon, record};

const FACETS: &[Facet] = &Facet::ALL;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A record of a library with these public facts.
fn with_facts(number: u128, library: Library, facts: &[(Fact, FactValue)]) -> Record {
    let title = TieredText { text: "赤泥脱碱".to_owned(), tier: Tier::Public };
    let details = Details::new(library, facts.iter().cloned()).expect("facts that are fine");
    let content = Content::new([(TextField::Title, title)], details).expect("content");
    Record { content, ..record(number, Status::Active, "赤泥脱碱", "") }
}

fn grams(text: &str) -> Vec<QueryTerm> {
    let grams = analyse(&lexicon(), text).grams;
    grams.into_iter().map(|gram| QueryTerm { text: gram.text, weight: 1.0 }).collect()
}

struct Asked<'a> {
    library: Library,
    text: &'a str,
    filter: Filter,
    sort: Sort,
    after: Option<Position>,
    limit: usize,
}

impl Asked<'_> {
    fn all_of(library: Library) -> Self {
        let (filter, sort) = (Filter::default(), Sort::Newest);
        Self { library, text: "", filter, sort, after: None, limit: 100 }
    }
}

fn list(snapshot: &Snapshot, asked: &Asked<'_>) -> Listing {
    let (words, grams) = (crate::support::terms(asked.text), grams(asked.text));
    let query = ListQuery {
        library: asked.library,
        words: &words,
        grams: &grams,
        weights: &EVEN,
        stale_factor: 0.5,
        filter: &asked.filter,
        sort: asked.sort,
        today: day("2026-11-24"),
        after: asked.after,
        limit: asked.limit,
        facets: FACETS,
    };
    snapshot.list(&query).expect("a list")
}

fn numbers(listing: &Listing) -> Vec<u128> {
    listing.page.iter().map(|row| row.id.uuid().as_u128()).collect()
}

fn counts(listing: &Listing, facet: Facet) -> Vec<(String, u64)> {
    let of_facet = listing.facets.iter().find(|counts| counts.facet == facet).expect("counted");
    of_facet.values.iter().map(|value| (value.value.clone(), value.count)).collect()
}

fn indexed(records: &[Record]) -> std::sync::Arc<Snapshot> {
    TestIndex::new().commit(records.iter().filter_map(Document::of).collect())
}

fn choose(values: &[(Facet, &str)]) -> Filter {
    let mut facets = Selection::new();
    for (facet, value) in values {
        facets.entry(*facet).or_default().insert((*value).to_owned());
    }
    Filter { facets, ..Filter::default() }
}

#[test]
fn a_facet_counts_as_if_nothing_of_it_were_chosen() {
    let stage = |text: &str| (Fact::Stage, text.into());
    let class = |text: &str| (Fact::ResultClass, text.into());
    let snapshot = indexed(&[
        with_facts(1, Library::Achievement, &[stage("初期"), class("应用技术")]),
        with_facts(2, Library::Achievement, &[stage("初期"), class("软科学")]),
        with_facts(3, Library::Achievement, &[stage("中期"), class("应用技术")]),
        with_facts(4, Library::Achievement, &[class("软科学")]),
    ]);
    let filter = choose(&[(Facet::Stage, "初期"), (Facet::Kind, "应用技术")]);
    let listing = list(&snapshot, &Asked { filter, ..Asked::all_of(Library::Achievement) });
    assert_eq!((numbers(&listing), listing.total), (vec![1], 1));
    let pairs = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
        pairs.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
    };
    assert_eq!(counts(&listing, Facet::Stage), pairs(&[("中期", 1), ("初期", 1)]));
    assert_eq!(counts(&listing, Facet::Kind), pairs(&[("应用技术", 1), ("软科学", 1)]));

    let filter = choose(&[(Facet::Stage, "初期"), (Facet::Stage, "中期")]);
    let either = list(&snapshot, &Asked { filter, ..Asked::all_of(Library::Achievement) });
    assert_eq!(numbers(&either), [3, 2, 1]);
    let filter = choose(&[(Facet::Stage, "成熟应用")]);
    let none = list(&snapshot, &Asked { filter, ..Asked::all_of(Library::Achievement) });
    assert_eq!(none.total, 0);
    let zero = pairs(&[("初期", 2), ("中期", 1), ("成熟应用", 0)]);
    assert_eq!(
        counts(&none, Facet::Stage),
        zero,
        "a chosen value is told even where nothing has it"
    );
}

#[test]
fn twenty_values_are_told_and_the_chosen_ones() {
    let records: Vec<Record> = (0..30_u16)
        .map(|number| {
            let year = FactValue::Whole(1990 + i64::from(number));
            with_facts(number.into(), Library::Achievement, &[(Fact::Year, year)])
        })
        .collect();
    let snapshot = indexed(&records);
    let filter = choose(&[(Facet::Year, "2015")]);
    let listing = list(&snapshot, &Asked { filter, ..Asked::all_of(Library::Achievement) });
    let years: Vec<String> =
        counts(&listing, Facet::Year).into_iter().map(|(year, _)| year).collect();
    let mut expected: Vec<String> = (1990..2010).map(|year: u16| year.to_string()).collect();
    expected.push("2015".to_owned());
    assert_eq!(years, expected);
}

#[test]
fn every_order_puts_records_where_it_says() {
    let budget = |wan: i64| (Fact::Budget, FactValue::Whole(wan * 1_000_000));
    let due = |text: &str| (Fact::Deadline, FactValue::from(day(text)));
    let mut records = [
        with_facts(1, Library::Demand, &[budget(5), due("2020-01-01")]),
        with_facts(2, Library::Demand, &[due("2027-01-01")]),
        with_facts(3, Library::Demand, &[budget(900), due("2026-11-24")]),
        with_facts(4, Library::Demand, &[budget(40)]),
        with_facts(5, Library::Demand, &[budget(40), due("2026-11-23")]),
    ];
    for (record, at) in records.iter_mut().zip([30, 10, 20, 50, 40]) {
        record.updated_at = Timestamp::from_micros(at);
        record.confirmed_at = Timestamp::from_micros(100 - at);
    }
    let snapshot = indexed(&records);
    for (sort, expected) in [
        (Sort::Newest, [5, 4, 3, 2, 1]),
        (Sort::Updated, [4, 5, 1, 3, 2]),
        (Sort::Confirmed, [2, 3, 1, 5, 4]),
        (Sort::Deadline, [3, 2, 5, 1, 4]),
        (Sort::Amount, [3, 5, 4, 1, 2]),
    ] {
        let listing = list(&snapshot, &Asked { sort, ..Asked::all_of(Library::Demand) });
        assert_eq!(numbers(&listing), expected, "{sort}");
        assert_eq!(listing.lapsed, 2);
    }
    let filter = Filter { current_on: Some(day("2026-11-24")), ..Filter::default() };
    let current = list(&snapshot, &Asked { filter, ..Asked::all_of(Library::Demand) });
    assert_eq!((numbers(&current), current.total, current.lapsed), (vec![4, 3, 2], 3, 2));
}

#[test]
fn a_match_has_more_than_half_of_the_words() {
    let texts = ["赤泥脱碱", "赤泥", "脱碱路基", "泥路", "脱 碱与赤 泥"];
    let records: Vec<Record> =
        (1..).zip(texts).map(|(number, text)| record(number, Status::Active, text, "")).collect();
    let snapshot = indexed(&records);
    let found = |text| {
        let asked = Asked { text, sort: Sort::Newest, ..Asked::all_of(Library::Achievement) };
        numbers(&list(&snapshot, &asked))
    };
    assert_eq!(found("赤泥"), [2, 1]);
    assert_eq!(found("赤泥脱碱"), [1], "both of two");
    assert_eq!(found("赤泥脱碱路基"), [3, 1], "two of three");
    assert_eq!(found("钛"), Vec::<u128>::new());
    assert_eq!(found(""), [5, 4, 3, 2, 1]);
}

#[test]
fn a_page_by_relevance_goes_on_behind_its_anchor_when_scores_have_moved() {
    let mut test = TestIndex::new();
    let make = |number: u128, text: &str| {
        Document::of(&record(number, Status::Active, text, "")).expect("visible")
    };
    let first = test.commit((1..=6).map(|number| make(number, "赤泥")).collect());
    let mut asked = Asked {
        text: "赤泥",
        sort: Sort::Relevance,
        limit: 3,
        ..Asked::all_of(Library::Achievement)
    };
    let page = list(&first, &asked);
    assert_eq!((numbers(&page), page.has_more), (vec![6, 5, 4], true));
    let more = (100..140).map(|number| make(number, "路基")).collect();
    let second = test.commit(more);
    asked.after = page.page.last().copied();
    let page = list(&second, &asked);
    assert_ne!(page.page[0].key, asked.after.expect("an anchor").key, "scores have moved");
    assert_eq!((numbers(&page), page.has_more), (vec![3, 2, 1], false));
}

const STAGES: [&str; 3] = ["初期", "中期", "成熟应用"];
const REGIONS: [&str; 4] = ["141181", "141100", "110105", "100000"];
const TITLES: [&str; 3] = ["赤泥", "脱碱", "赤泥脱碱路基"];

/// A record made of small numbers.
fn made(number: u128, [stage, region, year, owner]: [u8; 4]) -> Record {
    let mut facts = vec![(Fact::Year, FactValue::Whole(2020 + i64::from(year % 4)))];
    if let Some(stage) = STAGES.get(usize::from(stage)) {
        facts.push((Fact::Stage, (*stage).into()));
    }
    if year > 4 {
        facts.push((Fact::ValidUntil, FactValue::from(day("2026-01-01"))));
    }
    let title = TITLES[usize::from(owner) % TITLES.len()].to_owned();
    let texts = [(TextField::Title, TieredText { text: title, tier: Tier::Public })];
    let details = Details::new(Library::Achievement, facts).expect("facts that are fine");
    let mut content = Content::new(texts, details).expect("content");
    content.region = REGIONS.get(usize::from(region)).map(|code| code.parse().expect("a region"));
    Record {
        content,
        owner: PartyId::from_uuid(Uuid::from_u128(owner.into())),
        updated_at: Timestamp::from_micros((stage * 7 + region).into()),
        ..record(number, Status::Active, "赤泥", "")
    }
}

/// What a list without words should say, counted one by one.
fn by_hand(records: &[&Record], filter: &Filter) -> (u64, Vec<BTreeMap<String, u64>>) {
    let is_current = |record: &&&Record| {
        !filter.current_on.is_some_and(|today| Period::of(record).is_over(today))
    };
    let passes = |record: &Record, but: Option<Facet>| {
        filter.facets.iter().filter(|(facet, _)| Some(**facet) != but).all(|(facet, chosen)| {
            facet.values_of(record).iter().any(|value| chosen.contains(value))
        })
    };
    let live: Vec<&Record> = records.iter().filter(is_current).copied().collect();
    let total = live.iter().filter(|record| passes(record, None)).count();
    let counts = FACETS.iter().map(|facet| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for record in live.iter().filter(|record| passes(record, Some(*facet))) {
            for value in facet.values_of(record) {
                *counts.entry(value).or_insert(0) += 1;
            }
        }
        for value in filter.facets.get(facet).into_iter().flatten() {
            counts.entry(value.clone()).or_insert(0);
        }
        counts
    });
    (total as u64, counts.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However records came and went, a list is that of an index that saw the last state only, and its
    /// counts are those of somebody who looks at every record.
    #[test]
    fn lists_are_exact_and_history_leaves_no_trace(
        changes in proptest::collection::vec((0..12_u128, any::<[u8; 4]>(), any::<bool>()), 1..60),
        per_commit in 1..6_usize,
        chosen in proptest::collection::vec((0..7_usize, 0..4_usize), 0..4),
        current in any::<bool>(),
    ) {
        let mut grown = TestIndex::new();
        let mut last: BTreeMap<u128, Option<Record>> = BTreeMap::new();
        for batch in changes.chunks(per_commit) {
            // One change a record and commit, as upkeep makes them.
            let batch: BTreeMap<u128, Option<Record>> = batch
                .iter()
                .map(|(number, facts, keep)| {
                    (*number, keep.then(|| made(*number, facts.map(|fact| fact % 6))))
                })
                .collect();
            for (number, record) in &batch {
                if record.is_none() {
                    grown.writer.remove(RecordId::from_uuid(Uuid::from_u128(*number)));
                }
            }
            grown.commit(batch.values().flatten().filter_map(Document::of).collect());
            last.extend(batch);
            let due = grown.writer.due_merges().expect("merges");
            grown.writer.merge(&due, || ()).expect("merged");
        }
        let grown = grown.index.reload().expect("a snapshot");
        let records: Vec<&Record> = last.values().flatten().collect();
        let fresh = TestIndex::new().commit(records.iter().copied().filter_map(Document::of).collect());

        let mut filter = Filter::default();
        for (facet, place) in chosen {
            let facet = Facet::ALL[facet];
            let known: BTreeSet<String> =
                records.iter().flat_map(|record| facet.values_of(record)).collect();
            if let Some(value) = known.into_iter().nth(place) {
                filter.facets.entry(facet).or_default().insert(value);
            }
        }
        filter.current_on = current.then(|| day("2026-11-24"));
        for (text, sort) in [
            ("", Sort::Newest), ("", Sort::Updated), ("赤泥", Sort::Relevance), ("脱碱", Sort::Updated),
        ] {
            let filter = filter.clone();
            let mut asked = Asked { text, sort, filter, limit: 5, ..Asked::all_of(Library::Achievement) };
            let mut seen = BTreeSet::new();
            loop {
                let (grown, fresh) = (list(&grown, &asked), list(&fresh, &asked));
                prop_assert_eq!(&grown, &fresh);
                seen.extend(numbers(&grown));
                asked.after = grown.page.last().copied();
                if !grown.has_more {
                    prop_assert_eq!(seen.len() as u64, grown.total, "pages join without gaps");
                    break;
                }
            }
        }
        let listing = list(&grown, &Asked { filter: filter.clone(), ..Asked::all_of(Library::Achievement) });
        let (total, expected) = by_hand(&records, &filter);
        prop_assert_eq!(listing.total, total);
        for (facet, expected) in FACETS.iter().zip(expected) {
            let told: BTreeMap<String, u64> = counts(&listing, *facet).into_iter().collect();
            prop_assert_eq!(told, expected, "{}", facet);
        }
    }
}

//! How records age, on each database.

use kechuang_domain::{
    DuplicateDecision, Freshness, FreshnessRule, JobKind, Library, RecordId, Review, ReviewKind,
    Timestamp,
};
use kechuang_store::{Aged, DuplicatePair, Store};
use kechuang_tests::demand;

use crate::{NOON, on_each};

const RULE: FreshnessRule = FreshnessRule { stale_days: 100, hide_days: 200, notice_days: 30 };

const fn day(day: i64) -> Timestamp {
    NOON.plus_seconds(day * 24 * 3600)
}

async fn saved(store: &Store, keys: &[&str]) -> Vec<RecordId> {
    let drafts: Vec<_> = keys.iter().map(|key| demand(key, "赤泥脱碱", "求办法。")).collect();
    store.save_records(&drafts, NOON).await.unwrap().iter().map(|one| one.id).collect()
}

async fn check(store: &Store, rule: Option<FreshnessRule>, now: Timestamp) -> Aged {
    let mut all = Aged::default();
    loop {
        let round = store.age_records(Library::Demand, rule, now).await.unwrap();
        if round.is_done() {
            return all;
        }
        all.add(round);
    }
}

async fn freshness(store: &Store, id: RecordId) -> Freshness {
    store.record(id).await.unwrap().record.freshness
}

#[test]
fn a_record_is_stale_then_its_owner_is_told_then_it_is_hidden() {
    on_each(async |database| {
        let store = &database.store;
        let id = saved(store, &["1"]).await[0];
        let head = store.change_head().await.unwrap();
        for (now, expected) in [
            (day(99), Aged::default()),
            (day(100), Aged { stale: 1, ..Aged::default() }),
            (day(169), Aged::default()),
            (day(170), Aged { told: 1, ..Aged::default() }),
            (day(199), Aged::default()),
            (day(200), Aged { hidden: 1, ..Aged::default() }),
            (day(400), Aged::default()),
        ] {
            assert_eq!(check(store, Some(RULE), now).await, expected, "{} {now}", database.name);
        }
        assert_eq!(freshness(store, id).await, Freshness::Hidden);
        // Each move is a change that indexes see.
        assert_eq!(store.change_head().await.unwrap(), head + 2);
        let (notices, total) = store.freshness_notices(10, 0).await.unwrap();
        assert_eq!((notices.len(), total), (1, 1));
        assert_eq!((notices[0].record, notices[0].hides_at), (id, day(200)));
        assert_eq!(notices[0].owner, "示例理工大学");

        assert_eq!(store.confirm_records(&[id], day(401)).await.unwrap(), 1);
        assert_eq!(freshness(store, id).await, Freshness::Fresh);
        let said = store.reviews(id).await.unwrap();
        assert_eq!(said, [Review { kind: ReviewKind::Confirmed, at: day(401) }]);
        assert_eq!(store.freshness_notices(10, 0).await.unwrap(), (Vec::new(), 0));
        assert_eq!(check(store, Some(RULE), day(402)).await, Aged::default());
    });
}

#[test]
fn nobody_is_hidden_without_having_been_told_in_time() {
    on_each(async |database| {
        let store = &database.store;
        let id = saved(store, &["1"]).await[0];
        // The program was not running for three years.
        let first = check(store, Some(RULE), day(1000)).await;
        assert_eq!(first, Aged { stale: 1, told: 1, ..Aged::default() }, "{}", database.name);
        assert_eq!(store.freshness_notices(10, 0).await.unwrap().0[0].hides_at, day(1030));
        assert_eq!(check(store, Some(RULE), day(1029)).await, Aged::default());
        assert_eq!(check(store, Some(RULE), day(1030)).await.hidden, 1);
        // A rule that is taken back gives everything back.
        assert_eq!(check(store, None, day(1031)).await.restored, 1);
        assert_eq!(freshness(store, id).await, Freshness::Fresh);
        assert_eq!(store.freshness_notices(10, 0).await.unwrap().1, 0);
    });
}

#[test]
fn a_source_that_says_it_again_confirms_and_so_does_one_that_says_the_same() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2", "3"]).await;
        check(store, Some(RULE), day(150)).await;
        // The second source says what the first said, much later.
        store.save_records(&[demand("2", "赤泥脱碱", "求办法。")], day(160)).await.unwrap();
        assert_eq!(freshness(store, ids[1]).await, Freshness::Fresh, "{}", database.name);
        store.enqueue(JobKind::FindDuplicates, &["{}".to_owned()], NOON, NOON).await.unwrap();
        let job = store.claim(JobKind::FindDuplicates, day(161)).await.unwrap().unwrap();
        let alike = [DuplicatePair { a: ids[0], b: ids[1], score: 0.9 }];
        let library = Library::Demand;
        store.finish_duplicates(&job, library, &[], &alike, "{}", day(161)).await.unwrap();
        let same = DuplicateDecision::Same;
        assert!(store.decide_duplicate(ids[0], ids[1], same, day(161)).await.unwrap());
        check(store, Some(RULE), day(162)).await;
        assert_eq!(freshness(store, ids[0]).await, Freshness::Fresh, "it is shown for the second");
        // From here on, whoever confirms the second confirms what is shown for it.
        store.save_records(&[demand("2", "赤泥脱碱", "求办法。")], day(300)).await.unwrap();
        assert_eq!(store.record(ids[0]).await.unwrap().record.confirmed_at, day(300));
        assert_eq!(check(store, Some(RULE), day(301)).await.told, 1, "the third alone");
        assert_eq!(freshness(store, ids[2]).await, Freshness::Stale);
    });
}

#[test]
fn a_new_record_brings_back_the_hidden_one_that_is_shown_for_it() {
    on_each(async |database| {
        let store = &database.store;
        let old = saved(store, &["1"]).await[0];
        for now in [day(170), day(200)] {
            check(store, Some(RULE), now).await;
        }
        assert_eq!(freshness(store, old).await, Freshness::Hidden, "{}", database.name);
        let new =
            store.save_records(&[demand("2", "赤泥脱碱", "求办法。")], day(201)).await.unwrap();
        store.enqueue(JobKind::FindDuplicates, &["{}".to_owned()], NOON, NOON).await.unwrap();
        let job = store.claim(JobKind::FindDuplicates, day(201)).await.unwrap().unwrap();
        let same = [DuplicatePair { a: old, b: new[0].id, score: 1.0 }];
        let library = Library::Demand;
        store.finish_duplicates(&job, library, &same, &[], "{}", day(201)).await.unwrap();
        assert_eq!(freshness(store, old).await, Freshness::Fresh);
        assert_eq!(store.freshness_notices(10, 0).await.unwrap().1, 0);
    });
}

#[test]
fn the_check_comes_again_and_never_twice() {
    on_each(async |database| {
        let store = &database.store;
        for _ in 0..2 {
            store.enqueue_once(JobKind::AgeRecords, NOON).await.unwrap();
        }
        let job = store.claim(JobKind::AgeRecords, NOON).await.unwrap().unwrap();
        store.enqueue_once(JobKind::AgeRecords, NOON).await.unwrap();
        assert!(
            store.claim(JobKind::AgeRecords, NOON).await.unwrap().is_none(),
            "{}",
            database.name
        );
        store.finish_and_repeat(&job, "{}", day(1), NOON).await.unwrap();
        assert!(store.claim(JobKind::AgeRecords, day(0)).await.unwrap().is_none());
        assert!(store.claim(JobKind::AgeRecords, day(1)).await.unwrap().is_some());
    });
}

#[test]
fn a_feed_is_asked_by_one_worker_at_a_time() {
    on_each(async |database| {
        let store = &database.store;
        let first = store.claim_feed("省平台", day(1), NOON).await.unwrap();
        assert_eq!(first.as_deref(), Some("{}"), "{}", database.name);
        assert_eq!(store.claim_feed("省平台", day(1), NOON).await.unwrap(), None);
        store.keep_feed("省平台", "{\"a\":1}", Some("超时"), day(2)).await.unwrap();
        assert_eq!(store.claim_feed("省平台", day(3), day(1)).await.unwrap(), None);
        let again = store.claim_feed("省平台", day(3), day(2)).await.unwrap();
        assert_eq!(again.as_deref(), Some("{\"a\":1}"));
        let feeds = store.feeds().await.unwrap();
        assert_eq!((feeds.len(), feeds[0].error.as_deref()), (1, Some("超时")));
    });
}

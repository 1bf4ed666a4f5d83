//! Records that say the same, on each database.

use kechuang_domain::{DuplicateDecision, JobKind, Library, RecordId, Status};
use kechuang_store::{DuplicatePair, RecordDraft, RecordKeys, Store};
use kechuang_tests::achievement;

use crate::{NOON, on_each};

async fn saved(store: &Store, keys: &[&str]) -> Vec<RecordId> {
    let drafts: Vec<_> = keys.iter().map(|key| achievement(key, "赤泥脱碱", "石灰法。")).collect();
    let saved = store.save_records(&drafts, NOON).await.unwrap();
    saved.iter().map(|one| one.id).collect()
}

async fn finish(store: &Store, same: &[(RecordId, RecordId)], alike: &[(RecordId, RecordId)]) {
    store.enqueue(JobKind::FindDuplicates, &["{}".to_owned()], NOON, NOON).await.unwrap();
    let job = store.claim(JobKind::FindDuplicates, NOON).await.unwrap().unwrap();
    let pairs = |pairs: &[(RecordId, RecordId)]| -> Vec<DuplicatePair> {
        pairs.iter().map(|(a, b)| DuplicatePair { a: *a, b: *b, score: 0.7 }).collect()
    };
    let (same, alike) = (pairs(same), pairs(alike));
    store.finish_duplicates(&job, Library::Achievement, &same, &alike, "{}", NOON).await.unwrap();
}

async fn shown(store: &Store, ids: &[RecordId]) -> Vec<Option<usize>> {
    let mut shown = Vec::new();
    for id in ids {
        let front = store.record(*id).await.unwrap().record.duplicate_of;
        shown.push(front.map(|front| ids.iter().position(|id| *id == front).unwrap()));
    }
    shown
}

#[test]
fn links_lead_to_the_earliest_whatever_their_order() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2", "3", "4"]).await;
        // 4 behind 3, then 3 behind 2, then 2 behind 1: all end behind 1.
        for (a, b) in [(3, 2), (1, 2), (0, 1)] {
            finish(store, &[(ids[a], ids[b])], &[]).await;
        }
        assert_eq!(shown(store, &ids).await, [None, Some(0), Some(0), Some(0)]);
        assert_eq!(store.duplicates_of(ids[0]).await.unwrap(), ids[1..]);
        let gaps = store.change_log_gaps().await.unwrap();
        assert_eq!((gaps, store.change_head().await.unwrap() > 4), (0, true), "{}", database.name);

        // When the shown one goes, the next stands for the rest.
        let gone = RecordDraft {
            status: Status::Withdrawn,
            ..achievement("1", "赤泥脱碱", "石灰法。")
        };
        store.save_records(&[gone], NOON).await.unwrap();
        assert_eq!(shown(store, &ids).await, [None, None, Some(1), Some(1)]);
        // One that says something else stands for itself.
        store.save_records(&[achievement("4", "赤泥制砖", "烧结。")], NOON).await.unwrap();
        assert_eq!(shown(store, &ids).await, [None, None, Some(1), None]);
    });
}

#[test]
fn candidates_share_keys_and_forget_former_ones() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2", "3"]).await;
        let keys = |id, keys: &[(i64, i64)]| RecordKeys { record: id, keys: keys.to_vec() };
        let first = keys(ids[0], &[(1, 1), (2, 1), (3, 1), (i64::MIN, 3)]);
        let second = keys(ids[1], &[(2, 1), (3, 1), (4, 1)]);
        let third = keys(ids[2], &[(i64::MIN, 3), (9, 1)]);
        store.file_records(Library::Achievement, &[first.clone(), second, third]).await.unwrap();
        let found = async |of: &RecordKeys, least| {
            store.duplicate_candidates(Library::Achievement, of, least).await.unwrap()
        };
        assert_eq!(found(&first, 2).await, [ids[2], ids[1]], "{}", database.name);
        assert_eq!(found(&first, 3).await, [ids[2]]);
        let again = keys(ids[1], &[(7, 1)]);
        store.file_records(Library::Achievement, &[again]).await.unwrap();
        assert_eq!(found(&first, 1).await, [ids[2]]);
        let nobody = store.duplicate_candidates(Library::Demand, &first, 1).await.unwrap();
        assert_eq!(nobody, []);
    });
}

#[test]
fn a_pair_is_offered_once_and_decided_once() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2", "3"]).await;
        for _ in 0..2 {
            finish(store, &[], &[(ids[1], ids[0]), (ids[2], ids[0])]).await;
        }
        let open = async || {
            let open = store.open_duplicates(10).await.unwrap();
            open.iter().map(|pair| (pair.first, pair.second)).collect::<Vec<_>>()
        };
        assert_eq!(open().await, [(ids[0], ids[1]), (ids[0], ids[2])], "{}", database.name);
        let decide = async |second, decision| {
            store.decide_duplicate(ids[0], second, decision, NOON).await.unwrap()
        };
        assert!(decide(ids[1], DuplicateDecision::Different).await);
        assert!(!decide(ids[1], DuplicateDecision::Same).await, "it is decided");
        assert!(decide(ids[2], DuplicateDecision::Same).await);
        assert_eq!(open().await, []);
        assert_eq!(shown(store, &ids).await, [None, None, Some(0)]);
        finish(store, &[], &[(ids[1], ids[0])]).await;
        assert_eq!(open().await, [], "what was decided is not asked again");
    });
}

#[test]
fn what_a_person_said_of_a_pair_outlives_a_change() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2"]).await;
        finish(store, &[], &[(ids[0], ids[1])]).await;
        let same = DuplicateDecision::Same;
        assert!(store.decide_duplicate(ids[0], ids[1], same, NOON).await.unwrap());
        assert_eq!(shown(store, &ids).await, [None, Some(0)], "{}", database.name);
        store.save_records(&[achievement("2", "赤泥脱碱", "石灰法，改。")], NOON).await.unwrap();
        assert_eq!(shown(store, &ids).await, [None, None]);
        // They are alike again: nobody is asked twice.
        finish(store, &[], &[(ids[0], ids[1])]).await;
        assert_eq!(shown(store, &ids).await, [None, Some(0)]);
        assert_eq!(store.open_duplicates(10).await.unwrap(), []);
    });
}

#[test]
fn nothing_is_put_behind_what_is_closed() {
    on_each(async |database| {
        let store = &database.store;
        let ids = saved(store, &["1", "2"]).await;
        let closed = RecordDraft {
            status: Status::Closed,
            ..achievement("1", "赤泥脱碱", "石灰法。")
        };
        store.save_records(&[closed], NOON).await.unwrap();
        finish(store, &[(ids[0], ids[1])], &[]).await;
        assert_eq!(shown(store, &ids).await, [None, None], "{}", database.name);
    });
}

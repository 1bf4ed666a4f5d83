//! Match runs and the events that follow them.

use kechuang_domain::EventKind;
use kechuang_store::{NewRun, RecordDraft};
use kechuang_tests::{achievement, demand};

use crate::{NOON, on_each};

fn run(outcome: &str) -> NewRun {
    NewRun {
        token_hash: None,
        source: None,
        profile: "default".to_owned(),
        applied_seq: 3,
        request: "{}".to_owned(),
        scores: "{\"甲\": 0.1}".to_owned(),
        outcome: outcome.to_owned(),
        matched: Vec::new(),
        headed_by: None,
        expires_at: None,
        to_refine: false,
    }
}

#[test]
fn a_run_comes_back_byte_for_byte() {
    on_each(async |database| {
        let outcome = "{\"b\":1,\"a\":[0.30000000000000004],\"文\":\"\\u0001 𬭚\"}";
        let id = database.store.save_run(&run(outcome), NOON).await.unwrap();
        let saved = database.store.run(id, NOON).await.unwrap().unwrap();
        assert_eq!(saved.outcome, outcome);
        assert_eq!((saved.applied_seq, saved.created_at), (3, NOON));
    });
}

#[test]
fn an_expired_run_is_not_found_and_then_deleted() {
    on_each(async |database| {
        let store = &database.store;
        let ends = NOON.plus_seconds(60);
        let anonymous =
            NewRun { token_hash: Some("hash".to_owned()), expires_at: Some(ends), ..run("{}") };
        let id = store.save_run(&anonymous, NOON).await.unwrap();
        let kept = store.save_run(&run("{}"), NOON).await.unwrap();
        assert!(store.run(id, NOON).await.unwrap().is_some());
        assert!(store.run(id, ends.plus_seconds(1)).await.unwrap().is_none());
        assert_eq!(store.drop_expired_runs(ends.plus_seconds(1)).await.unwrap(), 1);
        assert!(store.run(id, NOON).await.unwrap().is_none());
        assert!(store.run(kept, ends).await.unwrap().is_some());
    });
}

#[test]
fn the_newest_run_of_a_record_is_known_and_its_matches_are_events() {
    on_each(async |database| {
        let store = &database.store;
        let drafts = [demand("1", "求", ""), achievement("1", "答", "")];
        let saved = store.save_records(&drafts, NOON).await.unwrap();
        let (asked, answer) = (saved[0].id, saved[1].id);
        assert!(store.newest_run_of(asked).await.unwrap().is_none());
        let of_record =
            |outcome| NewRun { source: Some((asked, 1)), matched: vec![answer], ..run(outcome) };
        store.save_run(&of_record("1"), NOON).await.unwrap();
        let second = store.save_run(&of_record("2"), NOON.plus_seconds(1)).await.unwrap();
        let newest = store.newest_run_of(asked).await.unwrap().unwrap();
        assert_eq!((newest.id, newest.outcome.as_str()), (second, "2"));

        let late = NOON.plus_seconds(9);
        store
            .append_event(second, answer, EventKind::Declined, Some("成本过高"), None, late)
            .await
            .unwrap();
        let events = store.events_of(second).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Matched, EventKind::Declined]);
        assert_eq!(events[1].reason.as_deref(), Some("成本过高"));
    });
}

#[test]
fn who_heads_many_lists_is_known_by_demand() {
    on_each(async |database| {
        let store = &database.store;
        let other = RecordDraft {
            owner: "另一家示例单位".to_owned(),
            ..achievement("2", "答", "")
        };
        let demands: Vec<RecordDraft> =
            ["1", "2", "3"].into_iter().map(|key| demand(key, "求", "")).collect();
        let asked = store.save_records(&demands, NOON).await.unwrap();
        let answers = store.save_records(&[achievement("1", "答", ""), other], NOON).await.unwrap();
        let team = store.record(answers[0].id).await.unwrap().record.owner;
        let headed = |demand: usize, answer: usize| NewRun {
            source: Some((asked[demand].id, 1)),
            headed_by: Some(answers[answer].id),
            ..run("{}")
        };
        // Matched again, counted by the newest answer; what lies before the days that are looked back does not count.
        for (demand, answer, at) in [(0, 1, 1), (0, 0, 2), (1, 0, 3), (2, 1, 4), (2, 0, -9)] {
            store.save_run(&headed(demand, answer), NOON.plus_seconds(at)).await.unwrap();
        }
        store.save_run(&run("{}"), NOON.plus_seconds(5)).await.unwrap();
        let heads = async |lists, except| store.heads_since(NOON, lists, except).await.unwrap();
        assert_eq!(heads(2, None).await, [(team, 2)]);
        assert_eq!(heads(1, None).await.len(), 2);
        assert_eq!(heads(2, Some(asked[1].id)).await, []);
        assert_eq!(heads(3, None).await, []);
    });
}

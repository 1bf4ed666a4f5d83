//! Background jobs: each done once, whatever happens to workers.

use kechuang_domain::{JobKind, JobStatus, Viewer};
use kechuang_store::{
    ClaimedJob, SaveKind, Saved, StoreError,
    jobs::{LEASE_SECONDS, MAX_ATTEMPTS},
};
use kechuang_tests::achievement;

use crate::{NOON, on_each};

const KIND: JobKind = JobKind::Ingest;

fn payloads(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

#[test]
fn each_job_goes_to_one_worker() {
    on_each(async |database| {
        database.store.enqueue(KIND, &payloads(20), NOON, NOON).await.unwrap();
        let workers: Vec<_> = (0..5)
            .map(|_| {
                let store = database.store.clone();
                tokio::spawn(async move {
                    let mut claimed = Vec::new();
                    while let Some(job) = store.claim(KIND, NOON).await.unwrap() {
                        claimed.push(job.payload);
                    }
                    claimed
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        all.sort_by_key(|payload| payload.parse::<usize>().unwrap());
        assert_eq!(all, payloads(20));
    });
}

#[test]
fn a_job_waits_for_its_time() {
    on_each(async |database| {
        let store = &database.store;
        store.enqueue(KIND, &payloads(1), NOON.plus_seconds(60), NOON).await.unwrap();
        assert!(store.claim(KIND, NOON).await.unwrap().is_none());
        assert!(store.claim(KIND, NOON.plus_seconds(60)).await.unwrap().is_some());
    });
}

#[test]
fn records_and_the_end_of_the_job_are_one() {
    on_each(async |database| {
        let store = &database.store;
        let id = store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap()[0];
        let job = store.claim(KIND, NOON).await.unwrap().unwrap();
        let drafts = [achievement("1", "甲", "")];
        let told = |saved: &[kechuang_store::Saved]| saved.len().to_string();
        store.finish_with_records(&job, &drafts, told, |_| None, NOON, || ()).await.unwrap();
        let done = store.job(id).await.unwrap().unwrap();
        assert_eq!((done.status, done.result.as_deref()), (JobStatus::Done, Some("1")));
        assert!(store.claim(KIND, NOON.plus_seconds(9_999)).await.unwrap().is_none());
    });
}

#[test]
fn a_silent_worker_loses_its_job_and_can_save_nothing_more() {
    on_each(async |database| {
        let store = &database.store;
        store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap();
        let silent = store.claim(KIND, NOON).await.unwrap().unwrap();
        let still_held = NOON.plus_seconds(LEASE_SECONDS - 1);
        assert!(store.claim(KIND, still_held).await.unwrap().is_none());
        let later = NOON.plus_seconds(LEASE_SECONDS + 1);
        let second = store.claim(KIND, later).await.unwrap().unwrap();
        assert_eq!((second.id, second.attempts), (silent.id, 2));
        let drafts = [achievement("1", "甲", "")];
        let late = store
            .finish_with_records(&silent, &drafts, |_| String::new(), |_| None, later, || ())
            .await;
        assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
        assert_eq!(store.change_head().await.unwrap(), 0, "its records were rolled back");
        assert!(matches!(store.heartbeat(&silent, later).await, Err(StoreError::LeaseLost)));
        store.heartbeat(&second, later).await.unwrap();
    });
}

#[test]
fn a_job_that_keeps_failing_is_dead_with_its_reason() {
    on_each(async |database| {
        let store = &database.store;
        let id = store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap()[0];
        for _ in 0..MAX_ATTEMPTS {
            let job = store.claim(KIND, NOON).await.unwrap().unwrap();
            store.give_back(&job, "磁盘已满", NOON, NOON).await.unwrap();
        }
        assert!(store.claim(KIND, NOON).await.unwrap().is_none());
        let dead = store.job(id).await.unwrap().unwrap();
        assert_eq!((dead.status, dead.error.as_deref()), (JobStatus::Dead, Some("磁盘已满")));
        assert_eq!(store.job_counts().await.unwrap(), [(JobStatus::Dead, 1)]);
    });
}

#[test]
fn a_job_whose_workers_all_die_is_buried() {
    on_each(async |database| {
        let store = &database.store;
        let id = store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap()[0];
        let mut now = NOON;
        for _ in 0..MAX_ATTEMPTS {
            assert!(store.claim(KIND, now).await.unwrap().is_some());
            now = now.plus_seconds(LEASE_SECONDS + 1);
        }
        assert!(store.claim(KIND, now).await.unwrap().is_none());
        assert_eq!(store.job(id).await.unwrap().unwrap().status, JobStatus::Dead);
    });
}

#[test]
fn a_delayed_job_does_not_overwrite_what_a_later_one_has_saved() {
    on_each(async |database| {
        let store = &database.store;
        let save = async |job: &ClaimedJob, title: &str| {
            let drafts = [achievement("1", title, "")];
            let told = |_: &[Saved]| String::new();
            store.finish_with_records(job, &drafts, told, |_| None, NOON, || ()).await.unwrap()[0]
        };
        store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap();
        let older = store.claim(KIND, NOON).await.unwrap().unwrap();
        store.enqueue(KIND, &payloads(1), NOON, NOON).await.unwrap();
        let newer = store.claim(KIND, NOON).await.unwrap().unwrap();
        let new = save(&newer, "新的").await;
        let old = save(&older, "旧的").await;
        assert_eq!((old.id, old.revision, old.kind), (new.id, 1, SaveKind::Unchanged));
        let content = store.record(new.id).await.unwrap().record.content;
        assert_eq!(content.title_for(Viewer::Public), "新的");
    });
}

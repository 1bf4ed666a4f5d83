//! The change log: gapless, in commit order, with as many writers as there are.

use kechuang_store::ChangeKind;
use kechuang_tests::achievement;

use crate::{NOON, on_each};

#[test]
fn every_new_revision_has_one_entry() {
    on_each(async |database| {
        let store = &database.store;
        assert_eq!(store.change_head().await.unwrap(), 0);
        let drafts = [achievement("1", "甲", ""), achievement("2", "乙", "")];
        let saved = store.save_records(&drafts, NOON).await.unwrap();
        store.save_records(&[achievement("1", "丙", ""), drafts[1].clone()], NOON).await.unwrap();
        let changes = store.changes_after(0, 100).await.unwrap();
        let seen: Vec<_> = changes.iter().map(|c| (c.seq, c.record, c.revision, c.kind)).collect();
        assert_eq!(seen.len(), 3, "an unchanged record has no entry: {seen:?}");
        assert_eq!(seen[2], (3, saved[0].id, 2, ChangeKind::Saved));
        assert_eq!(store.change_head().await.unwrap(), 3);
        assert_eq!(store.changes_after(1, 1).await.unwrap()[0].seq, 2);
    });
}

#[test]
fn concurrent_writers_leave_no_gap_and_a_reader_misses_nothing() {
    on_each(async |database| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let store = database.store.clone();
                tokio::spawn(async move {
                    for batch in 0..10 {
                        let key = format!("{writer}-{batch}");
                        let drafts = [achievement(&key, &key, ""), achievement("shared", &key, "")];
                        store.save_records(&drafts, NOON).await.unwrap();
                    }
                })
            })
            .collect();
        // A reader that follows meanwhile sees each sequence once, in order.
        let store = database.store.clone();
        let reader = tokio::spawn(async move {
            let (mut seen, mut last) = (0, 0);
            while seen < 160 {
                for change in store.changes_after(last, 7).await.unwrap() {
                    assert_eq!(change.seq, last + 1);
                    (last, seen) = (change.seq, seen + 1);
                }
            }
        });
        for writer in writers {
            writer.await.unwrap();
        }
        reader.await.unwrap();
        assert_eq!(database.store.change_log_gaps().await.unwrap(), 0);
        assert_eq!(database.store.change_head().await.unwrap(), 160);
    });
}

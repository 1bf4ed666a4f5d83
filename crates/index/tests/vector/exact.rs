//! What the file of an exact index withstands.

use std::{fs, path::Path};

use kechuang_index::{Applied, Depth, ExactIndex, IndexError, VectorIndex};
use proptest::prelude::*;

use crate::support::{Scene, WIDTH, id, ids, put, remove, vector};

fn open(folder: &Path) -> VectorIndex {
    VectorIndex::Exact(ExactIndex::open(folder, "key", WIDTH).expect("an index"))
}

fn at(seq: i64) -> Applied {
    Applied { seq, mark: String::new() }
}

#[tokio::test]
async fn a_commit_that_was_cut_off_anywhere_never_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("vectors.bin");
    let index = open(folder.path());
    index.apply(&[put(1), put(2)], &at(1)).await.expect("applied");
    let first = fs::read(&file).expect("the file").len();
    index.apply(&[put(3), remove(1, 1)], &at(2)).await.expect("applied");
    drop(index);
    let whole = fs::read(&file).expect("the file");
    for length in first..whole.len() {
        fs::write(&file, &whole[..length]).expect("written");
        let index = open(folder.path());
        assert_eq!(index.known_seq(), 1, "cut to {length}");
        assert_eq!(index.records().await.expect("records"), [(id(1), 1), (id(2), 1)]);
        // It goes on from there.
        index.apply(&[put(4)], &at(2)).await.expect("applied");
        assert_eq!(index.known_seq(), 2);
        assert_eq!(open(folder.path()).records().await.expect("records").len(), 3);
    }
}

#[tokio::test]
async fn a_byte_that_changed_ends_what_is_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("vectors.bin");
    let index = open(folder.path());
    index.apply(&[put(1)], &at(1)).await.expect("applied");
    let first = fs::read(&file).expect("the file").len();
    index.apply(&[put(2)], &at(2)).await.expect("applied");
    drop(index);
    let whole = fs::read(&file).expect("the file");
    for place in (first..whole.len()).step_by(7) {
        let mut broken = whole.clone();
        broken[place] ^= 0x10;
        fs::write(&file, &broken).expect("written");
        assert_eq!(open(folder.path()).known_seq(), 1, "byte {place}");
    }
    fs::write(&file, b"something else, longer than a head would be").expect("written");
    let refused = ExactIndex::open(folder.path(), "key", WIDTH);
    assert!(matches!(refused, Err(IndexError::Damaged(_))), "{refused:?}");
}

#[tokio::test]
async fn vectors_of_another_model_are_not_taken_for_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open(folder.path()));
    for (key, width) in [("other", WIDTH), ("key", WIDTH + 1)] {
        let refused = ExactIndex::open(folder.path(), key, width);
        assert!(matches!(refused, Err(IndexError::Outdated(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn one_process_writes_and_others_follow() {
    let folder = tempfile::tempdir().expect("a folder");
    let (owner, reader) = (open(folder.path()), open(folder.path()));
    owner.apply(&[put(1)], &at(1)).await.expect("applied");
    let refused = reader.apply(&[put(2)], &at(2)).await;
    assert!(matches!(refused, Err(IndexError::Owned)), "{refused:?}");
    assert_eq!(reader.applied().await.expect("applied"), at(1));
    let hits = Scene::of(reader);
    assert_eq!(ids(&hits.find(&vector(1), Depth::Best(5)).await), [id(1)]);
    drop(owner);
    hits.index.apply(&[put(2)], &at(2)).await.expect("applied by the next owner");
}

#[tokio::test]
async fn what_was_replaced_is_cleared_away_and_readers_notice() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("vectors.bin");
    let (owner, reader) = (open(folder.path()), open(folder.path()));
    let all: Vec<_> = (0..3000).map(put).collect();
    for seq in 1..=3 {
        owner.apply(&all, &at(seq)).await.expect("applied");
    }
    let size = fs::metadata(&file).expect("the file").len();
    assert!(size < 2 * 3000 * (WIDTH as u64 * 4 + 30), "{size} bytes");
    assert_eq!(reader.applied().await.expect("applied"), at(3));
    assert_eq!(reader.records().await.expect("records").len(), 3000);
    owner.apply(&[put(5000)], &at(4)).await.expect("applied");
    assert_eq!(reader.applied().await.expect("applied"), at(4));
    let found = Scene::of(reader).find(&vector(2), Depth::Best(1)).await;
    assert_eq!(ids(&found), [id(2)]);
}

fn answers(changes: &[Vec<(u64, bool)>]) -> Vec<Vec<(u128, u32)>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let index = open(folder.path());
        for (seq, commit) in (1..).zip(changes) {
            let commit: Vec<_> = commit
                .iter()
                .map(|(n, is_put)| if *is_put { put(*n) } else { remove(*n, 1) })
                .collect();
            index.apply(&commit, &at(seq)).await.expect("applied");
        }
        let scene = Scene::of(index);
        let mut answers = Vec::new();
        for number in [1, 150, 260] {
            let hits = scene.find(&vector(number), Depth::Best(7)).await;
            answers.push(
                hits.iter().map(|hit| (hit.id.uuid().as_u128(), hit.score.to_bits())).collect(),
            );
        }
        answers
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// An index that grew answers to the bit like one that was made at once.
    #[test]
    fn growth_leaves_no_trace(
        commits in prop::collection::vec(
            prop::collection::vec((0..300_u64, prop::bool::weighted(0.8)), 1..40),
            1..12,
        )
    ) {
        let mut last = std::collections::BTreeMap::new();
        for (number, is_put) in commits.iter().flatten() {
            last.insert(*number, *is_put);
        }
        let at_once: Vec<_> = last.into_iter().filter(|(_, is_put)| *is_put).collect();
        prop_assert_eq!(answers(&commits), answers(&[at_once]));
    }
}

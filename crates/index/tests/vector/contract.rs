//! What both arms promise.

use kechuang_domain::Library;
use kechuang_index::{Applied, Depth, IndexError, VectorChange, VectorEntry, VectorQuery};

use crate::support::{Scene, compared, entry, id, ids, put, remove, set, vector};

fn applied(seq: i64) -> Applied {
    Applied { seq, mark: format!("change {seq}") }
}

async fn filled(scene: &Scene, numbers: std::ops::Range<u64>) {
    let changes: Vec<_> = numbers.map(put).collect();
    scene.index.apply(&changes, &applied(1)).await.expect("applied");
}

async fn the_nearest_come_first(scene: Scene) -> Scene {
    filled(&scene, 0..2000).await;
    let entries: Vec<_> = (0..2000).map(entry).collect();
    for number in [3, 777, 1234] {
        let query = vector(number);
        let wanted = compared(&entries, &query, 20);
        let hits = scene.find(&query, Depth::Best(20)).await;
        assert_eq!(ids(&hits), wanted.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        for (hit, (_, score)) in hits.iter().zip(&wanted) {
            assert!((hit.score - score).abs() < 1e-5, "{} for {score}", hit.score);
        }
    }
    scene
}

async fn a_closed_set_is_scored_as_given(scene: Scene) -> Scene {
    filled(&scene, 0..50).await;
    // 5 is a demand, 1001 is not there.
    let closed = set(&[1, 2, 5, 44, 1001]);
    let region = Some("110000".parse().expect("a division"));
    let hits =
        scene.find_in(&vector(2), Library::Achievement, region, Depth::Closed(&closed)).await;
    assert_eq!(ids(&hits)[0], id(2));
    assert_eq!(hits.len(), 3);
    scene
}

async fn filters_hold(scene: Scene) -> Scene {
    filled(&scene, 0..300).await;
    let prefecture = Some("141100".parse().expect("a division"));
    for (library, region, fits) in [
        (Library::Demand, None, (|n| n % 5 == 0) as fn(u64) -> bool),
        (Library::Achievement, prefecture, |n| n % 5 != 0 && n % 3 != 2),
        (Library::Equipment, None, |_| false),
    ] {
        let hits = scene.find_in(&vector(0), library, region, Depth::Best(1000)).await;
        let mut found = ids(&hits);
        found.sort_unstable();
        assert_eq!(found, (0..300).filter(|n| fits(*n)).map(id).collect::<Vec<_>>());
    }
    scene
}

async fn the_last_change_of_a_record_counts(scene: Scene) -> Scene {
    filled(&scene, 0..20).await;
    let moved = VectorEntry { revision: 2, vector: vector(900), ..entry(3) };
    let changes = [
        remove(4, 1),
        remove(3, 1),
        VectorChange::Put(moved),
        put(7),
        remove(7, 1),
        remove(4040, 1),
    ];
    scene.index.apply(&changes, &applied(2)).await.expect("applied");
    let hits = scene.find(&vector(900), Depth::Best(1)).await;
    assert_eq!((hits[0].id, hits[0].revision), (id(3), 2));
    let records = scene.index.records().await.expect("records");
    let wanted: Vec<_> = (0..20)
        .filter(|n| ![4, 7].contains(n))
        .map(|n| (id(n), if n == 3 { 2 } else { 1 }))
        .collect();
    assert_eq!(records, wanted);
    scene
}

async fn what_was_applied_is_there_after_opening_again(scene: Scene) -> Scene {
    assert_eq!(scene.index.applied().await.expect("applied"), Applied::default());
    filled(&scene, 0..30).await;
    let before = scene.find(&vector(9), Depth::Best(10)).await;
    scene.index.apply(&[remove(9, 1)], &applied(8)).await.expect("applied");
    let scene = scene.reopen().await;
    assert_eq!(scene.index.applied().await.expect("applied"), applied(8));
    assert_eq!(scene.index.known_seq(), 8);
    scene.index.make_current().await.expect("an alias");
    let after = scene.find(&vector(9), Depth::Best(9)).await;
    assert_eq!(ids(&after), ids(&before)[1..]);
    scene
}

async fn nothing_is_found_in_an_empty_index(scene: Scene) -> Scene {
    assert!(scene.find(&vector(1), Depth::Best(10)).await.is_empty());
    assert!(scene.find(&vector(1), Depth::Closed(&set(&[1]))).await.is_empty());
    assert!(scene.find(&vector(1), Depth::Closed(&set(&[]))).await.is_empty());
    scene.index.apply(&[], &applied(5)).await.expect("applied");
    assert_eq!(scene.index.applied().await.expect("applied"), applied(5));
    scene
}

async fn another_width_is_refused(scene: Scene) -> Scene {
    let short = [1.0];
    let query = VectorQuery {
        vector: &short,
        library: Library::Achievement,
        region: None,
        depth: Depth::Best(1),
    };
    let refused = scene.index.search(&query).await;
    assert!(matches!(refused, Err(IndexError::Width { given: 1, .. })), "{refused:?}");
    let entry = VectorEntry { vector: short.to_vec(), ..entry(1) };
    let refused = scene.index.apply(&[VectorChange::Put(entry)], &applied(1)).await;
    assert!(matches!(refused, Err(IndexError::Width { given: 1, .. })), "{refused:?}");
    scene
}

macro_rules! contract {
    ($($test:ident)+) => {
        mod exact {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Scene::exact().await).await.end().await;
            })+
        }
        mod cluster {
            $(#[tokio::test]
            async fn $test() {
                if let Some(scene) = super::Scene::cluster().await {
                    super::$test(scene).await.end().await;
                }
            })+
        }
    };
}

contract! {
    the_nearest_come_first
    a_closed_set_is_scored_as_given
    filters_hold
    the_last_change_of_a_record_counts
    what_was_applied_is_there_after_opening_again
    nothing_is_found_in_an_empty_index
    another_width_is_refused
}

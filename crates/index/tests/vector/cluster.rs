//! What several nodes on one server are held to.

use kechuang_index::{Applied, Depth, VectorChange, VectorEntry};

use crate::support::{Scene, entry, id, ids, remove, vector};

#[tokio::test]
async fn a_late_node_never_brings_back_what_another_has_replaced() {
    let Some(scene) = Scene::cluster().await else { return };
    let at = |seq| Applied { seq, mark: String::new() };
    let seen = |n, revision, like| {
        VectorChange::Put(VectorEntry { revision, vector: vector(like), ..entry(n) })
    };
    let fast = [seen(1, 3, 501), remove(2, 3), seen(3, 3, 503)];
    scene.index.apply(&fast, &at(9)).await.expect("applied");
    let late = [seen(1, 2, 1), seen(2, 2, 2), remove(3, 2), seen(4, 1, 4)];
    scene.index.apply(&late, &at(6)).await.expect("applied");

    let records = scene.index.records().await.expect("records");
    assert_eq!(records, [(id(1), 3), (id(3), 3), (id(4), 1)]);
    let found = scene.find(&vector(501), Depth::Best(1)).await;
    assert_eq!(ids(&found), [id(1)]);
    // What a later revision says comes through, and what is removed is met by no search.
    scene.index.apply(&[seen(2, 4, 2), remove(1, 4)], &at(10)).await.expect("applied");
    let mut found = ids(&scene.find(&vector(2), Depth::Best(9)).await);
    found.sort_unstable();
    assert_eq!(found, [id(2), id(3), id(4)]);
    scene.end().await;
}

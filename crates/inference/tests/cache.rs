//! The cache of vectors: what it keeps, and what it withstands.

use std::{fs, path::Path};

use kechuang_inference::{CacheKey, VectorCache};

fn key(text: &str) -> CacheKey {
    CacheKey::of_parts("model", "", text)
}

fn filled(path: &Path) -> VectorCache {
    let mut cache = VectorCache::open(path, 3).expect("a cache");
    let vectors = [("甲", [1.0, 0.0, 0.0]), ("乙", [0.0, -0.5, 0.25])];
    cache.put(vectors.iter().map(|(text, vector)| (key(text), &vector[..]))).expect("kept");
    cache
}

#[test]
fn what_was_kept_is_there_again_and_keys_tell_everything_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/key.cache");
    drop(filled(&path));
    let cache = VectorCache::open(&path, 3).expect("the cache again");
    assert_eq!(cache.len(), 2);
    assert_eq!(cache.get(key("乙")).expect("a read"), Some(vec![0.0, -0.5, 0.25]));
    for other in [
        CacheKey::of_parts("model", "", "丙"),
        CacheKey::of_parts("model", "指令", "甲"),
        CacheKey::of_parts("other", "", "甲"),
        CacheKey::of_parts("mode", "l", "甲"),
    ] {
        assert_eq!(cache.get(other).expect("a read"), None);
    }
}

#[test]
fn what_was_cut_off_or_damaged_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.cache");
    drop(filled(&path));
    let whole = fs::read(&path).expect("the file");
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("written");
        let mut cache = VectorCache::open(&path, 3).expect("a cache");
        assert!(cache.len() < 2, "cut to {length}");
        cache.put([(key("丙"), &[0.0, 0.0, 1.0][..])]).expect("it goes on");
        assert_eq!(cache.get(key("丙")).expect("a read"), Some(vec![0.0, 0.0, 1.0]));
    }
    let mut broken = whole.clone();
    let last = broken.len() - 20;
    broken[last] ^= 1;
    fs::write(&path, &broken).expect("written");
    let cache = VectorCache::open(&path, 3).expect("a cache");
    assert_eq!(cache.len(), 1);
    // A row that changes behind its back is not believed either.
    let mut broken = whole;
    broken[40] ^= 1;
    fs::write(&path, &broken).expect("written");
    assert_eq!(cache.get(key("甲")).expect("a read"), None);
}

#[test]
fn a_file_of_another_kind_is_put_aside_and_two_never_write_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.cache");
    fs::write(&path, "a file that is no cache, and long enough to be one").expect("written");
    let cache = VectorCache::open(&path, 3).expect("a cache");
    assert!(cache.is_empty());
    assert!(folder.path().join("key.broken").exists());
    assert!(VectorCache::open(&path, 3).is_err(), "somebody else has it");
    drop(cache);
    drop(filled(&path));
    assert!(VectorCache::open(&path, 4).expect("a cache of another width").is_empty());
}

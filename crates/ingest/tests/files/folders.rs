//! Folders: what is read, in which order, and what is passed over.

use std::{fs, os::unix::fs::symlink};

use kechuang_ingest::rows::{Folder, walk};

fn names(folder: &Folder) -> Vec<&str> {
    folder.files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn files_come_in_order_and_what_is_passed_over_is_named() {
    let root = tempfile::tempdir().expect("a folder");
    let path = |name: &str| root.path().join(name);
    fs::create_dir_all(path("乙/丙")).expect("folders");
    fs::create_dir(path(".git")).expect("a folder");
    for name in [
        "b.csv",
        "a.xlsx",
        "乙/c.docx",
        "乙/丙/d.txt",
        "~$a.xlsx",
        ".git/e.csv",
        ".f.csv",
        "g.exe",
        "h.doc",
    ] {
        fs::write(path(name), "x").expect("a file");
    }
    symlink("/etc", path("etc")).expect("a link");
    symlink(path("b.csv"), path("z.csv")).expect("a link");
    let folder = walk(root.path()).expect("a folder");
    assert_eq!(names(&folder), ["a.xlsx", "b.csv", "乙/c.docx", "乙/丙/d.txt"]);
    let skipped =
        [("etc", "链接"), ("g.exe", "不支持"), ("h.doc", "另存为 .docx"), ("z.csv", "链接")];
    assert_eq!(folder.skipped.len(), skipped.len(), "{folder:?}");
    for ((name, reason), (wanted, words)) in folder.skipped.iter().zip(skipped) {
        assert!(name == wanted && reason.contains(words), "{name}: {reason}");
    }
}

#[test]
fn folders_that_are_too_deep_or_too_full_are_told() {
    let root = tempfile::tempdir().expect("a folder");
    let deep = root.path().join("1/2/3/4/5/6/7/8/9");
    fs::create_dir_all(&deep).expect("folders");
    fs::write(deep.join("a.csv"), "x").expect("a file");
    let folder = walk(root.path()).expect("a folder");
    assert_eq!((names(&folder), folder.skipped.len()), (Vec::new(), 1));
    assert!(folder.skipped[0].1.contains("8 层"), "{folder:?}");
    for number in 0..10_001 {
        fs::write(root.path().join(format!("{number}.csv")), "").expect("a file");
    }
    assert!(walk(root.path()).expect_err("too full").to_string().contains("10000"));
    assert!(walk(&root.path().join("无")).is_err());
}

//! Rules of the house that no compiler knows: the map, file sizes, migrations, unfinished work.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::MetadataCommand;

/// A file longer than this is several rooms in one.
const LINE_LIMIT: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned()
}

/// Files of the repository that people write, with their paths from its root.
fn files() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if matches!(name.as_str(), "target" | ".git" | "var") {
                continue;
            }
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut found);
    found
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).expect("in it").to_string_lossy().into_owned();
            Some((name, fs::read_to_string(path).ok()?))
        })
        .collect()
}

/// The rows of the map's table: each crate with the crates it may use.
fn map() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("crates/README.md")).expect("the map");
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
        let uses = cells.get(2)?;
        let names = uses.split('·').map(|name| name.trim().trim_matches('`').to_owned());
        Some((name, names.filter(|name| !matches!(name.as_str(), "" | "—")).collect()))
    });
    rows.collect()
}

#[test]
fn crates_use_each_other_as_the_map_says() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("the workspace");
    let ours = |name: &str| name.strip_prefix("kechuang-").map(str::to_owned);
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata.packages {
        let Some(name) = ours(&package.name) else { continue };
        if matches!(name.as_str(), "tests" | "benches") {
            continue;
        }
        let normal = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal);
        arrows.insert(name, normal.filter_map(|dependency| ours(&dependency.name)).collect());
    }
    assert_eq!(arrows, map(), "crates/README.md (right) and the manifests (left) differ");
}

#[test]
fn no_file_is_longer_than_600_lines() {
    let is_code = |name: &str| {
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("rs" | "sql" | "html" | "css" | "md" | "toml"))
    };
    let long: Vec<_> = files()
        .into_iter()
        .filter(|(name, _)| is_code(name))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LINE_LIMIT)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn every_migration_has_its_twin() {
    let names = |backend: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(backend);
        let entries = fs::read_dir(folder).expect("migrations");
        entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[test]
fn nothing_is_unfinished_and_no_test_is_ignored() {
    // Put together here, so that this file does not find itself.
    let words = ["todo", "unimplemented"].map(|word| format!("{word}!("));
    let ignored = format!("#[{}", "ignore");
    for (name, text) in files().into_iter().filter(|(name, _)| name.ends_with(".rs")) {
        for word in words.iter().chain([&ignored]) {
            assert!(!text.contains(word.as_str()), "{name} has {word}");
        }
    }
}

#[test]
fn every_problem_code_is_described_for_callers() {
    let text = fs::read_to_string(root().join("crates/web/README.md")).expect("the API's guide");
    for code in kechuang_domain::ProblemCode::ALL {
        assert!(text.contains(&format!("`{code}`")), "crates/web/README.md lacks {code}");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for (name, text) in files().into_iter().filter(|(name, _)| name.ends_with(".md")) {
        let folder = root().join(&name);
        let folder = folder.parent().expect("a folder");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(folder.join(path).exists(), "{name} links to {path}");
        }
    }
}

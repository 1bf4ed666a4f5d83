//! Sheets go out and come in: exports lead to equal records in another store, templates and returned
//! sheets go round through the program.

use std::{fs, path::Path};

use kechuang_domain::{Content, ImportStage, Library, Provenance, Source, Status, Watch};
use kechuang_ingest::{
    ImportFile, Mapping, import,
    sheet::{ExportFormat, Reach, export},
    work_one,
};
use kechuang_matching::clock;
use kechuang_store::{RecordDraft, Store, StoredRecord};
use kechuang_tests::{Database, block_on, kechuang};
use proptest::prelude::*;

use crate::arbitrary::any_draft;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

/// Drafts of one library from two sources, whose keys may be the same.
fn any_drafts() -> impl Strategy<Value = Vec<RecordDraft>> {
    let library = prop::sample::select(&Library::ALL[..]);
    let drafts = library.prop_flat_map(|library| prop::collection::vec(any_draft(library), 1..5));
    drafts.prop_map(|mut drafts| {
        for (number, draft) in drafts.iter_mut().enumerate() {
            draft.source.name = ["此处", "别处"][number % 2].to_owned();
            draft.source.key = format!("{}-{}", draft.source.key, number / 2);
        }
        drafts
    })
}

async fn all(store: &Store) -> Vec<StoredRecord> {
    let mut records = store.records_after(None, 1_000).await.expect("records");
    records.sort_by(|a, b| a.record.source.cmp(&b.record.source));
    records
}

/// What an export owes: everything but what the other store gives out itself.
fn kept(stored: &StoredRecord) -> (&str, &Source, Status, &Content, &Provenance) {
    let record = &stored.record;
    (&stored.owner_name, &record.source, record.status, &record.content, &record.provenance)
}

async fn exchange(sent: &[RecordDraft], format: ExportFormat) -> Result<(), TestCaseError> {
    let library = sent[0].content.library();
    // The databases live as long as their folders do.
    let databases = [Database::embedded().await, Database::embedded().await];
    let (here, there) = (&databases[0].store, &databases[1].store);
    here.save_records(sent, clock::now()).await.expect("saved");
    let stored = here.records_after(None, 1_000).await.expect("records");
    let bytes = export(format, library, stored.iter(), Reach::Keeper).expect("an export");
    let file = ImportFile {
        library,
        source: "搬家".to_owned(),
        name: format!("导出.{}", format.ending()),
        bytes,
        sample: false,
        asks_mapping: false,
        mapping: Some(Mapping::default().keeping_sources()),
    };
    let rules = kechuang_cli::assets::ingest_rules(kechuang_domain::FreshnessRules::default())
        .expect("rules");
    let id = import::submit(there, file, clock::now(), &Watch::nobody()).await.expect("handed in");
    while work_one(there, &rules, clock::now(), &Watch::nobody()).await.expect("work").is_some() {}
    let done = there.import(id).await.expect("a store").expect("an import");
    prop_assert_eq!(done.stage, ImportStage::Done, "{:?}", done.error);
    let report = import::report(there, id).await.expect("a report");
    prop_assert!(report.ingested.rejected.is_empty(), "{:?}", report.ingested.rejected);
    let (here, there) = (all(here).await, all(there).await);
    prop_assert_eq!(here.len(), there.len());
    for (here, there) in here.iter().zip(&there) {
        prop_assert_eq!(kept(here), kept(there), "{:?}", format);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_exported_library_is_the_same_in_another_store(sent in any_drafts()) {
        for format in ExportFormat::ALL {
            block_on(exchange(&sent, format))?;
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn a_template_goes_out_and_its_example_stays_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, sheet) = (folder.path().join("var"), folder.path().join("需求.xlsx"));
    for library in Library::ALL {
        let arguments = ["template", "--library", library.code(), "--output", text(&sheet)];
        let made = kechuang(PROGRAM, &data, &arguments);
        assert_eq!(made.code, Some(0), "{made:?}");
        let ingest = ["ingest", text(&sheet), "--library", library.code()];
        let taken = kechuang(PROGRAM, &data, &ingest);
        assert_eq!(taken.code, Some(0), "{taken:?}");
        assert!(taken.err.contains("新增 0 条") && taken.err.contains("示例行 1 行"), "{taken:?}");
    }
}

#[test]
fn a_sheet_goes_back_and_comes_in_again_once_it_is_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (data, sent, back) = (path("var"), path("成果.csv"), path("退回.csv"));
    fs::write(&sent, "编号,名称,技术成熟度\nA1,镁合金焊接,7\nA2,赤泥脱碱,十\n").expect("a file");
    let arguments = |file: &Path, to: &Path| {
        let all =
            ["ingest", text(file), "--library", "achievement", "--source", "某校", "--errors"];
        all.into_iter().chain([text(to)]).map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        kechuang(PROGRAM, &data, &arguments)
    };
    let refused = run(arguments(&sent, &path("退回.xlsx")));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains(".csv 格式"), "{refused:?}");
    let first = run(arguments(&sent, &back));
    assert_eq!(first.code, Some(3), "{first:?}");
    assert!(first.err.contains("退回文件已写到"), "{first:?}");
    let returned = fs::read_to_string(&back).expect("a returned file");
    assert!(
        returned.starts_with("编号,名称,技术成熟度,错误说明\nA1,镁合金焊接,7,\nA2,赤泥脱碱,十,“")
    );
    fs::write(&sent, returned.replace(",十,", ",8,")).expect("a file");
    let second = run(arguments(&sent, &back));
    assert_eq!(second.code, Some(0), "{second:?}");
    assert!(second.err.contains("新增 1 条，更新 0 条，未变 1 条"), "{second:?}");
}

#[test]
fn an_export_of_the_program_makes_the_same_library_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (here, there) = (path("here"), path("there"));
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/achievements-2026.xlsx");
    let taken = kechuang(PROGRAM, &here, &["ingest", sample, "--library", "achievement"]);
    assert_eq!(taken.code, Some(0), "{taken:?}");
    for format in ["xlsx", "csv", "jsonl"] {
        let file = path(&format!("成果.{format}"));
        let export = |data: &Path, to: &Path| {
            let asked = ["export", "--library", "achievement", "--format", format, "--output"];
            let asked: Vec<&str> = asked.into_iter().chain([text(to)]).collect();
            let made = kechuang(PROGRAM, data, &asked);
            assert_eq!(made.code, Some(0), "{made:?}");
        };
        export(&here, &file);
        let ingest = ["ingest", text(&file), "--library", "achievement", "--keep-sources"];
        let moved = kechuang(PROGRAM, &there, &ingest);
        assert_eq!(moved.code, Some(0), "{moved:?}");
    }
    let lines = |data: &Path| {
        let made =
            kechuang(PROGRAM, data, &["export", "--library", "achievement", "--format", "jsonl"]);
        let mut lines: Vec<String> = made.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert!(lines(&here).len() > 10, "the sample is there");
    assert_eq!(lines(&here), lines(&there));
}

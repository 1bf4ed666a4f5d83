//! Killed at any moment, nothing that was acknowledged is lost or doubled.
//!
//! A record is acknowledged when its id was printed, which happens after its commit. The program is
//! killed with SIGKILL at named steps and at random moments while it takes in 2,000 records; then
//! `fsck` must be clean, each acknowledged record must be there once, and taking the file in again must
//! bring it to exactly 2,000.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use kechuang_tests::{kechuang, program::command};

use crate::index::Random;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");
const RECORDS: usize = 2_000;

/// Steps at which the process is killed, and the how-manieth time. One job reads the file, four take 500
/// rows each.
const STEPS: [&str; 14] = [
    "enqueue_starting:1",
    "enqueued:1",
    "claimed:1",
    "file_read:1",
    "claimed:2",
    "claimed:4",
    "data_written:2",
    "data_committed:1",
    "data_committed:4",
    "job_finished:3",
    "index_written:1",
    "index_committing:1",
    "index_merging:1",
    "index_committed:1",
];

fn write_rows(file: &Path) {
    let mut rows = String::new();
    for number in 0..RECORDS {
        let title = format!("第{number}号工艺");
        // Every record says something of its own; a thousand alike would be compared with each other.
        let mut random = Random(number as u64 + 1);
        let han = |at: u64| char::from_u32(0x4e00 + at as u32).unwrap_or('一');
        let body: String = (0..40).map(|_| han(random.below(20_000))).collect();
        let row = serde_json::json!({ "id": number.to_string(), "title": title, "body": body });
        rows.push_str(&row.to_string());
        rows.push('\n');
    }
    fs::write(file, rows).expect("a file");
}

/// When the process is killed.
enum Kill<'a> {
    /// By itself, at a step.
    At(&'a str),
    /// From outside, so long after its start.
    After(Duration),
}

/// Takes the file in until the process is killed; gives the ids that were printed.
fn take_in_and_crash(data: &Path, file: &Path, kill: &Kill<'_>) -> Vec<String> {
    let file = file.to_str().expect("a plain path");
    let arguments = ["ingest", file, "--library", "achievement", "--ids"];
    let mut command = command(Path::new(PROGRAM), data, &arguments);
    if let Kill::At(step) = kill {
        command.env("KECHUANG_CRASH_AT", step);
    }
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a process");
    let out = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        // A line that was cut off by the kill is no acknowledgement.
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines.filter(|line| line.len() == 36).collect::<Vec<String>>()
    });
    if let Kill::After(after) = kill {
        std::thread::sleep(*after);
        // It may have ended by itself.
        drop(child.kill());
    }
    let ended = child.wait().expect("an end");
    if let Kill::At(step) = kill {
        assert_eq!(ended.code(), None, "{step} was never reached");
    }
    reader.join().expect("its ids")
}

/// Checks what is left after a crash, then finishes the work.
fn check_after_crash(
    data: &Path,
    file: &Path,
    earlier: usize,
    acknowledged: &[String],
    case: &str,
) {
    let report = kechuang(PROGRAM, data, &["fsck", "--json"]);
    assert_eq!(report.code, Some(0), "{case}: {report:?}");
    let report = report.json();
    let count = |name: &str| report["report"][name].as_u64().expect("a number") as usize;
    assert_eq!(count("stored"), count("indexed"), "{case}: {report}");
    assert!(count("stored") >= acknowledged.len(), "{case}: {report}");

    let arguments =
        ["ingest", file.to_str().expect("a plain path"), "--library", "achievement", "--json"];
    let again = kechuang(PROGRAM, data, &arguments);
    assert_eq!(again.code, Some(0), "{case}: {again:?}");
    let again = again.json();
    let saved = again["saved"].as_array().expect("rows");
    let ids: BTreeSet<_> = saved.iter().map(|row| row["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), RECORDS, "{case}");
    let missing: Vec<_> = acknowledged.iter().filter(|id| !ids.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "{case}: acknowledged and gone: {missing:?}");
    let report = kechuang(PROGRAM, data, &["fsck", "--json"]);
    assert_eq!(report.code, Some(0), "{case}: {report:?}");
    assert_eq!(report.json()["report"]["indexed"], RECORDS + earlier, "{case}");
    assert_eq!(report.json()["report"]["stored"], RECORDS + earlier, "{case}");
}

#[test]
fn killed_at_named_steps_nothing_acknowledged_is_lost() {
    for step in STEPS {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("rows.jsonl");
        write_rows(&file);
        let data = folder.path().join("data");
        let earlier = prepare(&data, step);
        let acknowledged = take_in_and_crash(&data, &file, &Kill::At(step));
        eprintln!("{step}: {} acknowledged", acknowledged.len());
        let before_data = matches!(
            step,
            "enqueue_starting:1" | "enqueued:1" | "claimed:1" | "file_read:1" | "claimed:2"
        );
        assert_eq!(acknowledged.is_empty(), before_data || step == "data_committed:1", "{step}");
        assert!(acknowledged.len() <= RECORDS, "{step}");
        check_after_crash(&data, &file, earlier, &acknowledged, step);
    }
}

/// Steps at which encoding is killed: 2,000 changes are taken up in four commits of 512 at most.
const ENCODING_STEPS: [&str; 4] =
    ["vectors_encoded:1", "vectors_committed:1", "vectors_encoded:4", "vectors_committed:4"];

#[test]
fn killed_while_encoding_every_record_has_its_vector_once() {
    for step in ENCODING_STEPS {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, data) = (folder.path().join("rows.jsonl"), folder.path().join("data"));
        write_rows(&file);
        let file = file.to_str().expect("a plain path");
        let done = kechuang(PROGRAM, &data, &["ingest", file, "--library", "achievement"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        let mut killed = command(Path::new(PROGRAM), &data, &["match", "--text", "第七号工艺"]);
        let killed = killed.env("KECHUANG_CRASH_AT", step).output().expect("a process");
        assert_eq!(killed.status.code(), None, "{step} was never reached");
        let report = kechuang(PROGRAM, &data, &["fsck", "--json"]);
        assert_eq!(report.code, Some(0), "{step}: {report:?}");
        let report = report.json();
        assert_eq!(report["report"]["vectors"]["encoded"], RECORDS, "{step}: {report}");
        assert_eq!(report["report"]["indexed"], RECORDS, "{step}: {report}");
    }
}

/// Merges come with the sixth segment: for those, five records go before, each in a segment of its own.
/// Tells how many.
fn prepare(data: &Path, step: &str) -> usize {
    if !step.starts_with("index_merging") {
        return 0;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("earlier.jsonl");
    for number in 0..5 {
        let row = serde_json::json!({ "id": number.to_string(), "title": "先到的一条" });
        fs::write(&file, row.to_string()).expect("a file");
        let file = file.to_str().expect("a plain path");
        let done = kechuang(PROGRAM, data, &["ingest", file, "--library", "achievement"]);
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    5
}

#[test]
fn killed_at_random_moments_nothing_acknowledged_is_lost() {
    let mut random = Random(2_026);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.jsonl");
    write_rows(&file);
    // How long an undisturbed run takes here bounds the moments.
    let started = Instant::now();
    let arguments = ["ingest", file.to_str().expect("a plain path"), "--library", "achievement"];
    let undisturbed = kechuang(PROGRAM, &folder.path().join("undisturbed"), &arguments);
    assert_eq!(undisturbed.code, Some(0), "{undisturbed:?}");
    let whole = u64::try_from(started.elapsed().as_millis()).expect("not for ever");
    for round in 0..10 {
        let data = folder.path().join(format!("data-{round}"));
        let after = Duration::from_millis(random.below(whole));
        let acknowledged = take_in_and_crash(&data, &file, &Kill::After(after));
        eprintln!("round {round}: {} acknowledged after {after:?}", acknowledged.len());
        check_after_crash(
            &data,
            &file,
            0,
            &acknowledged,
            &format!("round {round} after {after:?}"),
        );
    }
}

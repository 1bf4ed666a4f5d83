//! What is accepted as judgements and runs, and how a mistake is told.

use kechuang_eval::{Judgements, Level, Run, evaluate};

#[test]
fn judgements_are_read_from_tab_separated_lines() {
    let text = "\u{feff}d1\ta1\t4\r\n\nd1\ta2\t1\nd0\ta1\t3\n";
    let judgements = Judgements::parse(text).unwrap();
    let mut read = Vec::new();
    for (query, judged) in &judgements.queries {
        for (document, level) in judged {
            read.push((query.as_str(), document.as_str(), *level));
        }
    }
    assert_eq!(
        read,
        [
            ("d0", "a1", Level::FairlyStrong),
            ("d1", "a1", Level::Strong),
            ("d1", "a2", Level::Unrelated)
        ]
    );
}

#[test]
fn a_wrong_line_is_told_in_chinese_with_its_number() {
    let check = |text: &str, expected: &str| {
        assert_eq!(Judgements::parse(text).unwrap_err().to_string(), expected);
    };
    check(
        "d1\ta1\t4\n\nd1 a2 3",
        "第 3 行：应为 3 列（需求编号、成果编号、等级，以制表符分隔），实际为 1 列",
    );
    check(
        "d1\ta1\t4\t",
        "第 1 行：应为 3 列（需求编号、成果编号、等级，以制表符分隔），实际为 4 列",
    );
    check("\ta1\t4", "第 1 行：需求编号为空");
    check("d1\t \t4", "第 1 行：成果编号为空");
    check("d1\ta1\t5", "第 1 行：等级应为 1、2、3 或 4，实际为“5”");
    check("d1\ta1\t0", "第 1 行：等级应为 1、2、3 或 4，实际为“0”");
    check("d1\ta1\tlevel", "第 1 行：等级应为 1、2、3 或 4，实际为“level”");
    check("d1\ta1\t4\nd1\ta1\t4", "第 2 行：需求“d1”与成果“a1”的等级重复");
}

#[test]
fn a_run_ranks_by_score_then_by_id() {
    let run = run("q b=1 c=2 a=1 d=-3 f=0.0 e=-0.0");
    let ranking = run.ranking("q").unwrap();
    let ids: Vec<&str> = ranking.documents().iter().map(|r| r.document.as_str()).collect();
    assert_eq!(ids, ["c", "a", "b", "e", "f", "d"]);
}

#[test]
fn a_run_refuses_what_cannot_be_ranked() {
    let check = |written: &str, expected: &str| {
        assert_eq!(try_run(written).unwrap_err(), expected);
    };
    check("q a=1 b=NaN", "query q: document b has the score NaN");
    check("q a=inf", "query q: document a has the score inf");
    check("q a=1 b=2 a=3", "query q: document a is listed twice");
}

#[test]
fn runs_that_do_not_fit_the_judgements_are_errors() {
    let judgements = Judgements::parse("p\ta\t4\np\tb\t1\nq\ta\t3\nq\tb\t1").unwrap();
    let fitting = "p a=2 b=1; q a=2 b=1";
    let check = |closed: &str, open: &str, expected: &str| {
        let error = evaluate(&judgements, &run(closed), &run(open)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    check("p a=2 b=1", fitting, "query q is judged but absent from the run");
    check(fitting, "q a=1", "query p is judged but absent from the run");
    check("o; p a=2 b=1; q a=2 b=1", fitting, "query o is in the run but not judged");
    check(fitting, "p; q; r", "query r is in the run but not judged");
    check("p b=1; q a=2 b=1", fitting, "query p: judged document a is absent from the closed run");
    check(
        "p a=2 b=1; q a=2 b=1 c=3",
        fitting,
        "query q: document c is in the closed run but not judged",
    );
}

/// Queries separated by semicolons, each followed by its documents as `id=score`.
fn run(written: &str) -> Run {
    try_run(written).unwrap()
}

fn try_run(written: &str) -> Result<Run, String> {
    let mut scores = std::collections::BTreeMap::new();
    for query in written.split(';') {
        let mut words = query.split_whitespace();
        let id = words.next().unwrap().to_owned();
        let scored = words.map(|word| word.split_once('=').unwrap());
        let scored = scored.map(|(document, score)| (document.to_owned(), score.parse().unwrap()));
        scores.insert(id, scored.collect());
    }
    Run::new(scores).map_err(|error| error.to_string())
}

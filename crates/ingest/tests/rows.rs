//! Files from outside: what is read of them, and what is said of the rest.

use kechuang_domain::{Fact, Library, Status, TextField, Viewer};
use kechuang_ingest::{
    Column, Format, Issue, Row, RowContext, Tables, columns::column, draft::draft, rows::read,
};
use kechuang_store::RecordDraft;
use proptest::prelude::*;

fn context(library: Library) -> RowContext {
    RowContext::new(library, "测试")
}

/// Each row as `Ok(title)` or `Err(reason)`.
fn drafts(format: Format, library: Library, text: &[u8]) -> Vec<Result<RecordDraft, String>> {
    let rows = read(format, text).expect("a file that can be cut into rows");
    rows.into_iter()
        .map(|row| match row {
            Row::Fields { place, fields } => {
                draft(&context(library), &Tables::default(), &place, &fields)
                    .map_err(|issues| reasons(&issues))
            }
            Row::Broken { place, reason, .. } => Err(format!("{}: {reason}", place.label())),
            Row::Text { .. } => Err("a text".to_owned()),
        })
        .collect()
}

fn reasons(issues: &[Issue]) -> String {
    let reasons = issues.iter().map(|issue| format!("{:?} {}", issue.column, issue.reason));
    reasons.collect::<Vec<_>>().join("\n")
}

fn text_of(draft: &RecordDraft, field: TextField) -> &str {
    draft.content.text_for(Viewer::Public, field).unwrap_or_default()
}

#[test]
fn chinese_and_english_headers_mean_the_same() {
    let csv = "编号,成果名称,内容简介,完成单位,行政区划代码,产业链,技术成熟度,预算（万元）\n\
               A1,赤泥脱碱,石灰法,示例大学,141181,solid-waste,7,\n";
    let json = "{\"id\": \"A1\", \"title\": \"赤泥脱碱\", \"abstract\": \"石灰法\", \"owner\": \"示例大学\", \
                \"region\": \"141181\", \"chain\": \"solid-waste\", \"trl\": 7}\n";
    let by_csv = drafts(Format::Csv, Library::Achievement, csv.as_bytes());
    let by_json = drafts(Format::JsonLines, Library::Achievement, json.as_bytes());
    // They differ in their line alone.
    let of = |drafts: &[Result<RecordDraft, String>]| drafts[0].clone().expect("a draft").content;
    assert_eq!(of(&by_csv), of(&by_json));
    let draft = by_csv[0].as_ref().expect("a draft");
    assert_eq!(text_of(draft, TextField::Body), "石灰法");
    assert_eq!((draft.owner.as_str(), draft.source.key.as_str()), ("示例大学", "A1"));
    let details = draft.content.details();
    assert_eq!((details.whole(Fact::Trl), details.whole(Fact::Year)), (Some(7), None));
}

#[test]
fn values_that_cannot_be_are_told_with_their_field() {
    for (field, value, words) in [
        ("title", "\" \"", "名称为空"),
        ("trl", "\"十\"", "技术成熟度「十」"),
        ("trl", "10", "1 到 9"),
        ("region", "\"山西\"", "行政区划代码"),
        ("chain", "\"氢能\"", "产业链代码"),
        ("status", "\"lost\"", "状态「lost」"),
    ] {
        let mut row = serde_json::json!({ "title": "甲" });
        row[field] = serde_json::from_str(value).expect("a value");
        let refused = drafts(Format::JsonLines, Library::Achievement, row.to_string().as_bytes());
        let reason = refused[0].as_ref().expect_err("a reason");
        assert!(reason.contains(words), "{field}: {reason}");
    }
    let row = "{\"title\": \"甲\", \"budget_wan\": -1, \"deadline\": \"2027年6月30日\"}";
    let refused = drafts(Format::JsonLines, Library::Demand, row.as_bytes());
    assert!(refused[0].as_ref().is_err_and(|reason| reason.contains("万元")), "{refused:?}");
}

#[test]
fn dates_money_lists_and_status_are_understood() {
    let row = "{\"title\": \"甲\", \"budget_wan\": \"300.5\", \"deadline\": \"2027年6月30日\", \
               \"keywords\": [\"赤泥\", \"脱碱\"], \"status\": \"已办结\", \"sample\": \"是\"}";
    let draft =
        drafts(Format::JsonLines, Library::Demand, row.as_bytes()).remove(0).expect("a draft");
    let details = draft.content.details();
    let (budget, deadline) = (details.money(Fact::Budget), details.date(Fact::Deadline));
    assert_eq!(budget.map(|budget| budget.fen()), Some(300_500_000));
    assert_eq!(deadline.map(|day| day.to_string()).as_deref(), Some("2027-06-30"));
    assert_eq!(text_of(&draft, TextField::Keywords), "赤泥；脱碱");
    assert_eq!((draft.status, draft.content.sample), (Status::Closed, true));
}

#[test]
fn a_row_without_key_is_known_by_what_it_says() {
    let key = |row: &str| {
        drafts(Format::JsonLines, Library::Demand, row.as_bytes())
            .remove(0)
            .expect("a draft")
            .source
            .key
    };
    assert_eq!(
        key("{\"title\": \"甲\", \"body\": \"乙\"}"),
        key("{\"body\": \"乙\", \"title\": \"甲\"}")
    );
    assert_ne!(key("{\"title\": \"甲\"}"), key("{\"title\": \"乙\"}"));
}

fn is_broken(row: &Row) -> bool {
    matches!(row, Row::Broken { .. })
}

#[test]
fn csv_keeps_quotes_line_breaks_and_its_line_numbers() {
    let csv =
        "\u{feff}名称,内容简介\r\n\"甲,\"\"乙\"\"\",\"第一行\n第二行\"\r\n只有一格\r\n丙,丁\r\n";
    let rows = read(Format::Csv, csv.as_bytes()).expect("rows");
    assert_eq!(rows.len(), 3, "{rows:#?}");
    let Row::Fields { place, fields } = &rows[0] else { panic!("{rows:?}") };
    assert_eq!(place.row, Some(2));
    assert_eq!(fields["名称"], "甲,\"乙\"");
    assert_eq!(fields["内容简介"], "第一行\n第二行");
    assert!(is_broken(&rows[1]) && rows[1].place().row == Some(4), "{rows:?}");
    assert!(!is_broken(&rows[2]) && rows[2].place().row == Some(5), "{rows:?}");
}

#[test]
fn an_open_quote_in_the_last_column_swallows_no_row() {
    let rows = read(Format::Csv, "名称,简介\nA,\"foo\nB,bar\nC,baz\n".as_bytes()).expect("rows");
    assert!(is_broken(&rows[0]) && rows[0].place().row == Some(2), "{rows:?}");
    let kept = rows.iter().filter(|row| matches!(row, Row::Fields { .. })).count();
    assert_eq!((rows.len(), kept), (3, 2), "{rows:?}");
}

#[test]
fn what_no_database_takes_is_refused_row_by_row() {
    let long = "甲".repeat(300);
    for (row, words) in [
        (serde_json::json!({ "title": "甲", "owner": long }), "单位"),
        (serde_json::json!({ "title": "甲", "id": long }), "编号"),
    ] {
        let refused = drafts(Format::JsonLines, Library::Demand, row.to_string().as_bytes());
        assert!(refused[0].as_ref().is_err_and(|reason| reason.contains(words)), "{refused:?}");
    }
    let row = serde_json::json!({ "title": "甲", "id": "a\0b", "owner": "某\0校" }).to_string();
    let draft = drafts(Format::JsonLines, Library::Demand, row.as_bytes()).remove(0).expect("fine");
    assert_eq!((draft.source.key.as_str(), draft.owner.as_str()), ("ab", "某校"));
}

#[test]
fn a_running_number_is_no_key_and_two_columns_of_one_field_are_both_kept() {
    let csv = "序号,成果编号,名称,简介,正文\n1,A7,甲,短,长\n";
    let draft = drafts(Format::Csv, Library::Achievement, csv.as_bytes()).remove(0).expect("fine");
    assert_eq!(draft.source.key, "A7");
    let body = text_of(&draft, TextField::Body);
    assert!(body.contains("短") && body.contains("长"), "{body}");
}

#[test]
fn files_that_are_no_such_file_are_refused_whole() {
    for (bytes, words) in [
        // Half a character of UTF-16; a surrogate alone.
        (&b"\xff\xfe\x16"[..], "UTF-16"),
        (&b"\xff\xfe\x00\xd8"[..], "UTF-16"),
        (&b""[..], "列名"),
        ("甲,乙\n1,2\n".as_bytes(), "列名"),
    ] {
        let error = read(Format::Csv, bytes).expect_err("no rows").to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    assert!(Format::of_name("a.exe").is_err());
    assert_eq!(Format::of_name("成果.CSV").ok(), Some(Format::Csv));
}

proptest! {
    /// Whatever the bytes, reading ends, breaks nothing, and every line that says something is a row.
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::JsonLines, Format::Csv] {
            if let Ok(rows) = read(format, &bytes) {
                for row in rows {
                    if let Row::Fields { place, fields } = row {
                        drop(draft(&context(Library::Demand), &Tables::default(), &place, &fields));
                    }
                }
            }
        }
    }

    #[test]
    fn broken_lines_take_no_good_line_with_them(
        lines in proptest::collection::vec(prop_oneof![
            Just("{\"title\": \"好\"}"), Just("{\"title\": "), Just("[]"), Just("坏"), Just("{}}"),
        ], 1..30),
    ) {
        let rows = read(Format::JsonLines, lines.join("\n").as_bytes()).expect("rows");
        prop_assert_eq!(rows.len(), lines.len());
        for (row, line) in rows.iter().zip(&lines) {
            let good = line.starts_with("{\"title\": \"好\"");
            prop_assert_eq!(matches!(row, Row::Fields { .. }), good);
        }
    }
}

#[test]
fn every_name_of_the_registries_means_its_field() {
    for library in Library::ALL {
        for known in Column::of(library) {
            for name in [known.code(), known.label(), &format!("*{}（必填）", known.label())] {
                let meant = column(library, name);
                assert_eq!(meant.map(Column::label), Some(known.label()), "{library:?} {name}");
            }
        }
    }
    for (header, code) in [
        ("完成单位", "owner"),
        ("budget_wan", "budget"),
        (" TRL等级 ", "trl"),
        ("错误说明", "errors"),
    ] {
        let library = if code == "budget" { Library::Demand } else { Library::Achievement };
        assert_eq!(column(library, header).map(Column::code), Some(code), "{header}");
    }
    assert_eq!(column(Library::Policy, "随便"), None);
}

#[test]
fn a_policy_in_a_table_is_read_like_a_document_where_its_columns_are_silent() {
    let json = "{\"title\": \"吕梁市示例办法\", \"issuer\": \"吕梁市科技局\", \"doc_no\": \"/\", \
                \"body\": \"1．对中试给予资助，最高不超过 50 万元。\\n2．不得重复申报。\"}\n\
                {\"title\": \"示例市条例\", \"articles\": [\
                {\"no\": \"第一条\", \"chapter\": \"第一章　总则\", \"text\": \"为了示例，制定本条例。\"},\
                {\"no\": \"第二条\", \"chapter\": \"第一章　总则\", \"text\": \"自2026年1月1日起施行。\"}]}\n\
                {\"title\": \"示例办法\", \"body\": \"1．资助。\", \"cap_wan\": 7, \"clauses\": []}\n";
    let drafts = drafts(Format::JsonLines, Library::Policy, json.as_bytes());
    let [guide, statute, silent] = [0, 1, 2].map(|at| drafts[at].clone().expect("a draft"));
    let details = guide.content.details();
    assert_eq!(details.text(Fact::DocumentNumber), None, "a stroke says that there is none");
    assert_eq!(details.text(Fact::Level), Some("市"));
    assert_eq!(details.money(Fact::Cap).map(|cap| cap.wan_yuan()), Some(50.0));
    let body = text_of(&guide, TextField::Body);
    let words: Vec<_> = details.clauses().iter().map(|one| one.span.of(body)).collect();
    assert_eq!(words.len(), 2);
    assert!(words[0].is_some_and(|words| words.contains("50 万元")), "{words:?}");

    let body = text_of(&statute, TextField::Body);
    let first = "第一章　总则\n第一条　为了示例，制定本条例。\n第二条";
    assert!(body.starts_with(first), "{body}");
    let numbers: Vec<_> =
        statute.content.details().clauses().iter().map(|one| one.clause.as_str()).collect();
    assert!(numbers.ends_with(&["第一条", "第二条"]), "{numbers:?}");
    let from = statute.content.details().date(Fact::EffectiveFrom);
    assert_eq!(from.map(|day| day.to_string()).as_deref(), Some("2026-01-01"));
    assert_eq!(silent.content.details().money(Fact::Cap).map(|cap| cap.wan_yuan()), Some(7.0));
}

#[test]
fn nothing_is_read_of_a_policy_text_that_is_not_for_everybody() {
    let json = "{\"title\": \"示例办法\", \"body\": \"1．资助最高 50 万元。\", \"tiers\": {\"body\": \"agreement\"}}\n\
                {\"title\": \"示例办法二\", \"body\": \"1．资助最高 50 万元。\", \"tiers\": {}}\n\
                {\"title\": \"示例办法三\", \"body\": \"1．申报时间：2026年5月1日至5月31日。\", \
                \"window_until\": \"2026-03-31\"}\n";
    let drafts = drafts(Format::JsonLines, Library::Policy, json.as_bytes());
    let [hidden, open, half] = [0, 1, 2].map(|at| drafts[at].clone().expect("a draft"));
    assert!(hidden.content.details().clauses().is_empty());
    assert_eq!(hidden.content.details().money(Fact::Cap), None);
    assert_eq!(hidden.provenance.fields.len(), 0);
    let sentence = open.provenance.fields["cap"].sentence.as_deref();
    assert_eq!(sentence, Some("1．资助最高 50 万元。"));
    // A period that nobody has stated is none.
    let window =
        [Fact::WindowFrom, Fact::WindowUntil].map(|fact| half.content.details().date(fact));
    assert_eq!(
        window.map(|day| day.map(|day| day.to_string())),
        [None, Some("2026-03-31".to_owned())]
    );
}

#[test]
fn of_two_days_in_a_cell_the_last_is_taken() {
    let csv = "名称,成文日期,失效日期\n示例办法,2023-10-25/2023-11-17,2026-12-31\n示例办法二,2023-10-25/待定,\n";
    let drafts = drafts(Format::Csv, Library::Policy, csv.as_bytes());
    let first = drafts[0].clone().expect("a draft");
    let day = |fact| first.content.details().date(fact).map(|day| day.to_string());
    assert_eq!(day(Fact::WrittenOn).as_deref(), Some("2023-11-17"));
    assert_eq!(day(Fact::EffectiveUntil).as_deref(), Some("2026-12-31"));
    assert!(drafts[1].as_ref().is_err_and(|why| why.contains("待定")), "{:?}", drafts[1]);
}

#[test]
fn two_columns_of_one_name_are_both_kept() {
    let csv = "名称,关键词,关键词\n赤泥脱碱,赤泥,\n镁合金压铸,镁合金,压铸\n";
    let drafts = drafts(Format::Csv, Library::Achievement, csv.as_bytes());
    let words = |at: usize| {
        let draft: &RecordDraft = drafts[at].as_ref().expect("a draft");
        text_of(draft, TextField::Keywords).to_owned()
    };
    assert_eq!((words(0).as_str(), words(1).as_str()), ("赤泥", "镁合金\n压铸"));
}

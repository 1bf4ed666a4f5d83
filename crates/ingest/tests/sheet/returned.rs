//! Sheets that go back with what is wrong in them.

use encoding_rs::GB18030;
use kechuang_domain::{Library, Place};
use kechuang_ingest::{
    Format, Issue, RejectedRow, Row, RowContext, Tables,
    draft::draft,
    rows::read,
    sheet::{Choices, errors_ending, template, with_errors},
};
use rust_xlsxwriter::{DataValidation, Format as CellFormat, Note, Workbook};

use crate::support::{cells, part};

/// The rows of a file that are no records.
fn rejected(format: Format, library: Library, bytes: &[u8]) -> Vec<RejectedRow> {
    let context = RowContext::new(library, "测试");
    let rows = read(format, bytes).expect("rows");
    let refused = rows.iter().filter_map(|row| match row {
        Row::Fields { place, fields } => {
            let issues = draft(&context, &Tables::default(), place, fields).err()?;
            Some(RejectedRow { place: place.clone(), issues })
        }
        Row::Broken { place, reason, .. } => {
            let issues = vec![Issue { column: None, reason: reason.clone() }];
            Some(RejectedRow { place: place.clone(), issues })
        }
        Row::Text { .. } => None,
    });
    refused.collect()
}

/// A sheet as a firm might send it: a title above the header, a note, a list, bold cells.
fn sent(levels: [&str; 3]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("成果").expect("a name");
    let bold = CellFormat::new().set_bold();
    sheet.write_string(0, 0, "某单位成果汇总").expect("a title");
    for (place, header) in (0..).zip(["编号", "成果名称", "技术成熟度", "备注"]) {
        sheet.write_string_with_format(1, place, header, &bold).expect("a header");
    }
    for (row, level) in (2..).zip(levels) {
        sheet.write_string(row, 0, format!("A-{row}")).expect("a key");
        sheet.write_string_with_format(row, 1, "镁合金焊接", &bold).expect("a title");
        if !level.is_empty() {
            sheet.write_string_with_format(row, 2, level, &bold).expect("a level");
        }
        sheet.write_string(row, 3, "=1+1 & <备注>").expect("a remark");
    }
    sheet.insert_note(1, 2, &Note::new("一到九级")).expect("a note");
    let list = DataValidation::new().allow_list_strings(&["1", "2", "3"]).expect("a list");
    sheet.add_data_validation(2, 2, 99, 2, &list).expect("a rule");
    let other = workbook.add_worksheet();
    other.set_name("说明").expect("a name").write_string(0, 0, "随便写写").expect("a text");
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_comes_back_as_it_was_with_reasons() {
    let file = sent(["7", "十", "99"]);
    let wrong = rejected(Format::Xlsx, Library::Achievement, &file);
    assert_eq!(wrong.len(), 2);
    let back = with_errors("成果.xlsx", &file, &wrong).expect("a file");
    let (before, after) = (cells(&file, "成果"), cells(&back, "成果"));
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before[..], after[..before.len()]);
    }
    assert_eq!(cells(&back, "说明"), cells(&file, "说明"));
    let reasons: Vec<&str> = after.iter().map(|row| row[4].as_str()).collect();
    assert_eq!(reasons[..3], ["", "错误说明", ""]);
    assert!(reasons[3].contains("技术成熟度「十」"), "{reasons:?}");
    assert!(reasons[4].contains("1 到 9 的整数"), "{reasons:?}");
    let sheet = part(&back, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<dataValidation ") && sheet.contains("legacyDrawing"));
    let notes = part(&back, "xl/comments1.xml");
    assert!(notes.contains("一到九级"), "the sender's note stays");
    assert_eq!(notes.matches("退回原因：").count(), 2);
    let drawings = part(&back, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(drawings.matches("<v:shape ").count(), 3);
    assert_eq!(part(&back, "xl/styles.xml").matches("FFFFC7CE").count(), 1);
    // What was wrong is still wrong, for the same reasons: the new column is not read.
    assert_eq!(rejected(Format::Xlsx, Library::Achievement, &back), wrong);
}

#[test]
fn a_workbook_that_goes_back_again_keeps_one_column_of_reasons() {
    let file = sent(["7", "十", "99"]);
    let wrong = rejected(Format::Xlsx, Library::Achievement, &file);
    let once = with_errors("成果.xlsx", &file, &wrong).expect("a file");
    let twice = with_errors("成果.xlsx", &once, &wrong[1..]).expect("a file");
    let reasons: Vec<String> =
        cells(&twice, "成果").into_iter().map(|row| row[4..].join("|")).collect();
    assert_eq!(reasons[..4], ["", "错误说明", "", ""]);
    assert!(reasons[4].contains("1 到 9 的整数"), "{reasons:?}");
    let notes = part(&twice, "xl/comments1.xml");
    assert_eq!(notes.matches("退回原因：").count(), 1);
    assert_eq!(part(&twice, "xl/styles.xml").matches("FFFFC7CE").count(), 1);
}

#[test]
fn an_empty_cell_is_marked_too() {
    let file = sent(["7", "", "1"]);
    let issue =
        Issue { column: Some("技术成熟度".to_owned()), reason: "请填写".to_owned() };
    let place = Place { sheet: Some("成果".to_owned()), row: Some(4), ..Place::default() };
    let wrong = [RejectedRow { place, issues: vec![issue] }];
    let back = with_errors("成果.xlsx", &file, &wrong).expect("a file");
    assert!(part(&back, "xl/worksheets/sheet1.xml").contains("<c r=\"C4\""));
    assert_eq!(cells(&back, "成果")[3][4], "“技术成熟度”列：请填写");
}

#[test]
fn a_template_that_goes_back_keeps_its_lists_and_notes() {
    let file = template(Library::Demand, &Choices::default()).expect("a template");
    let issue = Issue { column: Some("*名称".to_owned()), reason: "说得太笼统".to_owned() };
    let place =
        Place { sheet: Some("需求填报表".to_owned()), row: Some(2), ..Place::default() };
    let wrong = [RejectedRow { place, issues: vec![issue] }];
    let back = with_errors("需求征集表.xlsx", &file, &wrong).expect("a file");
    let rules =
        |bytes: &[u8]| part(bytes, "xl/worksheets/sheet1.xml").matches("<dataValidation ").count();
    assert_eq!(rules(&back), rules(&file));
    for name in ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"] {
        assert_eq!(part(&back, name), part(&file, name), "{name}");
    }
    let width = cells(&file, "需求填报表")[0].len();
    assert_eq!(cells(&back, "需求填报表")[1][width], "“*名称”列：说得太笼统");
}

#[test]
fn separated_values_keep_their_bytes_and_get_a_column() {
    let check = |name: &str, encode: &dyn Fn(&str) -> Vec<u8>, sent: &str, wanted: &str| {
        let file = encode(sent);
        let wrong = rejected(Format::Csv, Library::Achievement, &file);
        let back = with_errors(name, &file, &wrong).expect("a file");
        assert_eq!(back, encode(wanted), "{name}");
        let again = with_errors(name, &back, &rejected(Format::Csv, Library::Achievement, &back));
        assert_eq!(again.expect("a file"), back, "{name} once more");
    };
    let utf_8 = |text: &str| text.as_bytes().to_vec();
    let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
    let gbk = |text: &str| GB18030.encode(text).0.into_owned();
    let reason = "“技术成熟度”列：技术成熟度「十」有误；应为整数";
    for (name, encode) in
        [("甲.csv", &utf_8 as &dyn Fn(&str) -> Vec<u8>), ("乙.csv", &marked), ("丙.csv", &gbk)]
    {
        check(
            name,
            encode,
            "编号,名称,技术成熟度\r\nA1,\"甲\r\n\"\"乙\"\"\",7\r\n\r\nA2,丙,十\r\n",
            &format!(
                "编号,名称,技术成熟度,错误说明\r\nA1,\"甲\r\n\"\"乙\"\"\",7,\r\n\r\nA2,丙,十,{reason}\r\n"
            ),
        );
    }
    check(
        "丁.tsv",
        &utf_8,
        "编号\t名称\t技术成熟度\nA2\t丙\t十",
        &format!("编号\t名称\t技术成熟度\t错误说明\nA2\t丙\t十\t{reason}"),
    );
}

#[test]
fn a_line_that_does_not_fit_stays_one_that_does_not_fit() {
    let file = "名称,单位,关键词\n甲,乙\n丙,丁,戊\n".as_bytes();
    let wrong = rejected(Format::Csv, Library::Demand, file);
    assert_eq!(wrong.len(), 1);
    let back = with_errors("需求.csv", file, &wrong).expect("a file");
    assert_eq!(rejected(Format::Csv, Library::Demand, &back).len(), 1);
}

#[test]
fn other_formats_go_back_as_a_list() {
    let file = "{\"title\": \"甲\", \"trl\": \"十\"}\n".as_bytes();
    let wrong = rejected(Format::JsonLines, Library::Achievement, file);
    let back = with_errors("成果.jsonl", file, &wrong).expect("a list");
    let list = cells(&back, "退回原因");
    assert_eq!(list[0], ["位置", "所在栏目", "原因"]);
    assert_eq!(list[1][..2], ["第 1 行", "trl"]);
    assert_eq!(errors_ending("成果.jsonl"), "xlsx");
    assert_eq!(errors_ending("成果.CSV"), "csv");
}

#[test]
fn a_file_that_is_no_workbook_is_refused() {
    let wrong = [RejectedRow { place: Place::line(2), issues: Vec::new() }];
    for (name, bytes) in [("甲.xlsx", &b"PK\x03\x04 no"[..]), ("乙.xlsx", b"name,value")] {
        assert!(with_errors(name, bytes, &wrong).is_err(), "{name}");
    }
}

//! Templates: what they offer, and what comes back of them unchanged.

use calamine::Reader;
use kechuang_domain::{Fact, FactKind, Library};
use kechuang_ingest::{
    Column, Format, Row, RowContext, Tables,
    columns::column,
    draft::draft,
    rows::read,
    sheet::{Choices, is_example_row, template},
};
use serde_json::{Map, Value};

use crate::support::{cells, part, workbook};

fn choices() -> Choices {
    let region = |code: &str, name: &str| (code.parse().expect("a division"), name.to_owned());
    let chain = |code: &str, name: &str| (code.parse().expect("a chain"), name.to_owned());
    Choices {
        chains: vec![chain("hydrogen", "氢能"), chain("high-end-metals", "高端金属")],
        regions: vec![region("141100", "吕梁市"), region("141181", "孝义市")],
    }
}

fn sheet_name(library: Library) -> String {
    format!("{}填报表", library.record_label())
}

fn made(library: Library) -> Vec<u8> {
    template(library, &choices()).expect("a template")
}

#[test]
fn every_header_is_known_and_says_its_unit() {
    for (library, some) in [
        (Library::Achievement, ["*名称", "*内容简介", "*单位", "技术成熟度（1-9级）"]),
        (Library::Demand, ["*名称", "拟投入资金（万元）", "上年研发投入占比（%）", "完成时限"]),
        (Library::Equipment, ["*名称", "原值（万元）", "年有效机时（小时）", "24小时开放"]),
        (Library::Policy, ["*名称", "*单位", "支持上限（万元）", "文号"]),
    ] {
        let headers = cells(&made(library), &sheet_name(library)).swap_remove(0);
        for header in some {
            assert!(headers.iter().any(|known| known == header), "{library}: {header}");
        }
        let meant: Vec<Column> = headers
            .iter()
            .map(|header| column(library, header).unwrap_or_else(|| panic!("{library}: {header}")))
            .collect();
        let kept_by_us = [Column::Status, Column::Sample, Column::Tiers, Column::Provenance];
        let wanted = Column::of(library).filter(|column| {
            !kept_by_us.contains(column) && *column != Column::Fact(Fact::Clauses)
        });
        assert_eq!(meant, wanted.collect::<Vec<_>>(), "{library}");
    }
}

#[test]
fn each_kind_of_field_has_its_rule() {
    for library in Library::ALL {
        let bytes = made(library);
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        let book = part(&bytes, "xl/workbook.xml");
        for fact in Fact::of(library) {
            let list = format!("list_{}", fact.code());
            match fact.kind() {
                FactKind::Choice { .. } | FactKind::Flag => {
                    assert!(sheet.contains(&format!("<formula1>{list}</formula1>")), "{list}");
                    assert!(book.contains(&format!("name=\"{list}\"")), "{list}");
                }
                FactKind::Date => assert!(sheet.contains("type=\"date\""), "{library}"),
                FactKind::Money => assert!(sheet.contains("type=\"decimal\""), "{library}"),
                _ => {}
            }
        }
        for list in ["list_region", "list_chain"] {
            assert!(sheet.contains(list) && book.contains(list), "{library}: {list}");
        }
        assert!(sheet.contains("<pane xSplit=\"2\" ySplit=\"1\""), "{library}");
        assert!(sheet.contains("orientation=\"landscape\""), "{library}");
        assert!(book.contains("state=\"hidden\""), "{library}");
        assert_eq!(workbook(&bytes).sheet_names().len(), 3, "{library}");
        let notes = part(&bytes, "xl/comments1.xml").matches("<comment ").count();
        assert_eq!(notes, cells(&bytes, &sheet_name(library))[0].len(), "{library}: a note each");
    }
}

/// The rows that an import takes from a template as it is.
fn rows(library: Library) -> Vec<Map<String, Value>> {
    let rows = read(Format::Xlsx, &made(library)).expect("rows");
    let fields = rows.into_iter().map(|row| match row {
        Row::Fields { fields, .. } => fields,
        other => panic!("{other:?}"),
    });
    fields.collect()
}

#[test]
fn an_unchanged_template_holds_nothing_but_its_example() {
    for library in Library::ALL {
        let rows = rows(library);
        assert_eq!(rows.len(), 1, "{library}: {rows:?}");
        assert!(is_example_row(&RowContext::new(library, "测试"), &rows[0]), "{library}");
    }
}

#[test]
fn the_example_is_a_row_that_would_be_taken() {
    for library in Library::ALL {
        let context = RowContext::new(library, "测试");
        let mut fields = rows(library).swap_remove(0);
        let take = |fields: &Map<String, Value>| {
            draft(&context, &Tables::default(), &kechuang_domain::Place::default(), fields)
        };
        let issues = take(&fields).expect_err("an example is no record");
        assert!(issues.iter().any(|issue| issue.reason.contains("示例行")), "{issues:?}");
        fields.insert("编号".to_owned(), "A-1".into());
        assert!(!is_example_row(&context, &fields));
        let draft = take(&fields).unwrap_or_else(|issues| panic!("{library}: {issues:?}"));
        assert_eq!(
            draft.content.region.map(|region| region.to_string()).as_deref(),
            Some("141100")
        );
    }
}

#[test]
fn an_example_that_was_written_over_is_not_passed_over() {
    let context = RowContext::new(Library::Demand, "测试");
    let mut fields = rows(Library::Demand).swap_remove(0);
    fields.insert("*名称".to_owned(), "我们自己的难题".into());
    assert!(!is_example_row(&context, &fields));
}

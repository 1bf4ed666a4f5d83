//! What is exported comes back.

use kechuang_domain::{
    Content, Details, Fact, FactValue, Library, Place, Provenance, Source, Status, TextField, Tier,
    TieredText,
};
use kechuang_ingest::{
    Mapping, RowContext,
    sheet::{ExportFormat, Reach, export},
};
use kechuang_store::RecordDraft;
use proptest::prelude::*;

use crate::{
    arbitrary::any_draft,
    support::{cells, drafts, part, rows_of, stored},
};

/// What an import makes of an export of these drafts.
fn there_and_back(
    format: ExportFormat,
    library: Library,
    sent: &[RecordDraft],
) -> Vec<Result<RecordDraft, String>> {
    let stored: Vec<_> = (1..).zip(sent).map(|(number, draft)| stored(draft, number)).collect();
    let bytes = export(format, library, stored.iter(), Reach::Keeper).expect("an export");
    drafts(&RowContext::new(library, "测试"), &rows_of(format, &bytes))
}

fn check(format: ExportFormat, sent: &[RecordDraft]) -> Result<(), TestCaseError> {
    let library = sent[0].content.library();
    for (sent, back) in sent.iter().zip(there_and_back(format, library, sent)) {
        let back = back.map_err(|why| TestCaseError::fail(format!("{format:?}: {why}")))?;
        prop_assert!(back == *sent, "{:?}: {}", format, difference(sent, &back));
    }
    Ok(())
}

/// What came back otherwise, piece by piece.
fn difference(sent: &RecordDraft, back: &RecordDraft) -> String {
    let lines = |draft: &RecordDraft| -> Vec<String> {
        let texts = draft.content.all_texts().map(|text| format!("{text:?}"));
        let details = draft.content.details();
        let facts =
            details.all().map(|(fact, value)| format!("{value:?} {:?}", details.tier(fact)));
        let Content { region, chain, sample, .. } = &draft.content;
        let place = format!("{region:?} {chain:?} {sample}");
        let rest = format!("{:?} {:?} {:?}", draft.owner, draft.source, draft.status);
        texts.chain(facts).chain([place, rest, format!("{:?}", draft.provenance)]).collect()
    };
    let (sent, back) = (lines(sent), lines(back));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    format!("sent {:#?} but got {:#?}", only(&sent, &back), only(&back, &sent))
}

fn any_drafts() -> impl Strategy<Value = Vec<RecordDraft>> {
    prop::sample::select(&Library::ALL[..])
        .prop_flat_map(|library| prop::collection::vec(any_draft(library), 1..4))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn json_lines_come_back_as_they_were(sent in any_drafts()) {
        check(ExportFormat::JsonLines, &sent)?;
    }

    #[test]
    fn csv_comes_back_as_it_was(sent in any_drafts()) {
        check(ExportFormat::Csv, &sent)?;
    }

    #[test]
    fn a_workbook_comes_back_as_it_was(sent in any_drafts()) {
        check(ExportFormat::Xlsx, &sent)?;
    }
}

/// A draft with a body.
fn with_body(body: &str) -> RecordDraft {
    let public = |text: &str| TieredText { text: text.to_owned(), tier: Tier::Public };
    let texts = [(TextField::Title, public("甲")), (TextField::Body, public(body))];
    RecordDraft {
        owner: "示例单位".to_owned(),
        source: Source { name: "测试".to_owned(), key: "A1".to_owned() },
        status: Status::Active,
        content: Content::new(texts, Details::empty(Library::Demand)).expect("content"),
        provenance: Provenance::default(),
    }
}

fn exported(format: ExportFormat, draft: &RecordDraft, reach: Reach) -> Vec<u8> {
    export(format, draft.content.library(), [stored(draft, 7)].iter(), reach).expect("an export")
}

#[test]
fn no_cell_begins_a_formula() {
    for (text, in_csv, in_workbook) in [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("+1", "'+1", "+1"),
        ("-40℃ 下使用", "'-40℃ 下使用", "-40℃ 下使用"),
        ("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
        ("\t=1", "'\t=1", "\t=1"),
        ("\r=1", "'\r=1", "_x000D_=1"),
        ("\n=1", "'\n=1", "\n=1"),
        ("＝1", "'＝1", "＝1"),
        ("'=1", "''=1", "''=1"),
        ("''=1", "'''=1", "'''=1"),
        ("'好", "'好", "'好"),
        ("1+1=2", "1+1=2", "1+1=2"),
        (" =1", " =1", " =1"),
        ("_x000D_", "_x005F_x000D_", "_x005F_x000D_"),
        ("_xFFFE_", "_x005F_xFFFE_", "_x005F_xFFFE_"),
        ("_x01e5\u{fffe}", "_x01e5\u{fffe}", "_x01e5_xFFFE_"),
        ("_x+1e5_", "_x+1e5_", "_x+1e5_"),
    ] {
        let sent = with_body(text);
        let csv = exported(ExportFormat::Csv, &sent, Reach::Keeper);
        let csv = String::from_utf8(csv).expect("UTF-8");
        assert!(csv.contains(&format!(",\"{in_csv}\",")), "{text:?}: {csv}");
        let workbook = exported(ExportFormat::Xlsx, &sent, Reach::Keeper);
        assert!(cells(&workbook, "需求库")[1].iter().any(|cell| cell == in_workbook), "{text:?}");
        assert!(!part(&workbook, "xl/worksheets/sheet1.xml").contains("<f>"), "{text:?}");
        for format in ExportFormat::ALL {
            let back = there_and_back(format, Library::Demand, std::slice::from_ref(&sent));
            assert_eq!(back, [Ok(sent.clone())], "{text:?} as {format:?}");
        }
    }
}

#[test]
fn csv_is_what_excel_knows() {
    let csv = exported(ExportFormat::Csv, &with_body("一\n二"), Reach::Keeper);
    assert!(csv.starts_with("\u{feff}\"编号\",\"名称\",".as_bytes()));
    assert!(csv.ends_with(b"\r\n"));
    assert!(String::from_utf8_lossy(&csv).contains("\"一\n二\""));
}

#[test]
fn a_text_longer_than_a_cell_goes_on_in_further_columns() {
    let sent = with_body(&"长\r\n文😀_x000D_".repeat(8_000));
    let workbook = exported(ExportFormat::Xlsx, &sent, Reach::Keeper);
    let cells = cells(&workbook, "需求库");
    for header in ["内容简介", "内容简介（续1）", "内容简介（续2）"] {
        assert!(cells[0].iter().any(|cell| cell == header), "{header}: {:?}", cells[0]);
    }
    assert!(cells[1].iter().all(|cell| cell.encode_utf16().count() <= 32_767));
    for format in [ExportFormat::Xlsx, ExportFormat::JsonLines] {
        let back = there_and_back(format, Library::Demand, std::slice::from_ref(&sent));
        assert!(back == [Ok(sent.clone())], "{format:?}");
    }
}

#[test]
fn the_public_gets_what_is_public() {
    let texts = [
        (TextField::Title, TieredText { text: "甲".to_owned(), tier: Tier::Public }),
        (TextField::Body, TieredText { text: "秘密配方".to_owned(), tier: Tier::Agreement }),
    ];
    let facts = [
        (Fact::Phone, FactValue::from("0358-0000000")),
        (Fact::RdIntensity, FactValue::Number(4.25)),
        (Fact::FirmSize, FactValue::from("中型")),
    ];
    let details = Details::new(Library::Demand, facts).expect("facts");
    let details = details.with_tiers([(Fact::RdIntensity, Tier::Public)]);
    let mut sent = with_body("");
    sent.content = Content::new(texts, details).expect("content");
    for format in ExportFormat::ALL {
        let told = |reach| -> String {
            let bytes = exported(format, &sent, reach);
            match format {
                ExportFormat::Xlsx => format!("{:?}", cells(&bytes, "需求库")),
                _ => String::from_utf8(bytes).expect("UTF-8"),
            }
        };
        let (public, keeper) = (told(Reach::Public), told(Reach::Keeper));
        for hidden in ["秘密配方", "0358", "A1", "测试", "内容简介"] {
            assert!(!public.contains(hidden), "{format:?}: {hidden}");
        }
        for shown in ["XQ-000007", "甲", "示例单位", "4.25", "中型"] {
            assert!(public.contains(shown), "{format:?}: {shown}");
        }
        for kept in ["秘密配方", "0358", "A1", "测试"] {
            assert!(keeper.contains(kept), "{format:?}: {kept}");
        }
    }
    sent.status = Status::Withdrawn;
    let none = exported(ExportFormat::JsonLines, &sent, Reach::Public);
    assert!(none.is_empty(), "what is withdrawn is nobody's");
}

#[test]
fn sources_are_kept_only_where_the_import_asks() {
    let mut sent = with_body("正文");
    sent.source.name = "别处".to_owned();
    for format in ExportFormat::ALL {
        let rows = rows_of(format, &exported(format, &sent, Reach::Keeper));
        for (mapping, name) in
            [(Mapping::default(), "导入"), (Mapping::default().keeping_sources(), "别处")]
        {
            let context = RowContext { mapping, ..RowContext::new(Library::Demand, "导入") };
            let back = drafts(&context, &rows).swap_remove(0).expect("a draft");
            assert_eq!(back.source.name, name, "{format:?}");
        }
    }
}

#[test]
fn what_a_large_model_has_read_is_told_in_every_file() {
    let mut draft = with_body("投入三百万元。");
    for format in ExportFormat::ALL {
        let bytes = exported(format, &draft, Reach::Keeper);
        assert!(!String::from_utf8_lossy(&bytes).contains("大模型"), "{format:?}");
    }
    let place = Place { read_by: Some("示例模型".to_owned()), ..Place::default() };
    draft.provenance.fields.insert("budget".to_owned(), place);
    for reach in [Reach::Keeper, Reach::Public] {
        for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
            let text = String::from_utf8(exported(format, &draft, reach)).expect("UTF-8");
            assert!(text.contains("拟投入资金（示例模型）"), "{format:?}: {text}");
        }
        let workbook = exported(ExportFormat::Xlsx, &draft, reach);
        let rows = cells(&workbook, "需求库");
        let column = rows[0].iter().position(|header| header == "由大模型读取的栏目");
        assert_eq!(rows[1][column.expect("a column")], "拟投入资金（示例模型）");
        let properties = part(&workbook, "docProps/custom.xml");
        assert!(properties.contains("AIGC") && properties.contains("示例模型"), "{properties}");
        assert!(
            properties.contains("Label")
                && part(&workbook, "docProps/core.xml").contains("由大模型")
        );
    }
    let back = there_and_back(ExportFormat::Xlsx, Library::Demand, std::slice::from_ref(&draft));
    assert_eq!(back, [Ok(draft)]);
}

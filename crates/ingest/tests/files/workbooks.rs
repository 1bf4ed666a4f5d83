//! Workbooks as people write them.

use std::io::Cursor;

use crate::support::{read_as, shown, xlsx};
use calamine::{Data, Reader, Xlsx};
use kechuang_domain::Library;
use kechuang_ingest::{Mapping, Row, import::preview};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().expect("a workbook")
}

/// A workbook of one sheet called 需求.
fn one_sheet(
    write: impl FnOnce(&mut Worksheet) -> Result<(), rust_xlsxwriter::XlsxError>,
) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("需求").expect("a name");
    write(sheet).expect("a sheet");
    saved(workbook)
}

fn check(bytes: &[u8], rows: &[&str], notes: &[&str]) {
    let read = read_as(Library::Demand, "需求.xlsx", bytes).expect("rows");
    assert_eq!(shown(&read.rows), rows);
    assert_eq!(read.notes.len(), notes.len(), "{:?}", read.notes);
    for (note, words) in read.notes.iter().zip(notes) {
        assert!(note.contains(words), "{note}");
    }
}

#[test]
fn titles_and_notes_above_the_header_are_passed_over() {
    let bytes = one_sheet(|sheet| {
        let bold = Format::new().set_bold();
        sheet.merge_range(0, 0, 0, 2, "吕梁市企业技术需求征集汇总表", &bold)?;
        sheet.write(1, 0, "单位：市科技局")?;
        for (column, name) in ["序号", "需求名称", "需求单位"].into_iter().enumerate() {
            sheet.write(3, column as u16, name)?;
        }
        sheet.write(4, 0, 1)?.write(4, 1, "赤泥脱碱")?.write(4, 2, "某铝业公司")?;
        sheet.write(6, 1, "焦炉煤气制氢")?;
        Ok(())
    });
    check(
        &bytes,
        &[
            "工作表“需求”第 5 行 {\"序号\":\"1\",\"需求单位\":\"某铝业公司\",\"需求名称\":\"赤泥脱碱\"}",
            "工作表“需求”第 7 行 {\"需求名称\":\"焦炉煤气制氢\"}",
        ],
        &[],
    );
}

#[test]
fn values_are_read_as_the_sheet_shows_them() {
    let bytes = one_sheet(|sheet| {
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let percent = Format::new().set_num_format("0.0%");
        for (column, name) in ["名称", "预算（万元）", "截止日期", "研发投入占比", "电话", "简介"]
            .into_iter()
            .enumerate()
        {
            sheet.write(0, column as u16, name)?;
        }
        let date = ExcelDateTime::parse_from_str("2027-06-30")?;
        sheet.write(1, 0, "甲")?.write(1, 1, 0.1 + 0.2)?.write_with_format(1, 2, &date, &day)?;
        sheet.write_with_format(1, 3, 0.045, &percent)?.write(1, 4, 13_800_138_000_i64)?;
        sheet.write_formula(1, 5, Formula::new("=1/0").set_result("#DIV/0!"))?;
        sheet.write_formula(2, 0, Formula::new("=A2&\"乙\"").set_result("甲乙"))?;
        sheet.write(2, 1, 44562.0)?.write(2, 5, true)?;
        Ok(())
    });
    let read = read_as(Library::Demand, "需求.xlsx", &bytes).expect("rows");
    let Row::Fields { fields, .. } = &read.rows[0] else { panic!("{read:?}") };
    for (header, value) in [
        ("预算（万元）", "0.3"),
        ("截止日期", "2027-06-30"),
        ("研发投入占比", "4.5%"),
        ("电话", "13800138000"),
    ] {
        assert_eq!(fields[header], value, "{fields:?}");
    }
    let Row::Fields { fields, .. } = &read.rows[1] else { panic!("{read:?}") };
    assert_eq!(fields["名称"], "甲乙");
    assert_eq!((&fields["预算（万元）"], &fields["简介"]), (&"44562".into(), &"是".into()));
}

#[test]
fn errors_of_formulas_are_blank_and_named() {
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>名称</v></c>\
                 <c r=\"B1\" t=\"str\"><v>单位</v></c></row>\
                 <row r=\"2\"><c r=\"A2\" t=\"str\"><v>甲</v></c>\
                 <c r=\"B2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>";
    check(
        &xlsx(sheet, "<sst/>"),
        &["工作表“表”第 2 行 {\"名称\":\"甲\"}"],
        &["第 2 行“单位”列（#DIV/0!）"],
    );
}

#[test]
fn each_sheet_has_its_own_header_and_hidden_ones_are_named() {
    let mut workbook = Workbook::new();
    for (name, header) in
        [("一", "名称"), ("二", "需求名称"), ("说明", "如何填写"), ("字典", "名称")]
    {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        sheet.write(0, 0, header).expect("a cell").write(1, 0, name).expect("a cell");
        sheet.set_hidden(name == "字典");
    }
    workbook.add_worksheet().set_name("空").expect("a name");
    check(
        &saved(workbook),
        &["工作表“一”第 2 行 {\"名称\":\"一\"}", "工作表“二”第 2 行 {\"需求名称\":\"二\"}"],
        &["“说明”前 20 行里没有可识别的列名", "“字典”是隐藏的", "“空”是空的"],
    );
}

#[test]
fn merged_values_count_for_each_of_their_rows_and_merged_headers_are_one_name() {
    let bytes = one_sheet(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "需求名称", &plain)?;
        sheet.merge_range(0, 1, 0, 2, "单位", &plain)?;
        sheet.write(1, 1, "名称")?.write(1, 2, "地址")?;
        sheet.write(2, 0, "甲")?.write(3, 0, "乙")?.write(4, 0, "丙")?;
        sheet.merge_range(2, 1, 3, 1, "某公司", &plain)?;
        Ok(())
    });
    check(
        &bytes,
        &[
            "工作表“需求”第 3 行 {\"单位名称\":\"某公司\",\"需求名称\":\"甲\"}",
            "工作表“需求”第 4 行 {\"单位名称\":\"某公司\",\"需求名称\":\"乙\"}",
            "工作表“需求”第 5 行 {\"需求名称\":\"丙\"}",
        ],
        &[],
    );
}

#[test]
fn rich_text_phonetic_guides_and_escapes_are_plain_text() {
    let strings = "<sst><si><t>名称</t></si><si><t>单位</t></si>\
                   <si><r><t>赤</t></r><r><rPr><b/></rPr><t>泥&amp;铝_x000D_&#10;渣</t></r>\
                   <rPh sb=\"0\" eb=\"1\"><t>chi</t></rPh></si></sst>";
    let sheet = "<sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>\
                 <row><c t=\"s\"><v>2</v></c><c t=\"inlineStr\"><is><t>某厂_xyz</t></is></c></row>\
                 </sheetData>";
    check(
        &xlsx(sheet, strings),
        &["工作表“表”第 2 行 {\"单位\":\"某厂_xyz\",\"名称\":\"赤泥&铝\\n渣\"}"],
        &[],
    );
}

#[test]
fn headers_can_be_looked_at_with_samples() {
    let bytes = one_sheet(|sheet| {
        sheet.write(0, 0, "名称")?.write(0, 1, "所属板块")?;
        for row in 1..5 {
            sheet.write(row, 0, format!("需求{row}"))?.write(row, 1, "钢铁")?;
        }
        Ok(())
    });
    let read = read_as(Library::Demand, "需求.xlsx", &bytes).expect("rows");
    let shown = preview(Library::Demand, &Mapping::default(), &read.rows);
    assert_eq!(shown.rows, 4);
    let names: Vec<&str> = shown.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(names, ["所属板块", "名称"]);
    assert_eq!(shown.columns[0].column, None, "what means nothing is to be looked at first");
    assert_eq!(shown.columns[1].column.as_deref(), Some("title"));
    assert_eq!(shown.columns[1].samples, ["需求1", "需求2", "需求3"]);
}

/// A table of text as a person could have typed it.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![
        "[ -~甲-癸一-十]{0,12}",
        "[0-9]{1,9}",
        Just("a\nb".to_owned()),
        "_x[0-9A-F]{4}_"
    ];
    (1_usize..5).prop_flat_map(move |columns| {
        prop::collection::vec(prop::collection::vec(cell.clone(), columns), 1..12)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is written is read, and every cell is what calamine reads in it.
    #[test]
    fn a_written_table_is_read_back(table in tables()) {
        let names = ["名称", "单位", "简介", "技术指标", "联系人"];
        let bytes = one_sheet(|sheet| {
            for (column, name) in names.iter().enumerate() {
                sheet.write(0, column as u16, *name)?;
            }
            for (row, cells) in table.iter().enumerate() {
                for (column, text) in cells.iter().enumerate() {
                    sheet.write(row as u32 + 1, column as u16, text.as_str())?;
                }
            }
            Ok(())
        });
        let says = |cell: &String| !cell.trim().is_empty();
        let expected: Vec<(u64, Vec<(&str, String)>)> = table.iter().zip(2..).filter_map(|(cells, row)| {
            let cells: Vec<_> = names.into_iter().zip(cells.iter().cloned()).filter(|(_, text)| says(text)).collect();
            (!cells.is_empty()).then_some((row, cells))
        }).collect();
        let mut peer: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
        let range = peer.worksheet_range("需求").expect("a sheet");
        let read = read_as(Library::Demand, "需求.xlsx", &bytes);
        let rows = match read {
            Ok(read) => read.rows,
            Err(reason) => { prop_assert!(expected.is_empty(), "{reason}"); return Ok(()) }
        };
        prop_assert_eq!(rows.len(), expected.len());
        for (row, (number, cells)) in rows.iter().zip(&expected) {
            let Row::Fields { place, fields } = row else { panic!("{row:?}") };
            prop_assert_eq!(place.row, Some(*number));
            prop_assert_eq!(fields.len(), cells.len());
            for (name, text) in cells {
                prop_assert_eq!(fields[*name].as_str(), Some(text.as_str()));
                let column = names.iter().position(|known| known == name).expect("known") as u32;
                let theirs = range.get_value((*number as u32 - 1, column));
                prop_assert_eq!(theirs, Some(&Data::String(text.clone())));
            }
        }
    }

    /// Numbers read as calamine reads them, to what a sheet shows of them.
    #[test]
    fn numbers_are_those_of_the_sheet(numbers in prop::collection::vec(-1e12_f64..1e12, 1..20)) {
        let bytes = one_sheet(|sheet| {
            sheet.write(0, 0, "名称")?.write(0, 1, "预算")?;
            for (row, number) in numbers.iter().enumerate() {
                sheet.write(row as u32 + 1, 0, "甲")?.write(row as u32 + 1, 1, *number)?;
            }
            Ok(())
        });
        let read = read_as(Library::Demand, "需求.xlsx", &bytes).expect("rows");
        for (row, number) in read.rows.iter().zip(&numbers) {
            let Row::Fields { fields, .. } = row else { panic!("{row:?}") };
            let text = fields["预算"].as_str().expect("a text");
            let read: f64 = text.parse().expect("a number");
            prop_assert!((read - number).abs() <= number.abs() * 1e-14, "{text} {number}");
            prop_assert!(text.len() <= 18, "{text}");
        }
    }
}

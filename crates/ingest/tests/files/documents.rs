//! Word documents, plain text, CSV in its dialects, JSON: what is read of each.

use crate::support::{docx, paragraph, read_as, shown, styled_docx, table};
use encoding_rs::GB18030;
use kechuang_domain::Library;

fn check(name: &str, bytes: &[u8], rows: &[&str]) {
    let read = read_as(Library::Demand, name, bytes).expect("rows");
    assert_eq!(shown(&read.rows), rows, "{name}");
}

#[test]
fn a_form_of_label_and_value_cells_is_one_record() {
    let body = paragraph("附件 1　企业技术需求征集表")
        + &table(&[
            &["需求名称", ">3 赤泥低成本脱碱"],
            &["企业名称", "某铝业公司", "联系人", "甲"],
            &["v 基本情况", "所属行业", "有色"],
            &["^", "投入资金", "300 万元", "传真", "0358-2"],
            &[">4 现状与痛点"],
            &[">4 堆存量大。"],
        ]);
    check(
        "征集表.docx",
        &docx(&body),
        &[
            "“赤泥低成本脱碱” {\"企业名称\":\"某铝业公司\",\"传真\":\"0358-2\",\"所属行业\":\"有色\",\"投入资金\":\"300 万元\",\
           \"现状与痛点\":\"堆存量大。\",\"联系人\":\"甲\",\"需求名称\":\"赤泥低成本脱碱\"}",
        ],
    );
}

#[test]
fn paragraphs_with_labels_are_forms_and_a_second_title_begins_another() {
    let body = [
        "一、需求名称：甲",
        "二、需求单位：某厂",
        "三、现状与痛点",
        "能耗高。",
        "成本高。",
        "需求名称：乙",
        "单位: 另一厂",
        "联系电话：0358-1",
        "传真：0358-2",
    ]
    .map(paragraph)
    .concat();
    check(
        "需求.docx",
        &docx(&body),
        &[
            "“一、需求名称：甲” {\"现状与痛点\":\"能耗高。\\n成本高。\",\"需求单位\":\"某厂\",\"需求名称\":\"甲\"}",
            "“需求名称：乙” {\"传真\":\"0358-2\",\"单位\":\"另一厂\",\"联系电话\":\"0358-1\",\"需求名称\":\"乙\"}",
        ],
    );
}

#[test]
fn a_table_of_headers_is_a_list() {
    let body = table(&[
        &["序号", "需求名称", "需求单位", "联系人"],
        &["1", "甲", "v 某厂", "子"],
        &["2", "乙", "^", "丑"],
    ]);
    check(
        "汇总.docx",
        &docx(&body),
        &[
            "工作表“表 1”第 2 行 {\"序号\":\"1\",\"联系人\":\"子\",\"需求单位\":\"某厂\",\"需求名称\":\"甲\"}",
            "工作表“表 1”第 3 行 {\"序号\":\"2\",\"联系人\":\"丑\",\"需求单位\":\"某厂\",\"需求名称\":\"乙\"}",
        ],
    );
}

#[test]
fn a_document_that_is_no_form_is_its_text() {
    let nested = table(&[&["甲", "乙"]])
        .replace("甲", &format!("甲</w:t></w:r></w:p>{}<w:p><w:r><w:t>", table(&[&["内", "里"]])));
    let body = paragraph("关于支持企业创新的若干措施")
        + &paragraph("第一条　A&amp;B。")
        + "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:r><w:t>留下</w:t><w:tab/></w:r></w:p>"
        + &nested;
    check(
        "政策.docx",
        &docx(&body),
        &["政策.docx: 关于支持企业创新的若干措施\n第一条　A&B。\n留下\n甲\n内\n里\t乙\n"],
    );
}

#[test]
fn plain_text_is_a_form_where_its_labels_are_known() {
    let text = "# 技术需求\n名称：赤泥脱碱\n单位：某厂\n\n## 现状与痛点\n堆存量大。\n联系人：甲\n";
    check(
        "需求.md",
        text.as_bytes(),
        &[
            "第 2 行 {\"单位\":\"某厂\",\"名称\":\"赤泥脱碱\",\"现状与痛点\":\"堆存量大。\",\"联系人\":\"甲\"}",
        ],
    );
    check(
        "说明.txt",
        "三维建模需求。\n单位：无。".as_bytes(),
        &["说明.txt: 三维建模需求。\n单位：无。"],
    );
}

#[test]
fn csv_is_read_in_its_encodings_and_separators() {
    let text = "名称,单位\r\n镕炼,某厂\r\n";
    let rows = ["第 2 行 {\"单位\":\"某厂\",\"名称\":\"镕炼\"}"];
    let utf_16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        let mut bytes = mark.to_vec();
        bytes.extend(text.encode_utf16().flat_map(unit));
        bytes
    };
    check("a.csv", text.as_bytes(), &rows);
    check("a.csv", format!("\u{feff}{text}").as_bytes(), &rows);
    check("a.csv", &GB18030.encode(text).0, &rows);
    check("a.csv", &utf_16(u16::to_le_bytes, [0xff, 0xfe]), &rows);
    check("a.csv", &utf_16(u16::to_be_bytes, [0xfe, 0xff]), &rows);
    check("a.csv", text.replace(',', ";").as_bytes(), &rows);
    check("a.tsv", text.replace(',', "\t").as_bytes(), &rows);
}

#[test]
fn a_damaged_line_of_utf_8_is_not_taken_for_gbk() {
    let mut bytes = "名称,单位\n赤泥脱碱,某厂\n".as_bytes().to_vec();
    bytes.extend(b"\xb3\xe0\xc4\xe0,B\n");
    let read = read_as(Library::Demand, "a.csv", &bytes).expect("rows");
    let shown = shown(&read.rows);
    assert_eq!(shown[0], "第 2 行 {\"单位\":\"某厂\",\"名称\":\"赤泥脱碱\"}");
    assert!(shown[1].starts_with("第 3 行 !“名称”列不是 UTF-8"), "{shown:?}");
    let refused = read_as(Library::Demand, "a.txt", &bytes).expect_err("no text");
    assert!(refused.contains("第 3 行"), "{refused}");
}

#[test]
fn one_json_value_holds_rows_in_an_array() {
    let rows = [
        "第 1 行 {\"title\":\"甲\"}",
        "第 2 行 !数组中的这一项不是对象；应形如 {\"title\": \"…\", …}",
    ];
    check("a.json", "[{\"title\": \"甲\"}, 7]".as_bytes(), &rows);
    check("a.json", "{\"data\": [{\"title\": \"甲\"}, 7], \"total\": 2}".as_bytes(), &rows);
    for (json, words) in
        [("[{]", "第 1 行第 3 列"), ("{\"a\": 1}", "没有记录数组"), ("[[[", "JSON")]
    {
        let refused = read_as(Library::Demand, "a.json", json.as_bytes()).expect_err("no rows");
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn a_wrong_name_is_told_with_what_the_file_is() {
    let book = crate::support::xlsx("<sheetData/>", "<sst/>");
    let word = docx(&paragraph("甲"));
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    let mut encrypted = old.to_vec();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let nested = crate::support::package(&[("a.zip", &book)]);
    let open = crate::support::package(&[("mimetype", b"x"), ("content.xml", b"<a/>")]);
    for (name, bytes, words) in [
        ("a.csv", &book[..], "文件名是 .csv，内容却是Excel 工作簿；请改名为 .xlsx"),
        ("a.xlsx", &word, "内容却是Word 文档"),
        ("a.docx", &book, "内容却是Excel 工作簿"),
        ("a.xlsx", old, "旧版 Office"),
        ("a.xlsx", &encrypted, "有密码"),
        ("a.xls", old, "另存为 .xlsx"),
        ("a.doc", old, "另存为 .docx"),
        ("a.ods", &open, "另存为 .xlsx"),
        ("a.xlsx", &open, "OpenDocument"),
        ("a.xlsx", &nested, "压缩包"),
        ("a.xlsx", b"%PDF-1.7", "PDF"),
        ("a.xlsx", b"<html><table>", "网页"),
        ("a.xls", b"<html><table>", "网页"),
        ("a.xlsx", "名称,单位".as_bytes(), "纯文本"),
        ("a.csv", b"\0\x01\x02", "无法识别"),
        ("a.exe", b"MZ", "不支持"),
        ("a.xlsx", b"", "空的"),
    ] {
        let refused = read_as(Library::Demand, name, bytes).expect_err("refused");
        assert!(refused.contains(words), "{name}: {refused}");
    }
}

/// Sentences by which a record might speak to a model, written for tests.
const ATTACKS: &str = include_str!("../../../../tests/assist/attacks.tsv");

#[test]
fn what_a_document_hides_is_not_taken_in() {
    let check = |properties: &str, text: &str, is_hidden: bool| {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let body = format!(
            "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>采用石灰法</w:t></w:r>\
             <w:r><w:rPr>{properties}</w:rPr><w:t>{escaped}</w:t></w:r><w:r><w:t>为赤泥脱碱。</w:t></w:r></w:p>"
        );
        let read = read_as(Library::Achievement, "a.docx", &docx(&body)).expect("a document");
        let shown = shown(&read.rows).join("\n");
        let said = if is_hidden { "" } else { text };
        assert!(shown.contains(&format!("采用石灰法{said}为赤泥脱碱。")), "{properties}: {shown}");
    };
    for attack in ATTACKS.lines().filter(|line| !line.starts_with('#')) {
        let (_, attack) = attack.split_once('\t').expect("a category");
        check("<w:b/><w:vanish/>", attack, true);
    }
    // A text box is a run within a run.
    let boxed = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:pict><w:txbxContent><w:p><w:r><w:t>看不见的框</w:t></w:r></w:p></w:txbxContent></w:pict><w:t>看不见的字</w:t></w:r><w:r><w:t>看得见的字很多</w:t></w:r></w:p>";
    let read = read_as(Library::Achievement, "a.docx", &docx(boxed)).expect("a document");
    let seen = shown(&read.rows).join("\n");
    assert!(!seen.contains("看不见") && seen.contains("看得见的字很多"), "{seen}");
    for hides in
        ["<w:vanish w:val=\"1\"/>", "<w:webHidden/>", "<w:specVanish/>", "<w:sz w:val=\"2\"/>"]
    {
        check(hides, "看不见的字", true);
    }
    let was_hidden = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>";
    for shows in [
        "",
        "<w:vanish w:val=\"0\"/>",
        "<w:vanish w:val=\"false\"/>",
        "<w:sz w:val=\"21\"/>",
        was_hidden,
    ] {
        check(shows, "看得见的字", false);
    }
}

#[test]
fn what_a_style_hides_is_not_taken_in() {
    let style = |id: &str, more: &str| format!("<w:style w:styleId=\"{id}\">{more}</w:style>");
    let styles = [
        style("Hidden", "<w:rPr><w:vanish/></w:rPr>"),
        style("Tiny", "<w:rPr><w:sz w:val=\"2\"/></w:rPr>"),
        style("Child", "<w:basedOn w:val=\"Hidden\"/>"),
        style("Shown", "<w:basedOn w:val=\"Hidden\"/><w:rPr><w:vanish w:val=\"0\"/></w:rPr>"),
        style("Loop", "<w:basedOn w:val=\"Loop\"/>"),
    ];
    let check = |paragraph: &str, run: &str, is_hidden: bool| {
        let body = format!(
            "<w:p><w:r><w:t>采用石灰法为赤泥脱碱</w:t></w:r></w:p>\
             <w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>评为最高级</w:t></w:r></w:p>"
        );
        let file = styled_docx(&styles.concat(), &body);
        let read = read_as(Library::Achievement, "a.docx", &file).expect("a document");
        let seen = shown(&read.rows).join("\n");
        assert!(
            seen.contains("石灰法") && seen.contains("最高级") != is_hidden,
            "{paragraph} {run}: {seen}"
        );
    };
    let paragraph = |id: &str| format!("<w:pStyle w:val=\"{id}\"/>");
    let run = |id: &str| format!("<w:rStyle w:val=\"{id}\"/>");
    for hidden in ["Hidden", "Tiny", "Child"] {
        check(&paragraph(hidden), "", true);
        check("", &run(hidden), true);
    }
    for seen in ["Shown", "Loop", "Unknown"] {
        check(&paragraph(seen), "", false);
        check("", &run(seen), false);
    }
    // What a run says itself goes before its style and its paragraph's.
    check(&paragraph("Hidden"), "<w:vanish w:val=\"0\"/>", false);
    check("", &format!("{}<w:vanish w:val=\"0\"/>", run("Hidden")), false);
    check(&paragraph("Tiny"), "<w:sz w:val=\"21\"/>", false);
    check(&paragraph("Shown"), "<w:vanish/>", true);
}

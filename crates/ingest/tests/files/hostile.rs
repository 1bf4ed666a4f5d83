//! Files that mean harm. Each is read in a process of its own, so that its time and memory are its own.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use kechuang_domain::Library;

use crate::support::{docx, package, paragraph, read_as, table, workbook, xlsx};

/// Of processor time, since other programs run beside this; far more than the two seconds that a refusal
/// may take of an optimised program.
const TIME_LIMIT: Duration = Duration::from_secs(5);
const GROWTH_LIMIT_MIB: u64 = 300;
/// How the child knows that it is one.
const FILE: &str = "KECHUANG_HOSTILE_FILE";

/// The child: reads one file and tells how much memory that took beyond the file itself.
#[test]
fn child() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let path = Path::new(&path);
    let name = path.file_name().expect("a name").to_string_lossy();
    let bytes = fs::read(path).expect("the file");
    let before = peak_kib();
    let started = processor_time();
    let read = read_as(Library::Demand, &name, &bytes);
    let took = processor_time() - started;
    let said = match &read {
        Ok(file) => format!("{} 行", file.rows.len()),
        Err(reason) => reason.clone(),
    };
    let growth = (peak_kib() - before) / 1024;
    println!("HOSTILE {} {growth} {said}", took.as_millis());
}

/// The processor time of this thread (`schedstat` of Linux).
fn processor_time() -> Duration {
    let times = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = times.split_whitespace().next().expect("a figure");
    Duration::from_nanos(nanoseconds.parse().expect("a number"))
}

/// The most memory that this process has had resident (`VmHWM` of Linux).
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).expect("a figure").parse().expect("a number")
}

/// What is said of a file, after checking what it cost.
fn said(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "hostile::child", "--nocapture"])
        .env(FILE, &path)
        .output()
        .expect("a child");
    let output = String::from_utf8_lossy(&child.stdout).into_owned();
    let line = output.lines().find_map(|line| Some(line.split_once("HOSTILE ")?.1));
    let line = line.unwrap_or_else(|| panic!("no answer: {child:?}"));
    let mut parts = line.splitn(3, ' ');
    let mut number = || parts.next().expect("a part").parse::<u64>().expect("a number");
    let (took, growth) = (Duration::from_millis(number()), number());
    let said = parts.next().expect("words").to_owned();
    println!("{name}: {} KB, {took:?}, {growth} MiB: {said}", bytes.len() >> 10);
    assert!(took < TIME_LIMIT, "{took:?}: {said}");
    assert!(growth < GROWTH_LIMIT_MIB, "{growth} MiB: {said}");
    said
}

fn check(name: &str, bytes: &[u8], words: &str) {
    let said = said(name, bytes);
    assert!(said.contains(words), "{words}: {said}");
}

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>名称</v></c><c r=\"B1\" t=\"str\">\
                      <v>单位</v></c></row>";

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{HEADER}{rows}</sheetData></worksheet>")
}

/// Writes another size into both of the places where a package keeps that of its largest part.
fn with_size(mut package: Vec<u8>, size: u32, lie: u32) -> Vec<u8> {
    let wanted = size.to_le_bytes();
    let places: Vec<usize> =
        (0..package.len() - 4).filter(|at| package[*at..*at + 4] == wanted).collect();
    assert_eq!(places.len(), 2, "the size stands in two places");
    for at in places {
        package[at..at + 4].copy_from_slice(&lie.to_le_bytes());
    }
    package
}

#[test]
fn a_sheet_that_inflates_to_530_mib() {
    let cell = "<row><c><v>1</v></c></row>";
    let bomb = sheet(&cell.repeat((530 << 20) / cell.len()));
    let file = workbook(bomb.as_bytes(), b"<sst/>");
    check("a.xlsx", &file, "128 MB");
}

#[test]
fn a_bomb_that_understates_its_size() {
    let bomb = sheet(&"<row><c><v>1</v></c></row>".repeat(3_000_000));
    let size = u32::try_from(bomb.len()).expect("small");
    let file = workbook(bomb.as_bytes(), b"<sst/>");
    check("a.xlsx", &with_size(file, size, 900_000), "XML 不完整");
}

#[test]
fn a_high_ratio_and_nested_packages() {
    check("a.xlsx", &workbook(&vec![b' '; 100 << 20], b"<sst/>"), "300:1");
    let inner = package(&[("a", &vec![0; 100 << 20])]);
    let nested = package(&[("xl/workbook.xml", &inner), ("b.zip", &inner)]);
    // What lies in it is never opened.
    check("a.xlsx", &nested, "XML 不完整");
}

#[test]
fn more_entries_than_a_package_has() {
    let names: Vec<String> = (0..5_000).map(|number| format!("{number}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check("a.xlsx", &package(&parts), "4096");
}

#[test]
fn names_that_lead_out_of_the_package_and_names_that_meet() {
    let with = |name: &str| package(&[("xl/workbook.xml", b"<a/>"), (name, b"<a/>")]);
    for name in ["/etc/passwd", "../../x.xml", "xl\\..\\..\\x.xml", "C:\\x.xml"] {
        check("a.xlsx", &with(name), "路径");
    }
    check("a.docx", &with("XL/Workbook.xml"), "重名");
    // The same name twice: the second one is renamed after packing.
    let mut twice = with("xl/workbooq.xml");
    while let Some(at) = twice.windows(15).position(|name| name == b"xl/workbooq.xml") {
        twice[at + 10] = b'k';
    }
    check("a.xlsx", &twice, "重名");
}

#[test]
fn twenty_thousand_merged_cells() {
    let rows: String = (2..20_002).fold(String::new(), |mut rows, row| {
        let _ = write!(rows, "<row r=\"{row}\"><c r=\"A{row}\" t=\"str\"><v>甲</v></c></row>");
        rows
    });
    let merges: String = (2..20_002).fold(String::new(), |mut merges, row| {
        let _ = write!(merges, "<mergeCell ref=\"A{row}:D{row}\"/>");
        merges
    });
    let sheet = format!("<worksheet><sheetData>{HEADER}{rows}</sheetData>");
    let plain = format!("{sheet}<mergeCells>{merges}</mergeCells></worksheet>");
    check("a.xlsx", &workbook(plain.as_bytes(), b"<sst/>"), "20000 行");
    // Each over all rows, one in the other.
    let all = "<mergeCell ref=\"A2:B20001\"/><mergeCell ref=\"B2:B1048576\"/>".repeat(10_000);
    let covered = format!("{sheet}<mergeCells>{all}</mergeCells></worksheet>");
    check("a.xlsx", &workbook(covered.as_bytes(), b"<sst/>"), "2000000");
    let many = "<mergeCell ref=\"A2:A3\"/>".repeat(70_000);
    let many = format!("{sheet}<mergeCells>{many}</mergeCells></worksheet>");
    check("a.xlsx", &workbook(many.as_bytes(), b"<sst/>"), "65536");
}

#[test]
fn a_long_text_merged_over_many_rows() {
    let text = "甲".repeat(300_000);
    let rows: String = (4..199_000).fold(String::new(), |mut rows, row| {
        let _ = write!(rows, "<row r=\"{row}\"><c r=\"B{row}\" t=\"str\"><v>乙</v></c></row>");
        rows
    });
    let first = format!("<row r=\"3\"><c r=\"A3\" t=\"str\"><v>{text}</v></c></row>");
    let sheet = format!(
        "<worksheet><sheetData>{HEADER}{first}{rows}</sheetData><mergeCells>\
         <mergeCell ref=\"A3:A199000\"/></mergeCells></worksheet>"
    );
    check("a.xlsx", &workbook(sheet.as_bytes(), b"<sst/>"), "占用的内存");
}

#[test]
fn a_million_nested_elements() {
    let deep = "<a>".repeat(1_000_000) + &"</a>".repeat(1_000_000);
    check("a.xlsx", &workbook(sheet(&deep).as_bytes(), b"<sst/>"), "256");
    check("a.docx", &docx(&deep), "256");
    let tables = "<w:tbl><w:tr><w:tc>".repeat(200_000);
    check("a.docx", &docx(&tables), "256");
}

#[test]
fn entities_that_grow() {
    let laughs =
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet>&b;</worksheet>";
    check("a.xlsx", &workbook(laughs.as_bytes(), b"<sst/>"), "实体");
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
    let file = package(&[("word/document.xml", outside.as_bytes()), ("[Content_Types].xml", b"")]);
    check("a.docx", &file, "实体");
    check("a.docx", &docx("<w:p><w:t>&undeclared;</w:t></w:p>"), "实体");
}

/// Letters that are not so regular that the ratio tells.
fn noise(count: usize) -> String {
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..count).map(|_| letter()).collect()
}

#[test]
fn tokens_without_end() {
    let long = noise(8 << 20);
    for part in [
        format!("<w:p {long}=\"\"/>"),
        format!("<w:p><w:t>{long}</w:t></w:p>"),
        format!("<!--{long}-->"),
    ] {
        check("a.docx", &docx(&part), "1 MB");
    }
    let many = (0..80_000).fold(String::new(), |mut all, number| {
        let _ = write!(all, " a{number}=\"\"");
        all
    });
    check("a.xlsx", &workbook(sheet(&format!("<row{many}/>")).as_bytes(), b"<sst/>"), "没有数据");
}

#[test]
fn shared_strings_that_lie_and_multiply() {
    let claim = "<sst count=\"99999999999999\" uniqueCount=\"18446744073709551615\"><si><t>甲</t></si></sst>";
    let row = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>4000000000</v></c></row>";
    check("a.xlsx", &workbook(sheet(row).as_bytes(), claim.as_bytes()), "1 行");
    // One text of 30 KB in each of 100,000 cells would be 3 GB.
    let long = format!("<sst><si><t>{}</t></si></sst>", "长文字".repeat(3_400));
    let rows = "<row><c t=\"s\"><v>0</v></c></row>".repeat(100_000);
    check("a.xlsx", &workbook(sheet(&rows).as_bytes(), long.as_bytes()), "128 MB");
    let many: String = (0..510_000).fold("<sst>".to_owned(), |mut all, number| {
        let _ = write!(all, "<si><t>{number:x}</t></si>");
        all
    });
    check("a.xlsx", &workbook(sheet(row).as_bytes(), format!("{many}</sst>").as_bytes()), "500000");
}

#[test]
fn relations_and_formats_without_number() {
    let many = |element: &str| -> String {
        (0..200_000).fold(String::new(), |mut all, number| {
            let _ = write!(all, "<{element} Id=\"{number}\" numFmtId=\"{number}\"/>");
            all
        })
    };
    let relations = many("Relationship");
    let file = package(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("_rels/.rels", format!("<a>{relations}</a>").as_bytes()),
    ]);
    check("a.xlsx", &file, "10000");
    let formats = format!("<styleSheet>{}</styleSheet>", many("numFmt"));
    let relations = "<a><Relationship Id=\"r1\" Type=\"a/styles\" Target=\"styles.xml\"/>\
                     <Relationship Id=\"r2\" Type=\"a/worksheet\" Target=\"a.xml\"/></a>";
    let file = package(&[
        ("xl/workbook.xml", b"<workbook><sheet id=\"r2\"/></workbook>"),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", formats.as_bytes()),
    ]);
    check("a.xlsx", &file, "10000");
    // A cell of many tokens, each within its limit.
    let parts = format!("<!---->{}", noise(700_000)).repeat(2);
    let row = format!("<row><c t=\"str\"><v>{parts}</v></c></row>");
    check("a.xlsx", &workbook(sheet(&row).as_bytes(), b"<sst/>"), "1 MB");
}

#[test]
fn a_sheet_that_claims_every_cell() {
    let claim = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\">\
                 <v>名称</v></c></row><row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>甲</v></c></row></sheetData>";
    check("a.xlsx", &xlsx(claim, "<sst/>"), "1 行");
    let reversed = claim.replace("A1:XFD1048576", "XFD1048576:A1");
    check("a.xlsx", &xlsx(&reversed, "<sst/>"), "1 行");
    let wide = claim.replace("\"A1048576\"", "\"XFD1048576\"");
    check("a.xlsx", &xlsx(&wide, "<sst/>"), "512");
    let far = claim.replace("\"A1048576\"", "\"ZZZZZZZZZZ99999999999999\"");
    check("a.xlsx", &xlsx(&far, "<sst/>"), "1 行");
    let rows = (2..300_000).fold(String::new(), |mut rows, row| {
        let _ = write!(rows, "<row r=\"{row}\"><c><v>{row}</v></c></row>");
        rows
    });
    check("a.xlsx", &workbook(sheet(&rows).as_bytes(), b"<sst/>"), "200000");
}

#[test]
fn documents_whose_cells_multiply() {
    // A cell of 2 MB over 100,000 rows; rows of cells that take 512 columns each.
    let long = "赤泥脱碱".repeat(20_000);
    let text = (0..8).map(|_| paragraph(&long)).collect::<String>();
    let first = table(&[&["v 甲"]]).replace(&paragraph("甲"), &text);
    let more = table(&[&["^"]]);
    let row = |table: &str| table["<w:tbl>".len()..table.len() - "</w:tbl>".len()].to_owned();
    let rows = row(&first) + &row(&more).repeat(20_000);
    check("a.docx", &docx(&format!("<w:tbl>{rows}</w:tbl>")), "16 MB");
    check("a.docx", &docx(&"<w:p><w:t>a</w:t></w:p>".repeat(1_000_000)), "16 MB");
    check("a.docx", &docx(&format!("<w:tbl>{}</w:tbl>", "<w:tr/>".repeat(1_000_000))), "16 MB");
    let wide = table(&[&[">9999 甲", ">9999 乙"]]);
    check("a.docx", &docx(&wide), "512");
}

#[test]
fn truncated_files() {
    let whole = xlsx(&format!("<sheetData>{HEADER}</sheetData>"), "<sst/>");
    for part in [4, 30, whole.len() / 2, whole.len() - 1] {
        check("a.xlsx", &whole[..part], "损坏");
    }
    let half = format!("<worksheet><sheetData>{HEADER}<row><c><v>1");
    check("a.xlsx", &workbook(half.as_bytes(), b"<sst/>"), "不完整");
    let mut flipped =
        workbook(sheet(&"<row><c><v>123</v></c></row>".repeat(5_000)).as_bytes(), b"<sst/>");
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let said = said("a.xlsx", &flipped);
    assert!(!said.ends_with(" 行"), "{said}");
}

#[test]
fn text_files_over_their_limits() {
    check("a.txt", &vec![b'a'; 17 << 20], "16 MB");
    check("a.txt", "一\n".repeat(4_000_000).as_bytes(), "200000");
    check("a.txt", "名称：a\n单位：b\n联系人：c\n".repeat(60_000).as_bytes(), "60000 行");
    check("a.json", &vec![b'['; 21 << 20], "20 MB");
    check("a.json", &vec![b'['; 1 << 20], "JSON");
    let brackets = format!("[{}[]]", "[],".repeat(6_000_000));
    check("a.json", brackets.as_bytes(), "192 MB");
    let cells = format!("名称,单位,简介,备注\n{}", "1,,,\n".repeat(3_000_000));
    check("a.csv", cells.as_bytes(), "192 MB");
    let one_line = format!("名称,单位\n{}", "\"".repeat(10 << 20));
    check("a.csv", one_line.as_bytes(), "行");
}

/// 600 MB of memory would be needed to hand it in; the limit is on the length alone.
#[test]
fn a_line_of_600_mb() {
    let bytes = vec![b'a'; 600 << 20];
    let started = Instant::now();
    let refused = read_as(Library::Demand, "a.csv", &bytes).expect_err("too large");
    assert!(refused.contains("512 MB"), "{refused}");
    assert!(started.elapsed() < TIME_LIMIT);
}

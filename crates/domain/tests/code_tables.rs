//! The code tables that the program carries, and tables that cannot be read.

use kechuang_domain::{CodeTable, DisciplineCode, IndustryCode, Region};

macro_rules! table {
    ($file:literal) => {
        CodeTable::parse(include_str!(concat!("../../../data/codes/", $file)))
            .unwrap_or_else(|error| panic!("{}: {error}", $file))
    };
}

#[test]
fn every_table_is_as_long_as_its_standard() {
    let cases = [
        // 20 sections, 97 divisions, 473 groups, 1,381 classes.
        (table!("industries.tsv"), "GB/T 4754-2017", 1971),
        (table!("disciplines.tsv"), "GB/T 13745-2009", 62),
        (table!("trl.tsv"), "按 GB/T 22900-2009 的九级划分，释义为本项目所写", 9),
        (table!("contract-kinds.tsv"), "《民法典》第三编第二十章", 7),
        (table!("chains.tsv"), "2026", 3),
    ];
    for (table, version, count) in cases {
        assert_eq!((table.version.as_str(), table.entries().len()), (version, count), "{table:?}");
    }
}

#[test]
fn every_industry_is_a_code_of_its_level_within_a_wider_one() {
    let table = table!("industries.tsv");
    let mut of_level = [0; 5];
    for entry in table.entries() {
        let code: IndustryCode = entry.code.parse().expect("an industry code");
        assert_eq!(entry.details, [code.level().to_string()], "{code}");
        let wider = table.wider(&entry.code).map(|wider| wider.code.len());
        let expected = [None, None, Some(1), Some(3), Some(4)][code.level()];
        assert_eq!(wider, expected, "{code}");
        of_level[code.level()] += 1;
    }
    assert_eq!(of_level, [0, 20, 97, 473, 1381]);
}

#[test]
fn industries_are_found_with_and_without_their_letter() {
    let table = table!("industries.tsv");
    let named = |code: &str| table.complete(code).map(|entry| entry.name.as_str());
    for (code, name) in [
        ("C", Some("制造业")),
        ("C32", Some("有色金属冶炼和压延加工业")),
        ("C3252", Some("铝压延加工")),
        ("3252", Some("铝压延加工")),
        ("C3741", Some("飞机制造")),
        ("A019", Some("其他农业")),
        ("C9999", None),
        ("9999", None),
        ("", None),
    ] {
        assert_eq!(named(code), name, "{code}");
    }
    assert!(!table.contains("3252"), "only the completed code is in the table");
    assert_eq!(table.warning("3252"), None);
    let warning = table.warning("C9999").expect("a warning");
    assert_eq!(warning, "代码 C9999 不在国民经济行业分类（GB/T 4754-2017）中，请核对");
}

#[test]
fn codes_lie_within_wider_codes() {
    let industries = table!("industries.tsv");
    assert!(industries.within("C3252", "C32") && industries.within("C32", "C32"));
    assert!(!industries.within("C3252", "C33") && !industries.within("C32", "C3252"));
    let narrower = |table: &CodeTable, code: &str| -> Vec<String> {
        table.narrower(code).into_iter().map(|entry| entry.code.clone()).collect()
    };
    assert_eq!(narrower(&industries, "C32"), ["C321", "C322", "C323", "C324", "C325"]);
    assert_eq!(narrower(&industries, "C3252"), Vec::<String>::new());
    assert_eq!(industries.widest().len(), 20);

    let kinds = table!("contract-kinds.tsv");
    assert_eq!(narrower(&kinds, "development"), ["development-commissioned", "development-joint"]);
    assert_eq!(kinds.widest().len(), 5);

    let disciplines = table!("disciplines.tsv");
    let narrow: DisciplineCode = "430.45".parse().expect("a discipline");
    let wider = disciplines.wider(narrow.as_str()).map(|entry| entry.name.as_str());
    assert_eq!(wider, Some("材料科学"));
}

#[test]
fn divisions_lie_in_one_another_as_regions_do() {
    let table = table!("regions.tsv");
    let regions: Vec<Region> =
        table.entries().iter().map(|entry| entry.code.parse().expect("a region")).collect();
    for wider in &regions {
        for region in &regions {
            let within = table.within(&region.to_string(), &wider.to_string());
            assert_eq!(within, wider.contains(*region), "{region} in {wider}");
        }
    }
    assert_eq!(table.widest().len(), 1);
    assert_eq!(table.narrower("100000").len(), 34);
    assert_eq!(table.narrower("140000").len(), 11);
    // Every Shanxi county, and the zones that statistics count beside them.
    let counties = |city: &&kechuang_domain::CodeEntry| table.narrower(&city.code).len();
    assert_eq!(table.narrower("140000").iter().map(counties).sum::<usize>(), 117 + 4);
}

#[test]
fn lueliang_has_its_thirteen_counties() {
    let table = table!("regions.tsv");
    assert_eq!(table.name_of("141100"), Some("吕梁市"));
    let names: Vec<&str> =
        table.narrower("141100").into_iter().map(|entry| entry.name.as_str()).collect();
    let expected =
        "离石区 文水县 交城县 兴县 临县 柳林县 石楼县 岚县 方山县 中阳县 交口县 孝义市 汾阳市";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn readiness_levels_rise_through_the_stages() {
    let table = table!("trl.tsv");
    let stages: Vec<&str> = table.entries().iter().map(|entry| entry.details[0].as_str()).collect();
    let expected = [("初期", 4), ("中期", 3), ("成熟应用", 2)];
    let expected: Vec<&str> =
        expected.into_iter().flat_map(|(stage, levels)| vec![stage; levels]).collect();
    assert_eq!(stages, expected);
    for (level, entry) in (1..).zip(table.entries()) {
        assert_eq!(entry.code, level.to_string());
        assert_eq!(entry.details.len(), 2, "{entry:?}");
    }
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_its_line() {
    const HEAD: &str = "# name: 表\n# version: 1\n# nesting: flat\n";
    for (text, words) in [
        ("a\tb\n".to_owned(), "「# nesting: …」"),
        (HEAD.replace("flat", "tree"), "「# nesting: …」"),
        (HEAD.replace("name", "title"), "「# name: …」"),
        (HEAD.replace(": 1", ":"), "「# version: …」"),
        (format!("{HEAD}a\tb\nc\n"), "第 5 行"),
        (format!("{HEAD}a\t\n"), "第 4 行"),
        (format!("{HEAD}a\tb\n# 注\na\tc\n"), "第 6 行有误：代码「a」已经出现过"),
    ] {
        let error = CodeTable::parse(&text).expect_err("a mistake").to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(CodeTable::parse(HEAD).map(|table| table.entries().len()), Ok(0));
}

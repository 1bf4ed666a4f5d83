//! Where in which chain a text belongs, and the table behind it.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_text::{Chains, normalise};

use crate::lexicon;

const TABLE: &str = include_str!("../../../../data/codes/chain-terms.tsv");
const SYNONYMS: &str = include_str!("../../../../data/lexicon/synonyms.txt");
const CHAINS: &str = include_str!("../../../../data/codes/chains.tsv");

/// Each case: a name, a text, and the stages it belongs to, the clearest first.
macro_rules! places {
    ($($name:ident: $text:literal => [$($stage:literal),* $(,)?];)+) => {$(
        #[test]
        fn $name() {
            let found: Vec<String> = lexicon()
                .chains()
                .classify(lexicon(), $text)
                .into_iter()
                .map(|stage| format!("{}/{}", stage.chain.as_str(), stage.stage))
                .collect();
            let expected: &[&str] = &[$($stage),*];
            assert_eq!(found, expected);
        }
    )+};
}

places! {
    electrolysis: "兆瓦级碱性电解槽的宽功率波动适应性" => ["hydrogen/electrolysis"];
    a_known_abbreviation_with_a_word_beside_it: "PEM制氢用低铱载量膜电极" =>
        ["hydrogen/electrolysis", "hydrogen/fuel-cell"];
    four_letters_are_clear: "SOEC 长时间运行的衰减机理" => ["hydrogen/electrolysis"];
    coke_oven_gas: "利用焦炉煤气制氢并提纯至高纯氢" => ["hydrogen/by-product", "hydrogen/purification"];
    storage_by_formula: "以MgH2为基的固态储氢装置" => ["hydrogen/storage"];
    storage_in_full_width: "ＩＶ型瓶塑料内胆的渗透" => ["hydrogen/storage"];
    pipelines: "在役管线掺氢天然气输送的氢渗透评价" => ["hydrogen/transport"];
    stations: "70MPa加氢站用隔膜压缩机国产化" =>
        ["hydrogen/refuelling", "hydrogen/safety-testing"];
    stacks: "商用车用氢燃料电池金属极板涂层" => ["hydrogen/fuel-cell"];
    alloys: "高强韧铝镁合金 6061-T6 与 AZ91D 的选材" => ["high-end-metals/al-mg-materials"];
    smelting_of_magnesium: "皮江法炼镁还原罐寿命短" => ["high-end-metals/al-mg-smelting"];
    die_casting: "新能源汽车后地板一体化压铸，铝液净化不足" => ["high-end-metals/al-mg-casting"];
    extrusion: "复杂断面铝型材挤压模具的设计" => ["high-end-metals/al-mg-forming"];
    welding: "列车车体的搅拌摩擦焊" => ["high-end-metals/al-mg-joining"];
    traditional_characters: "鎂合金微弧氧化" =>
        ["high-end-metals/al-mg-materials", "high-end-metals/al-mg-surface"];
    thin_strip: "二十辊轧机轧制手撕钢的板形控制" =>
        ["high-end-metals/steel-rolling", "high-end-metals/steel-grades"];
    clean_steel: "GCr15 轴承钢的非金属夹杂物多，采用RH精炼和钙处理" =>
        ["high-end-metals/steel-smelting", "high-end-metals/steel-grades"];
    casting_of_steel: "大圆坯连铸的中心偏析" => ["high-end-metals/steel-casting"];
    red_mud: "赤泥脱碱后用作路基" => ["solid-waste/red-mud"];
    its_other_name: "铝土矿尾渣的大规模利用" => ["solid-waste/red-mud"];
    gangue: "矸石山自燃治理与矸石返井" => ["solid-waste/coal-gangue"];
    fly_ash: "循环流化床灰与粉煤灰提铝" =>
        ["solid-waste/fly-ash", "solid-waste/extraction"];
    slag: "钢渣热闷后安定性仍不合格，f-CaO 偏高" => ["solid-waste/slag"];
    gypsum: "脱硫石膏制α高强石膏" => ["solid-waste/gypsum"];
    binders: "用钢渣、矿渣微粉和脱硫石膏制全固废胶凝材料" =>
        ["solid-waste/slag", "solid-waste/gypsum", "solid-waste/building-materials"];

    no_words: "，。\n" => [];
    software: "环保装备企业数字化管理系统研发" => [];
    medicine: "用于肝癌早期诊断的血清标志物检测试剂盒" => [];
    general_manufacturing: "提高产品质量，降低能耗，研究新型材料的热处理工艺" => [];
    batteries: "磷酸铁锂正极材料的低温性能" => [];
    three_letters_alone_are_not_clear: "用VAR模型分析物价，VAR(2)与VAR(3)，VAR、VAR" => [];
    ceramics: "负载于氧化铝载体的低温催化剂，氮化硼涂层" => [];
    ecology: "沙地植被恢复中土壤碳氮化学计量特征" => [];
    an_electrolytic_cell_of_any_kind: "电解槽侧壁的保温" => [];
    no_part_of_a_longer_name: "APEMFCX-2 型仪器" => [];
    a_word_of_two_chains_alone_is_not_clear: "高强度螺栓的氢脆" => [];
}

#[test]
fn what_is_only_mentioned_is_left_out() {
    let subject = "赤泥脱碱、赤泥选铁、赤泥陶粒、赤泥改性、赤泥堆场";
    let stages = |text: &str| lexicon().chains().classify(lexicon(), text).len();
    assert_eq!(stages("粉煤灰"), 1);
    assert_eq!(stages(subject), 1);
    assert_eq!(stages(&format!("{subject}；不同于粉煤灰")), 1);
}

#[test]
fn a_stage_is_given_with_its_words_and_their_weight() {
    let chains = lexicon().chains();
    let found = chains.classify(lexicon(), "PEM电解制氢的碱性电解槽，碱性电解槽");
    let [stage] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(stage.terms, ["pem电解制氢", "碱性电解槽"]);
    assert!((stage.weight - (1.0 + 2_f32.sqrt())).abs() < 1e-6, "{}", stage.weight);
}

#[test]
fn the_table_has_the_three_chains_in_stages_of_a_dozen_terms_or_more() {
    let mut of_stage: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut name_of: BTreeMap<&str, &str> = BTreeMap::new();
    for term in lexicon().chains().terms() {
        *of_stage.entry((term.chain.as_str(), &term.stage)).or_default() += 1;
        let name = name_of.entry(&term.stage).or_insert(&term.stage_name);
        assert_eq!(*name, term.stage_name, "{term:?}");
        assert!(term.stage.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
    }
    let chains: BTreeSet<&str> = of_stage.keys().map(|(chain, _)| *chain).collect();
    let codes = CHAINS.lines().filter(|line| !line.starts_with('#'));
    let known: BTreeSet<&str> = codes.filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(chains, known);
    assert_eq!(of_stage.len(), 31);
    for (stage, count) in &of_stage {
        assert!(*count >= 12, "{stage:?} has {count} terms");
    }
}

#[test]
fn every_word_of_the_table_is_in_form_and_two_characters_long() {
    for word in lexicon().chains().words() {
        assert_eq!(normalise(lexicon(), word).text, word, "in NFKC and simplified");
        assert!(word.chars().count() >= 2, "{word}");
    }
}

/// Parsing refuses words of two groups; this holds the table to adding something.
#[test]
fn no_line_of_the_table_repeats_a_group_of_the_synonyms() {
    let chains = Chains::parse(TABLE).expect("a table");
    let of_table = |line: &str| -> BTreeSet<String> {
        line.split_whitespace().map(str::to_lowercase).collect()
    };
    let groups: Vec<_> =
        SYNONYMS.lines().filter(|line| !line.starts_with('#')).map(of_table).collect();
    for term in chains.terms().iter().filter(|term| !term.synonyms.is_empty()) {
        for synonym in &term.synonyms {
            let synonym = synonym.to_lowercase();
            assert!(!groups.iter().any(|group| group.contains(&synonym)), "{term:?}");
        }
    }
}

/// Search finds the parts of a whole only up to three characters.
#[test]
fn a_long_word_does_not_hide_a_shorter_one_of_the_field() {
    let check = |text: &str, word: &str| {
        let words = kechuang_text::analyse(lexicon(), text).words;
        assert!(words.iter().any(|found| found.text == word), "{text}: {words:?}");
    };
    check("燃料电池增湿器的寿命", "燃料电池");
    check("赤泥硫铝酸盐水泥", "硫铝酸盐水泥");
    // Short enough to be found whole, with its parts beside it.
    check("钢渣碳化中试", "钢渣碳化");
    check("钢渣碳化中试", "钢渣");
}

#[test]
fn synonyms_of_the_chains_join_those_of_the_lexicon() {
    let check = |word: &str, other: &str| {
        let all = lexicon().synonyms_of(word);
        assert!(all.iter().any(|known| known == other), "{word}: {all:?}");
    };
    check("直接甲醇燃料电池", "dmfc");
    check("dmfc", "直接甲醇燃料电池");
    // A line whose term is in a group of synonyms.txt widens that group.
    check("有价组分回收", "有价元素回收");
    check("有价元素回收", "有价组分回收");
    let chains = lexicon().chains();
    assert_eq!(chains.synonyms_of("DMFC"), ["直接甲醇燃料电池"]);
    assert!(chains.synonyms_of("没有的词").is_empty());
}

//! Indicators as firms write them.

use kechuang_domain::{
    Comparison::{self, About, Above, AtLeast, AtMost, Below, Between, Equal},
    Fulfilment::{Met, Unknown, Unmet},
};
use kechuang_text::{
    indicators,
    quantity::{fulfils, indicator_of_row},
    to_base,
};

use crate::lexicon;

type Expected = (&'static str, Comparison, f64, Option<f64>, &'static str);

fn check(text: &str, expected: &[Expected]) {
    let found = indicators(lexicon(), text);
    let seen: Vec<_> = found
        .iter()
        .map(|found| {
            let indicator = &found.indicator;
            let quantity = &indicator.quantity;
            let (value, upper) = (quantity.value, quantity.upper);
            (indicator.name.as_str(), indicator.comparison, value, upper, quantity.unit.as_str())
        })
        .collect();
    assert_eq!(seen, expected, "{text}");
    for found in found {
        assert!(found.span.of(text).is_some_and(|words| !words.is_empty()), "{text}");
    }
}

#[test]
fn comparisons_stand_before_or_after() {
    check("抗拉强度≥310MPa", &[("抗拉强度", AtLeast, 310.0, None, "MPa")]);
    check("抗冲击韧性≥67%", &[("抗冲击韧性", AtLeast, 67.0, None, "%")]);
    check("单位电耗不高于 4.3 kWh/Nm³", &[("单位电耗", AtMost, 4.3, None, "kWh/Nm3")]);
    check("纯度达到99.97%以上", &[("纯度", AtLeast, 99.97, None, "%")]);
    check("误差控制在0.1mm以内", &[("误差", AtMost, 0.1, None, "mm")]);
    check("气孔率低于1％", &[("气孔率", Below, 1.0, None, "%")]);
    check("寿命超过5000h", &[("寿命", Above, 5000.0, None, "h")]);
    check("厚度约3mm", &[("厚度", About, 3.0, None, "mm")]);
    check("排气压力为90MPa", &[("排气压力", Equal, 90.0, None, "MPa")]);
}

#[test]
fn ranges_and_powers_and_large_numbers() {
    check("板厚3~8mm", &[("板厚", Between, 3.0, Some(8.0), "mm")]);
    check("温度-40℃～85℃", &[("温度", Between, -40.0, Some(85.0), "°C")]);
    check("粒度10至20μm", &[("粒度", Between, 10.0, Some(20.0), "μm")]);
    check("年产量不低于1,200吨", &[("年产量", AtLeast, 1200.0, None, "t")]);
    check("投资不超过3万元", &[("投资", AtMost, 30_000.0, None, "元")]);
    check("漏率≤1×10-9Pa·m3/s", &[("漏率", AtMost, 1e-9, None, "Pa·m3/s")]);
}

#[test]
fn several_in_one_sentence_keep_their_own_names() {
    check(
        "屈服强度≥240MPa，延伸率不小于10%，硬度 60HRC 左右。",
        &[
            ("屈服强度", AtLeast, 240.0, None, "MPa"),
            ("延伸率", AtLeast, 10.0, None, "%"),
            ("硬度", About, 60.0, None, "HRC"),
        ],
    );
}

#[test]
fn formulae_and_durations_are_parts_of_names() {
    check("干基Na₂O≤1.0%", &[("干基Na2O", AtMost, 1.0, None, "%")]);
    check("7d无侧限抗压强度≥3.0MPa", &[("7d无侧限抗压强度", AtLeast, 3.0, None, "MPa")]);
    check(
        "（1）屈服强度≥240MPa；2.硬度≥60HRC",
        &[("屈服强度", AtLeast, 240.0, None, "MPa"), ("硬度", AtLeast, 60.0, None, "HRC")],
    );
    check("28d无可见泛霜", &[]);
    let size = indicators(lexicon(), "板幅为1×1080mm");
    assert_eq!(size[0].indicator.quantity.value, 1080.0, "a size is no power of ten");
    check("浓度≤2×105个", &[("浓度", AtMost, 2e5, None, "个")]);
}

#[test]
fn names_dates_and_clause_numbers_are_no_indicators() {
    for text in [
        "6061-T6铝合金",
        "采用316L不锈钢",
        "按GB/T 3190执行",
        "2027年6月前",
        "1. 提高强度",
        "H13钢",
        "DEM-001",
    ] {
        let found: Vec<_> = indicators(lexicon(), text)
            .into_iter()
            .filter(|found| !matches!(found.indicator.quantity.unit.as_str(), "月" | "month"))
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn what_is_reached_is_reached_from_one_side() {
    check("屈服强度达到550MPa", &[("屈服强度", AtLeast, 550.0, None, "MPa")]);
    check("定位精度可达到0.5mm", &[("定位精度", AtMost, 0.5, None, "mm")]);
    check("氧化烧损率降至1%", &[("氧化烧损率", AtMost, 1.0, None, "%")]);
    check("摆幅控制在±100mm", &[("摆幅", AtMost, 100.0, None, "mm")]);
    check("抗拉强度达750MPa～850MPa", &[("抗拉强度", Between, 750.0, Some(850.0), "MPa")]);
    check("出钢温度为1660±5℃", &[("出钢温度", About, 1660.0, None, "°C")]);
    check(
        "近30项专利，300多台样机",
        &[("", About, 30.0, None, "项"), ("", Above, 300.0, None, "台")],
    );
}

#[test]
fn elements_are_names_and_grades_are_not() {
    check(
        "Cr0.5～1.5％，Zr0.05～0.3％",
        &[("Cr", Between, 0.5, Some(1.5), "%"), ("Zr", Between, 0.05, Some(0.3), "%")],
    );
    check("化学成分按质量百分比计为C：0.03～0.08％", &[("C", Between, 0.03, Some(0.08), "%")]);
    check("拟开发600MPa级钢筋", &[]);
    check("工作面为己15.16-24130", &[]);
    check("桥丝电阻在（2.4～2.9）Ω内", &[("桥丝电阻", Between, 2.4, Some(2.9), "Ω")]);
    check("直径为φ0.25~φ0.45mm", &[("直径", Between, 0.25, Some(0.45), "mm")]);
}

#[test]
fn broken_formulae_are_read() {
    check(r"贡献率为 $6 4 . 4 5 5 \%$ ", &[("贡献率", Equal, 64.455, None, "%")]);
    check(r"密度降低($P { < } 0 . 0 5$)", &[("P", Below, 0.05, None, "")]);
    check(
        r"比表面积约为 $1 6 4 \mathrm { m ^ { 2 } { \cdot } g ^ { - 1 } }$ 。",
        &[("比表面积", About, 164.0, None, "m2/g")],
    );
    check(
        r"水量为 $9 . 7 3 { \times } 1 0 ^ { 8 } \mathrm { m } ^ { 3 }$",
        &[("水量", Equal, 9.73e8, None, "m3")],
    );
}

#[test]
fn conditions_are_told_from_names() {
    let condition = |text| {
        let found = indicators(lexicon(), text);
        let compared = found.iter().find(|one| one.indicator.comparison != Equal);
        let one = compared.or(found.first()).expect("an indicator").indicator.clone();
        (one.condition, one.name)
    };
    for (text, expected, name) in [
        ("85℃、4000A/m²条件下电耗≤4.3kWh/Nm³", "85°C、4000A/m2条件下", "电耗"),
        ("指标：（1）30%KOH、85℃条件下电耗≤4.3kWh/Nm³", "30%KOH、85°C条件下", "电耗"),
        ("析氢过电位≤110mV（400mA/cm²）", "400mA/cm2", "析氢过电位"),
        ("高温性能：60℃满电存储30天，容量保持率≥90%", "60°C满电存储30天", "容量保持率"),
        ("相对湿度10%～95%时示值偏差≤±5%", "相对湿度10%~95%时", "示值偏差"),
        ("授权专利≥2项（甲方1项、乙方1项）", "", "授权专利"),
        ("温度下降至20℃", "", "温度"),
    ] {
        assert_eq!(condition(text), (expected.to_owned(), name.to_owned()), "{text}");
    }
}

#[test]
fn text_made_to_be_awkward_is_read() {
    for piece in ["1)", "(1)", "1、", "1,", "$1", "1~", "a1", "1%、", "1℃下", "，1m", "\\mu$"]
    {
        let text = piece.repeat(50_000);
        let found = indicators(lexicon(), &text);
        assert!(found.iter().all(|found| found.amount.of(&text).is_some()), "{piece}");
    }
}

#[test]
fn what_is_said_fulfils_what_is_asked_or_leaves_it_open() {
    let one = |text| {
        let found = indicators(lexicon(), text);
        found.last().unwrap_or_else(|| panic!("an indicator in {text}")).indicator.clone()
    };
    for (asked, said, expected) in [
        ("抗拉强度≥310MPa", "合金板抗拉强度达到0.33GPa", Met),
        ("抗拉强度≥310MPa", "抗拉强度为290MPa", Unmet),
        ("抗拉强度≥310MPa", "抗拉强度300~340MPa", Unknown),
        ("抗拉强度≥310MPa", "抗拉强度≥300MPa", Unknown),
        ("抗拉强度≥310MPa", "屈服强度≥400MPa", Unknown),
        ("抗拉强度≥310MPa", "抗拉强度提高20%", Unknown),
        ("钢筋抗拉强度≥310MPa", "铝板抗拉强度≥400MPa", Unknown),
        ("使用温度≤350K", "使用温度不高于60℃", Met),
        ("气孔率低于1%", "气孔率为1%", Unmet),
        ("气孔率低于1%", "气孔率不高于1%", Unknown),
        ("气孔率低于1%", "气孔率<1%", Met),
        ("收率提高10%以上", "产品收率提高12%", Met),
        ("收率≥90%", "收率提高95%", Unknown),
        ("厚度≤3mm", "厚度为2mm", Unknown),
        ("电压衰减≤2%", "衰减1.3%", Unknown),
        ("电压衰减≤2%", "小室电压衰减1.3%", Unknown),
        ("成本降低15%以上", "成本降低20%", Met),
        ("成本降低15%以上", "增加20%", Unknown),
        ("S≤0.01%", "Si≤0.005%", Unknown),
        ("S≤0.01%", "S≤0.005%", Met),
        ("P<0.05", "P<0.01", Unknown),
        ("年产能10万吨", "年产能12万吨", Unknown),
        ("循环寿命≥5000次", "循环寿命6000h", Unknown),
        ("25℃下电耗≤4.3kWh/Nm³", "电耗4.2kWh/Nm³（85℃）", Unknown),
        ("85℃下电耗≤4.3kWh/Nm³", "电耗4.2kWh/Nm³（85℃）", Met),
        ("30%负荷下氧中氢≤1.5%", "30%负荷氧中氢1.1%", Met),
        ("湿度10%～95%时示值偏差≤±5%", "湿度10%～95%条件下示值偏差不超过±3.5%", Met),
        ("湿度10%～95%时示值偏差≤±5%", "湿度30%～60%条件下示值偏差不超过±3.5%", Unknown),
    ] {
        let told = fulfils(lexicon(), &one(asked), &one(said));
        assert_eq!(told.unwrap_or(Unknown), expected, "{asked} — {said}");
    }
}

#[test]
fn values_of_one_dimension_compare_in_its_base() {
    let base = |value, unit| to_base(lexicon(), value, unit).expect("a known unit");
    assert_eq!(base(1.0, "GPa"), base(1000.0, "MPa"));
    assert_eq!(base(25.0, "°C").1, "temperature");
    assert_eq!(to_base(lexicon(), 1.0, "quux"), None);
}

#[test]
fn rows_of_tables_are_read_whole_or_not_at_all() {
    let check = |row: [&str; 3], expected: Option<(&str, Comparison, f64, &str, &str)>| {
        let read = indicator_of_row(lexicon(), row[0], row[1], row[2]);
        let read = read.as_ref().map(|read| {
            let (value, unit) = (read.quantity.value, read.quantity.unit.as_str());
            (read.name.as_str(), read.comparison, value, unit, read.condition.as_str())
        });
        assert_eq!(read, expected, "{row:?}");
    };
    check(["轮辋抗拉强度", "328 MPa", "T5"], Some(("轮辋抗拉强度", Equal, 328.0, "MPa", "T5")));
    check(["烧失量", "≤3 %", "必须"], Some(("烧失量", AtMost, 3.0, "%", "必须")));
    check(
        ["界面接触电阻（1.4 MPa）", "≥6 %", "必须"],
        Some(("界面接触电阻", AtLeast, 6.0, "%", "必须,1.4 MPa")),
    );
    check(["28d活性指数", "≥85 %", ""], Some(("28d活性指数", AtLeast, 85.0, "%", "28d活性指数")));
    check(["色差", "≤3 ΔE", ""], None);
    check(["透水系数", "2.3e-2 cm/s", ""], None);
    check(["外观", "无裂纹", ""], None);
    check(["强度", "≥3 MPa，≤5 MPa", ""], None);
    check(["强度", "", ""], None);
}

#[test]
fn rows_compare_under_the_conditions_in_their_names() {
    let check = |asked: [&str; 2], said: [&str; 3], expected| {
        let asked_row = indicator_of_row(lexicon(), asked[0], asked[1], "必须").expect("a row");
        let said_row = indicator_of_row(lexicon(), said[0], said[1], said[2]).expect("a row");
        assert_eq!(fulfils(lexicon(), &asked_row, &said_row), expected, "{asked:?} {said:?}");
    };
    check(["轮辋抗拉强度", "≥310 MPa"], ["轮辋抗拉强度", "328 MPa", "T5"], Some(Met));
    check(["轮辋断后伸长率", "≥10 %"], ["轮辋断后伸长率", "9.5 %", "T5"], Some(Unmet));
    check(["接触电阻率（1.4 MPa）", "≤6 %"], ["接触电阻率", "2.9 %", ""], Some(Unknown));
    check(["接触电阻率（1.4 MPa）", "≤6 %"], ["接触电阻率", "2.9 %", "1.4 MPa"], Some(Met));
    check(["28d抗压强度", "≥30 MPa"], ["28d抗压强度", "31 MPa", "镁渣65%"], Some(Met));
    check(["7d抗压强度", "≥30 MPa"], ["28d抗压强度", "31 MPa", ""], None);
}

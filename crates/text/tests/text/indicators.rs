//! Indicators as firms write them.

use kechuang_domain::Comparison::{self, About, Above, AtLeast, AtMost, Below, Between, Equal};
use kechuang_text::{indicators, to_base};

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
fn values_of_one_dimension_compare_in_its_base() {
    let base = |value, unit| to_base(lexicon(), value, unit).expect("a known unit");
    assert_eq!(base(1.0, "GPa"), base(1000.0, "MPa"));
    assert_eq!(base(25.0, "°C").1, "temperature");
    assert_eq!(to_base(lexicon(), 1.0, "quux"), None);
}

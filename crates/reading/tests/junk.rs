//! What is no record, and what only looks like none.

use std::{fs, path::Path};

use kechuang_reading::{Junk, junk};

fn check(expected: Option<Junk>, cases: &[(&str, &str)]) {
    for (title, text) in cases {
        assert_eq!(junk(title, text), expected, "{title} | {text}");
    }
}

#[test]
fn a_record_without_letters_is_empty() {
    check(Some(Junk::Empty), &[("", ""), (" 　\n", "。。。"), ("——", "……"), ("/", "-")]);
}

#[test]
fn a_form_that_had_to_be_filled_is_a_placeholder() {
    check(
        Some(Junk::Placeholder),
        &[
            ("未提供", ""),
            ("无", "暂无"),
            ("暂无。", ""),
            ("待补充……", "（待补充）"),
            ("N/A", ""),
            ("ＮＵＬＬ", "无"),
            ("", "暂无内容"),
        ],
    );
}

#[test]
fn a_trial_of_the_form_is_a_test() {
    check(
        Some(Junk::Test),
        &[
            ("测试", ""),
            ("测试2", "无"),
            ("test", "test"),
            ("Test 01", "测试内容"),
            ("这是一条测试数据", "这是一条测试数据，这是一条测试数据。"),
            ("１１１", "111"),
            ("1", ""),
            ("啊啊啊啊", ""),
            ("asdf", "1234"),
        ],
    );
}

#[test]
fn what_is_sold_to_the_reader_is_advertising() {
    check(
        Some(Junk::Advertising),
        &[
            ("代写论文", "职称论文包过，价格优惠，加微信 abc123"),
            ("专利代办", "代写专利，包授权，电话13800000000"),
            ("厂家直销 限时优惠", "欢迎订购，联系电话：13800000000"),
            ("论文代发", "核心期刊包发表，论文代发，QQ：123456"),
            ("代写论文 代开发票", "价格面议"),
            ("特价促销", "详情加VX了解"),
        ],
    );
}

#[test]
fn a_record_that_means_something_is_kept() {
    check(
        None,
        &[
            ("智能检测", ""),
            ("测试平台", ""),
            ("电池测试系统", "暂无"),
            ("智能 提醒 机器人", ""),
            ("燃料电池测试平台研发", "需要一个测试平台，完成电堆的测试。"),
            ("测试", "研制电池模组的充放电测试装置，精度0.1%。"),
            ("无", "赤泥脱碱后用于路基填筑。"),
            ("无人机", ""),
            ("无", "无人机集群控制"),
            ("6061", ""),
            ("镁合金板材焊接", "联系电话：13800000000"),
            ("科技型企业所得税优惠政策", "享受税收优惠的企业请咨询13800000000。"),
            ("移动支付系统升级", "在现有平台上增加微信支付和优惠券功能。"),
            ("广告识别", "识别代写论文、代开发票等信息，检测刷单行为。"),
            ("论文查重", "防范代写论文。"),
            ("刷单账号识别", "由微信号和手机号识别刷单。"),
            ("商家营销系统", "发放优惠券，并为微信号推送消息。"),
        ],
    );
}

#[test]
fn every_kind_has_a_code_and_a_name() {
    let kinds = [Junk::Empty, Junk::Placeholder, Junk::Test, Junk::Advertising];
    let codes: Vec<_> = kinds.iter().map(|kind| (kind.code(), kind.label())).collect();
    let expected = [
        ("empty", "空白"),
        ("placeholder", "占位内容"),
        ("test", "测试数据"),
        ("advertising", "广告"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn real_records_are_hardly_ever_junk() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/ccf-bdci-2019/dev");
    for file in ["demands.jsonl", "achievements.jsonl"] {
        let Ok(rows) = fs::read_to_string(folder.join(file)) else {
            eprintln!("skipped: no {file} in {}", folder.display());
            continue;
        };
        let rows: Vec<serde_json::Value> =
            rows.lines().map(|row| serde_json::from_str(row).expect("a row")).collect();
        let part =
            |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let flagged: Vec<_> = rows
            .iter()
            .map(|row| (part(row, "title"), part(row, "text")))
            .filter_map(|(title, text)| Some((junk(&title, &text)?, title)))
            .collect();
        eprintln!("{file}: {} of {}: {flagged:?}", flagged.len(), rows.len());
        assert!(flagged.len() * 1_000 <= rows.len(), "{flagged:?}");
    }
}

//! Records of any library with whatever their registries allow, in strings that break sheets.

use std::collections::BTreeMap;

use kechuang_domain::{
    Content, Details, Fact, FactKind, FactValue, Library, Place, Provenance, Source, Span, Status,
    TextField, Tier, TieredText, Timestamp,
    fact::{Clause, ClauseRule, CodeKind, MeasuredIndicator, Right, RuleKind},
};
use kechuang_store::RecordDraft;
use proptest::{collection::vec, option, prelude::*, sample::select};

/// What sheets, JSON and people trip over.
const NASTY: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "=",
    "+1",
    "-40℃",
    "@SUM(A1)",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "'",
    "''",
    "\"",
    "\"\"",
    ",",
    ";",
    "；",
    "、",
    "，",
    "|",
    "｜",
    "[",
    "]",
    "[]",
    "[\"",
    "{",
    "}",
    "{}",
    "\\",
    "\\n",
    " ",
    "  ",
    "\u{3000}",
    "\u{a0}",
    "\u{0}",
    "_x000D_",
    "_x005F_",
    "_x0",
    "😀",
    "ＡＢ１２",
    "＝１",
    "－",
    "＠",
    "<b>&amp;</b>",
    "]]>",
    "\u{feff}",
    "\u{1}",
    "\u{b}",
    "\u{1f}",
    "\u{7f}",
    "\u{85}",
    "\u{fffe}",
    "\u{2028}",
    "\u{202e}",
    "示例行1",
    "（示例）",
    "（续1）",
    "null",
    "1e5",
    "TRUE",
    "2026-01-01",
    "00123",
    "赤泥",
    "铝合金",
];

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(NASTY).prop_map(str::to_owned),
        2 => "[\u{4e00}-\u{9fff}]{1,6}",
        2 => "\\PC{1,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// A name or key as every door leaves it.
fn short() -> impl Strategy<Value = String> {
    nasty().prop_map(|text| {
        let text = text.replace('\0', "").trim().to_owned();
        if text.is_empty() { "甲".to_owned() } else { text }
    })
}

fn tier() -> impl Strategy<Value = Tier> {
    select(&[Tier::Public, Tier::Registered, Tier::Agreement][..])
}

fn day() -> impl Strategy<Value = String> {
    (1950..2100_u32, 1..=12_u32, 1..=28_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"))
}

fn value(fact: Fact) -> BoxedStrategy<FactValue> {
    match fact.kind() {
        FactKind::Text => nasty().prop_map(FactValue::Text).boxed(),
        FactKind::Choice { options, is_open: false } => {
            select(options).prop_map(FactValue::from).boxed()
        }
        FactKind::Choice { options, .. } => prop_oneof![
            select(options).prop_map(FactValue::from),
            nasty().prop_map(FactValue::Text)
        ]
        .boxed(),
        FactKind::List { .. } => vec(nasty(), 0..4).prop_map(FactValue::List).boxed(),
        FactKind::Whole { least, most } => (least..=most).prop_map(FactValue::Whole).boxed(),
        FactKind::Number { most, .. } => (0.0..=most).prop_map(FactValue::Number).boxed(),
        FactKind::Money => (0..1_000_000_000_000_000_i64).prop_map(FactValue::Whole).boxed(),
        FactKind::Date => day().prop_map(FactValue::Text).boxed(),
        FactKind::Month => day().prop_map(|day| FactValue::Text(day[..7].to_owned())).boxed(),
        FactKind::Flag => any::<bool>().prop_map(FactValue::Flag).boxed(),
        FactKind::Code(kind) => prop_oneof![
            1 => nasty().prop_map(FactValue::Text),
            2 => Just(FactValue::from(code(kind))),
        ]
        .boxed(),
        FactKind::Codes(kind) => {
            vec(Just(code(kind).to_owned()), 0..3).prop_map(FactValue::List).boxed()
        }
        FactKind::Rights => vec(right(), 0..3).prop_map(FactValue::Rights).boxed(),
        FactKind::Indicators => vec(indicator(), 0..3).prop_map(FactValue::Indicators).boxed(),
        FactKind::Clauses => vec(clause(), 0..3).prop_map(FactValue::Clauses).boxed(),
    }
}

/// A code in its canonical form; others are refused.
fn code(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Credit => "91350200776049653A",
        CodeKind::Industry => "C3252",
        CodeKind::Discipline => "430",
        CodeKind::AchievementRegistration => "1412025Y0001",
        CodeKind::Doi => "10.1000/182",
        CodeKind::Orcid => "0000-0002-1825-0097",
        CodeKind::Cstr => "CSTR:11738.11.dataset.1",
        CodeKind::DocumentNumber => "示例政发〔2026〕1号",
        CodeKind::Url => "https://example.org/?a=1&b=；",
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), nasty(), "[a-z]{1,4}"]
}

fn right() -> impl Strategy<Value = Right> {
    (cell(), cell(), cell(), cell(), cell()).prop_map(
        |(right, number, holder, legal_status, date)| Right {
            right,
            number,
            holder,
            legal_status,
            date,
        },
    )
}

fn indicator() -> impl Strategy<Value = MeasuredIndicator> {
    (cell(), cell(), cell()).prop_map(|(indicator, stated, condition)| MeasuredIndicator {
        indicator,
        stated,
        condition,
    })
}

fn clause() -> impl Strategy<Value = Clause> {
    let span = || (0..500_usize, 0..500_usize).prop_map(|(start, end)| Span { start, end });
    let rule = (vec(nasty(), 0..2), span()).prop_map(|(any_of, span)| ClauseRule {
        rule: RuleKind::Other,
        any_of,
        span,
    });
    (nasty(), nasty(), span(), vec(nasty(), 0..2), vec(rule, 0..2)).prop_map(
        |(clause, title, span, responsible, rules)| Clause {
            clause,
            title,
            span,
            responsible,
            support: Vec::new(),
            cap: None,
            window_from: None,
            window_until: None,
            rules,
        },
    )
}

/// Facts that may stand beside one another.
fn details(library: Library) -> impl Strategy<Value = Details> {
    let one = |fact: Fact| option::weighted(0.4, (Just(fact), value(fact), option::of(tier())));
    let all: Vec<_> = Fact::of(library).map(one).collect();
    all.prop_map(move |facts| {
        let mut kept = Vec::new();
        let mut tiers = Vec::new();
        for (fact, value, tier) in facts.into_iter().flatten() {
            kept.push((fact, value));
            if Details::new(library, kept.clone()).is_err() {
                kept.pop();
            }
            tiers.extend(tier.map(|tier| (fact, tier)));
        }
        Details::new(library, kept).expect("facts that were tried").with_tiers(tiers)
    })
}

fn content(library: Library) -> impl Strategy<Value = Content> {
    let fields = TextField::ALL.iter().filter(move |field| field.libraries().contains(&library));
    let one = |field: &TextField| option::weighted(0.6, (Just(*field), nasty(), tier()));
    let texts: Vec<_> = fields.map(one).collect();
    let place = (option::of(110_000..660_000_u32), option::of("[a-z0-9-]{1,40}"), any::<bool>());
    (texts, short(), details(library), place).prop_map(
        |(texts, title, details, (region, chain, sample))| {
            let mut texts: Vec<_> = texts
                .into_iter()
                .flatten()
                .map(|(field, text, tier)| (field, TieredText { text, tier }))
                .collect();
            let has_title = |(field, tiered): &(TextField, TieredText)| {
                *field == TextField::Title && !tiered.text.replace('\0', "").trim().is_empty()
            };
            if !texts.iter().any(has_title) {
                let title = TieredText { text: title, tier: Tier::Public };
                texts.push((TextField::Title, title));
            }
            let mut content = Content::new(texts, details).expect("content that is fine");
            content.region = region.map(|code| code.to_string().parse().expect("a division"));
            content.chain = chain.map(|code| code.parse().expect("a chain"));
            content.sample = sample;
            content
        },
    )
}

fn place() -> impl Strategy<Value = Place> {
    let numbers = (option::of(any::<u64>()), option::of(any::<u32>()));
    (option::of(nasty()), numbers, option::of(nasty()), option::of(nasty())).prop_map(
        |(sheet, (row, page), sentence, read_by)| Place { sheet, row, page, sentence, read_by },
    )
}

fn provenance() -> impl Strategy<Value = Provenance> {
    let fields = proptest::collection::btree_map("[a-z_]{1,8}", place(), 0..3);
    let texts = (option::of(nasty()), option::of("[0-9a-f]{64}"), option::of(nasty()));
    (texts, option::of(any::<i64>()), place(), fields).prop_map(
        |((file, sha256, url), micros, place, fields): (_, _, _, BTreeMap<String, Place>)| {
            let fetched_at = micros.map(Timestamp::from_micros);
            Provenance { file, sha256, url, fetched_at, place, fields }
        },
    )
}

/// A draft of `library` from the source 测试.
pub(crate) fn any_draft(library: Library) -> impl Strategy<Value = RecordDraft> {
    (short(), short(), select(&Status::ALL[..]), content(library), provenance()).prop_map(
        |(owner, key, status, content, provenance)| RecordDraft {
            owner,
            source: Source { name: "测试".to_owned(), key },
            status,
            content,
            provenance,
        },
    )
}

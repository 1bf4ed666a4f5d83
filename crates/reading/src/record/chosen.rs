//! What kind of demand it is, and how both sides would work together.

use kechuang_domain::{Fact, fact::COOPERATION};

use super::{
    ReadField, Said,
    passage::{Passage, Piece},
};

/// Kinds of demands with the words that name them; in the order in which a label's value is looked through.
const CATEGORIES: &[(&str, &[&str])] = &[
    ("成果引进", &["成果引进", "引进", "购买成果", "成果购买"]),
    ("中试", &["中试"]),
    ("检测", &["检测", "检验", "测试服务"]),
    ("人才", &["人才", "引才", "博士", "专家驻厂"]),
    ("场景", &["应用场景", "场景"]),
    ("技术攻关", &["技术攻关", "攻关", "联合攻关", "揭榜挂帅", "技术研发", "技术难题"]),
];

/// What a text has to say around such a word for it to be its own kind.
#[rustfmt::skip]
const SAYS_KIND: &[&str] = &[
    "类需求", "需求", "属", "属于",
];

/// Words by which a text gives itself a kind without the word 需求.
#[rustfmt::skip]
const TOLD: &[(&str, &[&str])] = &[
    ("成果引进", &["希望引进", "要的是成果引进", "想引进", "就引进", "拟引进", "引进成熟", "引进现成", "寻求引进", "打算引进", "直接引进"]),
    ("技术攻关", &["开展技术攻关", "攻关目标", "联合攻关", "揭榜攻关", "组织攻关", "开展攻关", "技术攻关项目", "揭榜挂帅", "列为攻关"]),
    ("场景", &["开放一个应用场景", "开放场景", "应用场景", "开放应用场景", "提供场景", "试点场景", "场景开放"]),
    ("人才", &["引进人才", "缺懂", "派一名", "派博士", "选派", "人才需求", "柔性引进"]),
    ("检测", &["委托检测", "检测服务", "委托检验", "送检"]),
    ("中试", &["中试放大", "缺的是中试", "开展中试", "中试服务", "进行中试"]),
];

/// How both sides may work together, with the words that say so.
#[rustfmt::skip]
const WAYS: &[(&str, &[&str])] = &[
    ("转让", &["转让", "买断", "一次性出让", "整体出让"]),
    ("许可", &["许可", "授权使用"]),
    ("作价投资", &["作价", "入股", "技术投资", "技术股"]),
    ("开发", &["合作开发", "委托开发", "联合开发", "共同开发", "联合研发", "合作研发", "委托研发", "共同研发", "技术开发", "联合攻关", "合作攻关"]),
    ("咨询", &["技术咨询", "咨询"]),
    ("服务", &["技术服务", "检测服务", "测试服务"]),
];

/// Words that say that such a way is no offer.
#[rustfmt::skip]
const NOT_A_WAY: &[&str] = &[
    "不转让", "不许可", "不接受", "不考虑", "咨询请", "咨询电话", "咨询热线", "行政许可", "许可证", "生产许可",
    "经营许可", "转让费到", "已转让", "曾", "没提", "未定", "不入股", "会计", "不谈", "不卖", "不做转让", "暂不",
    "请咨询", "欢迎咨询", "不做许可", "不入",
];

/// Words of the clauses in which ways to work together are told.
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "合作", "方式", "可以", "愿", "接受", "可", "同意", "转让费", "许可费", "转让给", "拟", "想", "做个", "提供",
    "委托", "也行", "都行", "能不能", "形式", "希望", "联合", "支持", "倾向", "为主", "找", "意向", "签", "合同",
    "也好", "能谈", "都能", "只做", "走", "结算",
];

/// 类别: of its label, or of the words by which the text calls itself so.
pub(super) fn category(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Category);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        let chosen = ticked(passage.text);
        let kind =
            CATEGORIES.iter().find(|(_, words)| words.iter().any(|word| chosen.contains(word)))?;
        Some(Said::of_line(field, kind.0.to_owned(), passage))
    });
    labelled.or_else(|| {
        let open = passages.iter().filter(|passage| !passage.is_background());
        open.flat_map(Passage::clauses).find_map(|clause| {
            let value = kind_of(clause.text)?;
            Some(Said::of_piece(field, value, clause))
        })
    })
}

fn kind_of(clause: &str) -> Option<&'static str> {
    let is_called = |word: &str| {
        clause.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&clause[..at], &clause[at + word.len()..]);
            behind.starts_with("类需求")
                || behind.starts_with("需求")
                    && SAYS_KIND
                        .iter()
                        .any(|says| before.ends_with(says) || before.ends_with("提出"))
        })
    };
    let called = CATEGORIES.iter().find(|(_, words)| words.iter().any(|word| is_called(word)));
    let told = || TOLD.iter().find(|(_, words)| words.iter().any(|word| clause.contains(word)));
    let is_past =
        ["曾", "已完成", "此前", "前年", "去年", "做过"].iter().any(|word| clause.contains(word));
    called.map(|(kind, _)| *kind).or_else(|| told().filter(|_| !is_past).map(|(kind, _)| *kind))
}

/// The kinds that words name.
pub(super) fn stated_categories(words: &str) -> Vec<String> {
    let names = |names: &[&str]| names.iter().any(|name| words.contains(name));
    let called = CATEGORIES.iter().filter(|(_, words)| names(words)).map(|(kind, _)| *kind);
    let told = TOLD.iter().filter(|(_, words)| names(words)).map(|(kind, _)| *kind);
    called.chain(told).map(str::to_owned).collect()
}

/// Of a list with boxes (☑转让 ☐许可) what is ticked; any other value as it is.
fn ticked(value: &str) -> String {
    let (on, off) = (['☑', '√', '✓', '✔', '■', '☒'], ['☐', '□', '×', '✗', '○']);
    if !value.contains(on) && !value.contains(off) {
        return value.to_owned();
    }
    let parts = value.split(|c: char| c.is_whitespace() || "、；;，,/".contains(c));
    parts.filter(|part| part.contains(on)).collect::<Vec<_>>().join(" ")
}

/// 合作方式: all that are offered, in the order of the form.
pub(super) fn cooperation(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Cooperation);
    if let Some(passage) = passages.iter().find(|passage| passage.is_of(field)) {
        let value = ways(&ticked(passage.text)).join("；");
        return (!value.is_empty()).then_some(Said::of_line(field, value, passage));
    }
    let mut found: Vec<&str> = Vec::new();
    let mut place: Option<Piece<'_>> = None;
    for sentence in passages
        .iter()
        .filter(|passage| passage.is_open() || passage.is_of(ReadField::Fact(Fact::AskingPrice)))
        .flat_map(Passage::sentences)
    {
        for clause in super::passage::clauses(sentence) {
            let ways = ways(clause.text);
            let is_offer = OFFERS.iter().any(|word| clause.text.contains(word));
            if is_offer && !ways.is_empty() {
                found.extend(&ways);
                place.get_or_insert(sentence);
            }
        }
    }
    let value: Vec<&str> = COOPERATION.iter().copied().filter(|way| found.contains(way)).collect();
    Some(Said::of_piece(field, value.join("；"), place?))
}

/// The ways to work together that words offer.
pub(super) fn stated_ways(words: &str) -> Vec<&'static str> {
    Passage::of(words).clauses().into_iter().flat_map(|clause| ways(clause.text)).collect()
}

fn ways(words: &str) -> Vec<&'static str> {
    if NOT_A_WAY.iter().any(|not| words.contains(not)) {
        return Vec::new();
    }
    let is_said = |names: &[&str]| names.iter().any(|name| words.contains(name));
    // 委托贵校开发.
    let is_commissioned = words.split_once("委托").is_some_and(|(_, behind)| {
        behind.find("开发").is_some_and(|at| behind[..at].chars().count() <= 6)
    });
    WAYS.iter()
        .filter(|(way, names)| is_said(names) || *way == "开发" && is_commissioned)
        .map(|(way, _)| *way)
        .collect()
}

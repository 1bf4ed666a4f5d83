//! What a firm means to spend, and what an owner asks for.

use kechuang_domain::{Fact, FactValue, Money};

use super::{
    ReadField, Said,
    passage::{Passage, Piece, clauses},
    title::is_blank_mark,
};
use crate::notation::amount::{Amount, Unit, amounts};

/// Units as people write them, 元 left out, too.
pub(super) const SPOKEN: &[Unit] = &[
    ("万元", 1.0),
    ("亿元", 10_000.0),
    ("个亿", 10_000.0),
    ("千万元", 1_000.0),
    ("百万元", 100.0),
    ("千万", 1_000.0),
    ("百万", 100.0),
    ("亿", 10_000.0),
    ("万", 1.0),
    ("w", 1.0),
    ("元", 1e-4),
];
/// The least that anybody plans to spend, in 万元.
const LEAST_WAN: f64 = 0.5;

/// What stands behind 万 or 亿 where money is meant, 元 left out; 3万瓶 is none, nor are 50万美元.
const GOES_ON: &[&str] = &[
    "左右",
    "以内",
    "以上",
    "以下",
    "上下",
    "之内",
    "来",
    "出",
    "多",
    "余",
    "整",
    "块",
    "的",
    "人民币",
    "资金",
    "经费",
    "预算",
    "投入",
    "就",
    "打包",
    "起",
    "是",
    "给",
    "封顶",
    "为限",
    "一口价",
    "可",
    "能",
    "由",
    "已",
    "到位",
    "现金",
    "自筹",
    "不含",
    "含",
];
/// Other currencies.
const CURRENCIES: &[&str] =
    &["美元", "美金", "欧元", "日元", "英镑", "港元", "港币", "韩元", "卢布"];

/// Words that make an amount the budget, in its clause or before it in its sentence.
#[rustfmt::skip]
const SPENDS: &[&str] = &[
    "预算", "投入", "经费", "资金", "投资", "费用", "批了", "拿出", "能拿", "愿意出", "出资", "掏", "额度", "拨款",
    "安排", "可出", "拿得出", "准备花", "合计", "共计", "总共", "经费为", "列支", "准备了", "支付", "预留", "专款",
    "单列", "预备", "钱", "总额", "备了",
];
/// Words that make it something else, in its clause.
#[rustfmt::skip]
const OTHER: &[&str] = &[
    "注册", "资本", "产值", "营业", "销售", "收入", "营收", "已", "曾", "去年", "花了", "花掉", "每", "土建",
    "财政", "自筹", "审计", "报价", "单价", "到款", "到账", "均价", "不含", "造价", "支出", "建成的", "新增",
    "购置", "购买", "设备费", "原值", "损失", "利润", "税", "外卖", "索赔", "罚", "前几年", "上一轮", "上轮",
    "年投资", "累计", "技改总盘子", "烧掉", "赔", "此前", "前期", "早先", "贷款", "补助", "其中", "处置费", "电费",
    "成本", "/吨", "元/", "产出", "效益", "节约", "节省", "省下", "估值", "融资", "产线投", "上年", "年研发投入",
    "去年研发", "估算", "的生产线", "市场", "合同额", "保证金", "订单", "缺口", "没有", "年处理",
];

/// Words after which a whole sentence tells of other money.
const PAST: &[&str] = &["注册", "新增", "已于", "产值", "销售", "上一轮", "建成"];

/// 拟投入资金: of its label, or the amount that the text says will be spent.
pub(super) fn budget(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Budget);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        let amount = money(passage.text).into_iter().next()?;
        Some(Said::of_line(field, written(&amount), passage))
    });
    labelled.or_else(|| {
        let open = passages.iter().filter(|passage| passage.is_open() && !passage.is_background());
        let sentences = open.flat_map(|passage| {
            passage.sentences().into_iter().map(move |sentence| (passage, sentence))
        });
        let best = sentences.filter_map(|(passage, sentence)| spent(passage, sentence));
        // Of equals the first stands: what follows it are its parts.
        let (_, amount, clause) =
            best.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some(Said::of_piece(field, written(&amount), clause))
    })
}

/// The amount of a sentence that is spent, with how surely so.
fn spent<'a>(passage: &Passage<'_>, sentence: Piece<'a>) -> Option<(usize, Amount, Piece<'a>)> {
    let is_led = |text: &str| SPENDS.iter().any(|word| text.contains(word));
    let mut was_led = is_led(passage.label);
    let mut was_other = PAST.iter().any(|word| passage.label.contains(word));
    for clause in clauses(sentence) {
        let is_other = was_other || OTHER.iter().any(|word| clause.text.contains(word));
        let leads = is_led(clause.text);
        if let Some(amount) = money(clause.text).first().filter(|_| !is_other && (leads || was_led))
        {
            return Some((2 * usize::from(leads) + usize::from(was_led), *amount, clause));
        }
        was_led |= leads;
        was_other |= PAST.iter().any(|word| clause.text.contains(word));
    }
    None
}

/// Amounts of money in a clause; 2万吨 is none.
fn money(clause: &str) -> Vec<Amount> {
    // ￥368,000.00 is an amount in 元.
    if let Some(at) = clause.find(['￥', '¥']) {
        let number = clause[at..].trim_start_matches(['￥', '¥', ' ']);
        let start = clause.len() - number.len();
        let length =
            number.find(|c: char| !c.is_ascii_digit() && !",.".contains(c)).unwrap_or(number.len());
        let unit = &number[length..];
        if !unit.starts_with(['万', '亿']) {
            let plain = format!("{}元", &number[..length]);
            let found = amounts(&plain, SPOKEN, LEAST_WAN).into_iter();
            return found.map(|amount| Amount { start, end: start + length, ..amount }).collect();
        }
    }
    let found = amounts(clause, SPOKEN, LEAST_WAN);
    together(clause, found.into_iter().filter(|amount| is_money(clause, amount)))
}

/// Whether an amount is one of money in yuan.
fn is_money(clause: &str, amount: &Amount) -> bool {
    let behind = clause[amount.end..].trim_start_matches(' ');
    let begins = |words: &[&str]| words.iter().any(|word| behind.starts_with(word));
    let has_yuan = clause[..amount.end].ends_with('元');
    let is_end = behind.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let is_number =
        behind.starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十至到".contains(c));
    !begins(CURRENCIES) && (has_yuan || is_end || is_number || begins(GOES_ON))
}

/// Amounts with those that are one: 1亿2000万元, and of 50万至100万元 the most.
fn together(clause: &str, amounts: impl Iterator<Item = Amount>) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    for amount in amounts {
        let between = found.last().and_then(|last| clause.get(last.end..amount.start));
        match (found.last_mut(), between.map(str::trim)) {
            (Some(last), Some("")) => {
                let sum = Money::from_fen(last.money.fen() + amount.money.fen());
                *last =
                    Amount { money: sum.unwrap_or(last.money), start: last.start, end: amount.end };
            }
            (Some(last), Some("-" | "～" | "~" | "—" | "至" | "到" | "－")) => {
                *last = Amount { start: last.start, ..amount };
            }
            _ => found.push(amount),
        }
    }
    found
}

/// Every amount that a text states, as the form has it.
pub(super) fn stated(text: &str) -> Vec<String> {
    money(text).iter().map(written).collect()
}

/// An amount as the form has it: 300 万元.
fn written(amount: &Amount) -> String {
    format!("{} 万元", Fact::Budget.to_cell(&FactValue::from(amount.money)))
}

/// Words of clauses in which owners name a price.
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "转让费", "许可费", "要价", "入门费", "价格", "费用", "报价", "打包", "转让价", "授权费", "使用费", "意向价",
    "开价", "价款", "转让金",
];
/// Words by which a clause tells of no price, or of another.
#[rustfmt::skip]
const NO_PRICE: &[&str] = &[
    "没谈", "没提", "未定", "尚未", "未确定", "都没", "还没", "投入", "市场价", "经费", "销售", "进口", "价格高",
    "价格低", "检测费", "不详", "没说", "未谈",
];

/// 价格意向, verbatim with its conditions: of its label, or of a clause that names one.
pub(super) fn asking_price(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::AskingPrice);
    let labelled =
        passages.iter().find(|passage| passage.is_of(field) && !is_blank_mark(passage.text));
    if let Some(passage) = labelled {
        let value = passage.text.trim_end_matches(['。', '；']).to_owned();
        return Some(Said::of_line(field, value, passage));
    }
    passages.iter().filter(|passage| passage.is_open()).flat_map(Passage::sentences).find_map(
        |sentence| {
            clauses(sentence).into_iter().find_map(|clause| {
                let is_price = ASKS.iter().any(|word| clause.text.contains(word))
                    && !NO_PRICE.iter().any(|word| clause.text.contains(word));
                let says = clause.text.contains("面议") || !money(clause.text).is_empty();
                (is_price && says).then(|| priced(field, sentence, clause))
            })
        },
    )
}

/// The price of a clause, without the words that lead up to it, with the condition that goes on behind it.
fn priced(field: ReadField, sentence: Piece<'_>, clause: Piece<'_>) -> Said {
    let (start, end) = (clause.start, clause.end());
    if let Some(at) = clause.text.find("面议") {
        let start = start + at;
        return Said {
            field,
            value: "面议".to_owned(),
            start: clause.start,
            end: start + "面议".len(),
        };
    }
    let text = clause.text;
    let lead = ["要价", "报价", "开价", "条件是", "价格为", "价格", "打算", "意向价"];
    let at = lead.iter().filter_map(|word| Some(text.find(word)? + word.len())).max().unwrap_or(0);
    let at =
        at + text[at..].len() - text[at..].trim_start_matches(['为', '是', '在', '约', ' ']).len();
    let behind = &sentence.text[end - sentence.start..];
    let goes_on = if behind.starts_with(['（', '(']) {
        behind
            .find(['）', ')'])
            .map_or(0, |close| close + behind[close..].chars().next().map_or(1, char::len_utf8))
    } else {
        condition(behind)
    };
    let end = end + goes_on;
    let value = &sentence.text[start + at - sentence.start..end - sentence.start];
    Said { field, value: value.to_owned(), start, end }
}

/// The length of a condition that goes on behind a price: ，运费另计, and in messages what little follows a blank.
fn condition(behind: &str) -> usize {
    const LONGEST_CHARS: usize = 8;
    if behind.starts_with(' ') && behind.chars().count() <= LONGEST_CHARS {
        return behind.len();
    }
    let Some(next) = behind.strip_prefix('，') else { return 0 };
    let next = next.split(['，', '；']).next().unwrap_or_default();
    let is_condition =
        ["另", "外加", "起签", "分期", "提成", "提取", "含"].iter().any(|word| next.contains(word));
    if is_condition { '，'.len_utf8() + next.len() } else { 0 }
}

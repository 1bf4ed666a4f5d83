//! Records that say nothing: empty ones, placeholders, trials of a form, advertising.
//!
//! Only what cannot be meant is junk. A real title without a text is a record, and so is a text under
//! a placeholder.

/// Why a record is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Junk {
    /// Neither title nor text has a letter.
    Empty,
    /// 暂无, 待补充: a form that had to be filled.
    Placeholder,
    /// 测试, test, 111: somebody tried the form.
    Test,
    /// Something is sold to whoever reads it.
    Advertising,
}

impl Junk {
    /// Its code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Placeholder => "placeholder",
            Self::Test => "test",
            Self::Advertising => "advertising",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Empty => "空白",
            Self::Placeholder => "占位内容",
            Self::Test => "测试数据",
            Self::Advertising => "广告",
        }
    }
}

/// Whole titles or texts that stand for nothing, without marks and blanks, in lower case.
const PLACEHOLDERS: [&str; 26] = [
    "无",
    "暂无",
    "未提供",
    "未填写",
    "未填",
    "暂无内容",
    "暂无数据",
    "暂无描述",
    "暂无简介",
    "暂未提供",
    "待补充",
    "待定",
    "待完善",
    "待填写",
    "未命名",
    "无标题",
    "标题",
    "内容",
    "略",
    "同上",
    "null",
    "none",
    "na",
    "tbd",
    "undefined",
    "untitled",
];

/// What may stand around 测试 or test where that is all a title says.
const TRIAL_WORDS: [&str; 15] = [
    "这是", "一个", "一条", "数据", "标题", "内容", "文本", "需求", "成果", "项目", "记录", "用",
    "data", "title", "demo",
];
/// Keys next to each other; a title that any of these begins with.
const KEYBOARD: [&str; 4] = ["1234567890", "asdfghjkl", "qwertyuiop", "abcdefg"];

/// What is offered by people who advertise here.
const OFFERS: [&str; 16] = [
    "代写论文",
    "论文代写",
    "代发论文",
    "论文代发",
    "包发表",
    "代写专利",
    "包过",
    "包授权",
    "包下证",
    "代开发票",
    "办证",
    "刷单",
    "兼职日结",
    "低息贷款",
    "无抵押贷款",
    "快速放款",
];
/// How a sale is cried out.
const PROMOTIONS: [&str; 12] = [
    "优惠",
    "特价",
    "促销",
    "打折",
    "限时",
    "低价",
    "免费领取",
    "欢迎选购",
    "欢迎订购",
    "厂家直销",
    "包邮",
    "咨询热线",
];
/// What asks the reader to answer elsewhere, beside 加微信.
const SOLICITING: [&str; 5] = ["加薇", "加v信", "加vx", "加qq", "扫码添加"];
/// Where the reader could answer, beside a mobile number.
const CONTACTS: [&str; 6] = ["微信号", "微信:", "vx:", "qq:", "qq群", "私聊"];
/// Where 加微信 asks for nothing: 增加微信支付.
const NOT_ADDED: ([&str; 4], [&str; 5]) =
    (["增", "添", "参", "附"], ["支付", "公众", "小程序", "登录", "接口"]);
/// Work against advertising names what it fights.
const FIGHTING: [&str; 9] = ["识别", "检测", "打击", "治理", "监测", "拦截", "过滤", "防范", "反"];
/// A longer record is no advertisement, whatever it names.
const ADVERTISEMENT_LIMIT_CHARS: usize = 400;

/// Why a record with this title and text is junk, if it is. Takes time in proportion to both.
#[must_use]
pub fn junk(title: &str, text: &str) -> Option<Junk> {
    let parts = [letters(title), letters(text)];
    let said: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if said.is_empty() {
        return Some(Junk::Empty);
    }
    if said.iter().all(|part| is_placeholder(part) || is_trial(part)) {
        let is_test = said.iter().any(|part| is_trial(part));
        return Some(if is_test { Junk::Test } else { Junk::Placeholder });
    }
    is_advertising(&format!("{title} {text}")).then_some(Junk::Advertising)
}

fn is_placeholder(part: &str) -> bool {
    PLACEHOLDERS.contains(&part)
}

/// Whether a title is a trial: 测试2, 这是一条测试数据, 1111, 啊啊啊, asdf.
fn is_trial(part: &str) -> bool {
    let mut chars = part.chars();
    let first = chars.next();
    let is_one_character = chars.clone().count() >= 2 && chars.all(|c| Some(c) == first);
    if is_one_character || KEYBOARD.iter().any(|keys| keys.starts_with(part)) {
        return true;
    }
    let mut rest = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut is_named = false;
    while !rest.is_empty() {
        let named = ["测试", "test"].iter().find_map(|word| rest.strip_prefix(word));
        let around = TRIAL_WORDS.iter().find_map(|word| rest.strip_prefix(word));
        is_named |= named.is_some();
        match named.or(around) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    is_named
}

/// An offer, or a sale cried out twice, with a way to answer; or two offers. Whoever fights such offers
/// may name them, but asks nobody to answer.
fn is_advertising(record: &str) -> bool {
    if record.chars().take(ADVERTISEMENT_LIMIT_CHARS + 1).count() > ADVERTISEMENT_LIMIT_CHARS {
        return false;
    }
    let record: String = folded(record).filter(|c| !c.is_whitespace()).collect();
    let count = |words: &[&str]| words.iter().filter(|word| record.contains(**word)).count();
    let (offers, promotions) = (count(&OFFERS), count(&PROMOTIONS));
    let is_selling = offers >= 1 || promotions >= 2;
    if count(&SOLICITING) > 0 || adds_wechat(&record) {
        return is_selling;
    }
    let can_be_answered = count(&CONTACTS) > 0 || has_mobile_number(&record);
    count(&FIGHTING) == 0 && (offers >= 2 || is_selling && can_be_answered)
}

fn adds_wechat(record: &str) -> bool {
    let (before, after) = NOT_ADDED;
    record.match_indices("加微信").any(|(at, found)| {
        let rest = &record[at + found.len()..];
        !before.iter().any(|word| record[..at].ends_with(word))
            && !after.iter().any(|word| rest.starts_with(word))
    })
}

/// Whether a mobile number of China stands alone: 11 digits that begin with 13 to 19.
fn has_mobile_number(record: &str) -> bool {
    record
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]))
}

fn letters(text: &str) -> String {
    folded(text).filter(|c| c.is_alphanumeric()).collect()
}

/// Half width and lower case.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .flat_map(char::to_lowercase)
}

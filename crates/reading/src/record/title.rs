//! What the record is called.

use super::{ReadField, Said, passage::Passage};

/// The longest line that is taken for a title, in characters.
const LIMIT_CHARS: usize = 60;
/// A label that may mean anything names the record in one of so many lines.
const FIRST_LINES: usize = 2;
/// Names of things that are worked on: a line that ends so is no name of a form, a greeting or a message.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "技术", "方法", "工艺", "装备", "系统", "材料", "装置", "研究", "攻关", "开发", "制备", "利用", "设备", "平台",
    "传感器", "改造", "研制", "应用", "国产化", "催化剂", "合金", "涂层", "工程", "产业化", "优化", "设计", "控制",
    "检测", "回收", "路线", "方案", "示范", "电极", "隔膜", "技术求助", "处理", "软件", "模型", "产品", "生产线",
    "治理", "提升", "评价", "示范段",
];

/// The value of 需求名称 or the like; without one, a first line that names something.
pub(super) fn read(passages: &[Passage<'_>]) -> Option<Said> {
    let named = passages.iter().find(|passage| {
        // 成果：获二等奖 further down is no name.
        let is_sure =
            !["项目", "成果", "需求"].contains(&passage.label) || passage.line <= FIRST_LINES;
        is_sure && passage.is_of(ReadField::TITLE) && !is_blank_mark(passage.text)
    });
    let passage =
        named.or_else(|| passages.first().filter(|first| first.line == 0 && names(first)))?;
    let value = passage.text.trim_matches(|c| "《》“”\"".contains(c)).to_owned();
    let fits = value.chars().any(char::is_alphanumeric) && value.chars().count() <= 3 * LIMIT_CHARS;
    fits.then_some(Said::of_line(ReadField::TITLE, value, passage))
}

/// What stands in forms where nothing was filled in.
pub(super) fn is_blank_mark(value: &str) -> bool {
    let bare = value.trim_matches(|c: char| "（）() _/-—".contains(c) || c.is_whitespace());
    bare.is_empty()
        || [
            "未填",
            "空",
            "无",
            "暂无",
            "待定",
            "略",
            "未定",
            "待核",
            "没定",
            "待填",
            "双方商定",
            "内容",
            "填写内容",
            "面谈后定",
            "不详",
            "暂未填写",
        ]
        .contains(&bare)
}

fn names(line: &Passage<'_>) -> bool {
    let text = line.text;
    line.label.is_empty()
        && text.chars().nth(LIMIT_CHARS).is_none()
        && !text.contains(['，', '。', '；', '！', '？', ',', '：', ':', '　', ' '])
        && ENDINGS.iter().any(|ending| text.ends_with(ending))
}

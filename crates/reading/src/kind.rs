//! What kind of thing a clause asks for, by the words in it.

use kechuang_domain::{Indicator, NeedKind};

/// Words and the kind they point to; the first list that has one decides.
const CUES: &[(NeedKind, &[&str])] = &[
    (NeedKind::Application, &["应用于", "适用于", "适应", "场景", "工况下", "环境下", "用于"]),
    (
        NeedKind::Product,
        &[
            "研制",
            "装置",
            "设备",
            "系统",
            "平台",
            "软件",
            "样机",
            "生产线",
            "装备",
            "传感器",
            "仪器",
        ],
    ),
    (
        NeedKind::Effect,
        &[
            "提高", "提升", "降低", "减少", "避免", "防止", "消除", "解决", "改善", "增强", "延长",
            "抑制", "杜绝", "缩短", "优化", "克服", "稳定",
        ],
    ),
    (NeedKind::Method, &["工艺", "方法", "技术", "设计", "算法", "模型", "方案", "路线"]),
    (
        NeedKind::Material,
        &[
            "材料",
            "合金",
            "粉体",
            "原料",
            "涂料",
            "添加剂",
            "催化剂",
            "涂层",
            "配方",
            "钢种",
            "树脂",
        ],
    ),
];

/// Whether a text has a word that points to this kind.
#[must_use]
pub fn has_cue(kind: NeedKind, text: &str) -> bool {
    CUES.iter().any(|(of, cues)| *of == kind && cues.iter().any(|cue| text.contains(cue)))
}

/// The kind of a clause. A named value makes it an indicator; without any cue it is a method, which
/// is what demands ask for most.
pub(crate) fn kind_of(words: &str, indicators: &[Indicator]) -> NeedKind {
    if !indicators.is_empty() {
        return NeedKind::Indicator;
    }
    let cued = CUES.iter().find(|(_, cues)| cues.iter().any(|cue| words.contains(cue)));
    cued.map_or(NeedKind::Method, |(kind, _)| *kind)
}

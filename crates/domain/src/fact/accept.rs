//! Whether a value has the shape and bounds of its fact, and its canonical form.

use super::{CellError, CodeKind, FACT_LIMIT_CHARS, Fact, FactKind, FactValue};
use crate::{
    Date, Money,
    identifier::{
        AchievementRegistration, CreditCode, Cstr, DisciplineCode, DocumentNumber, Doi,
        IndustryCode, Orcid,
    },
};

impl Fact {
    /// The value in its canonical form: trimmed, without U+0000, synonyms of a choice replaced.
    ///
    /// # Errors
    /// [`CellError`] for a value of another shape or outside the bounds.
    pub fn accept(self, value: FactValue) -> Result<FactValue, CellError> {
        let shown = || self.plain_cell(&value);
        let wrong = |remedy: String| CellError::new(self, &shown(), remedy);
        match (self.kind(), &value) {
            (FactKind::Whole { least, most }, FactValue::Whole(number)) => (least..=most)
                .contains(number)
                .then_some(value.clone())
                .ok_or_else(|| wrong(format!("应为 {least} 到 {most} 的整数"))),
            (FactKind::Number { most, unit }, FactValue::Number(number)) => {
                in_bounds(*number, most)
                    .map(FactValue::Number)
                    .ok_or_else(|| wrong(format!("应在 0 到 {most} {unit} 之间")))
            }
            (FactKind::Number { most, unit }, FactValue::Whole(number)) => {
                // JSON writes 5 for 5.0.
                in_bounds(*number as f64, most)
                    .map(FactValue::Number)
                    .ok_or_else(|| wrong(format!("应在 0 到 {most} {unit} 之间")))
            }
            (FactKind::Money, FactValue::Whole(fen)) => Money::from_fen(*fen)
                .map(FactValue::from)
                .ok_or_else(|| wrong("应为不小于 0 的金额".to_owned())),
            (FactKind::Date, FactValue::Text(text)) => Date::parse_from_str(text, "%Y-%m-%d")
                .map(FactValue::from)
                .map_err(|_| wrong("应形如 2026-12-31".to_owned())),
            (FactKind::Month, FactValue::Text(text)) => {
                Date::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
                    .map(|_| value.clone())
                    .map_err(|_| wrong("应形如 2026-12".to_owned()))
            }
            (FactKind::Flag, FactValue::Flag(_)) => Ok(value),
            (FactKind::Text, FactValue::Text(text)) => self.short(text),
            (FactKind::Choice { options, is_open }, FactValue::Text(text)) => {
                self.chosen(text, options, is_open)
            }
            (FactKind::Code(kind), FactValue::Text(text)) => {
                self.code_of(kind, text).map(FactValue::Text)
            }
            (FactKind::Codes(kind), FactValue::List(items)) => {
                let codes = items.iter().map(|item| self.code_of(kind, item));
                codes.collect::<Result<_, _>>().map(FactValue::List)
            }
            (FactKind::List { .. }, FactValue::List(items)) => items
                .iter()
                .map(|item| match self.short(item)? {
                    FactValue::Text(item) => Ok(item),
                    _ => Ok(item.clone()),
                })
                .collect::<Result<_, _>>()
                .map(FactValue::List),
            (FactKind::Rights, FactValue::Rights(_))
            | (FactKind::Indicators, FactValue::Indicators(_))
            | (FactKind::Clauses, FactValue::Clauses(_)) => Ok(value.without_nul()),
            _ => Err(wrong(format!("取值类型不对，应为{}", self.kind().label()))),
        }
    }

    fn short(self, text: &str) -> Result<FactValue, CellError> {
        let text = text.replace('\0', "").trim().to_owned();
        let chars = text.chars().count();
        if chars > FACT_LIMIT_CHARS {
            let remedy = format!("共 {chars} 个字符，上限 {FACT_LIMIT_CHARS}；请缩短");
            return Err(CellError::new(self, &text, remedy));
        }
        Ok(FactValue::Text(text))
    }

    fn chosen(self, text: &str, options: &[&str], is_open: bool) -> Result<FactValue, CellError> {
        let text = text.replace('\0', "");
        let text = text.trim();
        let synonym = SYNONYMS.iter().find(|(fact, said, _)| *fact == self && *said == text);
        let text = synonym.map_or(text, |(_, _, meant)| meant);
        if is_open {
            return self.short(text);
        }
        let known = options.contains(&text);
        known.then(|| text.into()).ok_or_else(|| {
            CellError::new(self, text, format!("应为以下之一：{}", options.join("、")))
        })
    }

    fn code_of(self, kind: CodeKind, text: &str) -> Result<String, CellError> {
        let text = text.replace('\0', "");
        let text = text.trim();
        let parsed = match kind {
            CodeKind::Credit => CreditCode::parse(text).map(String::from),
            CodeKind::Industry => IndustryCode::parse(before_name(text)).map(String::from),
            CodeKind::Discipline => DisciplineCode::parse(before_name(text)).map(String::from),
            CodeKind::AchievementRegistration => {
                AchievementRegistration::parse(text).map(String::from)
            }
            CodeKind::Doi => Doi::parse(text).map(String::from),
            CodeKind::Orcid => Orcid::parse(text).map(String::from),
            CodeKind::Cstr => Cstr::parse(text).map(String::from),
            // Old documents and those of firms have numbers of other forms: worth a warning only.
            CodeKind::DocumentNumber => {
                Ok(DocumentNumber::parse(text).map_or_else(|_| text.to_owned(), String::from))
            }
            CodeKind::Url => {
                let is_web = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
                let fits = is_web && !text.contains(char::is_whitespace);
                let remedy = "应以 http:// 或 https:// 开头，中间没有空格";
                return fits
                    .then(|| text.to_owned())
                    .ok_or_else(|| CellError::new(self, text, remedy))
                    .and_then(|url| self.short(&url).map(|_| url));
            }
        };
        let parsed = parsed.map_err(|error| format!("{}（例如 {}）", error.what, error.example));
        let code = parsed.map_err(|remedy| CellError::new(self, text, remedy))?;
        match self.short(&code)? {
            FactValue::Text(code) => Ok(code),
            _ => Ok(code),
        }
    }
}

/// What people write for a choice of a closed list.
const SYNONYMS: &[(Fact, &str, &str)] = &[
    (Fact::Stage, "实验室", "初期"),
    (Fact::Stage, "实验室阶段", "初期"),
    (Fact::Stage, "小试", "初期"),
    (Fact::Stage, "小试阶段", "初期"),
    (Fact::Stage, "初期阶段", "初期"),
    (Fact::Stage, "中试", "中期"),
    (Fact::Stage, "中试阶段", "中期"),
    (Fact::Stage, "中期阶段", "中期"),
    (Fact::Stage, "成熟", "成熟应用"),
    (Fact::Stage, "产业化", "成熟应用"),
    (Fact::Stage, "成熟应用阶段", "成熟应用"),
    (Fact::Kind, "设备", "仪器"),
    (Fact::Kind, "仪器设备", "仪器"),
    (Fact::Kind, "中试", "中试线"),
    (Fact::Kind, "中试基地", "中试线"),
    (Fact::Kind, "中试平台", "中试线"),
    (Fact::Kind, "重点实验室", "实验室"),
    (Fact::Kind, "检测实验室", "实验室"),
    (Fact::Kind, "计算", "算力"),
    (Fact::Kind, "算力平台", "算力"),
    (Fact::Kind, "技术服务", "服务"),
    (Fact::Opening, "开放", "对外"),
    (Fact::Opening, "对外开放", "对外"),
    (Fact::Opening, "不开放", "内部"),
    (Fact::Publicity, "是", "公开"),
    (Fact::Publicity, "否", "不公开"),
    (Fact::Validity, "现行有效", "有效"),
    (Fact::Validity, "失效", "废止"),
];

/// The code of `C3252 铝压延加工`.
fn before_name(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn in_bounds(number: f64, most: f64) -> Option<f64> {
    (0.0..=most).contains(&number).then_some(number)
}

impl FactKind {
    /// What a person calls such a value.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Text | Self::Choice { .. } | Self::Code(_) => "文字",
            Self::List { .. } | Self::Codes(_) => "文字列表",
            Self::Whole { .. } => "整数",
            Self::Number { .. } => "数字",
            Self::Money => "金额（分）",
            Self::Date => "日期（2026-12-31）",
            Self::Month => "月份（2026-12）",
            Self::Flag => "是或否",
            Self::Rights => "知识产权列表",
            Self::Indicators => "指标列表",
            Self::Clauses => "条款列表",
        }
    }
}

//! From a row's values to a record draft, with a reason in Chinese for what cannot be.

use std::{collections::BTreeMap, str::FromStr};

use kechuang_domain::{
    Content, Date, Details, Library, Money, Source, Status, TextField, Tier, TieredText,
};
use kechuang_store::RecordDraft;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::columns::{Column, column};

/// The owner of rows that name none.
const UNKNOWN_OWNER: &str = "未注明单位";

/// The longest name of an owner and the longest key, in characters.
const SHORT_LIMIT_CHARS: usize = 200;

/// What a file's rows have in common.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowContext {
    /// Which library they go to.
    pub library: Library,
    /// The name of the source.
    pub source: String,
    /// Whether they are demonstration data (示例).
    pub sample: bool,
}

/// The draft of a row.
///
/// # Errors
/// Why the row is no record, in Chinese.
pub fn draft(context: &RowContext, fields: &Map<String, Value>) -> Result<RecordDraft, String> {
    let cells = Cells::read(fields);
    let mut content = Content::new(cells.texts()?, cells.details(context.library)?)
        .map_err(|error| error.to_string())?;
    content.region = cells.parsed(Column::Region)?;
    content.chain = cells.parsed(Column::Chain)?;
    content.sample = context.sample || cells.flag(Column::Sample);
    let status = match cells.text(Column::Status) {
        None => Status::Active,
        Some(text) => Status::ALL
            .into_iter()
            .find(|status| status.code() == text || status.label() == text)
            .ok_or_else(|| format!("状态「{text}」有误；可用：有效、已办结、已撤回"))?,
    };
    let key = cells.short(Column::Key, "编号")?.unwrap_or_else(|| digest(fields));
    let owner = cells.short(Column::Owner, "单位")?.unwrap_or_else(|| UNKNOWN_OWNER.to_owned());
    Ok(RecordDraft { owner, source: Source { name: context.source.clone(), key }, status, content })
}

/// A row without a key of its own is known by what it says in the columns that are taken.
fn digest(fields: &Map<String, Value>) -> String {
    let taken = fields.iter().filter(|(header, _)| column(header).is_some());
    let taken = taken.map(|(header, value)| (header.clone(), value.clone())).collect();
    let text = Value::Object(taken).to_string();
    let hash = Sha256::digest(text);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("sha256-{hex}")
}

/// A row's values by column; empty ones are left out.
struct Cells<'a> {
    texts: BTreeMap<TextField, String>,
    others: Vec<(Column, String)>,
    tiers: Option<&'a Map<String, Value>>,
}

impl<'a> Cells<'a> {
    fn read(fields: &'a Map<String, Value>) -> Self {
        let mut cells = Self { texts: BTreeMap::new(), others: Vec::new(), tiers: None };
        for (header, value) in fields {
            match (column(header), value) {
                (Some(Column::Tiers), Value::Object(tiers)) => cells.tiers = Some(tiers),
                (Some(Column::Text(field)), value) => {
                    if let Some(text) = shown(value) {
                        // Two columns of one field, such as 简介 and 正文, are both kept.
                        let together = cells.texts.entry(field).or_default();
                        if !together.is_empty() {
                            together.push('\n');
                        }
                        together.push_str(&text);
                    }
                }
                (Some(column), value) => {
                    cells.others.extend(shown(value).map(|text| (column, text)));
                }
                (None, _) => {}
            }
        }
        cells
    }

    fn text(&self, wanted: Column) -> Option<&str> {
        self.others.iter().find(|(column, _)| *column == wanted).map(|(_, text)| text.as_str())
    }

    /// A name or key: without U+0000, and short enough for every database's index.
    fn short(&self, wanted: Column, label: &str) -> Result<Option<String>, String> {
        let Some(text) = self.text(wanted) else { return Ok(None) };
        let text = text.replace('\0', "").trim().to_owned();
        let chars = text.chars().count();
        if chars > SHORT_LIMIT_CHARS {
            return Err(format!("{label}有 {chars} 个字符，超过上限 {SHORT_LIMIT_CHARS}；请缩短"));
        }
        Ok((!text.is_empty()).then_some(text))
    }

    fn flag(&self, wanted: Column) -> bool {
        self.text(wanted).is_some_and(|text| matches!(text, "true" | "是" | "1" | "示例"))
    }

    fn parsed<T>(&self, wanted: Column) -> Result<Option<T>, String>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        self.text(wanted).map(str::parse).transpose().map_err(|error: T::Err| error.to_string())
    }

    fn texts(&self) -> Result<Vec<(TextField, TieredText)>, String> {
        let mut texts = Vec::with_capacity(self.texts.len());
        for (field, text) in &self.texts {
            texts.push((*field, TieredText { text: text.clone(), tier: self.tier(*field)? }));
        }
        Ok(texts)
    }

    fn tier(&self, field: TextField) -> Result<Tier, String> {
        match self.tiers.and_then(|tiers| tiers.get(field.code())) {
            None => Ok(Tier::Public),
            Some(tier) => serde_json::from_value(tier.clone()).map_err(|_| {
                format!(
                    "{}的可见范围 {tier} 有误；可用：public、registered、agreement",
                    field.label()
                )
            }),
        }
    }

    fn details(&self, library: Library) -> Result<Details, String> {
        let owned = |column| self.text(column).map(str::to_owned);
        Ok(match library {
            Library::Achievement => Details::Achievement {
                trl: self.number(Column::Trl, "技术成熟度", "1 到 9 的整数")?,
                year: self.number(Column::Year, "年份", "四位数字")?,
            },
            Library::Demand => Details::Demand {
                category: owned(Column::Kind),
                budget: self.budget()?,
                deadline: self.date(Column::Deadline, "完成时限")?,
            },
            Library::Equipment => {
                Details::Equipment { kind: owned(Column::Kind), price: owned(Column::Price) }
            }
            Library::Policy => Details::Policy {
                document_number: owned(Column::DocumentNumber),
                level: owned(Column::Level),
                effective_from: self.date(Column::EffectiveFrom, "施行日期")?,
                effective_until: self.date(Column::EffectiveUntil, "失效日期")?,
            },
        })
    }

    fn number<T: FromStr>(
        &self,
        wanted: Column,
        label: &str,
        shape: &str,
    ) -> Result<Option<T>, String> {
        let Some(text) = self.text(wanted) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("{label}「{text}」有误；应为{shape}"))
    }

    fn budget(&self) -> Result<Option<Money>, String> {
        let Some(wan) = self.number::<f64>(Column::BudgetWan, "资金", "以万元计的数字")?
        else {
            return Ok(None);
        };
        Money::from_wan_yuan(wan)
            .map(Some)
            .ok_or_else(|| format!("资金「{wan}」有误；应为不小于 0 的万元数"))
    }

    fn date(&self, wanted: Column, label: &str) -> Result<Option<Date>, String> {
        let Some(text) = self.text(wanted) else { return Ok(None) };
        let plain = text.replace(['年', '月', '/', '.'], "-").replace('日', "");
        Date::parse_from_str(&plain, "%Y-%m-%d")
            .map(Some)
            .map_err(|_| format!("{label}「{text}」有误；应形如 2026-12-31"))
    }
}

/// A value as text; lists are joined as keywords are.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => items.iter().filter_map(shown).collect::<Vec<_>>().join("；"),
        Value::Null | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

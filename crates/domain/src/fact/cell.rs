//! Facts as they stand in a cell of a sheet, and back.
//!
//! Reading is forgiving in form (full-width digits, 年月日, units, several separators) and strict in
//! meaning; what [`Fact::to_cell`] writes, [`Fact::parse_cell`] reads back to the same value.

use super::{Fact, FactKind, FactValue, MeasuredIndicator, Right};
use crate::{Date, Money};

/// Why a cell is no such fact: what is wrong, and the right form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{label}「{shown}」有误；{remedy}")]
pub struct CellError {
    /// Which fact.
    pub label: &'static str,
    /// The cell, shortened.
    pub shown: String,
    /// The right form.
    pub remedy: String,
}

impl CellError {
    pub(crate) fn new(fact: Fact, text: &str, remedy: impl Into<String>) -> Self {
        let shown = match text.char_indices().nth(40) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text.to_owned(),
        };
        Self { label: fact.label(), shown, remedy: remedy.into() }
    }
}

impl Fact {
    /// Reads a cell. A blank one says nothing.
    ///
    /// # Errors
    /// [`CellError`] for what can never be right.
    pub fn parse_cell(self, text: &str) -> Result<Option<FactValue>, CellError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |remedy: &str| CellError::new(self, text, remedy);
        if text.starts_with('[')
            && let Some(value) = self.parse_rows(text)
        {
            return self.accept(value).map(Some);
        }
        let value = match self.kind() {
            FactKind::Text | FactKind::Choice { .. } | FactKind::Code(_) => {
                FactValue::Text(text.to_owned())
            }
            FactKind::List { .. } => FactValue::List(parts(text)),
            FactKind::Codes(_) => FactValue::List(code_parts(text)),
            FactKind::Whole { .. } => {
                let number = number(text).filter(|number| number.fract() == 0.0);
                let number = number.ok_or_else(|| wrong("应为整数"))?;
                // Bounds are checked with the kind; a float this large is out of them anyway.
                FactValue::Whole(number as i64)
            }
            FactKind::Number { unit, .. } => {
                let bare = text.trim_end_matches([' ', '％']).trim_end_matches(unit);
                number(bare)
                    .map(FactValue::Number)
                    .ok_or_else(|| wrong(&format!("应为以 {unit} 计的数字")))?
            }
            FactKind::Money => money(text)
                .map(FactValue::from)
                .ok_or_else(|| wrong("应为不小于 0 的万元数，例如 120 或 35.5"))?,
            FactKind::Date => {
                date(text).map(FactValue::from).ok_or_else(|| wrong("应形如 2026-12-31"))?
            }
            FactKind::Month => {
                month(text).map(FactValue::Text).ok_or_else(|| wrong("应形如 2026-12"))?
            }
            FactKind::Flag => FactValue::Flag(flag(text).ok_or_else(|| wrong("应为 是 或 否"))?),
            FactKind::Rights => FactValue::Rights(lines(text).map(right).collect()),
            FactKind::Indicators => FactValue::Indicators(lines(text).map(indicator).collect()),
            FactKind::Clauses => return Err(wrong("条款由系统从文件读出，请勿手工填写")),
        };
        self.accept(value).map(Some)
    }

    /// Reads several values that were written as JSON, because a separator stands within one of them.
    fn parse_rows(self, text: &str) -> Option<FactValue> {
        match self.kind() {
            FactKind::List { .. } | FactKind::Codes(_) => {
                serde_json::from_str(text).ok().map(FactValue::List)
            }
            FactKind::Rights => serde_json::from_str(text).ok().map(FactValue::Rights),
            FactKind::Indicators => serde_json::from_str(text).ok().map(FactValue::Indicators),
            FactKind::Clauses => serde_json::from_str(text).ok().map(FactValue::Clauses),
            _ => None,
        }
    }

    /// Writes a value as its cell, as a person would fill it in.
    #[must_use]
    pub fn to_cell(self, value: &FactValue) -> String {
        let cell = self.plain_cell(value);
        match value {
            FactValue::List(_)
            | FactValue::Rights(_)
            | FactValue::Indicators(_)
            | FactValue::Clauses(_)
                if self.parse_cell(&cell).ok().flatten().as_ref() != Some(value) =>
            {
                // Plain data always becomes JSON.
                serde_json::to_string(value).unwrap_or(cell)
            }
            _ => cell,
        }
    }

    pub(super) fn plain_cell(self, value: &FactValue) -> String {
        match (self.kind(), value) {
            (FactKind::Money, FactValue::Whole(fen)) => wan_yuan(*fen),
            (_, FactValue::Flag(flag)) => if *flag { "是" } else { "否" }.to_owned(),
            (_, FactValue::Whole(number)) => number.to_string(),
            (_, FactValue::Number(number)) => number.to_string(),
            (_, FactValue::Text(text)) => text.clone(),
            (_, FactValue::List(items)) => items.join("；"),
            (_, FactValue::Rights(rights)) => {
                let cells = rights.iter().map(|one| {
                    [&one.right, &one.number, &one.holder, &one.legal_status, &one.date]
                });
                table(cells)
            }
            (_, FactValue::Indicators(rows)) => {
                table(rows.iter().map(|one| [&one.indicator, &one.stated, &one.condition]))
            }
            (_, FactValue::Clauses(_)) => String::new(),
        }
    }
}

fn table<'a, const N: usize>(rows: impl Iterator<Item = [&'a String; N]>) -> String {
    let rows: Vec<String> = rows
        .map(|cells| {
            let cells = cells.map(|cell| cell.as_str());
            cells.join("|").trim_end_matches('|').to_owned()
        })
        .collect();
    rows.join("\n")
}

fn lines(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split(['|', '｜']).map(|cell| cell.trim().to_owned()).collect())
}

/// The cells of a line; what is too many stays with the last.
fn exactly<const N: usize>(mut cells: Vec<String>) -> [String; N] {
    if cells.len() > N {
        let rest = cells.split_off(N - 1).join(" ");
        cells.push(rest);
    }
    let mut cells = cells.into_iter();
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

fn right(cells: Vec<String>) -> Right {
    let [right, number, holder, legal_status, date] = exactly(cells);
    Right { right, number, holder, legal_status, date }
}

fn indicator(cells: Vec<String>) -> MeasuredIndicator {
    let [indicator, stated, condition] = exactly(cells);
    MeasuredIndicator { indicator, stated, condition }
}

/// Items between `；`, `;`, `、` or line ends.
fn parts(text: &str) -> Vec<String> {
    split(text, &['；', ';', '、', '\n'])
}

/// Codes hold no spaces or commas.
fn code_parts(text: &str) -> Vec<String> {
    split(text, &['；', ';', '、', '\n', ',', '，', ' '])
}

fn split(text: &str, at: &[char]) -> Vec<String> {
    let parts = text.split(at).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// A number with full-width digits, thousands separators and spaces allowed.
fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，'))
        .map(half_width)
        .collect();
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' => '.',
        '－' => '-',
        other => other,
    }
}

fn money(text: &str) -> Option<Money> {
    let bare = text.trim_end_matches(['元', '整', ' ']);
    let (bare, factor) = match bare.strip_suffix('亿') {
        Some(bare) => (bare, 10_000.0),
        None => match bare.strip_suffix('万') {
            Some(bare) => (bare, 1.0),
            // 5000元 is no 5000 万元.
            None if bare.len() < text.len() => (bare, 1e-4),
            None => (bare, 1.0),
        },
    };
    Money::from_wan_yuan(number(bare)? * factor)
}

/// 分 as 万元 without a float between.
fn wan_yuan(fen: i64) -> String {
    let (whole, rest) = (fen / 1_000_000, fen % 1_000_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:06}").trim_end_matches('0').to_owned()
}

fn date(text: &str) -> Option<Date> {
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.replace(['年', '月', '/', '.'], "-").replace('日', "");
    // A sheet's day can carry a midnight.
    let day = plain.split([' ', 'T']).next().unwrap_or_default();
    Date::parse_from_str(day, "%Y-%m-%d").ok()
}

fn month(text: &str) -> Option<String> {
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.replace(['年', '/', '.'], "-").replace('月', "");
    let mut parts = plain.split(['-', ' ']);
    let (year, month): (u16, u8) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // A day behind the month says more than is asked.
    let fits = (1900..=2100).contains(&year) && (1..=12).contains(&month);
    fits.then(|| format!("{year:04}-{month:02}"))
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "true" | "TRUE" | "1" | "√" | "Y" | "y" => Some(true),
        "否" | "无" | "false" | "FALSE" | "0" | "×" | "N" | "n" => Some(false),
        _ => None,
    }
}

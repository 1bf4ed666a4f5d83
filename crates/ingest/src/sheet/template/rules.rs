//! What a cell takes, as rules of the workbook.

use kechuang_domain::{Fact, FactKind, TextField, record::TITLE_LIMIT_CHARS};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula,
};

use super::{form_of, lists};
use crate::{
    Column, Result,
    sheet::{header::header, hints::TRL_LEVELS},
};

/// The longest input message that the format allows, in characters.
const MESSAGE_CHARS: usize = 255;

/// The rule of a column; `has_list` tells whether there is anything to choose. `None` where any text
/// will do and nothing has to be said.
pub(super) fn rule(column: Column, has_list: bool) -> Result<Option<DataValidation>> {
    let rule = DataValidation::new();
    let list = |rule: DataValidation| {
        rule.allow_list_formula(Formula::new(format!("={}", lists::name(column))))
    };
    let rule = match column {
        Column::Text(TextField::Title) => {
            let most = u32::try_from(TITLE_LIMIT_CHARS).unwrap_or(u32::MAX);
            rule.allow_text_length(DataValidationRule::Between(1, most))
        }
        Column::Region | Column::Chain if has_list => list(rule),
        Column::Fact(fact) => match fact.kind() {
            FactKind::Choice { is_open: false, .. } | FactKind::Flag => list(rule),
            FactKind::Choice { .. } => {
                list(rule).set_error_style(DataValidationErrorStyle::Warning)
            }
            // Several at once are no entry of the list, and no mistake.
            FactKind::List { .. } if has_list => list(rule).show_error_message(false),
            FactKind::Whole { .. } if has_list => list(rule),
            FactKind::Whole { least, most } => {
                let bound = |bound| i32::try_from(bound).unwrap_or(i32::MAX);
                rule.allow_whole_number(DataValidationRule::Between(bound(least), bound(most)))
            }
            FactKind::Number { most, .. } => {
                rule.allow_decimal_number(DataValidationRule::Between(0.0, most))
            }
            FactKind::Money => {
                rule.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
            }
            FactKind::Date => rule.allow_date(DataValidationRule::Between(
                ExcelDateTime::from_ymd(1949, 10, 1)?,
                ExcelDateTime::from_ymd(2100, 12, 31)?,
            )),
            FactKind::Text | FactKind::Code(_) => return Ok(None),
            _ => rule.allow_any_value(),
        },
        _ => return Ok(None),
    };
    let told = told(column);
    let refused = format!("“{}”应为：{}", column.label(), form_of(column));
    let title = header(column);
    Ok(Some(rule.set_input_title(title)?.set_input_message(told)?.set_error_message(refused)?))
}

/// What is said when a cell is entered.
fn told(column: Column) -> String {
    let form = form_of(column);
    let Column::Fact(fact) = column else { return form };
    let told = match fact.kind() {
        _ if matches!(fact, Fact::Trl | Fact::ExpectedTrl) => TRL_LEVELS.join("\n"),
        FactKind::List { options } if !options.is_empty() => {
            format!("{form}。常用：{}", options.join("、"))
        }
        FactKind::Rights => format!("{form}：类型|号码|权利人|法律状态|日期"),
        FactKind::Indicators if fact == Fact::Measured => {
            format!("{form}：指标|数值与单位|测试条件")
        }
        FactKind::Indicators => format!("{form}：指标|要求值与单位|必须或期望"),
        _ => form,
    };
    told.chars().take(MESSAGE_CHARS).collect()
}

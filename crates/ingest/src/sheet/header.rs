//! What stands above a column.

use kechuang_domain::{Fact, FactKind};

use crate::Column;

/// The column's Chinese name, with its unit where it has one: 拟投入资金（万元）.
pub(super) fn header(column: Column) -> String {
    match unit(column) {
        Some(unit) => format!("{}（{unit}）", column.label()),
        None => column.label().to_owned(),
    }
}

fn unit(column: Column) -> Option<&'static str> {
    let Column::Fact(fact) = column else { return None };
    match fact.kind() {
        FactKind::Money => Some("万元"),
        FactKind::Number { unit, .. } => Some(unit),
        FactKind::Whole { .. } if matches!(fact, Fact::Trl | Fact::ExpectedTrl) => Some("1-9级"),
        _ => None,
    }
}

//! 技术合同登记编号.

use super::{all_digits, compact, identifier, not_defined};

identifier! {
    /// The number under which a technology contract is registered. Two forms are in use; neither has a
    /// check digit.
    ContractRegistration, "技术合同登记编号", "2023140100001234", normal_form, not_defined
}

/// In which form a contract number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractForm {
    /// 16 digits, as in the guide to the registration form.
    Sixteen,
    /// 14 digits, as in the contract template: year, province, city and registry of two digits each,
    /// then six.
    Fourteen,
}

impl ContractRegistration {
    /// Which form this one has.
    #[must_use]
    pub fn form(&self) -> ContractForm {
        if self.0.len() == 16 { ContractForm::Sixteen } else { ContractForm::Fourteen }
    }
}

fn normal_form(text: &str) -> Result<String, String> {
    let number = compact(text);
    match number.chars().count() {
        _ if !all_digits(&number) => Err("只应有数字".to_owned()),
        14 | 16 => Ok(number),
        length => Err(format!("应为 16 位或 14 位数字，现为 {length} 位")),
    }
}

//! A record's facts: checked against the registry, read by kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Date, Fact, FactKind, FactValue, Library, Money, Tier, Viewer,
    fact::{CellError, Clause, MeasuredIndicator, Right},
};

/// What a record says beside its texts. In JSON: `library`, each fact by its code, and `tiers` of those
/// facts that are not for whom the registry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    library: Library,
    #[serde(flatten)]
    values: BTreeMap<Fact, FactValue>,
    #[serde(default, rename = "tiers", skip_serializing_if = "BTreeMap::is_empty")]
    tiers: BTreeMap<Fact, Tier>,
}

/// What can never be right about facts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// A fact that this library's records do not have.
    #[error("{}没有「{}」这一项；请删去，或改到相应的库", library.record_label(), fact.label())]
    NotOfLibrary {
        /// Which fact.
        fact: Fact,
        /// Which library.
        library: Library,
    },
    /// A value of the wrong kind or out of bounds.
    #[error(transparent)]
    Value(#[from] CellError),
    /// A period that ends before it begins.
    #[error("{}（{until}）早于{}（{from}）；请核对两个日期", until_fact.label(), from_fact.label())]
    EndsBeforeStart {
        /// The fact of the first day.
        from_fact: Fact,
        /// The first day.
        from: String,
        /// The fact of the last day.
        until_fact: Fact,
        /// The last day.
        until: String,
    },
    /// More hours for outsiders than there are.
    #[error("年对外机时 {external} 多于年有效机时 {effective}；请核对")]
    MoreExternalHours {
        /// 年对外机时.
        external: String,
        /// 年有效机时.
        effective: String,
    },
    /// A record that must not be on an open network.
    #[error("密级为「{0}」；本系统只收公开信息，涉密内容请勿上网提交")]
    Secret(String),
}

impl Details {
    /// Checks and keeps facts; empty ones are dropped.
    ///
    /// # Errors
    /// What [`DetailsError`] lists.
    pub fn new(
        library: Library,
        values: impl IntoIterator<Item = (Fact, FactValue)>,
    ) -> Result<Self, DetailsError> {
        let mut kept = BTreeMap::new();
        for (fact, value) in values {
            if !fact.libraries().contains(&library) {
                return Err(DetailsError::NotOfLibrary { fact, library });
            }
            let value = fact.accept(value)?;
            if !is_empty(&value) {
                kept.insert(fact, value);
            }
        }
        let details = Self { library, values: kept, tiers: BTreeMap::new() };
        details.check()?;
        Ok(details)
    }

    /// Details of `library` with nothing filled in.
    #[must_use]
    pub const fn empty(library: Library) -> Self {
        Self { library, values: BTreeMap::new(), tiers: BTreeMap::new() }
    }

    /// The same with these facts shown to others than the registry says.
    #[must_use]
    pub fn with_tiers(mut self, tiers: impl IntoIterator<Item = (Fact, Tier)>) -> Self {
        self.tiers = tiers
            .into_iter()
            .filter(|(fact, tier)| self.values.contains_key(fact) && *tier != fact.tier())
            .collect();
        self
    }

    /// The library these details belong to.
    #[must_use]
    pub const fn library(&self) -> Library {
        self.library
    }

    /// Who may see a fact.
    #[must_use]
    pub fn tier(&self, fact: Fact) -> Tier {
        self.tiers.get(&fact).copied().unwrap_or_else(|| fact.tier())
    }

    /// Every fact with its value, in page order, for those who keep the record.
    pub fn all(&self) -> impl Iterator<Item = (Fact, &FactValue)> {
        self.values.iter().map(|(fact, value)| (*fact, value))
    }

    /// The facts that `viewer` may see, in page order.
    pub fn for_viewer(&self, viewer: Viewer) -> impl Iterator<Item = (Fact, &FactValue)> {
        self.all().filter(move |(fact, _)| viewer.may_see(self.tier(*fact)))
    }

    /// The facts that are filled in and hidden from `viewer`, with their tiers.
    pub fn hidden_from(&self, viewer: Viewer) -> impl Iterator<Item = (Fact, Tier)> {
        self.all()
            .map(|(fact, _)| (fact, self.tier(fact)))
            .filter(move |(_, tier)| !viewer.may_see(*tier))
    }

    /// A fact, if it is there.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<&FactValue> {
        self.values.get(&fact)
    }

    /// A text, choice or code.
    #[must_use]
    pub fn text(&self, fact: Fact) -> Option<&str> {
        match self.get(fact) {
            Some(FactValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A day.
    #[must_use]
    pub fn date(&self, fact: Fact) -> Option<Date> {
        self.text(fact)?.parse().ok()
    }

    /// A whole number.
    #[must_use]
    pub fn whole(&self, fact: Fact) -> Option<i64> {
        match self.get(fact) {
            Some(FactValue::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    /// An amount of money.
    #[must_use]
    pub fn money(&self, fact: Fact) -> Option<Money> {
        self.whole(fact).filter(|_| fact.kind() == FactKind::Money).and_then(Money::from_fen)
    }

    /// A number.
    #[must_use]
    pub fn number(&self, fact: Fact) -> Option<f64> {
        match self.get(fact) {
            Some(FactValue::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Yes; no and nothing said are alike.
    #[must_use]
    pub fn is(&self, fact: Fact) -> bool {
        matches!(self.get(fact), Some(FactValue::Flag(true)))
    }

    /// Several texts; none where nothing is said.
    #[must_use]
    pub fn list(&self, fact: Fact) -> &[String] {
        match self.get(fact) {
            Some(FactValue::List(items)) => items,
            _ => &[],
        }
    }

    /// Intellectual property.
    #[must_use]
    pub fn rights(&self) -> &[Right] {
        match self.get(Fact::Rights) {
            Some(FactValue::Rights(rights)) => rights,
            _ => &[],
        }
    }

    /// Named quantities of a result or a demand.
    #[must_use]
    pub fn indicators(&self, fact: Fact) -> &[MeasuredIndicator] {
        match self.get(fact) {
            Some(FactValue::Indicators(rows)) => rows,
            _ => &[],
        }
    }

    /// Clauses of a policy.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        match self.get(Fact::Clauses) {
            Some(FactValue::Clauses(clauses)) => clauses,
            _ => &[],
        }
    }

    /// Rules between facts.
    fn check(&self) -> Result<(), DetailsError> {
        const PERIODS: [(Fact, Fact); 3] = [
            (Fact::EffectiveFrom, Fact::EffectiveUntil),
            (Fact::WindowFrom, Fact::WindowUntil),
            (Fact::Started, Fact::Finished),
        ];
        for (from_fact, until_fact) in PERIODS {
            // Days and months in their canonical form sort like the time they name.
            if let (Some(from), Some(until)) = (self.text(from_fact), self.text(until_fact))
                && until < from
            {
                let (from, until) = (from.to_owned(), until.to_owned());
                return Err(DetailsError::EndsBeforeStart { from_fact, from, until_fact, until });
            }
        }
        if let (Some(external), Some(effective)) =
            (self.number(Fact::HoursExternal), self.number(Fact::HoursEffective))
            && external > effective
        {
            let (external, effective) = (external.to_string(), effective.to_string());
            return Err(DetailsError::MoreExternalHours { external, effective });
        }
        match self.text(Fact::Secrecy) {
            Some(secrecy) if !matches!(secrecy, "公开" | "非涉密" | "非密" | "无") => {
                Err(DetailsError::Secret(secrecy.to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn is_empty(value: &FactValue) -> bool {
    match value {
        FactValue::Flag(_) | FactValue::Whole(_) | FactValue::Number(_) => false,
        FactValue::Text(text) => text.is_empty(),
        FactValue::List(items) => items.is_empty(),
        FactValue::Rights(rights) => rights.is_empty(),
        FactValue::Indicators(rows) => rows.is_empty(),
        FactValue::Clauses(clauses) => clauses.is_empty(),
    }
}

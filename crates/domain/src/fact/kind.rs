//! What kind of value a fact has.

/// The kind of a fact's value: how it is written in a cell, checked and shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactKind {
    /// A short text.
    Text,
    /// One of these; where `is_open`, another one is taken with a warning.
    Choice {
        /// What can be chosen, as people write it.
        options: &'static [&'static str],
        /// Whether the list is known to be incomplete.
        is_open: bool,
    },
    /// Several texts, of these where there are any.
    List {
        /// What can be chosen; empty where anything goes.
        options: &'static [&'static str],
    },
    /// A whole number within these bounds.
    Whole {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// A number from 0 to `most`, in this unit.
    Number {
        /// The largest.
        most: f64,
        /// The unit as people write it.
        unit: &'static str,
    },
    /// An amount of money, written in 万元.
    Money,
    /// A day.
    Date,
    /// A month, written `2025-03`.
    Month,
    /// Yes or no, written 是 or 否.
    Flag,
    /// An identifier or code with a syntax of its own.
    Code(CodeKind),
    /// Codes of one kind, in order.
    Codes(CodeKind),
    /// Intellectual property, one right a line.
    Rights,
    /// Named quantities with their conditions, one a line.
    Indicators,
    /// The clauses of a policy.
    Clauses,
}

/// Which identifier or code table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// 统一社会信用代码, GB 32100-2015.
    Credit,
    /// 国民经济行业分类, GB/T 4754-2017.
    Industry,
    /// 学科分类, GB/T 13745.
    Discipline,
    /// 成果登记号.
    AchievementRegistration,
    /// A digital object identifier.
    Doi,
    /// A researcher's identifier.
    Orcid,
    /// 科技资源标识, GB/T 32843.
    Cstr,
    /// 发文字号.
    DocumentNumber,
    /// An http(s) address.
    Url,
}

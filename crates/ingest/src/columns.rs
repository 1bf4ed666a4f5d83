//! Column names: which header means which field. One table, matched after folding case, spaces and
//! what stands in brackets.

use kechuang_domain::TextField;

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The row's own key.
    Key,
    /// A text of the record.
    Text(TextField),
    /// The owner's name.
    Owner,
    /// Administrative division, six digits.
    Region,
    /// Industry chain code.
    Chain,
    /// `active`, `closed` or `withdrawn`.
    Status,
    /// Whether the record is demonstration data.
    Sample,
    /// Tiers of text fields, as an object.
    Tiers,
    /// Technology readiness level.
    Trl,
    /// Year of completion.
    Year,
    /// Category of a demand, kind of a resource.
    Kind,
    /// Budget in 万元.
    BudgetWan,
    /// Day by which a demand must be met.
    Deadline,
    /// What a resource costs.
    Price,
    /// Document number of a policy.
    DocumentNumber,
    /// Level of a policy's issuer.
    Level,
    /// First day in force.
    EffectiveFrom,
    /// Last day in force.
    EffectiveUntil,
}

const NAMES: &[(Column, &[&str])] = &[
    (Column::Key, &["id", "编号", "成果编号", "需求编号", "设备编号", "政策编号"]),
    (
        Column::Text(TextField::Title),
        &["title", "名称", "标题", "题目", "成果名称", "需求名称", "设备名称", "政策名称"],
    ),
    (
        Column::Text(TextField::Body),
        &[
            "body",
            "text",
            "abstract",
            "内容简介",
            "功能简介",
            "简介",
            "内容",
            "摘要",
            "正文",
            "需求描述",
            "需求内容",
            "成果简介",
        ],
    ),
    (Column::Text(TextField::Keywords), &["keywords", "关键词", "关键字"]),
    (Column::Text(TextField::Model), &["model", "型号规格", "型号", "规格型号"]),
    (Column::Text(TextField::Indicators), &["indicators", "技术指标", "指标"]),
    (Column::Text(TextField::Applications), &["applications", "应用案例", "应用情况"]),
    (Column::Text(TextField::Specification), &["specification", "主要技术指标", "技术参数"]),
    (Column::Text(TextField::Services), &["services", "服务内容", "服务项目"]),
    (Column::Text(TextField::Support), &["support", "支持方式与标准", "支持方式", "支持标准"]),
    (Column::Text(TextField::Conditions), &["conditions", "申报条件", "条件"]),
    (
        Column::Owner,
        &["owner", "issuer", "单位", "需求方", "完成单位", "所属单位", "发文机关", "发布单位"],
    ),
    (Column::Region, &["region", "行政区划", "区划代码", "行政区划代码"]),
    (Column::Chain, &["chain", "产业链"]),
    (Column::Status, &["status", "状态"]),
    (Column::Sample, &["sample", "示例"]),
    (Column::Tiers, &["tiers"]),
    (Column::Trl, &["trl", "技术成熟度", "成熟度"]),
    (Column::Year, &["year", "完成年份", "年份"]),
    (Column::Kind, &["category", "kind", "类别", "类型"]),
    (Column::BudgetWan, &["budget_wan", "拟投入资金", "预算", "投入资金"]),
    (Column::Deadline, &["deadline", "完成时限", "截止日期"]),
    (Column::Price, &["price", "收费", "收费标准"]),
    (Column::DocumentNumber, &["document_number", "文号", "发文字号"]),
    (Column::Level, &["level", "层级"]),
    (Column::EffectiveFrom, &["effective_from", "施行日期", "生效日期"]),
    (Column::EffectiveUntil, &["effective_until", "失效日期", "有效期至"]),
];

/// The field that a header means, if any.
#[must_use]
pub fn column(header: &str) -> Option<Column> {
    let folded = fold(header);
    NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(column, _)| *column)
}

/// 预算（万元） and ` 预算 ` are 预算.
fn fold(header: &str) -> String {
    let bare = header.split(['（', '(']).next().unwrap_or_default();
    bare.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .flat_map(char::to_lowercase)
        .collect()
}

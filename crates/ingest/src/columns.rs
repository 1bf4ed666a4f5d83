//! Column names: which header means which field of a record.
//!
//! A header is known by its field's code or Chinese name, both from the registries of `domain`, or by a
//! synonym in the table below; case, spaces and what stands in brackets do not matter. A source can
//! say otherwise, header by header, with a [`Mapping`].

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use kechuang_domain::{Fact, Library, TextField};
use serde::{Deserialize, Serialize};

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The row's own key.
    Key,
    /// A text of the record.
    Text(TextField),
    /// A fact of the record.
    Fact(Fact),
    /// The owner's name.
    Owner,
    /// Administrative division.
    Region,
    /// Industry chain.
    Chain,
    /// `active`, `closed`, `withdrawn` or `suspect`.
    Status,
    /// Whether the record is demonstration data.
    Sample,
    /// Tiers of fields, as an object.
    Tiers,
    /// Where an exported record was read at first, as an object.
    Provenance,
    /// The name of an exported record's source; taken by a [`Mapping`] that keeps sources.
    SourceName,
    /// What this program wrote into a sheet that it gave back; never read.
    Errors,
}

/// Columns that are neither text nor fact, with their codes and Chinese names.
const OTHERS: [(Column, &str, &str); 10] = [
    (Column::Key, "id", "编号"),
    (Column::Owner, "owner", "单位"),
    (Column::Region, "region", "行政区划"),
    (Column::Chain, "chain", "产业链"),
    (Column::Status, "status", "状态"),
    (Column::Sample, "sample", "示例"),
    (Column::Tiers, "tiers", "可见范围"),
    (Column::Provenance, "provenance", "出处"),
    (Column::SourceName, "source_name", "来源名称"),
    (Column::Errors, "errors", "错误说明"),
];

/// Other headers that people write, by the code of the field they mean.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("id", &["成果编号", "需求编号", "设备编号", "政策编号", "序号编号"]),
    (
        "title",
        &[
            "name",
            "标题",
            "题目",
            "成果名称",
            "需求名称",
            "设备名称",
            "仪器名称",
            "资源名称",
            "政策名称",
            "技术需求名称",
            "项目名称",
        ],
    ),
    (
        "body",
        &[
            "text",
            "abstract",
            "articles",
            "条文",
            "功能简介",
            "简介",
            "内容",
            "摘要",
            "正文",
            "需求描述",
            "需求内容",
            "需求简介",
            "成果简介",
            "成果内容",
            "技术需求描述",
            "政策正文",
        ],
    ),
    ("keywords", &["关键字", "主题词"]),
    ("model", &["型号", "规格型号", "型号与规格"]),
    ("indicators", &["指标", "主要指标"]),
    ("applications", &["应用情况", "推广应用情况"]),
    ("specification", &["技术参数", "性能指标"]),
    ("functions", &["uses", "功能", "功能与应用", "用途"]),
    ("samples", &["样品要求"]),
    ("services", &["服务项目"]),
    ("support", &["支持方式", "支持标准", "支持内容", "奖补标准"]),
    ("conditions", &["条件", "申报要求"]),
    ("materials", &["材料清单", "申请材料"]),
    ("situation", &["现状", "痛点", "现状及痛点", "现有工作基础"]),
    ("attempts", &["已尝试", "已尝试办法", "前期尝试"]),
    ("constraints", &["约束", "限制条件"]),
    ("advantages", &["比较优势与现有方案", "技术优势", "创新点"]),
    ("economics", &["经济效益", "经济与社会效益"]),
    ("needed_resources", &["所需中试", "所需设备"]),
    (
        "owner",
        &[
            "issuer",
            "需求方",
            "需求单位",
            "企业名称",
            "完成单位",
            "第一完成单位",
            "所属单位",
            "发文机关",
            "发布单位",
            "单位名称",
            "持有单位",
            "assignee",
        ],
    ),
    ("region", &["区划代码", "行政区划代码", "所在地区", "县区", "所在县区", "适用区域"]),
    ("chain", &["所属产业链"]),
    ("trl", &["成熟度", "技术成熟度等级", "trl等级"]),
    ("year", &["年份", "完成年度"]),
    ("category", &["类型", "需求类别"]),
    ("kind", &["类型", "设备类别", "资源类别"]),
    ("budget", &["budget_wan", "预算", "投入资金", "计划投入"]),
    ("taker_pay", &["愿支付揭榜方"]),
    ("deadline", &["截止日期", "完成期限", "需求完成时限"]),
    ("price", &["收费标准"]),
    ("industry", &["所属行业", "行业", "行业代码"]),
    ("rd_intensity", &["研发投入占比"]),
    ("ownership", &["知识产权归属"]),
    ("document_number", &["发文字号", "doc_no"]),
    ("written_on", &["成文时间", "date"]),
    ("published_on", &["发布时间"]),
    ("effective_from", &["生效日期"]),
    ("effective_until", &["有效期至", "有效期"]),
    ("audience", &["适用对象", "target"]),
    ("window_until", &["申报截止日期"]),
    ("registration_number", &["成果批准登记号"]),
    ("completers", &["合作单位"]),
    ("maker", &["生产厂家", "厂商"]),
    ("site", &["存放地点", "所在地"]),
    ("phone", &["电话", "联系方式"]),
    ("status", &["记录状态"]),
];

impl Column {
    /// The column with this code in rows of `library`; facts of other libraries are none of theirs.
    #[must_use]
    pub fn of_code(library: Library, code: &str) -> Option<Self> {
        let other = OTHERS.iter().find(|(_, known, _)| *known == code);
        let text = || code.parse().ok().map(Self::Text);
        let fact = || {
            let fact: Fact = code.parse().ok().or_else(|| Fact::of_json_name(code))?;
            fact.libraries().contains(&library).then_some(Self::Fact(fact))
        };
        other.map(|(column, ..)| *column).or_else(text).or_else(fact)
    }

    /// The stable code, as in a [`Mapping`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Text(field) => field.code(),
            Self::Fact(fact) => fact.code(),
            other => Self::other(other).map_or("", |(_, code, _)| code),
        }
    }

    /// The Chinese name, as in templates and exports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Text(field) => field.label(),
            Self::Fact(fact) => fact.label(),
            other => Self::other(other).map_or("", |(.., label)| label),
        }
    }

    fn other(column: Self) -> Option<(Self, &'static str, &'static str)> {
        OTHERS.into_iter().find(|(known, ..)| *known == column)
    }

    /// Every column that rows of `library` can have, in the order of a record's page.
    pub fn of(library: Library) -> impl Iterator<Item = Self> {
        let texts = TextField::ALL.iter().copied();
        let texts = texts.filter(move |field| field.libraries().contains(&library)).map(Self::Text);
        let place = [Self::Owner, Self::Region, Self::Chain];
        let rest = [Self::Status, Self::Sample, Self::Tiers, Self::Provenance];
        [Self::Key]
            .into_iter()
            .chain(texts)
            .chain(place)
            .chain(Fact::of(library).map(Self::Fact))
            .chain(rest)
    }
}

/// The field that a header means in rows of `library`, if any.
#[must_use]
pub fn column(library: Library, header: &str) -> Option<Column> {
    let folded = fold(header);
    NAMES.get(&library)?.get(&folded).copied()
}

/// What each folded name means in rows of each library. Long documents ask for every line of theirs.
static NAMES: LazyLock<BTreeMap<Library, HashMap<String, Column>>> =
    LazyLock::new(|| Library::ALL.map(|library| (library, names(library))).into());

/// Of two meanings, the first stands: a code's before a label's before a synonym's.
fn names(library: Library) -> HashMap<String, Column> {
    let mut names = HashMap::new();
    let mut add = |name: &str, column: Option<Column>| {
        if let Some(column) = column.filter(|_| !name.is_empty()) {
            names.entry(name.to_owned()).or_insert(column);
        }
    };
    let texts = TextField::ALL.iter().map(|field| field.code().to_owned());
    let facts = Fact::ALL.iter().flat_map(|fact| [fact.code().to_owned(), fact.json_name()]);
    let others = OTHERS.iter().map(|(_, code, _)| (*code).to_owned());
    for code in others.chain(texts).chain(facts) {
        add(&code, Column::of_code(library, &code));
    }
    for column in Column::of(library) {
        add(&fold(column.label()), Some(column));
    }
    for (code, synonyms) in SYNONYMS {
        for name in *synonyms {
            add(name, Column::of_code(library, code));
        }
    }
    for column in [Column::SourceName, Column::Errors] {
        add(column.label(), Some(column));
    }
    names
}

/// 预算（万元） and ` 预算 ` are 预算; a star marks what must be filled in.
fn fold(header: &str) -> String {
    let bare = header.split(['（', '(', '：', ':']).next().unwrap_or_default();
    bare.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '*' | '＊'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a source says about its own headers: the code of the field each means, or nothing for a column
/// that is not taken. Headers that it does not name are understood as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, String>);

impl Mapping {
    /// The same, and rows that name the source they were exported from go back there. Only for files
    /// of this program's own: such a row writes over that source's record.
    #[must_use]
    pub fn keeping_sources(mut self) -> Self {
        let column = Column::SourceName;
        self.0.insert(column.label().to_owned(), column.code().to_owned());
        self.0.insert(column.code().to_owned(), column.code().to_owned());
        self
    }

    /// Whether rows go back to the sources that they name.
    #[must_use]
    pub fn keeps_sources(&self) -> bool {
        self.0.values().any(|code| code == Column::SourceName.code())
    }

    /// The field that a header means.
    #[must_use]
    pub fn column(&self, library: Library, header: &str) -> Option<Column> {
        match self.0.get(header.trim()) {
            Some(code) => Column::of_code(library, code),
            None => column(library, header),
        }
    }

    /// Headers whose code names no field of `library`, with that code.
    pub fn mistakes(&self, library: Library) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(move |(_, code)| !code.is_empty() && Column::of_code(library, code).is_none())
            .map(|(header, code)| (header.as_str(), code.as_str()))
    }
}

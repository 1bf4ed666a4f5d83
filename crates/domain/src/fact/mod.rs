//! Facts: everything a record says beside its texts. This is the one registry of them: a fact added
//! here is stored, taken from files, put into templates, shown on the page, exported and described to
//! callers of the API.
//!
//! The fields follow the libraries' registration forms and notices; the texts live in
//! [`TextField`](crate::TextField).

mod accept;
mod cell;
mod json;
mod kind;
mod value;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Library, Tier};

pub use cell::CellError;
pub use kind::{CodeKind, FactKind};
pub use value::{Clause, ClauseRule, FactValue, MeasuredIndicator, Right, RuleKind};

/// The longest short text of a fact, in characters.
pub const FACT_LIMIT_CHARS: usize = 500;

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $label:literal, $kind:expr, $tier:ident,
        [$($library:ident)*];)+) => {
        /// Something a record says beside its texts. The order here is the order on a record's page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Fact {
            $($(#[$doc])* $name,)+
        }

        impl Fact {
            /// Every fact.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name in the API, the store and import files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The Chinese name on pages, in templates and in headers of import files.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// What kind of value it has.
            #[must_use]
            pub const fn kind(self) -> FactKind {
                match self { $(Self::$name => $kind),+ }
            }

            /// Who may see it unless its record says otherwise.
            #[must_use]
            pub const fn tier(self) -> Tier {
                match self { $(Self::$name => Tier::$tier),+ }
            }

            /// The libraries whose records have it.
            #[must_use]
            pub const fn libraries(self) -> &'static [Library] {
                match self { $(Self::$name => &[$(Library::$library),*]),+ }
            }
        }
    };
}

const fn closed(options: &'static [&'static str]) -> FactKind {
    FactKind::Choice { options, is_open: false }
}

const fn open(options: &'static [&'static str]) -> FactKind {
    FactKind::Choice { options, is_open: true }
}

const fn list(options: &'static [&'static str]) -> FactKind {
    FactKind::List { options }
}

const fn hours() -> FactKind {
    // A leap year has 8,784 hours.
    FactKind::Number { most: 8_784.0, unit: "小时" }
}

const TRL: FactKind = FactKind::Whole { least: 1, most: 9 };
const COUNT: FactKind = FactKind::Whole { least: 0, most: 1_000_000_000 };

/// Ways to work together that the registration forms offer.
pub const COOPERATION: &[&str] = &["转让", "许可", "作价投资", "开发", "咨询", "服务"];
/// Sizes of firms, after the statistical classification.
pub const FIRM_SIZES: &[&str] = &["大型", "中型", "小型", "微型"];
/// Whom policies are for.
pub const AUDIENCES: &[&str] =
    &["企业", "高新技术企业", "科技型中小企业", "规上企业", "专精特新企业", "高校院所", "服务机构"];
/// Ways in which policies support.
pub const SUPPORT_KINDS: &[&str] =
    &["补助", "奖补", "税收", "租金先缴后补", "基金", "人才", "先行先试", "免责"];
/// Kinds of resources in the equipment library.
pub const RESOURCE_KINDS: &[&str] = &["仪器", "中试线", "实验室", "算力", "服务"];

facts! {
    // Common.
    /// Credit code of the owner.
    OwnerCode = "owner_code", "统一社会信用代码", FactKind::Code(CodeKind::Credit), Public, [Achievement Demand Equipment Policy];
    /// Whom to ask at the owner.
    Contact = "contact", "联系人", FactKind::Text, Agreement, [Achievement Demand Equipment Policy];
    /// How to reach them.
    Phone = "phone", "联系电话", FactKind::Text, Agreement, [Achievement Demand Equipment Policy];
    /// 密级; only 公开 may enter.
    Secrecy = "secrecy", "密级", FactKind::Text, Public, [Achievement Demand];

    // Achievements.
    /// Class of the result.
    ResultClass = "result_class", "成果类别", closed(&["应用技术", "基础理论", "软科学"]), Public, [Achievement];
    /// How original it is.
    Origin = "origin", "成果属性", closed(&["原始性创新", "引进消化吸收", "国内技术二次开发"]), Public, [Achievement];
    /// The form it takes.
    Form = "form", "成果体现形式", open(&["新技术", "新工艺", "新产品", "新材料", "新装备", "农业、生物新品种", "矿产新品种", "其他应用技术"]), Public, [Achievement];
    /// How far it has come: 实验室 and 小试 are 初期, 中试 is 中期.
    Stage = "stage", "所处阶段", closed(&["初期", "中期", "成熟应用"]), Public, [Achievement];
    /// Technology readiness level (GB/T 22900).
    Trl = "trl", "技术成熟度", TRL, Public, [Achievement];
    /// Who set the readiness level.
    TrlBy = "trl_by", "成熟度评定方", FactKind::Text, Public, [Achievement];
    /// How it stands against others.
    Standing = "standing", "成果水平", open(&["国际领先", "国际先进", "国内领先", "国内先进", "省内领先", "省内先进", "未评价"]), Public, [Achievement];
    /// How that was found.
    Evaluation = "evaluation", "评价方式", open(&["鉴定", "验收", "行业准入", "评估", "机构评价", "知识产权授权", "未评价"]), Public, [Achievement];
    /// First month of the work.
    Started = "started", "开始日期", FactKind::Month, Public, [Achievement];
    /// Last month of the work.
    Finished = "finished", "完成日期", FactKind::Month, Public, [Achievement];
    /// Year of completion.
    Year = "year", "完成年份", FactKind::Whole { least: 1949, most: 2100 }, Public, [Achievement];
    /// Organisations that took part, in order.
    Completers = "completers", "参与单位", list(&[]), Public, [Achievement];
    /// People who took part, in order.
    People = "people", "完成人", list(&[]), Registered, [Achievement];
    /// Their leader's ORCID.
    Orcid = "orcid", "负责人ORCID", FactKind::Code(CodeKind::Orcid), Registered, [Achievement];
    /// Disciplines, GB/T 13745.
    Disciplines = "disciplines", "学科分类", FactKind::Codes(CodeKind::Discipline), Public, [Achievement];
    /// Industry, GB/T 4754-2017.
    Industry = "industry", "应用行业", FactKind::Code(CodeKind::Industry), Public, [Achievement Demand];
    /// Number in the registry of results.
    RegistrationNumber = "registration_number", "成果登记号", FactKind::Code(CodeKind::AchievementRegistration), Public, [Achievement];
    /// Intellectual property.
    Rights = "rights", "知识产权", FactKind::Rights, Public, [Achievement];
    /// Indicators as measured, with their conditions.
    Measured = "measured", "指标明细", FactKind::Indicators, Public, [Achievement];
    /// A paper's identifier.
    Doi = "doi", "DOI", FactKind::Code(CodeKind::Doi), Public, [Achievement];
    /// What the owner asks for it.
    AskingPrice = "asking_price", "价格意向", FactKind::Text, Public, [Achievement];

    // Demands.
    /// Size of the firm.
    FirmSize = "firm_size", "企业规模", open(FIRM_SIZES), Public, [Demand];
    /// Last year's spending on research as a share of sales.
    RdIntensity = "rd_intensity", "上年研发投入占比", FactKind::Number { most: 100.0, unit: "%" }, Registered, [Demand];
    /// What kind of demand it is.
    Category = "category", "类别", open(&["技术攻关", "成果引进", "检测", "中试", "人才", "场景"]), Public, [Demand];
    /// Indicators to reach.
    Targets = "targets", "核心指标", FactKind::Indicators, Public, [Demand];
    /// That there are none that could be counted.
    Unquantifiable = "unquantifiable", "无法量化", FactKind::Flag, Public, [Demand];
    /// The readiness level that is wanted.
    ExpectedTrl = "expected_trl", "期望技术成熟度", TRL, Public, [Demand];
    /// When it must be solved.
    Deadline = "deadline", "完成时限", FactKind::Date, Public, [Demand];
    /// What the firm plans to spend.
    Budget = "budget", "拟投入资金", FactKind::Money, Public, [Demand];
    /// What of that goes to whoever solves it.
    TakerPay = "taker_pay", "愿付揭榜方", FactKind::Money, Public, [Demand];
    /// Whose the result will be.
    Ownership = "ownership", "产权归属", FactKind::Text, Public, [Demand];
    /// Whether a bottleneck hangs on it.
    Bottleneck = "bottleneck", "是否卡脖子", FactKind::Flag, Public, [Demand];
    /// By which list, and its level.
    BottleneckList = "bottleneck_list", "卡脖子清单与级别", FactKind::Text, Public, [Demand];
    /// How far it may be shown.
    Publicity = "publicity", "是否公开", closed(&["公开", "脱敏公开", "不公开"]), Public, [Demand];
    /// Competitors that must not be asked.
    Avoid = "avoid", "回避名单", list(&[]), Agreement, [Demand];
    /// That the firm has promised to be truthful.
    CreditPromise = "credit_promise", "信用承诺", FactKind::Flag, Public, [Demand];
    /// Ways to work together.
    Cooperation = "cooperation", "合作方式", list(COOPERATION), Public, [Achievement Demand];

    // Equipment.
    /// What kind of resource it is.
    Kind = "kind", "类别", closed(RESOURCE_KINDS), Public, [Equipment];
    /// Its English name.
    NameEn = "name_en", "英文名称", FactKind::Text, Public, [Equipment];
    /// Its maker.
    Maker = "maker", "制造商", FactKind::Text, Public, [Equipment];
    /// Where it was made.
    Country = "country", "产地国别", FactKind::Text, Public, [Equipment];
    /// Class of large scientific instruments.
    ClassCode = "class_code", "设备分类编码", FactKind::Text, Public, [Equipment];
    /// The holder's own number.
    AssetNumber = "asset_number", "内部编号", FactKind::Text, Public, [Equipment];
    /// Identifier of a scientific resource.
    Cstr = "cstr", "科技资源标识", FactKind::Code(CodeKind::Cstr), Public, [Equipment Achievement];
    /// Where it stands.
    Site = "site", "安放地点", FactKind::Text, Public, [Equipment];
    /// Who looks after it.
    Keeper = "keeper", "管理人", FactKind::Text, Registered, [Equipment];
    /// What it cost.
    OriginalValue = "original_value", "原值", FactKind::Money, Public, [Equipment];
    /// Since when it has been in use.
    InUseSince = "in_use_since", "启用日期", FactKind::Date, Public, [Equipment];
    /// In what state it is.
    Condition = "condition", "设备状态", open(&["正常", "维修", "停用", "报废"]), Public, [Equipment];
    /// Whether customs still supervise it.
    Customs = "customs", "海关监管", FactKind::Flag, Public, [Equipment];
    /// What its results count for.
    Qualifications = "qualifications", "资质", list(&[]), Public, [Equipment];
    /// Whether outsiders may use it.
    Opening = "opening", "开放方式", closed(&["内部", "对外"]), Public, [Equipment];
    /// 收费, as the holder words it.
    Price = "price", "收费", FactKind::Text, Public, [Equipment];
    /// How long a service takes.
    LeadTime = "lead_time", "服务周期", FactKind::Text, Public, [Equipment];
    /// Hours of use in a year.
    HoursEffective = "hours_effective", "年有效机时", hours(), Public, [Equipment];
    /// Of these, hours for outsiders.
    HoursExternal = "hours_external", "年对外机时", hours(), Public, [Equipment];
    /// Income from services in a year.
    ServiceIncome = "service_income", "年服务收入", FactKind::Money, Registered, [Equipment];
    /// Whether it serves one purpose or many.
    Scope = "scope", "通用或专用", closed(&["通用", "专用"]), Public, [Equipment];
    /// Whether it runs day and night.
    AllDay = "all_day", "24小时开放", FactKind::Flag, Public, [Equipment];
    /// How competitors are kept apart, as the holder words it.
    AvoidCompetitors = "avoid_competitors", "竞争回避", FactKind::Text, Public, [Equipment];
    /// What a pilot line can make.
    Capacity = "capacity", "产能或规模", FactKind::Text, Public, [Equipment];
    /// How computing is queued.
    Queue = "queue", "算力队列", FactKind::Text, Public, [Equipment];
    /// Which accelerators it has.
    Cards = "cards", "算力卡型", FactKind::Text, Public, [Equipment];

    // Policies.
    /// 文号, such as 吕政办发〔2024〕24号.
    DocumentNumber = "document_number", "文号", FactKind::Code(CodeKind::DocumentNumber), Public, [Policy];
    /// 层级.
    Level = "level", "层级", open(&["国家", "省", "市", "县"]), Public, [Policy];
    /// Others that issued it too.
    JointIssuers = "joint_issuers", "联合发文机关", list(&[]), Public, [Policy];
    /// The day it was written.
    WrittenOn = "written_on", "成文日期", FactKind::Date, Public, [Policy];
    /// The day it was published.
    PublishedOn = "published_on", "发布日期", FactKind::Date, Public, [Policy];
    /// First day in force.
    EffectiveFrom = "effective_from", "施行日期", FactKind::Date, Public, [Policy];
    /// Last day in force; absent means until further notice.
    EffectiveUntil = "effective_until", "失效日期", FactKind::Date, Public, [Policy];
    /// Whether it stands.
    Validity = "validity", "有效性", closed(&["有效", "修订", "废止"]), Public, [Policy];
    /// What stands in its place.
    ReplacedBy = "replaced_by", "替代文件", FactKind::Text, Public, [Policy];
    /// Kinds of organisations it is for.
    Audience = "audience", "适用企业", list(AUDIENCES), Public, [Policy];
    /// Industries it is for.
    AudienceIndustries = "audience_industries", "适用行业", FactKind::Codes(CodeKind::Industry), Public, [Policy];
    /// Sizes of firms it is for.
    AudienceSizes = "audience_sizes", "适用规模", list(FIRM_SIZES), Public, [Policy];
    /// Qualifications that it asks for.
    AudienceQualifications = "audience_qualifications", "适用资质", list(&[]), Public, [Policy];
    /// Ways in which it supports.
    SupportKinds = "support_kinds", "支持类别", list(SUPPORT_KINDS), Public, [Policy];
    /// The most it grants.
    Cap = "cap", "支持上限", FactKind::Money, Public, [Policy];
    /// Where to apply.
    Channel = "channel", "申报渠道", FactKind::Text, Public, [Policy];
    /// First day to apply.
    WindowFrom = "window_from", "申报开始", FactKind::Date, Public, [Policy];
    /// Last day to apply.
    WindowUntil = "window_until", "申报截止", FactKind::Date, Public, [Policy];
    /// Whom to ask.
    Hotline = "hotline", "咨询电话", FactKind::Text, Public, [Policy];
    /// That nobody has to apply.
    NoApplication = "no_application", "免申即享", FactKind::Flag, Public, [Policy];
    /// Where it is explained.
    ExplainedAt = "explained_at", "解读链接", FactKind::Code(CodeKind::Url), Public, [Policy];
    /// How many have applied.
    Applied = "applied", "累计申报", COUNT, Public, [Policy];
    /// How many were paid.
    Paid = "paid", "累计兑现", COUNT, Public, [Policy];
    /// How much was paid.
    PaidAmount = "paid_amount", "累计兑现金额", FactKind::Money, Public, [Policy];
    /// What it says, clause by clause.
    Clauses = "clauses", "条款", FactKind::Clauses, Public, [Policy];

    // Common, at the end of the page.
    /// Files that belong to it.
    Attachments = "attachments", "附件", list(&[]), Public, [Achievement Demand Equipment Policy];
    /// Where it was published.
    SourceUrl = "source_url", "来源网址", FactKind::Code(CodeKind::Url), Public, [Achievement Demand Equipment Policy];
    /// Language it is written in; Chinese where nothing is said.
    Language = "language", "语种", open(&["中文", "英文"]), Public, [Achievement Demand Equipment Policy];
    /// The day after which the owner does not stand by it any more.
    ValidUntil = "valid_until", "有效期至", FactKind::Date, Public, [Achievement Demand Equipment];
}

impl Fact {
    /// The facts that records of `library` have, in page order.
    pub fn of(library: Library) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |fact| fact.libraries().contains(&library))
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为「{0}」的字段")]
pub struct UnknownFact(pub String);

impl FromStr for Fact {
    type Err = UnknownFact;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|fact| fact.code() == text)
            .ok_or_else(|| UnknownFact(text.to_owned()))
    }
}

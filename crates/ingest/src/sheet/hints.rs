//! What a field wants, in the words of those who fill it in, with an example.
//!
//! The examples of a library tell one made-up case; together they are the example row of its template.

use kechuang_domain::Library::{self, Achievement, Demand, Equipment, Policy};

use crate::Column;

/// What to write into a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hint {
    /// What is meant.
    pub(super) says: &'static str,
    /// As it would stand in a cell; empty where there is none.
    pub(super) example: &'static str,
}

/// The hint for a column of `library`.
pub(super) fn hint(library: Library, column: Column) -> Option<Hint> {
    let code = column.code();
    let own = OWN.iter().find(|(of, known, ..)| *of == library && *known == code);
    let own = own.map(|(_, _, says, example)| Hint { says, example });
    let shared = || {
        let found = SHARED.iter().find(|(known, ..)| *known == code);
        found.map(|(_, says, example)| Hint { says, example })
    };
    own.or_else(shared)
}

/// Hints that hold for every library, or for the one that has the column.
const SHARED: &[(&str, &str, &str)] = &[
    ("id", "本单位自己的编号，同一来源内不重复；再次导入时凭它更新原记录。没有可留空", ""),
    ("owner_code", "单位的统一社会信用代码，18 位", "91141100MA0EXMPLEE"),
    ("contact", "能说清情况的联系人。默认只有协议方可见", "张工"),
    ("phone", "联系人的电话，区号与号码之间用短横线。默认只有协议方可见", "0358-0000000"),
    ("secrecy", "只能填公开；涉密内容不得在本系统提交", "公开"),
    ("element_material", "用到或涉及的材料，多项用；隔开", "AZ31B 镁合金板材"),
    ("element_method", "采用或期望的工艺、方法", "搅拌摩擦焊"),
    ("element_effect", "要达到的功能或效果", "提高接头强度、减小变形"),
    ("element_product", "对应的产品或部件", "车门内板"),
    ("element_application", "用在什么场合", "汽车轻量化"),
    ("attachments", "另行报送的附件名称，多项用；隔开", ""),
    ("source_url", "公开发布该信息的网页地址，以 http:// 或 https:// 开头", ""),
    ("language", "正文所用语种，不填视为中文", "中文"),
    // Achievements.
    (
        "trl_evidence",
        "凭什么说到了这一级：试验、样机、检测、用户使用情况",
        "工程样机在车门产线连续焊接 300 件，第三方检测接头抗拉强度 252MPa",
    ),
    (
        "advantages",
        "与现有办法相比好在哪里，尽量给数字",
        "与熔化极氩弧焊相比，接头强度系数由 65% 提高到 86%，变形减小一半",
    ),
    ("economics", "投入、成本、产出与回收期", "单条焊接工位投入约 80 万元，每件降低成本 12 元"),
    (
        "applications",
        "已在哪里用、用了多久、效果如何",
        "在示例汽车部件厂试用 10 个月，焊接车门内板 1.2 万件",
    ),
    ("result_class", "按成果登记的口径选择", "应用技术"),
    ("origin", "成果从何而来", "原始性创新"),
    ("form", "成果以什么形式体现；表中没有的可直接填写", "新工艺"),
    ("stage", "初期：实验室、小试；中期：中试；成熟应用：已投产或批量应用", "中期"),
    ("trl", "技术成熟度 1 到 9 级（GB/T 22900），各级含义见单元格提示", "7"),
    ("trl_by", "成熟度由谁评定：本单位自评，或评价机构名称", "本单位自评"),
    ("standing", "评价结论中的水平；没有评价的选未评价", "国内先进"),
    ("evaluation", "以何种方式得到上述结论", "机构评价"),
    ("started", "研究工作开始的年月", "2022-03"),
    ("finished", "研究工作完成的年月，不早于开始日期", "2025-06"),
    ("year", "完成的年份，四位数字", "2025"),
    ("completers", "参与完成的单位，按贡献排序，用；隔开", "示例理工大学；示例轻量化研究院"),
    ("people", "主要完成人，按贡献排序，用；隔开。默认注册用户可见", "李某；王某"),
    ("orcid", "负责人的 ORCID，16 位，四位一组", "0000-0002-1825-0097"),
    ("disciplines", "GB/T 13745 学科代码，3、5 或 7 位，多项用；隔开", "430"),
    ("industry", "GB/T 4754-2017 国民经济行业代码：门类字母加 2 到 4 位数字", "C3670"),
    ("registration_number", "成果登记证上的登记号，12 位", ""),
    (
        "rights",
        "一项一行（格内换行用 Alt+Enter），各段用 | 隔开：类型|号码|权利人|法律状态|日期",
        "发明专利|202010000000.0|示例理工大学|授权|2022-05-10",
    ),
    (
        "measured",
        "一项一行，各段用 | 隔开：指标|数值与单位|测试条件",
        "接头抗拉强度|≥250 MPa|室温，板厚 3 mm",
    ),
    ("doi", "相关论文的 DOI，以 10. 开头", ""),
    ("asking_price", "转让或许可的价格意向，可填面议", "普通许可 30 万元起，可面议"),
    // Demands.
    (
        "situation",
        "现在怎么做、问题出在哪里、影响多大，尽量给数字",
        "现用氩弧焊，接头强度只有母材的 65%，返修率 8%",
    ),
    ("attempts", "试过哪些办法，为什么不行", "试过激光焊，气孔率超过 3%；更换焊丝后改善不明显"),
    (
        "constraints",
        "解决方案必须遵守的条件：材料、环境、设备、安全、成本",
        "不更换板材牌号；单件节拍不超过 90 秒；现有厂房 380V 供电",
    ),
    (
        "taker_conditions",
        "对揭榜方的要求：资质、团队、业绩",
        "有铝镁合金焊接产业化业绩，能派人驻厂调试",
    ),
    ("public_text", "不愿公开全文时，另写一段隐去企业和工艺细节、可以公开的文字", ""),
    ("firm_size", "按统计口径划分的企业规模", "中型"),
    ("rd_intensity", "上年研发投入占营业收入的百分比，只填数字。默认注册用户可见", "4.2"),
    ("category", "需求属于哪一类；表中没有的可直接填写", "技术攻关"),
    (
        "targets",
        "一项一行（格内换行用 Alt+Enter），各段用 | 隔开：指标|要求值与单位|必须或期望",
        "接头抗拉强度|≥240 MPa|必须",
    ),
    ("unquantifiable", "确实提不出可测量的指标时选是，并在内容简介中说明怎样算解决", "否"),
    ("expected_trl", "期望对方技术达到的成熟度，1 到 9 级，各级含义见单元格提示", "6"),
    ("deadline", "最迟何时解决", "2027-06-30"),
    ("budget", "企业计划为解决这一问题投入的总额，以万元计，只填数字", "200"),
    ("taker_pay", "其中愿意付给揭榜方的数额，以万元计，只填数字", "120"),
    ("ownership", "形成的知识产权归谁、怎样分享", "双方共有，本企业优先使用"),
    ("bottleneck", "是否属于卡脖子技术", "否"),
    ("bottleneck_list", "属于时，写明所依据的清单和级别", ""),
    (
        "publicity",
        "企业的意愿。公开：全文可以公开；脱敏公开：只公开脱敏文本；不公开：只用于定向对接",
        "公开",
    ),
    ("avoid", "不希望与其对接的单位，用；隔开。只有协议方可见", ""),
    ("credit_promise", "承诺所填内容真实，有能力履行约定的选是", "是"),
    ("cooperation", "可接受的合作方式，可填多项，用；隔开", "开发；许可"),
    // Equipment.
    ("model", "铭牌上的型号规格", "WDW-100（示例型号）"),
    (
        "specification",
        "能测什么、能做多大：量程、精度、温度、压力等",
        "最大试验力 100 kN；精度 0.5 级；温度 −40～350℃",
    ),
    ("functions", "用来做什么", "金属板材与接头的拉伸、弯曲、剪切试验"),
    (
        "samples",
        "能接受的样品：种类、尺寸、数量、前处理",
        "板状试样，厚 0.5～20 mm，宽不超过 50 mm",
    ),
    ("services", "对外提供的服务", "常温与高低温拉伸试验，可出具 CMA 报告"),
    (
        "booking_rules",
        "怎样预约、提前多久、要交什么材料",
        "提前 3 个工作日电话预约，随样品提交委托单",
    ),
    ("kind", "资源属于哪一类", "仪器"),
    ("name_en", "英文名称", "Universal testing machine"),
    ("maker", "制造商全称", "示例试验机制造有限公司"),
    ("country", "产地国别", "中国"),
    ("class_code", "大型科学仪器设备分类编码，没有可留空", ""),
    ("asset_number", "本单位的资产或设备编号", "SY-2021-018"),
    ("cstr", "科技资源标识，以 CSTR: 开头（GB/T 32843）", ""),
    ("site", "安放的地址和房间", "示例市示例路 1 号实验楼 105 室"),
    ("keeper", "负责管理的人。默认注册用户可见", "赵某"),
    ("original_value", "购置原值，以万元计，只填数字", "68.5"),
    ("in_use_since", "开始使用的日期", "2021-09-01"),
    ("condition", "目前的状态", "正常"),
    ("customs", "是否仍在海关监管期内", "否"),
    ("qualifications", "检测资质，如 CMA、CNAS，用；隔开", "CMA；CNAS"),
    ("opening", "内部：只供本单位；对外：接受外单位使用", "对外"),
    ("price", "收费办法，写明计价单位", "常温拉伸 120 元/样，高低温 300 元/样"),
    ("lead_time", "从收样到出结果的时间", "3 到 5 个工作日"),
    ("hours_effective", "一年内实际开机工作的小时数，不超过 8784", "1650"),
    ("hours_external", "其中服务外单位的小时数，不多于年有效机时", "420"),
    ("service_income", "一年对外服务的收入，以万元计，只填数字。默认注册用户可见", "12.6"),
    ("scope", "一机多用选通用，只做一件事选专用", "通用"),
    ("all_day", "是否昼夜开放", "否"),
    ("avoid_competitors", "是否不接待与本单位有竞争关系的委托方", "否"),
    ("capacity", "中试线的产能，或平台的规模", ""),
    ("queue", "算力怎样排队、有哪些分区", ""),
    ("cards", "加速卡的型号和数量", ""),
    // Policies.
    (
        "support",
        "给什么、给多少、怎样算",
        "按技术合同实际支付额的 30% 补助，单个企业每年最高 100 万元",
    ),
    ("conditions", "什么样的单位可以申报", "在本市注册满一年的企业；技术合同已在技术市场登记"),
    ("materials", "申报要交的材料", "申报表；技术合同及登记证明；付款凭证"),
    ("document_number", "发文字号，年份用六角括号", "示例政发〔2026〕1号"),
    ("level", "发文机关的层级", "市"),
    ("joint_issuers", "联合发文的其他机关，用；隔开", "示例市财政局"),
    ("written_on", "落款日期", "2026-01-15"),
    ("published_on", "公开发布的日期", "2026-01-20"),
    ("effective_from", "从哪天起施行", "2026-02-01"),
    ("effective_until", "到哪天失效；长期有效的留空", "2028-12-31"),
    ("validity", "目前是否有效", "有效"),
    ("replaced_by", "已被修订或废止时，写替代它的文件名称和文号", ""),
    ("audience", "面向哪些单位，可填多项，用；隔开", "企业；科技型中小企业"),
    ("audience_industries", "限定行业时，填 GB/T 4754-2017 代码，多项用；隔开", ""),
    ("audience_sizes", "限定规模时填写，多项用；隔开", "中型；小型；微型"),
    ("audience_qualifications", "要求具备的资质，多项用；隔开", ""),
    ("support_kinds", "支持属于哪些类别，可填多项，用；隔开", "补助"),
    ("cap", "单个主体最多得到多少，以万元计，只填数字", "100"),
    ("channel", "在哪里申报：网址、窗口", "市政务服务网“科技项目申报”栏目"),
    ("window_from", "申报从哪天开始", "2026-03-01"),
    ("window_until", "申报到哪天截止，不早于申报开始", "2026-09-30"),
    ("hotline", "解答政策的电话", "0358-0000001"),
    ("no_application", "不用申报、主动兑现的选是", "否"),
    ("explained_at", "官方解读的网页地址，以 http:// 或 https:// 开头", ""),
    ("applied", "累计有多少家申报", "36"),
    ("paid", "累计有多少家得到兑现", "21"),
    ("paid_amount", "累计兑现的金额，以万元计，只填数字", "860"),
];

/// Hints that one library words otherwise.
const OWN: &[(Library, &str, &str, &str)] = &[
    (
        Achievement,
        "title",
        "一句话说清是什么成果：对象加方法，不超过 50 字为好",
        "镁合金薄板搅拌摩擦焊接工艺",
    ),
    (
        Demand,
        "title",
        "一句话说清要解决什么问题：对象加难点，不超过 50 字为好",
        "镁合金车门内板焊接接头强度偏低",
    ),
    (Equipment, "title", "设备、中试线、实验室、算力或服务的中文名称", "微机控制电子万能试验机"),
    (Policy, "title", "文件的完整标题", "示例市支持企业委托研发补助办法"),
    (
        Achievement,
        "keywords",
        "3 到 5 个，用；隔开：材料、方法、用途",
        "镁合金；搅拌摩擦焊；轻量化",
    ),
    (Demand, "keywords", "3 到 5 个，用；隔开：材料、工艺、问题", "镁合金；焊接；接头强度"),
    (
        Equipment,
        "keywords",
        "3 到 5 个，用；隔开：能做的试验、对象",
        "拉伸试验；金属板材；焊接接头",
    ),
    (Policy, "keywords", "3 到 5 个，用；隔开：事项、对象", "委托研发；补助；技术合同"),
    (
        Achievement,
        "body",
        "做了什么、怎样做、达到什么效果、适合用在哪里。写具体，系统逐句与需求比对",
        "针对 2～4 mm 镁合金薄板，采用双轴肩搅拌头与随焊冷却，抑制接头软化和变形，接头抗拉强度达 252 MPa，适合车门、座椅骨架等部件。",
    ),
    (
        Demand,
        "body",
        "要解决什么、做到什么程度、在什么条件下用。写具体，系统逐句寻找能回应的成果",
        "需要一种 3 mm AZ31B 镁合金板材的焊接工艺，用于车门内板，接头抗拉强度不低于 240 MPa，气孔率低于 1%，可在现有产线改造。",
    ),
    (
        Equipment,
        "body",
        "总体介绍：是什么、有什么特点、能解决哪类问题",
        "配高低温箱和引伸计，可完成金属板材、焊接接头在不同温度下的力学性能测试，适合新工艺评定和来料检验。",
    ),
    (
        Policy,
        "body",
        "文件正文，或写清支持什么、面向谁、怎样办理",
        "支持本市企业委托高校院所开展技术研发。企业与受托方签订技术开发合同并登记后，按实际支付额给予补助，每年集中受理一次。",
    ),
    (
        Achievement,
        "indicators",
        "主要技术指标，写明数值、单位和条件",
        "接头抗拉强度 252 MPa；气孔率 0.6%；焊接速度 600 mm/min",
    ),
    (
        Demand,
        "indicators",
        "已有数据或参考指标的说明；要达到的指标请逐项填入核心指标",
        "现用工艺接头抗拉强度 190 MPa，气孔率 2.5%",
    ),
    (
        Achievement,
        "needed_resources",
        "继续推进还需要的中试线、设备、实验室或算力",
        "需要 5 吨级板材中试线验证",
    ),
    (
        Demand,
        "needed_resources",
        "希望借用的中试线、设备、实验室或算力",
        "需要万能试验机和金相检测",
    ),
    (Achievement, "owner", "第一完成单位全称，与公章一致", "示例理工大学"),
    (Demand, "owner", "提出需求的企业全称，与营业执照一致", "示例轻量化装备有限公司"),
    (Equipment, "owner", "设备所属单位全称，与公章一致", "示例材料检测中心"),
    (Policy, "owner", "发文机关全称；联合发文的填牵头机关", "示例市科学技术局"),
    (
        Achievement,
        "region",
        "完成单位所在的县（市、区），从列表中选；也可直接填六位行政区划代码",
        "141100",
    ),
    (Demand, "region", "企业所在的县（市、区），从列表中选；也可直接填六位行政区划代码", "141100"),
    (
        Equipment,
        "region",
        "设备所在的县（市、区），从列表中选；也可直接填六位行政区划代码",
        "141100",
    ),
    (Policy, "region", "政策适用的地区，从列表中选；也可直接填六位行政区划代码", "141100"),
    (Achievement, "chain", "最可能用在哪条产业链，从列表中选；都不沾边的留空", "high-end-metals"),
    (Demand, "chain", "企业属于哪条产业链，从列表中选；都不沾边的留空", "high-end-metals"),
    (Equipment, "chain", "主要服务哪条产业链，从列表中选；都不沾边的留空", "high-end-metals"),
    (Policy, "chain", "只面向某条产业链时从列表中选；普遍适用的留空", ""),
    (Achievement, "valid_until", "过了这一天请勿再推荐；长期有效的留空", "2028-12-31"),
    (Demand, "valid_until", "过了这一天不再需要；长期有效的留空", "2027-12-31"),
    (Equipment, "valid_until", "过了这一天不再对外开放；长期有效的留空", ""),
];

/// What the levels of readiness mean, in short, after GB/T 22900.
pub(super) const TRL_LEVELS: [&str; 9] = [
    "1 观察到基本原理",
    "2 提出技术方案",
    "3 实验室验证关键功能",
    "4 实验室集成，完成小试",
    "5 部件或样机在近似环境通过验证",
    "6 样机或中试在近似环境达标",
    "7 工程样机在真实环境通过试验",
    "8 定型，具备批量生产能力",
    "9 用户处长期运行",
];

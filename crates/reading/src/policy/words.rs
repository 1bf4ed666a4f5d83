//! The words that carry meaning in a clause, and finding them in one pass.

use std::{collections::HashMap, sync::LazyLock};

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    /// A way to support, of `SUPPORT_KINDS`.
    Support(&'static str),
    /// A kind of organisation, of `AUDIENCES`.
    Audience(&'static str),
    /// Sizes of firms, of `FIRM_SIZES`.
    Sizes(&'static [&'static str]),
    /// A chain, by its code.
    Chain(&'static str),
    /// 支持, 鼓励: what follows is supported.
    Favours,
    /// 面向: what follows is meant, where a phrase begins so.
    Toward,
    /// 不予支持: whoever is named is not meant.
    Excludes,
    /// 对: what follows gets something, if something is given.
    For,
    /// 给予.
    Gives,
    /// 申报条件, 应当具备: the sentence states conditions.
    Condition,
    /// 须, 不低于: something is asked for.
    Asks,
    /// 企业, 申报, 项目: what conditions are put to.
    Applicant,
    /// 最高, 不超过: an amount behind it is a cap.
    AtMost,
    /// 投资额, 不低于: an amount behind it is none.
    Threshold,
    /// 罚款, 骗取: the sentence supports nobody.
    Against,
    /// 注册: where, is a condition.
    Registered,
}

use Cue::{
    Against, Applicant, Asks, AtMost, Audience, Chain, Condition, Excludes, Favours, For, Gives,
    Registered, Sizes, Support, Threshold, Toward,
};

const AID: Cue = Support("补助");
const AWARD: Cue = Support("奖补");
const TAX: Cue = Support("税收");
const RENT: Cue = Support("租金先缴后补");
const FUND: Cue = Support("基金");
const TALENT: Cue = Support("人才");
const FIRM: Cue = Audience("企业");
const HIGH_TECH: Cue = Audience("高新技术企业");
const TECH_SMALL: Cue = Audience("科技型中小企业");
const ABOVE_SCALE: Cue = Audience("规上企业");
const SPECIALISED: Cue = Audience("专精特新企业");
const ACADEMIC: Cue = Audience("高校院所");
const SERVICE: Cue = Audience("服务机构");
const HYDROGEN: Cue = Chain("hydrogen");
const METALS: Cue = Chain("high-end-metals");
const WASTE: Cue = Chain("solid-waste");

/// Words and what they say; a word that says nothing keeps a shorter one inside it from being read.
/// The longest word at a place is the one that stands there.
#[rustfmt::skip]
const WORDS: &[(&[&str], &[Cue])] = &[
    (&["补助", "补贴", "资助", "贴息", "后补助", "资金支持", "经费支持", "补助资金"], &[AID, Gives]),
    (&["奖励", "奖补", "奖金", "以奖代补", "奖励资金", "一次性奖"], &[AWARD, Gives]),
    (&["加计扣除", "税收优惠", "税费优惠", "税收减免", "减免税", "减税", "免税", "退税", "免征", "减征", "减按",
       "即征即退", "所得税优惠"], &[TAX, Gives]),
    (&["先缴后补", "租金补贴", "租金补助", "房租补贴", "房租补助", "租金减免", "房租减免", "减免租金", "减免房租",
       "免租金", "免租"], &[RENT, Gives]),
    (&["投资基金", "创新基金", "引导基金", "专项基金", "母基金", "产业基金", "天使基金", "启动基金", "种子基金",
       "转化基金", "发展基金", "股权投资基金"], &[FUND]),
    (&["人才引进", "引进人才", "引才", "安家费", "购房补贴", "人才公寓", "人才补贴", "人才津贴", "人才奖励",
       "人才奖补", "人才落户", "租房补贴"], &[TALENT]),
    (&["生活补贴", "安家补贴"], &[TALENT, AID, Gives]),
    (&["先行先试"], &[Support("先行先试")]),
    (&["容错", "尽职免责", "免责", "免予追责", "免于追责", "不予追责"], &[Support("免责")]),
    (&["给予", "予以", "发放", "享受", "支持额度", "支持金额", "支持总金额", "支持资金",
       "补偿", "兑付", "申领"], &[Gives]),

    (&["高新技术企业"], &[HIGH_TECH, Applicant]),
    (&["科技型中小企业"], &[TECH_SMALL, Applicant]),
    (&["规上企业", "规上工业企业", "规模以上企业", "规模以上工业企业", "规模以上服务业企业", "规上服务业企业"],
       &[ABOVE_SCALE, Applicant]),
    (&["专精特新", "专精特新企业", "“小巨人”企业", "小巨人企业"], &[SPECIALISED, Applicant]),
    (&["高校院所", "高校", "高等学校", "高等院校", "科研院所", "科研机构", "研究院所", "科学技术研究开发机构",
       "科研单位"], &[ACADEMIC, Applicant]),
    (&["服务机构", "中介机构", "技术转移机构"], &[SERVICE, Applicant]),
    (&["企业"], &[FIRM, Applicant]),
    (&["中小企业", "中小微企业"], &[FIRM, Sizes(&["中型", "小型", "微型"]), Applicant]),
    (&["小微企业", "小型微型企业"], &[FIRM, Sizes(&["小型", "微型"]), Applicant]),
    (&["大型企业"], &[FIRM, Sizes(&["大型"]), Applicant]),
    (&["大中型企业"], &[FIRM, Sizes(&["大型", "中型"]), Applicant]),
    (&["企业孵化器", "科技企业孵化器", "企业技术中心", "企业家", "企业化", "企业所得税", "企业信用", "企业标准",
       "高新技术企业认定", "中小企业促进法", "事业单位", "高校毕业生", "高校学生", "企业年金", "企业孵化",
       "自然科学基金", "公积金", "社保基金", "证券投资基金", "支持下", "对接", "对于我", "对外", "对比", "对应",
       "对标", "对照", "对象", "面对", "针对性", "应用", "应急", "供应", "相应", "反应", "效应", "适应", "需求",
       "绝对", "必需品", "核对", "支持政策", "技术支持", "支持体系", "支撑", "注册商标", "注册备案", "注册证", "注册会计师", "应收", "应届", "应对", "对口"], &[]),

    (&["氢能", "制氢", "储氢", "加氢站", "氢燃料电池", "燃料电池"], &[HYDROGEN]),
    (&["高端金属", "铝镁", "镁铝", "特钢", "镁合金", "铝合金", "特种钢"], &[METALS]),
    (&["固废", "固体废弃物", "固体废物", "赤泥", "煤矸石", "粉煤灰", "冶金渣"], &[WASTE]),

    (&["支持", "鼓励", "引导", "扶持"], &[Favours]),
    (&["面向"], &[Toward]),
    (&["不纳入", "不予支持", "不适用", "不重复支持", "不再支持"], &[Excludes]),
    (&["对", "对于"], &[For]),
    (&["申报条件", "申请条件", "支持条件", "认定条件", "基本条件", "条件要求", "资格条件", "下列条件", "以下条件",
       "申报主体", "申报单位", "申报对象", "支持对象", "适用对象", "奖励对象", "补助对象", "支持范围",
       "应当具备", "应具备", "应符合", "应当符合", "须符合", "须具备", "需符合", "需具备", "应满足", "需满足",
       "须满足", "应同时满足", "应同时具备", "适用于", "政策适用", "面向对象"], &[Condition, Applicant, Asks]),
    (&["申报企业", "申请企业"], &[FIRM, Condition, Applicant]),
    (&["须", "必须", "应", "应当", "需", "不得", "不少于", "不低于", "达到"], &[Asks, Threshold]),
    (&["申报", "申请", "项目", "单位", "机构", "投入", "研发费用"], &[Applicant]),
    (&["研发投入", "投资", "投资额", "总投资", "营业收入", "销售收入", "销售额", "营收", "注册资本", "注册资金", "产值",
       "原值", "出资额", "交易额", "融资额", "成交额", "合同额", "收入", "资产", "超过", "突破", "设立",
       "纳税额", "贷款余额"], &[Threshold]),
    (&["最高", "不超过", "不高于", "上限", "限额", "至多", "最多", "封顶", "不超"], &[AtMost]),
    (&["罚款", "追回", "骗取", "没收", "违法所得", "处罚", "套取"], &[Against]),
    (&["注册", "登记注册", "注册登记"], &[Registered]),
];

/// A word at its place, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) cues: &'static [Cue],
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Found {
    pub(crate) fn has(&self, cue: Cue) -> bool {
        self.cues.contains(&cue)
    }
}

type Words = Vec<(&'static str, &'static [Cue])>;

/// The words by their first character, the longest first.
static BY_FIRST: LazyLock<HashMap<char, Words>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Words> = HashMap::new();
    for (words, cues) in WORDS {
        for word in *words {
            let first = word.chars().next().unwrap_or_default();
            by_first.entry(first).or_default().push((word, cues));
        }
    }
    for words in by_first.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    by_first
});

/// The words in `text`, in order; they do not overlap.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut next = 0;
    for (at, c) in text.char_indices() {
        if at < next {
            continue;
        }
        let rest = &text[at..];
        let words = BY_FIRST.get(&c).map_or(&[][..], Vec::as_slice);
        if let Some((word, cues)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            next = at + word.len();
            found.push(Found { cues, start: at, end: next });
        }
    }
    found
}

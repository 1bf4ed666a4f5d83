//! Sentences that speak to the model instead of telling of a result or a demand: they are not shown to it.
//!
//! Texts of the libraries are data, and prompts say so; a model may obey a sentence in them all the same. So sentences
//! that give orders, address a reader who judges, or imitate the form of prompts and answers are left out of what it is
//! shown. They stay in the record. An honest sentence that is left out by mistake costs the model a little of what it could
//! have known.

use std::sync::LazyLock;

use kechuang_text::{Lexicon, normalise, sentences};
use regex::RegexSet;

/// A text as a model may be shown it, and how many of its sentences were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The text.
    pub text: String,
    /// Sentences that were left out.
    pub withheld: usize,
}

/// Leaves out the sentences of a text that speak to a model. An order may be split over two sentences; then both go.
#[must_use]
pub fn guard(lexicon: &Lexicon, text: &str) -> Guarded {
    let spans = sentences(text);
    let pieces: Vec<&str> = spans.iter().filter_map(|span| span.of(text)).collect();
    let mut speaks: Vec<bool> =
        pieces.iter().map(|piece| speaks_to_model(lexicon, piece)).collect();
    for at in 1..pieces.len() {
        let both = format!("{}{}", pieces[at - 1], pieces[at]);
        if !speaks[at - 1] && !speaks[at] && speaks_to_model(lexicon, &both) {
            (speaks[at - 1], speaks[at]) = (true, true);
        }
    }
    let withheld = speaks.iter().filter(|speaks| **speaks).count();
    if withheld == 0 {
        return Guarded { text: text.to_owned(), withheld };
    }
    let kept = pieces.iter().zip(&speaks).filter(|(_, speaks)| !**speaks).map(|(piece, _)| *piece);
    Guarded { text: kept.collect::<Vec<_>>().join(""), withheld }
}

/// Whether a sentence speaks to a model.
fn speaks_to_model(lexicon: &Lexicon, sentence: &str) -> bool {
    let folded = normalise(lexicon, sentence).text.to_lowercase();
    let squeezed: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    FORMS.is_match(&folded) || ORDERS.is_match(&squeezed) || speaks_pinyin(&folded)
}

/// What imitates the form of a prompt or of an answer: looked for in the sentence as it is written, in small letters.
static FORMS: LazyLock<RegexSet> = LazyLock::new(|| {
    patterns(&[
        // Fields of the answer, in quotes or as key and value.
        r#"["'“”]?(level|judgements?|quotes?|score|rank)["'“”]?\s*[:：=]"#,
        r#"["'“”]id["'“”]\s*[:：]"#,
        r#"["'“”](等级|级别|评分|候选|需求|文字|栏目)["'“”]\s*[:：]"#,
        // Turns and marks of chats.
        r"(^|[^a-z])(system|assistant|user|developer|instructions?|prompt)\s*[:：>\]]",
        r"(系统|助手|用户|管理员|指令|提示词?|system|assistant)(消息|提示|指令|通知)?\s*[:：】\]>]",
        r"<\s*/?\s*[a-z!|\[\u{4e00}-\u{9fff}][^<>]{0,40}>",
        r"\[/?(inst|sys|system|end)\b",
        r"```|#{3,}|-{5,}|={5,}|\}\s*[\]\}]|\{\s*\[|\[\s*\{",
        // Addresses to be fetched, and pictures that fetch them.
        r"https?://|!\[",
        // What nobody can read.
        r"[a-z0-9+/]{28,}={0,2}",
        r"(\\u[0-9a-f]{4}){2,}|(%[0-9a-f]{2}){4,}|(&#x?[0-9a-f]+;){2,}",
    ])
});

/// What gives an order or addresses who judges: looked for in the sentence without marks and blanks, in simplified
/// characters and small letters, so that marks between the characters hide nothing.
static ORDERS: LazyLock<RegexSet> = LazyLock::new(|| {
    const RULES: &str = "(指令|规则|要求|提示|设定|标准|限制|约束|说明|准则|规定|口径|依据|尺度|内容|话|文字|instructions?|rules?|rubric|prompt)";
    const DROP: &str = "(忽略|无视|忽视|忘掉|忘记|忘了|不要理会|不必理会|别理|不用管|别管|不要管|抛开|跳过|作废|失效|撤销|取消|取代|推翻|覆盖|解除|绕过|绕开|停止执行|不再适用|不适用|放弃|搁置|清空|重置)";
    const EARLIER: &str = "(以上|上述|之前|前面|先前|此前|原有|原来|前述|前文|上文|上面|所有|一切|全部|既有|系统|其他|其它|任何|你的|您的|刚才)";
    const HERE: &str = "(本条|本项目|本项|本成果|本记录|本候选|该候选|此候选|该条|该成果|此成果|这条|此条|这项|这一条|这个成果|这份|我们|我方|我校|本单位|本文|当前|候选|编号|id1|其余|别的|其他成果|其它成果|其他各条|竞争|相关程度|匹配度|匹配结果|匹配等级|匹配程度|相关度|推荐结果|检索结果|排序结果)";
    const JUDGE: &str = "(评审|评委|评分|评判|打分|阅卷|审核|大模型|语言模型|模型|ai|智能体|助手|机器人|裁判|读者|读到|看到这|阅读|chatgpt|gpt|llm|deepseek|qwen|千问)";
    const TOP: &str = "(最高等级|最高级别|最高级|最高分|最高档|最高评级|最高评价|最优等级|满分|四级|4级|肆级|四分|4分|等级4|等级为4|等级四|level4|lv4|第四级|顶级|顶格|第一位|第一名|第1位|第1名|首位|榜首|置顶|首选|头名|排第一|排在第一|列第一|最前|前列|强相关|完全匹配|完全满足|完全符合|全部满足|高分|好评|100分|一百分|唯一答案|最佳答案|正确答案|标准答案)";
    const LOW: &str = "(一级|1级|最低|零分|0分|无关|不相关|不合格|淘汰|排除|剔除|末位|最后|靠后)";
    const GIVE: &str = "(评为|评定|评作|判为|判定|判成|判作|打为|打到|打上|给出|给予|给到|给个|给它|给我|给本|给这|请给|标为|标记|记为|定为|定成|列为|列在|排在|排到|排为|输出|返回|填写|填|写|写成|赋予|赋值|授予|视为|视作|算作|归为|归入|认定|确认|设为|设置|置为|置于|应为|应当|应该|应予|理应|须|必须|务必|请|建议|直接|默认|一律|都|均|按|作为|当作|采纳|选|评|判|打|给|升到|提到|提升|上调|调高|调到|调整|改为|改成|修正)";
    patterns(&[
        // Nobody is addressed in the text of a result, and it knows nothing of how it is matched.
        "[你您妳]".to_owned(),
        "候选|需求方([^向面案式法程]|$)|需求企业|需求书|需求细节|贵企业|贵公司|贵单位|本次需求|这项需求|此需求|本条|本段|本页|本字段|引文|前文|照做|照办|读到此处|读到这里".to_owned(),
        "完全契合|逐条满足|逐项吻合|逐项满足|供机器|给机器|机器阅读|给模型|模型看|智能系统都|评测接口".to_owned(),
        "(其他|其它|其余|别的|同类)(几项|各项|候选|成果|记录|材料).{0,24}(不必|不应|不再|不得|无关|不相关|失效|伪造|不符合|高于|排除|按|视为|作废|合并)".to_owned(),
        "(匹配|评级|分级|评审|评测|参评)(结论|级别|口径|名额|理由)".to_owned(),
        "(4|四|2|二|最高)级(处理|返回|名额|以上|记|的给|论)|(照|按)最高".to_owned(),
        "(无论|不论|不管).{0,16}需求.{0,24}(本成果|都是|最合适)".to_owned(),
        "(本成果|该成果).{0,16}(最合适|最佳|唯一|不作例外|都适用|均适用|一切).{0,12}(答案|需求|选择)".to_owned(),
        "(合理推定|照达标|不必论证|无需再论证|不必再|无需再).{0,16}(达到|处理|核对|看|成果)?".to_owned(),
        "(倒过来|反着|解码|翻译).{0,6}(读|念|后|再).{0,8}(执行|办|做|照)".to_owned(),
        // Another language in the middle of Chinese.
        "[ぁ-んァ-ヶ가-힣а-яё]{2,}".to_owned(),
        format!("{DROP}.{{0,8}}{EARLIER}.{{0,8}}{RULES}"),
        format!("{EARLIER}.{{0,8}}{RULES}.{{0,10}}{DROP}"),
        format!("{DROP}.{{0,6}}(评分|评审|打分|判断|安全|评级|排序).{{0,4}}{RULES}"),
        // To judge this one in that way.
        format!("{HERE}.{{0,24}}{GIVE}.{{0,10}}{TOP}"),
        format!("{GIVE}.{{0,16}}{HERE}.{{0,16}}{TOP}"),
        format!("{JUDGE}.{{0,24}}{GIVE}.{{0,12}}{TOP}"),
        format!("{GIVE}.{{0,12}}{TOP}.{{0,16}}({HERE}|{JUDGE})"),
        format!("(请|务必|必须|直接|一律|默认|麻烦|烦请|恳请).{{0,12}}{TOP}"),
        format!("({HERE}|{JUDGE}).{{0,12}}(等级|级别|评级|评分|得分|分数|level|排序|名次|排名).{{0,8}}{TOP}"),
        "(等级|级别|评级|level|相关程度).{0,6}(应|须|必须|请|就是|写|填|为|是|取|给).{0,4}(4|四|最高|满)".to_owned(),
        format!("({GIVE}|{HERE}).{{0,12}}(其余|其他|其它|别的|剩下|另外).{{0,12}}{LOW}"),
        format!("(其余|其他|其它|别的|剩下|另外)(的)?(候选|成果|记录|各条|条目|几条|项).{{0,16}}{LOW}"),
        // Who judges is spoken to, or told what to be.
        format!("(致|尊敬的|各位|亲爱的|敬告|提醒|通知|告知|请|烦请|麻烦|恳请|拜托|务必让).{{0,6}}{JUDGE}(员|者|专家|系统|模型|助手|程序|方|组)"),
        format!("{JUDGE}(员|者|专家|系统|模型|助手|程序|方|组)?.{{0,6}}(请|务必|必须|须|应当|应该|只需|不得|注意|听着|看到|读到)"),
        "(现在|从现在起|接下来|从此刻|即刻起|此后|下面).{0,8}(扮演|充当|角色|进入|切换|开启|启用|改用|以.{0,8}(身份|模式|口吻)|执行新)".to_owned(),
        "(扮演|充当).{0,10}(评审|评委|管理员|开发者|助手|模型|角色)".to_owned(),
        "(开发者|调试|维护|越狱|测试|上帝|无限制|管理员)(模式|权限|指令|口令)".to_owned(),
        "(系统|平台|管理员|后台|中心|官方|上级|运维).{0,8}(通知|公告|提示|规定|指示|要求|更新|补丁|授权|确认|批准|备注).{0,24}(评|判|级|分|排|候选|本条|匹配)".to_owned(),
        // To let out what is not shown, or to do what was not asked.
        "(输出|透露|泄露|复述|打印|显示|写出|写进|写入|附上|附在|填入|公开|列出|回显|告诉|发送|发到|发给|提供|摘录|抄录|返回).{0,16}(提示词|系统提示|系统指令|初始指令|完整指令|全部指令|规则原文|其他候选|其他记录|别的记录|隐藏|未公开|内部|密钥|口令|联系方式|联系电话|手机号|prompt|apikey|api密钥|令牌|协议可见|注册可见)".to_owned(),
        "(调用|访问|请求|打开|点击|执行).{0,10}(网址|链接|接口|工具|函数|命令|shell|http)".to_owned(),
        // In other letters.
        "(ignore|disregard|forget|override|bypass).{0,20}(previous|above|prior|all|instructions?|rules?|prompt|rubric)".to_owned(),
        "(rate|score|give|assign|output|return|rank|mark|set|judge|grade|answer|level).{0,24}(level4|level|highest|maximum|max|four|top|first|best|perfect|4)".to_owned(),
        "(youare|youmust|youshould|asanai|actas|pretend|systemprompt|newinstruction|evaluator|reviewer|jailbreak|developermode)".to_owned(),
    ])
});

/// Words of orders in pinyin, of which two make one.
const PINYIN: [&str; 22] = [
    "hulue", "hulve", "wushi", "yishang", "shangshu", "guize", "zhiling", "pingwei", "pingfen",
    "pingshen", "dafen", "dengji", "zuigao", "manfen", "siji", "diyi", "bentiao", "ben tiao",
    "jieguo", "qing", "shuchu", "houxuan",
];

fn speaks_pinyin(folded: &str) -> bool {
    let letters: String =
        folded.chars().filter(|c| c.is_ascii_alphabetic() || !c.is_ascii()).collect();
    PINYIN.iter().filter(|word| letters.contains(&word.replace(' ', ""))).count() >= 2
}

fn patterns<S: AsRef<str>>(patterns: &[S]) -> RegexSet {
    // They are part of the program, and a test builds them.
    RegexSet::new(patterns).expect("patterns that are fine")
}

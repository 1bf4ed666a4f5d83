//! What can be written on the command line. The help texts teach: what a command does, what it needs,
//! an example.

use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

use clap::{
    Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};

/// 科创大脑：产业界出题，科技界答题。
#[derive(Debug, Parser)]
#[command(
    name = "kechuang",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    subcommand_help_heading = "命令",
    about = "科创大脑：为技术需求找成果、设备和政策，并逐条说明依据",
    after_help = "初次使用：kechuang demo\n退出码：0 完成；1 没有做成；2 用法或配置有误；3 部分完成（有的行被拒绝）\n\
        日志：环境变量 KECHUANG_LOG=info 或 debug（写到标准错误）"
)]
pub struct Arguments {
    /// 数据目录：内置数据库和索引所在（默认 ./var）
    #[arg(long, global = true, env = "KECHUANG_DATA", value_name = "目录")]
    pub data: Option<PathBuf>,
    /// 共享数据库，例如 postgres://用户@主机/库名；不写则用数据目录里的 SQLite
    #[arg(
        long,
        global = true,
        env = "KECHUANG_DATABASE",
        value_name = "地址",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// 配置文件（TOML）；不写则读当前目录的 kechuang.toml（若有）
    #[arg(long, global = true, env = "KECHUANG_CONFIG", value_name = "文件")]
    pub config: Option<PathBuf>,
    /// 输出 JSON，供程序读取
    #[arg(long, global = true)]
    pub json: bool,
    /// 做什么
    #[command(subcommand)]
    pub command: Command,
}

/// Reads the command line.
///
/// # Errors
/// Help that was asked for, or a mistake; [`mistake`] tells the latter.
pub fn parse(arguments: &[OsString]) -> Result<Arguments, clap::Error> {
    let command = in_chinese(Arguments::command(), true);
    Arguments::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// The parts of help texts that clap would write in English.
fn in_chinese(command: clap::Command, is_top: bool) -> clap::Command {
    const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助");
    let version =
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本");
    let mut command = command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("命令")
        .next_help_heading("选项")
        .arg(help.help_heading("选项"));
    if is_top {
        command = command.arg(version.help_heading("选项"));
    }
    let arguments: Vec<_> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    for id in arguments {
        command = command.mut_arg(id, |arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading)
        });
    }
    command.mut_subcommands(|command| in_chinese(command, false))
}

/// What is wrong with a command line, and what to do.
#[must_use]
pub fn mistake(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少 {}", argument.replace('\n', "、")),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令「{}」", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "请写明要做什么".to_owned()
        }
        ErrorKind::UnknownArgument => format!("不认识「{argument}」"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("{argument} 缺少取值")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的取值「{value}」有误")
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 与 {} 不能同时使用", context(ContextKind::PriorArg))
        }
        other => format!("写法有误（{other}）"),
    };
    let near = [context(ContextKind::SuggestedSubcommand), context(ContextKind::SuggestedArg)];
    let near = near.into_iter().filter(|near| !near.is_empty());
    let hint: String = near.map(|near| format!("；是否想用 {near}")).collect();
    format!(
        "用法有误：{what}{hint}。用 kechuang --help 看全部命令，用 kechuang 命令 --help 看其用法"
    )
}

/// Who would apply for policies; what is not said is left to be checked.
#[derive(Debug, Default, clap::Args)]
pub struct ApplicantFlags {
    /// 单位所在地：名称或六位区划代码，用于判断政策资格
    #[arg(long, value_name = "地区")]
    pub region: Option<String>,
    /// 单位所属产业链：名称或代码，用于判断政策资格
    #[arg(long, value_name = "产业链")]
    pub chain: Option<String>,
    /// 企业规模：大型、中型、小型或微型，用于判断政策资格
    #[arg(long, value_name = "规模")]
    pub size: Option<String>,
}

/// What is done with models.
#[derive(Debug, Clone, Subcommand)]
pub enum ModelsAction {
    /// 列出随程序附带的和模型目录中的模型；* 为启用中
    List,
    /// 下载一个模型到模型目录；中断后再次运行即续传，每个文件都核对哈希
    #[command(after_help = "下载地址用配置的 models.mirror（默认 https://huggingface.co）。\n\
        不能联网时：在别的机器上下载该模型的 config.json、tokenizer.json 和权重文件，\n\
        放进“数据目录/models/名称”，再运行 kechuang models adopt 名称。")]
    Fetch {
        /// 模型名称，见 kechuang models list
        #[arg(value_name = "名称")]
        name: String,
    },
    /// 登记手工放入模型目录的文件：记下各文件的哈希和用法
    Adopt {
        /// 模型名称，见 kechuang models list
        #[arg(value_name = "名称")]
        name: String,
    },
    /// 逐个文件核对大小和 SHA-256
    Verify {
        /// 模型名称；不写则核对全部
        #[arg(value_name = "名称")]
        name: Option<String>,
    },
    /// 启用一个模型（编码模型或精排模型），下次启动时生效
    Use {
        /// 模型名称，见 kechuang models list
        #[arg(value_name = "名称")]
        name: String,
    },
    /// 停用一个模型，下次启动时生效；编码模型则换回随程序附带的
    Retire {
        /// 模型名称，见 kechuang models list
        #[arg(value_name = "名称")]
        name: String,
    },
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 演示：导入示例数据，匹配全部示例需求，打印结果并开启网站
    #[command(
        after_help = "示例：\n  kechuang demo\n  kechuang demo --once\n  kechuang demo --listen 127.0.0.1:8081"
    )]
    Demo {
        /// 打印结果后退出，不开启网站
        #[arg(long)]
        once: bool,
        /// 网站的地址和端口（默认 127.0.0.1:8080）
        #[arg(long, env = "KECHUANG_LISTEN", value_name = "地址:端口")]
        listen: Option<SocketAddr>,
    },
    /// 模型：列出、下载、核对、启用
    #[command(
        after_help = "示例：\n  kechuang models list\n  kechuang models fetch bge-small-zh-v1.5\n  kechuang models use bge-small-zh-v1.5"
    )]
    Models {
        /// 做什么
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// 开启网站和接口，并处理后台任务
    #[command(after_help = "示例：\n  kechuang serve --data /srv/kechuang --listen 0.0.0.0:8080\n\
        首次启动会打印一次写入令牌，请妥善保存。按 Ctrl-C 停止。")]
    Serve {
        /// 地址和端口（默认 127.0.0.1:8080）
        #[arg(long, env = "KECHUANG_LISTEN", value_name = "地址:端口")]
        listen: Option<SocketAddr>,
    },
    /// 只处理后台任务（导入），可与 serve 分开运行
    #[command(
        after_help = "示例：\n  kechuang work\n  kechuang work --once   # 做完现有任务就退出"
    )]
    Work {
        /// 做完现有任务就退出
        #[arg(long)]
        once: bool,
    },
    /// 把文件、文件夹或数据源导入一个库：.xlsx、.csv、.jsonl、.json、.docx、.pdf、.txt
    #[command(
        after_help = "表格首行为列名（工作表可有标题行），Word 可以是表格或“标签：内容”，成文政策逐条读出。列名可用中文，例如：编号、名称、内容简介、关键词、技术指标、单位、行政区划、产业链。\n\
        示例：\n  kechuang ingest 成果.csv --library achievement\n\
        \x20 kechuang ingest 政策文件夹 --library policy\n\
        坏的行会被拒绝并说明原因，好的行照常入库（退出码 3）。同一来源、同一编号的行再次导入即为更新。"
    )]
    Ingest {
        /// 文件、文件夹（含其中各层），或数据源的网址（主机须在配置的 feeds.hosts 中）
        #[arg(required = true, value_name = "文件")]
        files: Vec<PathBuf>,
        /// 目标库：achievement（成果）、demand（需求）、equipment（设备）、policy（政策）
        #[arg(long, value_name = "库")]
        library: String,
        /// 来源名称；编号在同一来源内唯一（默认为文件名）
        #[arg(long, value_name = "名称")]
        source: Option<String>,
        /// 标为示例数据
        #[arg(long)]
        sample: bool,
        /// 每批提交后立即打印各条的编号
        #[arg(long, conflicts_with = "json")]
        ids: bool,
        /// 有行被拒绝时，把原文件连同错误说明写到这里，可发回填写人（一次只能导入一个文件）
        #[arg(long, value_name = "文件")]
        errors: Option<PathBuf>,
        /// 按“来源名称”列放回各自的来源；只用于本系统导出的文件
        #[arg(long)]
        keep_sources: bool,
    },
    /// 生成填报模板：带说明、示例、下拉列表和检查的 Excel 表
    #[command(after_help = "填好后用 kechuang ingest 导入；模板里的示例行不会入库。\n\
        示例：\n  kechuang template --library demand > 需求征集表.xlsx\n\
        \x20 kechuang template --library equipment --output 设备填报表.xlsx\n\
        \x20 kechuang ingest 需求征集表.xlsx --library demand --errors 退回.xlsx")]
    Template {
        /// 哪个库：achievement（成果）、demand（需求）、equipment（设备）、policy（政策）
        #[arg(long, value_name = "库")]
        library: String,
        /// 写到这个文件；不写则输出到标准输出
        #[arg(long, value_name = "文件")]
        output: Option<PathBuf>,
    },
    /// 导出一个库的全部记录，含可见范围和出处；再次导入可得到相同的记录
    #[command(
        after_help = "导出的内容含不公开的字段，请妥善保管。以 = + - @ 开头的文字在 CSV 中前加 '，再导入时自动去掉。\n\
        示例：\n  kechuang export --library achievement --output 成果.xlsx\n\
        \x20 kechuang export --library demand --format csv > 需求.csv\n\
        搬到另一台机器：\n  kechuang export --library demand --format jsonl --output 需求.jsonl\n\
        \x20 kechuang ingest 需求.jsonl --library demand --keep-sources"
    )]
    Export {
        /// 哪个库：achievement（成果）、demand（需求）、equipment（设备）、policy（政策）
        #[arg(long, value_name = "库")]
        library: String,
        /// 格式：xlsx、csv 或 jsonl（每行一个 JSON 对象）
        #[arg(long, default_value = "xlsx", value_name = "格式")]
        format: String,
        /// 写到这个文件；不写则输出到标准输出
        #[arg(long, value_name = "文件")]
        output: Option<PathBuf>,
    },
    /// 为一段文字或一项需求找答案
    #[command(
        after_help = "示例：\n  kechuang match --text \"6061铝合金焊接接头强度低，要求抗拉强度不低于240MPa\"\n\
        \x20 kechuang match --demand DEM-001 --top 3\n\
        \x20 kechuang match --text \"氢气提纯\" --region 吕梁市 --chain 氢能 --size 中型\n  cat 需求.txt | kechuang match --text - --json"
    )]
    Match {
        /// 技术难题的文字；写 - 则从标准输入读
        #[arg(long, value_name = "文字", conflicts_with = "demand")]
        text: Option<String>,
        /// 需求（或成果）的编号：系统编号，或示例数据的编号如 DEM-001
        #[arg(long, value_name = "编号")]
        demand: Option<String>,
        /// 给出几个答案，1 到 100
        #[arg(long, default_value_t = 5, value_name = "个数")]
        top: usize,
        /// 末尾留几个位置给其他产业链的成果（注明“相邻领域”），至多为 --top 的一半
        #[arg(long, default_value_t = 0, value_name = "个数")]
        neighbours: usize,
        /// 排序方案
        #[arg(long, value_name = "名称")]
        profile: Option<String>,
        /// 单位情况
        #[command(flatten)]
        applicant: ApplicantFlags,
    },
    /// 把一份文档或一段文字读成需求或成果的栏目，每个值附原文；不入库
    #[command(after_help = "文件可为 .docx、.pdf、.txt；不写或写 - 则从标准输入读文字。\n\
        示例：\n  kechuang read 需求.docx --library demand\n  cat 来信.txt | kechuang read --library achievement --json\n\
        \x20 kechuang read 纪要.txt --library demand --assist   # 同时请配置中的大模型读")]
    Read {
        /// 文档
        #[arg(value_name = "文件")]
        file: Option<PathBuf>,
        /// 读成哪个库的记录：demand（需求）或 achievement（成果）
        #[arg(long, value_name = "库")]
        library: String,
        /// 同时请配置文件 assist 一节的大模型读
        #[arg(long)]
        assist: bool,
    },
    /// 在评测数据上量排序质量：nDCG@10、MRR、AUC、recall@100
    #[command(
        after_help = "目录须含 demands.jsonl、achievements.jsonl 和 qrels.tsv，或一个写明这些文件在哪里的 dataset.toml。\n\
        每个数后面是 95% 置信区间（对需求作自助重抽样）；其后各方案与第一个方案逐需求比较。\n\
        写报告时另量最后一个方案去掉各部分后的样子。\n\
        示例：\n  kechuang eval bench/dev --profile lexical --profile semantic --json\n  kechuang eval bench/dev --report out.html\n\
        目录含 texts.jsonl（带标注的文字）时，量的是把文字读成栏目：规则和（写 --assist 时）大模型各读对多少。\n  kechuang eval data/golden/reading"
    )]
    Eval {
        /// 评测数据目录
        #[arg(value_name = "目录")]
        folder: PathBuf,
        /// 要量的排序方案，可写几次；不写则量 lexical 和 default
        #[arg(long = "profile", value_name = "名称")]
        profiles: Vec<String>,
        /// 写一份报告，以 .html 或 .md 结尾，可写几次：区间、两两比较、各部分的贡献、等级与把握、逐条需求的得失
        #[arg(long = "report", value_name = "文件")]
        reports: Vec<PathBuf>,
        /// 另量大模型评审使 default 好多少：这个地址上的服务（OpenAI 兼容，写到 /v1），按前几位、至多移动几位各列一行
        #[arg(long, value_name = "网址", requires = "assist_model")]
        assist: Option<String>,
        /// 该服务上的模型名称
        #[arg(long, value_name = "名称", requires = "assist")]
        assist_model: Option<String>,
    },
    /// 在评测数据上拟合学习排序的权重，并说明在未见过的需求上好多少
    #[command(
        after_help = "目录的要求与 eval 相同。各条需求由没见过它的权重排序（按需求交叉验证），所报的数即由此来；\n\
        写下的权重在全部需求上拟合。在未见过的需求上不如现用的，则不替换。\n\
        示例：\n  kechuang train bench/dev --folds 5 --seed 1 --dry-run --json\n  kechuang train --events"
    )]
    Train {
        /// 评测数据目录
        #[arg(value_name = "目录", required_unless_present = "events")]
        folder: Option<PathBuf>,
        /// 不用评测数据，用本库匹配的结果：签约为 4 级，接受或见面为 3 级，因不合适而拒绝为 1 级
        #[arg(long, conflicts_with = "folder")]
        events: bool,
        /// 分成几折
        #[arg(long, default_value_t = 5, value_name = "折数")]
        folds: usize,
        /// 分折的随机种子
        #[arg(long, default_value_t = 1, value_name = "种子")]
        seed: u64,
        /// 岭回归的惩罚项，须大于 0；越大，权重越小
        #[arg(long, default_value_t = 300.0, value_name = "数")]
        penalty: f64,
        /// 只报数，不写入
        #[arg(long)]
        dry_run: bool,
        /// 不如现用的也替换
        #[arg(long)]
        replace: bool,
    },
    /// 从数据库重建索引
    Reindex,
    /// 核对数据库与索引是否一致
    #[command(after_help = "不一致时退出码为 1；用 kechuang reindex 重建索引即可恢复一致。")]
    Fsck,
    /// 从标准输入读一个 PDF，文字写到标准输出；由程序自己调用
    #[command(hide = true)]
    ReadPdf,
    /// 打印接口说明（OpenAPI 3.1）
    Openapi,
    /// 检查这台机器和数据目录是否就绪，逐项给出处理办法
    Doctor {
        /// 要检查的地址和端口（默认 127.0.0.1:8080）
        #[arg(long, env = "KECHUANG_LISTEN", value_name = "地址:端口")]
        listen: Option<SocketAddr>,
    },
}

//! Published policies, where this machine has them beside the project: the first city's plan with its 22
//! tasks, 101 policies of an official guide, and statutes by articles.

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
};

use kechuang_reading::read_policy;
use serde_json::Value;

/// The first city's zones, as most tasks name them.
const ZONES: &str =
    "、吕梁经开区、孝义开发区、交城开发区、文水开发区、兴县开发区、岚县开发区、交口开发区";

/// The 22 tasks and the offices that answer for them; `+` stands for [`ZONES`].
const TASKS: &[(&str, &str)] = &[
    ("六、(一)1", "市科技局、市财政局、市工信局、市新区建设管理中心、吕梁经开区"),
    ("六、(一)2", "市科技局、市财政局、市工信局、市新区建设管理中心+"),
    ("六、(一)3", "市科技局、市财政局、市新区建设管理中心"),
    ("六、(二)4", "市工信局、市科技局、市能源局+"),
    ("六、(二)5", "市工信局、市科技局+"),
    ("六、(二)6", "市市场监管局、市科技局、市财政局+"),
    ("六、(二)7", "市科技局、市工信局+"),
    ("六、(二)8", "市科技局、市工信局、市财政局+"),
    ("六、(二)9", "市发改委、市科技局+"),
    ("六、(三)10", "市科技局、市农业农村局、市教育局+"),
    ("六、(三)11", "市发改委、市科技局、市工信局、市能源局+"),
    ("六、(三)12", "市委组织部、市科技局、市人社局+"),
    (
        "六、(四)13",
        "市政府办、市财政局、市科技局、中国人民银行吕梁市分行、国家金融监督管理总局吕梁监管分局",
    ),
    (
        "六、(四)14",
        "市政府办、市财政局、市科技局、市发改委、市国资委、中国人民银行吕梁市分行、国家金融监督管理总局吕梁监管分局",
    ),
    (
        "六、(四)15",
        "市政府办、市财政局、市科技局、中国人民银行吕梁市分行、国家金融监督管理总局吕梁监管分局、孝义市政府、交城县政府、文水县政府、兴县政府、岚县政府、交口县政府",
    ),
    ("六、(五)16", "市财政局、市科技局、市工信局、市数据局、市高新技术发展研究院"),
    (
        "六、(五)17",
        "市发改委、市工信局、市政府办、市科技局、市行政审批局、中国人民银行吕梁市分行、国家金融监督管理总局吕梁监管分局",
    ),
    ("六、(五)18", "市科技局、市工信局、市数据局、市财政局、市行政审批局、市高新技术发展研究院"),
    ("六、(五)19", "市科技局、市财政局"),
    ("六、(六)20", "市科技局、市工信局、市商务局、市招商引资服务中心"),
    ("六、(六)21", "市委宣传部、市商务局、市工信局、市科技局、市招商引资服务中心"),
    ("六、(六)22", "市商务局、市工信局、市科技局、市招商引资服务中心"),
];

/// The file of that name beside the project; says so where there is none.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn rows(name: &str) -> Option<Vec<Value>> {
    let file = fs::File::open(shared(name)?).expect("a file");
    let mut text = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut text).expect("XZ");
    let text = String::from_utf8(text).expect("UTF-8");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

fn day(text: &str) -> Option<kechuang_domain::Date> {
    Some(text.parse().expect("a day"))
}

#[test]
fn all_22_tasks_of_the_plan_have_exactly_their_offices() {
    let Some(path) = shared("policies/吕政办发-2024-24号.txt") else { return };
    let reading = read_policy(&fs::read_to_string(path).expect("a text"));
    let named = reading.clauses.iter().filter(|clause| !clause.responsible.is_empty());
    let read: Vec<_> =
        named.map(|clause| (clause.clause.clone(), clause.responsible.join("、"))).collect();
    let expected: Vec<_> = TASKS
        .iter()
        .map(|(task, offices)| ((*task).to_owned(), offices.replace('+', ZONES)))
        .collect();
    assert_eq!(expected.len(), 22);
    assert_eq!(read, expected);
}

#[test]
fn the_plan_is_read_into_its_fields() {
    let Some(path) = shared("policies/吕政办发-2024-24号.txt") else { return };
    let reading = read_policy(&fs::read_to_string(path).expect("a text"));
    assert_eq!(
        reading.title,
        "吕梁市人民政府办公室关于印发“晋创谷·吕梁”创新驱动平台建设三年行动计划(2024-2026年)实施方案的通知"
    );
    assert_eq!(reading.document_number.as_deref(), Some("吕政办发〔2024〕24号"));
    assert_eq!(reading.issuer.as_deref(), Some("吕梁市人民政府办公室"));
    assert!(reading.joint_issuers.is_empty());
    assert_eq!((reading.level, reading.region_name.as_deref()), (Some("市"), Some("吕梁市")));
    assert_eq!((reading.written_on, reading.published_on), (day("2024-07-16"), day("2024-07-22")));
    assert_eq!((reading.effective_from, reading.cap), (None, None));
    assert_eq!(reading.hotline.as_deref(), Some("3368807"));
    assert_eq!(reading.clauses.len(), 53);
    let last = reading.clauses.last().and_then(|clause| clause.span.of(&reading.body));
    assert!(last.is_some_and(|words| words.ends_with("总结和示范推广。")), "{last:?}");
}

#[test]
fn every_policy_of_the_guide_has_clauses_for_its_points() {
    let Some(rows) = rows("corpora/policies-beijing.jsonl.xz") else { return };
    let (mut capped, mut conditional, mut supporting) = (0, 0, 0);
    for row in &rows {
        let text = |field: &str| row[field].as_str().expect("a text");
        let reading = read_policy(&format!("{}\n{}", text("title"), text("body")));
        assert_eq!(reading.title, text("title"));
        assert!(!reading.clauses.is_empty(), "{}", reading.title);
        // Every line that begins with a number of the widest kind is a clause.
        for line in text("body").lines().map(str::trim) {
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            let point = (1..3).contains(&digits) && line[digits..].starts_with('．');
            let begins = |clause: &kechuang_domain::Clause| {
                let words = clause.span.of(&reading.body).unwrap_or_default();
                words.lines().next().is_some_and(|first| line.starts_with(first.trim_end()))
            };
            assert!(!point || reading.clauses.iter().any(begins), "{}: {line}", reading.title);
        }
        capped += usize::from(reading.cap.is_some());
        conditional += usize::from(reading.clauses.iter().any(|clause| !clause.rules.is_empty()));
        supporting += usize::from(!reading.support_kinds.is_empty());
    }
    println!(
        "{} policies: {capped} caps, {conditional} conditions, {supporting} support",
        rows.len()
    );
    // Read by eye, 63 state a cap; the others name bounds of turnover and capital only.
    assert_eq!((rows.len(), capped), (101, 63));
    assert!(conditional >= 60 && supporting >= 80, "{conditional} {supporting}");
}

#[test]
fn statutes_have_a_clause_for_every_article() {
    let Some(rows) = rows("corpora/laws-scitech.jsonl.xz") else { return };
    let mut in_force = 0;
    for row in &rows {
        let title = row["title"].as_str().expect("a title");
        let articles = row["articles"].as_array().expect("articles");
        let field =
            |article: &Value, name: &str| article[name].as_str().unwrap_or_default().to_owned();
        let passed = row["date"].as_str().map(|date| format!("（{date}通过）\n"));
        let mut text = format!("{title}\n{}", passed.unwrap_or_default());
        let mut chapter = String::new();
        for article in articles {
            if field(article, "chapter") != chapter {
                chapter = field(article, "chapter");
                text.push_str(&format!("{chapter}\n"));
            }
            text.push_str(&format!("{}　{}\n", field(article, "no"), field(article, "text")));
        }
        let reading = read_policy(&text);
        let read = reading.clauses.iter().filter(|clause| clause.clause.starts_with('第'));
        let read: Vec<_> = read.map(|clause| clause.clause.clone()).collect();
        let expected: Vec<_> = articles.iter().map(|article| field(article, "no")).collect();
        assert_eq!(read, expected, "{title}");
        in_force += usize::from(reading.effective_from.is_some());
    }
    println!("{} statutes, {in_force} say from when they are in force", rows.len());
    assert!(in_force * 10 >= rows.len() * 9, "{in_force}");
}

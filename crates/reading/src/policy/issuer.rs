//! Who issues documents: offices, their level and their division.

/// The longest name of an office, in characters.
const LONGEST_CHARS: usize = 30;

/// How names of offices end.
const ENDINGS: &[&str] = &[
    "人民政府",
    "政府",
    "办公室",
    "办公厅",
    "委员会",
    "管委会",
    "委",
    "总局",
    "局",
    "厅",
    "部",
    "院",
    "署",
    "国务院",
    "常务委员会",
    "常委会",
    "代表大会",
    "总工会",
    "联合会",
    "协会",
    "银行",
    "分行",
    "分局",
    "法院",
    "检察院",
    "开发区",
];

/// How names of offices of the whole country begin.
const NATIONAL: &[&str] = &[
    "国家",
    "国务院",
    "中共中央",
    "中央",
    "全国",
    "中华人民共和国",
    "中国",
    "科学技术部",
    "科技部",
    "工业和信息化部",
    "财政部",
    "教育部",
    "商务部",
    "自然资源部",
    "生态环境部",
    "农业农村部",
    "人力资源和社会保障部",
    "人力资源社会保障部",
    "住房和城乡建设部",
    "住房城乡建设部",
    "交通运输部",
    "水利部",
    "文化和旅游部",
    "应急管理部",
    "海关总署",
    "市场监管总局",
    "发展改革委",
];

/// The four cities that are provinces.
const CITY_PROVINCES: &[&str] = &["北京市", "天津市", "上海市", "重庆市"];

/// Shanxi's cities that rank as counties (GB/T 2260): their names do not tell.
const COUNTY_CITIES: &[&str] = &[
    "古交市",
    "高平市",
    "介休市",
    "永济市",
    "河津市",
    "原平市",
    "侯马市",
    "霍州市",
    "孝义市",
    "汾阳市",
    "怀仁市",
];

/// Whether `name` can be the name of an office and nothing else.
pub(crate) fn is_office(name: &str) -> bool {
    let chars = name.chars().take(LONGEST_CHARS + 1).count();
    (3..=LONGEST_CHARS).contains(&chars)
        && ENDINGS.iter().any(|ending| name.ends_with(ending))
        && !name.contains(|c: char| {
            c.is_whitespace() || c.is_ascii_digit() || "，。；：:、《》“”,;?？!！".contains(c)
        })
}

/// Where an office stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// 国家, 省, 市 or 县; empty where the name does not tell.
    pub level: &'static str,
    /// The narrowest division in the name, such as 吕梁市; empty for the country or where there is none.
    pub region: String,
}

/// Level and division of the office, or of the statute, that is so called.
#[must_use]
pub fn standing(name: &str) -> Standing {
    let name = name.trim_start_matches("中共").trim_start_matches("中国共产党");
    let mut standing = Standing::default();
    if NATIONAL.iter().any(|start| name.starts_with(start)) {
        standing.level = "国家";
        return standing;
    }
    let mut rest = name;
    while let Some((division, level, below)) = division(rest, standing.level) {
        // A city that is a province has districts; below a county nothing is told apart.
        standing = Standing { level, region: division.to_owned() };
        rest = below;
        if level == "县" {
            break;
        }
    }
    standing
}

/// The division that `name` begins with below `above`, and what follows it.
fn division<'a>(name: &'a str, above: &str) -> Option<(&'a str, &'static str, &'a str)> {
    for (read, (at, c)) in name.char_indices().take(11).enumerate() {
        let end = at + c.len_utf8();
        let (division, rest) = name.split_at(end);
        let level = match c {
            '省' if read >= 2 => "省",
            '区' if division.ends_with("自治区") && read >= 3 => "省",
            '市' if CITY_PROVINCES.contains(&division) => "省",
            // 资本市场 is no city.
            '市' if (2..=5).contains(&read) && !rest.starts_with('场') => {
                let is_county = COUNTY_CITIES.contains(&division) || above == "市";
                if is_county { "县" } else { "市" }
            }
            '盟' if read >= 2 => "市",
            '州' if division.ends_with("自治州") => "市",
            '县' | '旗' if read >= 1 => "县",
            // 高新区, 开发区 and 示范区 are no divisions.
            '区' if read >= 1 && !division.ends_with("开发区") => {
                let is_zone = ["新区", "示范区", "试验区", "园区", "保税区", "高新区", "经开区"];
                if is_zone.iter().any(|zone| division.ends_with(zone)) {
                    return None;
                }
                "县"
            }
            _ => continue,
        };
        return Some((division, level, rest));
    }
    None
}

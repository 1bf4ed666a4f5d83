//! Facets: by what a library can be narrowed. This is the one registry of them: which library has
//! which, what it is called there, and where its values come from.
//!
//! Values come from what the public may see, so that nothing hidden shapes a count.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::{ChainCode, Fact, Library, PartyId, Record, Region, public_facts::PublicFacts};

/// The longest value of a facet, in characters; more is no name of anything.
const VALUE_LIMIT_CHARS: usize = 100;

/// By what a library can be narrowed. The order here is the order on pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// Industry chain, by code.
    Chain,
    /// Section (`C`) and division (`C39`) of GB/T 4754.
    Industry,
    /// Six digits: the division itself and those around it.
    Region,
    /// How far a result has come, how ripe an answer must be, at what level a policy was made.
    Stage,
    /// Class of a result, category of a demand, kind of a resource, ways in which a policy supports.
    Kind,
    /// The owner, by the id of the party.
    Owner,
    /// Finished, due, in use since, in force since: a year of four digits.
    Year,
}

/// What is chosen: any value of one facet will do, and every facet must.
pub type Selection = BTreeMap<Facet, BTreeSet<String>>;

impl Facet {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Chain,
        Self::Industry,
        Self::Region,
        Self::Stage,
        Self::Kind,
        Self::Owner,
        Self::Year,
    ];

    /// The stable name in the API and the index.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Industry => "industry",
            Self::Region => "region",
            Self::Stage => "stage",
            Self::Kind => "kind",
            Self::Owner => "owner",
            Self::Year => "year",
        }
    }

    /// What it is called in a library; `None` where the library has no such facet.
    #[must_use]
    pub const fn label_in(self, library: Library) -> Option<&'static str> {
        use Library::{Achievement, Demand, Equipment, Policy};
        match (self, library) {
            (Self::Chain, _) => Some("产业链"),
            (Self::Industry, Achievement | Demand) => Some("应用行业"),
            (Self::Industry, Policy) => Some("适用行业"),
            (Self::Region, Policy) => Some("适用地区"),
            (Self::Region, _) => Some("地区"),
            (Self::Stage, Achievement) => Some("所处阶段"),
            (Self::Stage, Demand) => Some("期望成熟度"),
            (Self::Stage, Policy) => Some("层级"),
            (Self::Industry | Self::Stage, Equipment) => None,
            (Self::Kind, Achievement) => Some("成果类别"),
            (Self::Kind, Demand) => Some("需求类别"),
            (Self::Kind, Equipment) => Some("资源类别"),
            (Self::Kind, Policy) => Some("支持类别"),
            (Self::Owner, Policy) => Some("发文机关"),
            (Self::Owner, _) => Some("单位"),
            (Self::Year, Achievement) => Some("完成年份"),
            (Self::Year, Demand) => Some("截止年份"),
            (Self::Year, Equipment) => Some("启用年份"),
            (Self::Year, Policy) => Some("施行年份"),
        }
    }

    /// The facets of a library.
    pub fn of(library: Library) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |facet| facet.label_in(library).is_some())
    }

    /// The values that a record has, each once; none where its library has no such facet or the
    /// public may not know.
    #[must_use]
    pub fn values_of(self, record: &Record) -> BTreeSet<String> {
        if self.label_in(record.library()).is_none() {
            return BTreeSet::new();
        }
        let facts = PublicFacts::of(record);
        let one = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
        match self {
            Self::Chain => one(record.content.chain.as_ref().map(ChainCode::as_str)),
            Self::Industry => industries(&facts),
            Self::Region => record.content.region.map(around).unwrap_or_default(),
            Self::Stage => match record.library() {
                Library::Achievement => one(facts.text(Fact::Stage)),
                Library::Demand => one(facts.whole(Fact::ExpectedTrl).map(band)),
                Library::Equipment | Library::Policy => one(facts.text(Fact::Level)),
            },
            Self::Kind => match record.library() {
                Library::Achievement => one(facts.text(Fact::ResultClass)),
                Library::Demand => one(facts.text(Fact::Category)),
                Library::Equipment => one(facts.text(Fact::Kind)),
                Library::Policy => supports(&facts),
            },
            Self::Owner => BTreeSet::from([record.owner.to_string()]),
            Self::Year => year(&facts, record.library()).into_iter().collect(),
        }
    }

    /// A value as somebody asks for it, checked as far as its form goes.
    ///
    /// # Errors
    /// [`BadFacetValue`] for what no record can have.
    pub fn parse_value(self, text: &str) -> Result<String, BadFacetValue> {
        let text = text.trim();
        let told = |reason: String| BadFacetValue { facet: self, reason };
        let chars = text.chars().count();
        if chars > VALUE_LIMIT_CHARS {
            return Err(told(format!("共 {chars} 个字符，超过上限 {VALUE_LIMIT_CHARS}")));
        }
        match self {
            Self::Chain => text
                .parse()
                .map(|chain: ChainCode| chain.as_str().to_owned())
                .map_err(|error| told(error.to_string())),
            Self::Region => text
                .parse()
                .map(|region: Region| region.to_string())
                .map_err(|error| told(error.to_string())),
            Self::Industry => {
                industry(text).and_then(|values| values.into_iter().next_back()).ok_or_else(|| {
                    told(format!("「{text}」不是国民经济行业的门类或大类（例如 C 或 C39）"))
                })
            }
            Self::Owner => text
                .parse()
                .map(|party: PartyId| party.to_string())
                .map_err(|_| told(format!("「{text}」不是单位编号；请用分面返回的 value"))),
            Self::Year if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Err(told(format!("「{text}」不是四位年份（例如 2026）")))
            }
            Self::Year | Self::Stage | Self::Kind => Ok(text.to_owned()),
        }
    }
}

/// A division and those around it, widest first: 140000, 141100, 141181.
fn around(region: Region) -> BTreeSet<String> {
    [10_000, 100, 1]
        .into_iter()
        .filter_map(|step| Region::from_number(region.number() / step * step))
        .map(|region| region.to_string())
        .collect()
}

/// A readiness level by the stage that it belongs to: 实验室和小试, 中试, 成熟应用.
const fn band(level: i64) -> &'static str {
    match level {
        ..=3 => "1-3",
        4..=6 => "4-6",
        _ => "7-9",
    }
}

fn industries(facts: &PublicFacts<'_>) -> BTreeSet<String> {
    let single = facts.text(Fact::Industry).into_iter();
    let several = facts.list(Fact::AudienceIndustries).iter().map(String::as_str);
    single.chain(several).filter_map(industry).flatten().collect()
}

/// Section and division of an industry code: `C` and `C39` of `C3912` or `3912`. `None` for what is
/// no such code.
fn industry(code: &str) -> Option<BTreeSet<String>> {
    let code = code.trim();
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let written = code[..code.len() - digits.len()].to_ascii_uppercase();
    if written.len() > 1 || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let division: Option<u8> = digits.get(..2).and_then(|division| division.parse().ok());
    let section = match (division, written.chars().next()) {
        (None, Some(letter)) if digits.is_empty() => SECTIONS.iter().find(|(of, ..)| *of == letter),
        (Some(division), _) => {
            SECTIONS.iter().find(|(_, from, until)| (*from..=*until).contains(&division))
        }
        _ => None,
    };
    let (letter, ..) = section?;
    let mut values = BTreeSet::from([letter.to_string()]);
    values.extend(division.map(|division| format!("{letter}{division:02}")));
    Some(values)
}

/// Sections with their first and last division, GB/T 4754-2017.
const SECTIONS: [(char, u8, u8); 20] = [
    ('A', 1, 5),
    ('B', 6, 12),
    ('C', 13, 43),
    ('D', 44, 46),
    ('E', 47, 50),
    ('F', 51, 52),
    ('G', 53, 60),
    ('H', 61, 62),
    ('I', 63, 65),
    ('J', 66, 69),
    ('K', 70, 70),
    ('L', 71, 72),
    ('M', 73, 75),
    ('N', 76, 79),
    ('O', 80, 82),
    ('P', 83, 83),
    ('Q', 84, 85),
    ('R', 86, 90),
    ('S', 91, 96),
    ('T', 97, 97),
];

/// What a policy offers, as a whole and clause by clause.
fn supports(facts: &PublicFacts<'_>) -> BTreeSet<String> {
    let whole = facts.list(Fact::SupportKinds).iter();
    let by_clause = facts.clauses().iter().flat_map(|clause| &clause.support);
    whole.chain(by_clause).cloned().collect()
}

/// Days and months begin with their year.
fn year(facts: &PublicFacts<'_>, library: Library) -> Option<String> {
    let of = |fact| facts.text(fact).and_then(|day| day.get(..4)).map(str::to_owned);
    match library {
        Library::Achievement => {
            let stated = facts.whole(Fact::Year).map(|year| year.to_string());
            stated.or_else(|| of(Fact::Finished))
        }
        Library::Demand => of(Fact::Deadline),
        Library::Equipment => of(Fact::InUseSince),
        Library::Policy => of(Fact::EffectiveFrom)
            .or_else(|| of(Fact::WrittenOn))
            .or_else(|| of(Fact::PublishedOn)),
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no facet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为「{0}」的分面")]
pub struct UnknownFacet(pub String);

impl FromStr for Facet {
    type Err = UnknownFacet;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|facet| facet.code() == text)
            .ok_or_else(|| UnknownFacet(text.to_owned()))
    }
}

/// No record can have this value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("参数 {facet}：{reason}")]
pub struct BadFacetValue {
    /// Of which facet.
    pub facet: Facet,
    /// What is wrong with it.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: Option<&[&str]>) {
        let expected =
            expected.map(|values| values.iter().map(|value| (*value).to_owned()).collect());
        assert_eq!(industry(code), expected, "{code}");
    }

    #[test]
    fn an_industry_counts_for_its_section_and_division() {
        check("C3912", Some(&["C", "C39"]));
        check("3912", Some(&["C", "C39"]));
        check("A0111", Some(&["A", "A01"]));
        check("M", Some(&["M"]));
        check("c39", Some(&["C", "C39"]));
        check("制造业", None);
        check("C3", None);
        check("9912", None);
        check("", None);
    }

    #[test]
    fn a_county_counts_for_its_city_and_province() {
        let around =
            |code: &str| around(code.parse().expect("a region")).into_iter().collect::<Vec<_>>();
        assert_eq!(around("141181"), ["140000", "141100", "141181"]);
        assert_eq!(around("141100"), ["140000", "141100"]);
        assert_eq!(around("100000"), ["100000"]);
    }

    #[test]
    fn values_that_no_record_can_have_are_refused_in_chinese() {
        for (facet, text) in [
            (Facet::Region, "999"),
            (Facet::Chain, "氢能"),
            (Facet::Owner, "示例大学"),
            (Facet::Year, "26"),
            (Facet::Industry, "ZZ"),
        ] {
            let refused = facet.parse_value(text).expect_err("refused").to_string();
            assert!(refused.contains(facet.code()) && refused.contains(text), "{refused}");
        }
        assert_eq!(Facet::Industry.parse_value("C3912"), Ok("C39".to_owned()));
    }
}

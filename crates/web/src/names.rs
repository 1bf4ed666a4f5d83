//! Chinese names of codes, from tables that are handed in.

use std::collections::HashMap;

use kechuang_domain::{ChainCode, CodeTable, Facet, Region};
use kechuang_matching::{FacetChoice, FacetValue};

/// What divisions, chains and industries are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    regions: HashMap<Region, String>,
    chains: HashMap<ChainCode, String>,
    industries: HashMap<String, String>,
}

/// A line of a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("代码表 {file} 第 {line} 行有误；应为「代码<TAB>名称」")]
pub struct NamesError {
    /// Which table.
    pub file: &'static str,
    /// Which line, from 1.
    pub line: usize,
}

impl Names {
    /// Reads both tables: code and name, tab-separated, `#` before comments.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(regions: &str, chains: &str) -> Result<Self, NamesError> {
        Ok(Self {
            regions: table("regions.tsv", regions)?,
            chains: table("chains.tsv", chains)?,
            industries: HashMap::new(),
        })
    }

    /// The same with what industries are called.
    #[must_use]
    pub fn with_industries(mut self, industries: &CodeTable) -> Self {
        let entries = industries.entries().iter();
        self.industries = entries.map(|entry| (entry.code.clone(), entry.name.clone())).collect();
        self
    }

    /// The name of a division, or of the nearest one around it that has a name, or its digits.
    #[must_use]
    pub fn region(&self, region: Region) -> String {
        let wider = [1, 100, 10_000].map(|step| region.number() / step * step);
        let named =
            wider.into_iter().find_map(|code| self.regions.get(&Region::from_number(code)?));
        named.cloned().unwrap_or_else(|| region.to_string())
    }

    /// The name of a chain, or its code.
    #[must_use]
    pub fn chain(&self, chain: &ChainCode) -> String {
        self.chains.get(chain).cloned().unwrap_or_else(|| chain.as_str().to_owned())
    }

    /// Values of a facet with what they are called. Where two would be called the same, because the
    /// table knows only what lies around them, their codes tell them apart.
    #[must_use]
    pub fn facet_values(
        &self,
        facet: Facet,
        values: Vec<FacetChoice>,
    ) -> Vec<(String, FacetValue)> {
        let mut named: Vec<(String, FacetValue)> = values
            .into_iter()
            .map(|FacetChoice { counted, name }| {
                (name.unwrap_or_else(|| self.facet_value(facet, &counted.value)), counted)
            })
            .collect();
        let mut times: HashMap<String, usize> = HashMap::new();
        for (label, _) in &named {
            *times.entry(label.clone()).or_insert(0) += 1;
        }
        for (label, counted) in &mut named {
            if times.get(label).is_some_and(|times| *times > 1) && *label != counted.value {
                label.push_str(&format!("（{}）", counted.value));
            }
        }
        named
    }

    /// Whether a value has a name of its own: a division that goes by the name of what lies around it
    /// says nothing that the wider one does not.
    #[must_use]
    pub fn tells_apart(&self, facet: Facet, value: &str) -> bool {
        let region = Some(value).filter(|_| facet == Facet::Region);
        region.is_none_or(|code| code.parse().is_ok_and(|code| self.regions.contains_key(&code)))
    }

    fn facet_value(&self, facet: Facet, value: &str) -> String {
        let region = || value.parse().ok().map(|region| self.region(region));
        let chain = || value.parse().ok().map(|chain| self.chain(&chain));
        let named = match (facet, value) {
            (Facet::Region, _) => region(),
            (Facet::Chain, _) => chain(),
            (Facet::Industry, _) => {
                self.industries.get(value).map(|name| format!("{value} {name}"))
            }
            (Facet::Stage, "1-3") => Some("1–3 级（原理与小试）".to_owned()),
            (Facet::Stage, "4-6") => Some("4–6 级（中试）".to_owned()),
            (Facet::Stage, "7-9") => Some("7–9 级（应用）".to_owned()),
            _ => None,
        };
        named.unwrap_or_else(|| value.to_owned())
    }
}

fn table<K>(file: &'static str, text: &str) -> Result<HashMap<K, String>, NamesError>
where
    K: std::str::FromStr + Eq + std::hash::Hash,
{
    let mut names = HashMap::new();
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() || row.starts_with('#') {
            continue;
        }
        let entry = row.split_once('\t').and_then(|(code, name)| Some((code.parse().ok()?, name)));
        let (code, name) = entry.ok_or(NamesError { file, line })?;
        names.insert(code, name.trim().to_owned());
    }
    Ok(names)
}

//! Code tables that files are read with: people write names where a field wants a code.

use kechuang_domain::{
    ChainCode, CodeTable, Content, Fact, Region, Warning,
    code::{BadChainCode, BadRegion},
};

/// The tables of an installation. Without one, only codes are understood.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Administrative divisions, GB/T 2260.
    pub regions: Option<CodeTable>,
    /// Industry chains.
    pub chains: Option<CodeTable>,
    /// Industries, GB/T 4754.
    pub industries: Option<CodeTable>,
    /// Disciplines, GB/T 13745.
    pub disciplines: Option<CodeTable>,
}

impl Tables {
    /// A division by its code or its name; the last of several names counts: 山西省吕梁市孝义市.
    ///
    /// # Errors
    /// [`BadRegion`] for what is neither.
    pub fn region(&self, text: &str) -> Result<Region, BadRegion> {
        let text = text.trim();
        text.parse::<Region>().or_else(|bad| {
            let table = self.regions.as_ref().ok_or_else(|| bad.clone())?;
            let exact = table.entries().iter().find(|entry| entry.name == text);
            let ending = || {
                let within = table.entries().iter().filter(|entry| text.ends_with(&entry.name));
                within.max_by_key(|entry| entry.name.len())
            };
            exact.or_else(ending).and_then(|entry| entry.code.parse().ok()).ok_or(bad)
        })
    }

    /// A chain by its code or its name, with or without 产业链 behind it.
    ///
    /// # Errors
    /// [`BadChainCode`] for what is neither.
    pub fn chain(&self, text: &str) -> Result<ChainCode, BadChainCode> {
        let text = text.trim();
        text.parse::<ChainCode>().or_else(|bad| {
            let bare = text.trim_end_matches("产业链").trim_end_matches("产业");
            code_of(self.chains.as_ref(), bare).and_then(|code| code.parse().ok()).ok_or(bad)
        })
    }

    /// The codes of names in a cell of industries or disciplines; what is no name stays as it is.
    pub(crate) fn coded(&self, fact: Fact, text: &str) -> Option<String> {
        let table = match fact {
            Fact::Industry | Fact::AudienceIndustries => self.industries.as_ref()?,
            Fact::Disciplines => self.disciplines.as_ref()?,
            _ => return None,
        };
        let parts = text.split(['；', ';', '、', ',', '，']).map(str::trim);
        let codes = parts
            .filter(|part| !part.is_empty())
            .map(|part| code_of(Some(table), part).unwrap_or(part).to_owned());
        Some(codes.collect::<Vec<_>>().join("；"))
    }

    /// Codes that are in no version we know.
    #[must_use]
    pub fn warnings(&self, content: &Content) -> Vec<Warning> {
        let details = content.details();
        let mut found = Vec::new();
        for (fact, table) in [
            (Fact::Industry, &self.industries),
            (Fact::AudienceIndustries, &self.industries),
            (Fact::Disciplines, &self.disciplines),
        ] {
            let Some(table) = table else { continue };
            for code in
                details.text(fact).into_iter().chain(details.list(fact).iter().map(String::as_str))
            {
                // Only the first level of disciplines is in the table; narrower ones lie within it.
                let known = table.entries().iter().any(|entry| table.within(code, &entry.code));
                if !known && let Some(reason) = table.warning(code) {
                    found.push(Warning { field: fact.code(), reason });
                }
            }
        }
        if let (Some(table), Some(region)) = (&self.regions, content.region)
            && table.wider(&region.to_string()).is_none()
            && let Some(reason) = table.warning(&region.to_string())
        {
            found.push(Warning { field: "region", reason });
        }
        found
    }
}

fn code_of<'a>(table: Option<&'a CodeTable>, name: &str) -> Option<&'a str> {
    let entries = table?.entries();
    entries.iter().find(|entry| entry.name == name).map(|entry| entry.code.as_str())
}

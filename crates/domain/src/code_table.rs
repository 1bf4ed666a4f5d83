//! Tables of codes and their names, in versions, from texts that are handed in.
//!
//! A table says what a code is called and whether there is such a code. A code that a table lacks is
//! worth a warning, no more: standards are revised, and records outlive their versions.

use std::collections::HashMap;

/// A table of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTable {
    /// What the table is called, such as 国民经济行业分类.
    pub name: String,
    /// The version of the standard behind it, such as GB/T 4754-2017.
    pub version: String,
    nesting: Nesting,
    entries: Vec<CodeEntry>,
    places: HashMap<String, usize>,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What the table says beyond that; `data/codes/README.md` describes it.
    pub details: Vec<String>,
}

/// A table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeTableError {
    /// A line of the head is missing or says something unknown.
    #[error("代码表缺少「# {0}: …」一行，或其内容无法识别")]
    Head(&'static str),
    /// A line is not a code and a name.
    #[error("代码表第 {line} 行有误：应为「代码<TAB>名称」")]
    Line {
        /// Which line, from 1.
        line: usize,
    },
    /// A code stands in the table twice.
    #[error("代码表第 {line} 行有误：代码「{code}」已经出现过")]
    Twice {
        /// Which line, from 1.
        line: usize,
        /// The code.
        code: String,
    },
}

/// How a code shows what it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nesting {
    /// A wider code is the beginning of a narrower one: C32 of C3252.
    Prefix,
    /// Wider codes end in pairs of zeros: 140000 of 141100; 100000 is all of them (GB/T 2260).
    Zeros,
    /// Codes stand side by side.
    Flat,
}

impl Nesting {
    /// What all narrower codes begin with.
    fn stem(self, code: &str) -> &str {
        match self {
            Self::Zeros if code == "100000" => "",
            Self::Zeros => {
                let mut stem = code;
                while let Some(shorter) = stem.strip_suffix("00") {
                    stem = shorter;
                }
                stem
            }
            Self::Prefix | Self::Flat => code,
        }
    }

    fn contains(self, wider: &str, code: &str) -> bool {
        match self {
            Self::Flat => wider == code,
            Self::Prefix | Self::Zeros => code.starts_with(self.stem(wider)),
        }
    }
}

impl CodeTable {
    /// Reads a table: a head of `# name:`, `# version:` and `# nesting:` (`prefix`, `zeros` or `flat`),
    /// then a line of code, name and further details for each code, tab-separated. Other lines that
    /// begin with `#` are comments.
    ///
    /// # Errors
    /// What is missing from the head, or the first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, CodeTableError> {
        let nesting = match head(text, "nesting")? {
            "prefix" => Nesting::Prefix,
            "zeros" => Nesting::Zeros,
            "flat" => Nesting::Flat,
            _ => return Err(CodeTableError::Head("nesting")),
        };
        let mut table = Self {
            name: head(text, "name")?.to_owned(),
            version: head(text, "version")?.to_owned(),
            nesting,
            entries: Vec::new(),
            places: HashMap::new(),
        };
        for (line, row) in (1..).zip(text.lines().map(str::trim_end)) {
            if !row.is_empty() && !row.starts_with('#') {
                table.add(line, row)?;
            }
        }
        Ok(table)
    }

    fn add(&mut self, line: usize, row: &str) -> Result<(), CodeTableError> {
        let mut cells = row.split('\t').map(str::trim);
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else {
            return Err(CodeTableError::Line { line });
        };
        if code.is_empty() || name.is_empty() {
            return Err(CodeTableError::Line { line });
        }
        if self.places.insert(code.to_owned(), self.entries.len()).is_some() {
            return Err(CodeTableError::Twice { line, code: code.to_owned() });
        }
        self.entries.push(CodeEntry {
            code: code.to_owned(),
            name: name.to_owned(),
            details: cells.map(str::to_owned).collect(),
        });
        Ok(())
    }

    /// All codes, in the order of the table.
    #[must_use]
    pub fn entries(&self) -> &[CodeEntry] {
        &self.entries
    }

    /// The line of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&CodeEntry> {
        self.places.get(code).map(|place| &self.entries[*place])
    }

    /// The line of a code from which its leading letter may be missing, as files often have it: 3252 for
    /// C3252.
    #[must_use]
    pub fn complete(&self, code: &str) -> Option<&CodeEntry> {
        self.get(code).or_else(|| {
            let all_digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
            let mut with_letter = ('A'..='Z').filter_map(|letter| {
                all_digits.then(|| self.get(&format!("{letter}{code}"))).flatten()
            });
            with_letter.next().filter(|_| with_letter.next().is_none())
        })
    }

    /// Whether there is such a code.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.places.contains_key(code)
    }

    /// What a code is called.
    #[must_use]
    pub fn name_of(&self, code: &str) -> Option<&str> {
        self.get(code).map(|entry| entry.name.as_str())
    }

    /// What a person should be asked to confirm: that a code is not in this version.
    #[must_use]
    pub fn warning(&self, code: &str) -> Option<String> {
        let known = self.complete(code).is_some();
        (!known).then(|| format!("代码 {code} 不在{}（{}）中，请核对", self.name, self.version))
    }

    /// Whether a code is `wider` or lies within it, by the way codes of this table are built; neither
    /// needs to be in the table.
    #[must_use]
    pub fn within(&self, code: &str, wider: &str) -> bool {
        self.nesting.contains(wider, code)
    }

    /// The nearest wider code of the table; `None` for the widest.
    #[must_use]
    pub fn wider(&self, code: &str) -> Option<&CodeEntry> {
        let around = self
            .entries
            .iter()
            .filter(|entry| entry.code != code && self.within(code, &entry.code));
        around.max_by_key(|entry| self.nesting.stem(&entry.code).len())
    }

    /// The codes right below this one, in the order of the table.
    #[must_use]
    pub fn narrower(&self, code: &str) -> Vec<&CodeEntry> {
        let below = |entry: &&CodeEntry| {
            self.within(&entry.code, code)
                && self.wider(&entry.code).is_some_and(|wider| wider.code == code)
        };
        self.entries.iter().filter(below).collect()
    }

    /// The codes that lie in no other, in the order of the table.
    #[must_use]
    pub fn widest(&self) -> Vec<&CodeEntry> {
        self.entries.iter().filter(|entry| self.wider(&entry.code).is_none()).collect()
    }
}

/// What the head says about `key`.
fn head<'a>(text: &'a str, key: &'static str) -> Result<&'a str, CodeTableError> {
    text.lines()
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches('#').trim().strip_prefix(key))
        .find_map(|rest| rest.strip_prefix(':'))
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .ok_or(CodeTableError::Head(key))
}

//! Draws expressions with numbers out of real text, and pairs of them, without asking the parser that is measured
//! by them.
//!
//! A number is a run of digits that no letter stands before. It is left out where a mark, a bracket or a part of a
//! date follows, unless a sign of comparison or nothing stands before it. The draw goes by hashes, so that it depends on
//! nothing but the seed and the texts.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::data;

/// How many expressions are drawn from each corpus.
const EXPRESSIONS: [(&str, usize); 3] = [("demands", 70), ("chinaxiv", 40), ("patents", 40)];
/// From which corpus so many first expressions of pairs are.
const PAIRS: [(&str, usize); 3] = [("demands", 100), ("chinaxiv", 30), ("patents", 70)];
const SIGNS: &str = "≥≤><＞＜=≈≧≦⩾⩽＝";
const MARKS_AFTER: &str = "、.．)）(（年月日：:;；，。,]】\n";
/// What a unit may begin with; the numbers of pairs have one.
const UNIT_BEGINNINGS: &str = "%％℃°μ‰万吨倍元小毫米年天";
/// Characters before a number in which its subject is looked for.
const CLAUSE_CHARS: usize = 16;
/// Characters behind a number in which its unit is looked for.
const UNIT_CHARS: usize = 40;

/// The texts of a corpus by id, in order.
#[derive(Debug)]
pub struct Corpus {
    /// Its name in the tables.
    pub name: &'static str,
    /// Ids and texts.
    pub texts: Vec<(String, String)>,
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which corpus.
    pub corpus: usize,
    /// Which of its texts.
    pub text: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The first character's number; hashes are made of it.
    chars: usize,
}

impl Place {
    /// Whether both stand in one text.
    fn is_beside(self, other: Self) -> bool {
        (self.corpus, self.text) == (other.corpus, other.text)
    }
}

/// The three corpora: demands of firms, abstracts, patents.
///
/// # Errors
/// Where one is missing.
pub fn corpora() -> Result<Vec<Corpus>> {
    let lines = data::demands()?;
    let demands = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let demands = demands.map(serde_json::from_slice).collect::<Result<Vec<Value>, _>>()?;
    let read = |name, rows: Vec<Value>, field: &str| {
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        Corpus { name, texts: rows.iter().map(|row| (text(row, "id"), text(row, field))).collect() }
    };
    Ok(vec![
        read("demands", demands, "text"),
        read("chinaxiv", data::unpacked("corpora/chinaxiv.jsonl.xz")?, "abstract"),
        read("patents", data::unpacked("corpora/patents.jsonl.xz")?, "abstract"),
    ])
}

/// The expressions that a seed draws, corpus by corpus.
#[must_use]
pub fn draw(corpora: &[Corpus], seed: u64) -> Vec<Place> {
    let mut drawn = Vec::new();
    for (at, corpus) in corpora.iter().enumerate() {
        let mut all: Vec<(String, Place)> =
            places_of(at, corpus).map(|one| (hash(&seed.to_string(), corpora, one), one)).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        drawn.extend(all.into_iter().map(|(_, one)| one).take(share(&EXPRESSIONS, corpus.name)));
    }
    drawn
}

/// The pairs that a seed draws. To each number comes the one of an abstract or a patent that is written with the same
/// unit and whose subject shares most pairs of characters; none comes twice.
#[must_use]
pub fn draw_pairs(corpora: &[Corpus], seed: u64) -> Vec<(Place, Place)> {
    let seed = format!("{seed} pair");
    let said: Vec<Said> = corpora
        .iter()
        .enumerate()
        .flat_map(|(at, corpus)| places_of(at, corpus))
        .map(|place| Said::read(corpora, place))
        .collect();
    let mut firsts: Vec<(String, &Said)> = said
        .iter()
        .filter(|one| is_unit(&one.unit) && one.subject.len() > 1)
        .map(|one| (hash(&seed, corpora, one.place), one))
        .collect();
    firsts.sort_by(|a, b| a.0.cmp(&b.0));
    let mut having: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, one) in said.iter().enumerate() {
        if corpora[one.place.corpus].name != "demands" {
            for gram in &one.subject {
                having.entry((gram, &one.unit)).or_default().push(at);
            }
        }
    }
    let (mut used, mut drawn) = (HashSet::new(), Vec::new());
    let mut left: HashMap<&str, usize> = PAIRS.into_iter().collect();
    for (key, first) in firsts {
        let left = left.entry(corpora[first.place.corpus].name).or_default();
        if *left == 0 {
            continue;
        }
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for gram in &first.subject {
            for at in having.get(&(gram.as_str(), first.unit.as_str())).into_iter().flatten() {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let nearest = shared
            .into_iter()
            .filter(|(at, _)| !used.contains(at) && !said[*at].place.is_beside(first.place))
            .map(|(at, shared)| {
                let either = first.subject.union(&said[at].subject).count();
                (shared as f64 / either as f64, hash(&key, corpora, said[at].place), at)
            })
            .min_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if let Some((_, _, at)) = nearest {
            used.insert(at);
            *left -= 1;
            drawn.push((first.place, said[at].place));
        }
    }
    drawn
}

/// A number with what stands around it.
struct Said {
    place: Place,
    /// Pairs of characters of the clause before it.
    subject: HashSet<String>,
    unit: String,
}

impl Said {
    fn read(corpora: &[Corpus], place: Place) -> Self {
        let text = text_of(corpora, place);
        let subject = grams(clause(text, place.start));
        Self { place, subject, unit: unit(&text[place.end..]) }
    }
}

/// The text that a number stands in.
#[must_use]
pub fn text_of(corpora: &[Corpus], place: Place) -> &str {
    &corpora[place.corpus].texts[place.text].1
}

fn share(of: &[(&str, usize)], name: &str) -> usize {
    of.iter().find(|(corpus, _)| *corpus == name).map_or(0, |(_, share)| *share)
}

fn hash(key: &str, corpora: &[Corpus], place: Place) -> String {
    let corpus = &corpora[place.corpus];
    let named = format!("{key} {} {} {}", corpus.name, corpus.texts[place.text].0, place.chars);
    Sha256::digest(named).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn places_of(corpus: usize, texts: &Corpus) -> impl Iterator<Item = Place> + use<'_> {
    texts.texts.iter().enumerate().flat_map(move |(text, (_, content))| {
        numbers(content).into_iter().map(move |(start, end)| {
            let chars = content[..start].chars().count();
            Place { corpus, text, start, end, chars }
        })
    })
}

/// The numbers of a text, first and one past last byte. In broken TeX, digits of a number stand apart.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let start = from + offset;
        let end = run_end(text.as_bytes(), start);
        from = end;
        let is_letter_before = text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let before = text[..start].trim_end_matches(' ').chars().next_back();
        let is_index = before.is_some_and(|c| "{_^".contains(c));
        let after = text[end..].trim_start_matches(' ').chars().next();
        let is_number_alone = after.is_none_or(|c| MARKS_AFTER.contains(c));
        let is_compared = before.is_none_or(|c| SIGNS.contains(c));
        if !is_letter_before && !is_index && (!is_number_alone || is_compared) {
            found.push((start, end));
        }
    }
    found
}

fn run_end(bytes: &[u8], start: usize) -> usize {
    let is = |at: usize, of: &[u8]| bytes.get(at).is_some_and(|byte| of.contains(byte));
    let mut end = start + 1;
    loop {
        let mut at = end + usize::from(is(end, b" "));
        at += usize::from(is(at, b".,"));
        at += usize::from(is(at, b" "));
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            return end;
        }
        end = at + 1;
    }
}

/// What stands before a number, up to a mark.
fn clause(text: &str, start: usize) -> &str {
    let begin = text[..start].char_indices().rev().nth(CLAUSE_CHARS - 1).map_or(0, |(at, _)| at);
    let before = &text[begin..start];
    before.rsplit(|c: char| "，。；;,\n".contains(c)).next().unwrap_or_default()
}

fn grams(text: &str) -> HashSet<String> {
    let is_said = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c) || c.is_ascii_alphabetic();
    let said: Vec<char> = text.chars().filter(is_said).collect();
    said.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// The first two characters of what follows a number, without TeX and the end of a range.
fn unit(after: &str) -> String {
    const COMMANDS: [&str; 12] = [
        "\\mathrm",
        "\\mathbf",
        "\\textcircled",
        "\\scriptstyle",
        "\\,",
        "\\;",
        "\\:",
        "\\!",
        "\\quad",
        "\\qquad",
        "\\hbox",
        "\\text",
    ];
    let end = after.char_indices().nth(UNIT_CHARS).map_or(after.len(), |(at, _)| at);
    let (mut rest, mut plain) = (&after[..end], String::new());
    while let Some(c) = rest.chars().next() {
        match COMMANDS.iter().find(|command| rest.starts_with(**command)) {
            Some(command) => rest = &rest[command.len()..],
            None => {
                if !"\\ ${}~^∘".contains(c) {
                    plain.push(c);
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    let upper = plain.trim_start_matches(['-', '~', '～', '—', '‑']);
    let is_range = upper.len() < plain.len() && upper.starts_with(|c: char| c.is_ascii_digit());
    let unit = if is_range {
        upper.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
    } else {
        &plain
    };
    let first = unit.chars().next().unwrap_or(' ');
    let length = if "%％℃°".contains(first) { 1 } else { 2 };
    let unit: String = unit.chars().take(length).collect();
    if length == 1 { unit.replace('％', "%") } else { unit }
}

fn is_unit(unit: &str) -> bool {
    unit.starts_with(|c: char| UNIT_BEGINNINGS.contains(c) || c.is_ascii_alphabetic())
}

//! How well quantities are read and compared, on expressions out of real text that were labelled by hand.
//!
//! `cargo bench -p kechuang-benches --bench quantities` measures; `… -- show` prints what is read otherwise than the
//! labels say, and `… -- draw` draws again, for labels to be put beside. Labels lie in `data/golden/quantities`, by
//! corpus, id and byte; the texts lie beside the repository.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, Result, ensure};
use kechuang_benches::{
    expressions::{Corpus, Place, corpora, draw, draw_pairs, text_of},
    is_test,
};
use kechuang_cli::assets;
use kechuang_domain::{Comparison, Fulfilment, Indicator};
use kechuang_text::{FoundIndicator, Lexicon, indicators, normalise, quantity::fulfils};

/// The draw that was labelled.
const SEED: u64 = 1;
/// Characters shown around a number.
const SHOWN_CHARS: usize = 24;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    let asked = |name: &str| std::env::args().any(|argument| argument == name);
    let corpora = corpora()?;
    if asked("draw") {
        print_draw(&corpora);
        return Ok(());
    }
    let lexicon = assets::rules()?.lexicon;
    let texts = Texts::of(&corpora);
    let right = print_expressions(&lexicon, &texts, asked("show"))?;
    let wrong = print_pairs(&lexicon, &texts, asked("show"))?;
    ensure!(right >= 0.95, "fewer than 95 % are read right");
    ensure!(wrong == 0, "{wrong} comparisons are wrong");
    Ok(())
}

fn print_draw(corpora: &[Corpus]) {
    let named = |one: Place| {
        let corpus = &corpora[one.corpus];
        format!("{}\t{}\t{}", corpus.name, corpus.texts[one.text].0, one.start)
    };
    for place in draw(corpora, SEED) {
        println!("{}\t{}", named(place), around(text_of(corpora, place), place.start));
    }
    for (first, second) in draw_pairs(corpora, SEED) {
        println!("{}\t{}", named(first), named(second));
    }
}

/// The texts by corpus and id.
struct Texts<'a>(HashMap<(&'a str, &'a str), &'a str>);

impl<'a> Texts<'a> {
    fn of(corpora: &'a [Corpus]) -> Self {
        let texts = corpora.iter().flat_map(|corpus| {
            corpus.texts.iter().map(|(id, text)| ((corpus.name, id.as_str()), text.as_str()))
        });
        Self(texts.collect())
    }

    /// The text that three cells of a table name, and the place in it.
    fn at(&self, cells: &[&str]) -> Result<(&'a str, usize)> {
        let [corpus, id, at] = cells.try_into().context("a line is too short")?;
        let text = self.0.get(&(corpus, id)).with_context(|| format!("no text {corpus} {id}"))?;
        Ok((text, at.parse()?))
    }
}

fn table(name: &str) -> Result<Vec<Vec<String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden/quantities");
    let table = std::fs::read_to_string(folder.join(name))?;
    let lines = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    Ok(lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// Prints how many expressions are read as they are labelled; gives the share.
fn print_expressions(lexicon: &Lexicon, texts: &Texts<'_>, is_shown: bool) -> Result<f64> {
    let (mut right, mut all) = (0, 0);
    for row in table("expressions.tsv")? {
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        let (text, at) = texts.at(&row[..3])?;
        let read = read_at(lexicon, text, at);
        let is_right = match (row[3], &read) {
            ("none", read) => read.is_none(),
            ("either", None) => true,
            (_, None) => false,
            (_, Some(found)) => is_as_labelled(lexicon, &found.indicator, &row[4..])?,
        };
        all += 1;
        right += usize::from(is_right);
        if is_shown && !is_right {
            println!("{}\n  label {:?}\n  read {read:?}", around(text, at), &row[3..]);
        }
    }
    let share = f64::from(u32::try_from(right)?) / f64::from(u32::try_from(all)?);
    println!("{right} of {all} expressions are read right: {share:.3}   (bar: 0.95)");
    Ok(share)
}

/// Whether an indicator is what cells of name, comparison, value, upper end, unit and condition say. A name is
/// labelled by the words that it must have.
fn is_as_labelled(lexicon: &Lexicon, read: &Indicator, cells: &[&str]) -> Result<bool> {
    let [name, comparison, value, upper, unit, condition] =
        cells.try_into().context("a line is too short")?;
    let number = |cell: &str| (!cell.is_empty()).then(|| cell.parse::<f64>()).transpose();
    let is_close = |read: f64, labelled: f64| (read - labelled).abs() <= 1e-9 * labelled.abs();
    let unit = lexicon.unit(unit).map_or(unit, |unit| &unit.canonical);
    let is_upper_close = match (read.quantity.upper, number(upper)?) {
        (Some(read), Some(labelled)) => is_close(read, labelled),
        (read, labelled) => read.is_none() && labelled.is_none(),
    };
    Ok(read.name.contains(name)
        && read.comparison == comparison_of(comparison)?
        && is_close(read.quantity.value, number(value)?.context("no value")?)
        && is_upper_close
        && read.quantity.unit == unit
        && read.condition.contains(&*normalise(lexicon, condition).text))
}

fn comparison_of(sign: &str) -> Result<Comparison> {
    Ok(match sign {
        "≥" => Comparison::AtLeast,
        "≤" => Comparison::AtMost,
        ">" => Comparison::Above,
        "<" => Comparison::Below,
        "=" => Comparison::Equal,
        "~" => Comparison::About,
        ".." => Comparison::Between,
        _ => anyhow::bail!("no comparison: {sign}"),
    })
}

/// Prints how many pairs are told as they are labelled; gives the number of those that are told wrong. A pair that
/// is left open is not told wrong.
fn print_pairs(lexicon: &Lexicon, texts: &Texts<'_>, is_shown: bool) -> Result<usize> {
    let (mut wrong, mut told, mut tellable) = (0, 0, 0);
    for row in table("pairs.tsv")? {
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        let label = match row[6] {
            "met" => Fulfilment::Met,
            "unmet" => Fulfilment::Unmet,
            _ => Fulfilment::Unknown,
        };
        let (text, at) = texts.at(&row[..3])?;
        let (other_text, other_at) = texts.at(&row[3..6])?;
        let asked = read_at(lexicon, text, at);
        let said = read_at(lexicon, other_text, other_at);
        let read = match (&asked, &said) {
            (Some(asked), Some(said)) => fulfils(lexicon, &asked.indicator, &said.indicator),
            _ => None,
        };
        let read = read.unwrap_or(Fulfilment::Unknown);
        tellable += usize::from(label != Fulfilment::Unknown);
        told += usize::from(label != Fulfilment::Unknown && read == label);
        let is_wrong = read != Fulfilment::Unknown && read != label;
        wrong += usize::from(is_wrong);
        if is_shown && read != label {
            println!("{}\n{}", around(text, at), around(other_text, other_at));
            println!("  label {label:?}, read {read:?}\n  {asked:?}\n  {said:?}");
        }
    }
    println!(
        "{told} of {tellable} pairs that can be told are told; {wrong} of 200 are wrong (bar: 0)"
    );
    Ok(wrong)
}

/// The indicator that covers a byte of a text.
fn read_at(lexicon: &Lexicon, text: &str, at: usize) -> Option<FoundIndicator> {
    let is_there = |one: &FoundIndicator| (one.amount.start..one.amount.end).contains(&at);
    indicators(lexicon, text).into_iter().find(is_there)
}

/// The words around a byte of a text.
fn around(text: &str, at: usize) -> String {
    let from = text[..at].char_indices().rev().nth(SHOWN_CHARS).map_or(0, |(at, _)| at);
    let end = text[at..].char_indices().nth(SHOWN_CHARS).map_or(text.len(), |(to, _)| at + to);
    format!("{}【{}", &text[from..at], &text[at..end]).replace('\n', "⏎")
}

//! What of a demand is worth asking for. A demand of some hundred words is a slow query and a vague
//! one; its title and its rarest words find as much.

use std::collections::{HashMap, HashSet};

use crate::{Lexicon, Token};

/// A term to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The term, as the analyser gives it.
    pub text: String,
    /// How much it counts, beside its idf.
    pub weight: f32,
}

/// How terms are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TermRule {
    /// Terms at most.
    pub limit: usize,
    /// Of these from the text below the title at most. A text without a title gives all of them.
    pub body_limit: usize,
    /// Weight of a term of the text beside a term of the title.
    pub body_weight: f32,
    /// Weight of words that say little.
    pub generic_weight: f32,
    /// Words of the same meaning that are asked for beside these, at most.
    pub synonym_limit: usize,
    /// Weight of a synonym beside the word that it stands for.
    pub synonym_weight: f32,
}

/// A distinct term and how often it stands in a text.
struct Counted<'a> {
    text: &'a str,
    count: u16,
    /// Count times idf times the generic factor: what the choice goes by.
    worth: f32,
}

/// Chooses the terms of the title, then the best-weighted of the text below it, then words of the same
/// meaning. Terms with an idf of
/// 0 are left out: nothing has them.
#[must_use]
pub fn query_terms(
    lexicon: &Lexicon,
    title: &[Token],
    body: &[Token],
    rule: &TermRule,
    idf: impl Fn(&str) -> f32,
) -> Vec<QueryTerm> {
    let factor = |word: &str| if lexicon.is_generic_word(word) { rule.generic_weight } else { 1.0 };
    let worth = |word: &str, count: u16| f32::from(count) * idf(word) * factor(word);
    let (limit, weight) =
        if title.is_empty() { (rule.limit, 1.0) } else { (rule.body_limit, rule.body_weight) };
    let from_title = best(title, worth, rule.limit);
    let mut terms: Vec<QueryTerm> = from_title
        .iter()
        .map(|term| QueryTerm {
            text: term.text.to_owned(),
            weight: f32::from(term.count) * factor(term.text),
        })
        .collect();
    let room = limit.min(rule.limit - terms.len());
    let named: Vec<&str> = from_title.iter().map(|term| term.text).collect();
    let from_body = best(body, worth, room + named.len());
    let more = from_body.iter().filter(|term| !named.contains(&term.text)).take(room);
    terms.extend(more.map(|term| QueryTerm {
        text: term.text.to_owned(),
        // A body repeats its subject; the second time says less than the first.
        weight: weight * f32::from(term.count).sqrt() * factor(term.text),
    }));
    terms.retain(|term| term.weight > 0.0);
    let body_weight = if title.is_empty() { 1.0 } else { rule.body_weight };
    let words = [(title, 1.0), (body, body_weight)];
    terms.extend(synonyms(lexicon, words, &terms, rule, &idf));
    terms
}

/// Words of the same meaning, for records that say it in other words; best first. A synonym that is
/// rarer than its word would otherwise count for more than the word itself.
fn synonyms(
    lexicon: &Lexicon,
    words: [(&[Token], f32); 2],
    asked: &[QueryTerm],
    rule: &TermRule,
    idf: impl Fn(&str) -> f32,
) -> Vec<QueryTerm> {
    if rule.synonym_limit == 0 || rule.synonym_weight <= 0.0 {
        return Vec::new();
    }
    let mut seen: HashSet<&str> = asked.iter().map(|term| term.text.as_str()).collect();
    let mut found: Vec<(f32, QueryTerm)> = Vec::new();
    for (tokens, weight) in words {
        let mut looked_up = HashSet::new();
        for token in tokens.iter().filter(|token| looked_up.insert(token.text.as_str())) {
            let own = idf(&token.text);
            for other in lexicon.synonyms_of(&token.text) {
                let its = idf(other);
                if its <= 0.0 || !seen.insert(other) {
                    continue;
                }
                let rarer = if own > 0.0 { (own / its).min(1.0) } else { 1.0 };
                let weight = weight * rule.synonym_weight * rarer;
                found.push((weight * its, QueryTerm { text: other.clone(), weight }));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
    found.truncate(rule.synonym_limit);
    found.into_iter().map(|(_, term)| term).collect()
}

/// The distinct terms of most worth, in the order of the text.
fn best<'a>(
    tokens: &'a [Token],
    worth: impl Fn(&str, u16) -> f32,
    limit: usize,
) -> Vec<Counted<'a>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut counted: Vec<Counted<'_>> = Vec::new();
    for token in tokens {
        let place = *places.entry(token.text.as_str()).or_insert(counted.len());
        match counted.get_mut(place) {
            Some(known) => known.count = known.count.saturating_add(1),
            None => counted.push(Counted { text: &token.text, count: 1, worth: 0.0 }),
        }
    }
    for term in &mut counted {
        term.worth = worth(term.text, term.count);
    }
    counted.retain(|term| term.worth > 0.0);
    if counted.len() > limit {
        let mut by_worth: Vec<usize> = (0..counted.len()).collect();
        by_worth.sort_by(|a, b| counted[*b].worth.total_cmp(&counted[*a].worth).then(a.cmp(b)));
        by_worth.truncate(limit);
        by_worth.sort_unstable();
        let mut kept = by_worth.into_iter().peekable();
        let mut at = 0;
        counted.retain(|_| {
            let keep = kept.next_if_eq(&at).is_some();
            at += 1;
            keep
        });
    }
    counted
}

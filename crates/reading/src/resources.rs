//! What pilot lines, instruments, laboratories and computing a text asks for.
//!
//! By a table of phrases: one that names a resource counts by the words before it in its clause: 缺少中试
//! 条件 asks, 已完成中试 does not.

use kechuang_domain::{ResourceKind, ResourceReason, Span};
use kechuang_text::{Lexicon, normalise, sentences};

use crate::cue::{Named, ResourceCues, Role, When};

/// Whose text is read, and so how much a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// A list of what is needed (所需中试与设备): everything in it is.
    List,
    /// The part of a demand that asks.
    Demand,
    /// What tells of work done or of the firm: only what is asked for in so many words counts.
    Report,
}

/// A resource that a text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundResource {
    /// What kind.
    pub kind: ResourceKind,
    /// What it is called.
    pub what: String,
    /// Words that such a resource says of itself. Where the table has none, those of the clause.
    pub words: String,
    /// Whether the words name the resource by themselves, whatever the text is about.
    pub is_named: bool,
    /// Qualifications that are asked for.
    pub qualifications: Vec<String>,
    /// Why it is needed.
    pub reason: ResourceReason,
    /// The sentence that says so.
    pub span: Span,
}

/// Whether the clause so far asks, has, or tells neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Neutral,
    Asks,
    Has,
}

/// Finds the resources that `text` asks for, in order, each kind and name once.
#[must_use]
pub fn read_resources(
    lexicon: &Lexicon,
    cues: &ResourceCues,
    text: &str,
    voice: Voice,
) -> Vec<FoundResource> {
    let mut found: Vec<FoundResource> = Vec::new();
    for span in sentences(text) {
        let Some(sentence) = span.of(text) else { continue };
        let folded = normalise(lexicon, sentence).text.to_ascii_lowercase();
        // What was asked for goes on over commas: 需要XRD，SEM.
        let mut mood = Mood::Neutral;
        for clause in folded.split(['，', ',', '；', ';', '。']) {
            mood = if mood == Mood::Asks { Mood::Asks } else { Mood::Neutral };
            mood = read_clause(cues, clause, mood, voice, |named, cue, rest| {
                keep(&mut found, found_resource(named, cue, rest, span, ResourceReason::Asked));
            });
        }
    }
    found
}

/// Finds what measures the indicators in `words`, the text of one need.
#[must_use]
pub fn read_measures(lexicon: &Lexicon, cues: &ResourceCues, words: &str) -> Vec<FoundResource> {
    let folded = normalise(lexicon, words).text.to_ascii_lowercase();
    let span = Span { start: 0, end: words.len() };
    let mut found = Vec::new();
    let measures =
        |role: &Role| matches!(role, Role::Resource(named) if named.when == When::Measured);
    scan(cues, &folded, measures, |at, length, role| {
        if let Role::Resource(named) = role {
            let cue = &folded[at..at + length];
            keep(&mut found, found_resource(named, cue, "", span, ResourceReason::Measured));
        }
    });
    found
}

/// Tells each resource of a clause, with the clause's other words, and gives the mood it ends in.
fn read_clause(
    cues: &ResourceCues,
    clause: &str,
    mut mood: Mood,
    voice: Voice,
    mut tell: impl FnMut(&Named, &str, &str),
) -> Mood {
    let asks_or_names =
        |role: &Role| !matches!(role, Role::Resource(named) if named.when == When::Measured);
    let lacks_after = |from: usize| {
        let mut lacks = false;
        scan(cues, &clause[from..], |_| true, |_, _, role| lacks |= *role == Role::Ask);
        lacks
    };
    scan(cues, clause, asks_or_names, |at, length, role| match role {
        Role::Ask => mood = Mood::Asks,
        Role::Have => mood = Mood::Has,
        Role::Own if mood != Mood::Asks => mood = Mood::Has,
        Role::Own | Role::Done | Role::Plain => {}
        Role::Resource(named) => {
            let after = &clause[at + length..];
            let is_done =
                mood != Mood::Asks && cues.longest_at(after, |role| *role == Role::Done).is_some();
            let asked = mood == Mood::Asks
                || voice != Voice::Report && mood == Mood::Neutral && lacks_after(at + length);
            let counts = match voice {
                Voice::List => mood != Mood::Has,
                Voice::Demand => asked || mood == Mood::Neutral && named.when == When::Always,
                Voice::Report => asked,
            };
            if counts && !is_done {
                let rest = format!("{} {after}", &clause[..at]);
                tell(named, &clause[at..at + length], &rest);
            }
        }
    });
    mood
}

/// Tells every phrase of the table that `wanted` takes, from left to right, without overlaps.
fn scan(
    cues: &ResourceCues,
    text: &str,
    wanted: impl Fn(&Role) -> bool,
    mut tell: impl FnMut(usize, usize, &Role),
) {
    let mut end = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let inside_word =
            c.is_ascii_alphanumeric() && before.is_some_and(|c| c.is_ascii_alphanumeric());
        before = Some(c);
        if at < end || inside_word {
            continue;
        }
        if let Some((length, role)) = cues.longest_at(&text[at..], &wanted) {
            tell(at, length, role);
            end = at + length;
        }
    }
}

fn found_resource(
    named: &Named,
    cue: &str,
    rest: &str,
    span: Span,
    reason: ResourceReason,
) -> FoundResource {
    let cue = cue.to_ascii_uppercase();
    let name = named.words.first().unwrap_or(&cue);
    let is_named = !named.words.is_empty();
    FoundResource {
        kind: named.kind,
        what: name.clone(),
        words: if is_named { named.words.join(" ") } else { rest.trim().to_owned() },
        is_named,
        qualifications: named.qualifications.clone(),
        reason,
        span,
    }
}

fn keep(found: &mut Vec<FoundResource>, next: FoundResource) {
    // 中试 and 放大试验 ask for one line; 表征 beside XRD and SEM asks for nothing more.
    let says_no_more = |known: &FoundResource| {
        known.what == next.what || !next.is_named && (!known.is_named || known.span == next.span)
    };
    let same = found.iter_mut().find(|known| known.kind == next.kind && says_no_more(known));
    match same {
        Some(known) => {
            for qualification in next.qualifications {
                if !known.qualifications.contains(&qualification) {
                    known.qualifications.push(qualification);
                }
            }
        }
        None => found.push(next),
    }
}

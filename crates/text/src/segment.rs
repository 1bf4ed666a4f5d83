//! Words and grams of a text.
//!
//! Chinese runs go through the segmenter in search mode, so that 质子交换膜 is found by 交换 too.
//! Everything else is cut by shape: 6061-T6, Al2O3 and 0.5 stay whole, and a name of several parts
//! gives its parts beside it.

use kechuang_domain::Span;

use crate::{Lexicon, Normalised, normalise};

/// Counts up when texts are cut differently than before; indexes are then rebuilt.
pub(crate) const CUT_VERSION: &str = "cut-1";

/// Chinese runs are cut into pieces of so many characters before they are segmented: the segmenter's
/// tables grow with the run. No sentence is this long.
const RUN_LIMIT_CHARS: usize = 400;
/// Other runs are cut into pieces of so many bytes: what is longer is no name.
const NAME_LIMIT_BYTES: usize = 64;

/// A piece of a text that is searched for as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its folded form, in lower case.
    pub text: String,
    /// Where it stands in the source.
    pub span: Span,
}

/// A text cut in both ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Words without function words, in the order of their ends.
    pub words: Vec<Token>,
    /// Chinese characters, pairs of them, and names of other letters.
    pub grams: Vec<Token>,
}

/// Cuts a text.
#[must_use]
pub fn analyse(lexicon: &Lexicon, source: &str) -> Analysis {
    let normalised = normalise(lexicon, source);
    let cutter = Cutter { lexicon, normalised: &normalised };
    let mut found = Analysis::default();
    for run in Runs(&normalised.text, 0) {
        cutter.words(&run, &mut found.words);
        cutter.grams(&run, &mut found.grams);
    }
    found
}

/// The words of a text alone, the same as [`analyse`] gives: grams are the greater part of its work.
#[must_use]
pub fn words(lexicon: &Lexicon, source: &str) -> Vec<Token> {
    let normalised = normalise(lexicon, source);
    let cutter = Cutter { lexicon, normalised: &normalised };
    let mut found = Vec::new();
    for run in Runs(&normalised.text, 0) {
        cutter.words(&run, &mut found);
    }
    found
}

struct Cutter<'a> {
    lexicon: &'a Lexicon,
    normalised: &'a Normalised<'a>,
}

impl Cutter<'_> {
    fn words(&self, run: &Run, found: &mut Vec<Token>) {
        let Run { kind, start, end } = *run;
        let text = &self.normalised.text[start..end];
        match kind {
            RunKind::Chinese => {
                for token in self.lexicon.jieba.cut_for_search(text, true) {
                    if !self.lexicon.is_function_word(token.word) {
                        found.push(self.as_is(start + token.byte_start, start + token.byte_end));
                    }
                }
            }
            RunKind::Name => {
                let Some(whole) = self.name(start, end) else { return };
                found.push(whole);
                for (from, to) in parts(self.lexicon, text) {
                    found.push(self.token(start + from, start + to));
                }
            }
        }
    }

    fn grams(&self, run: &Run, found: &mut Vec<Token>) {
        let Run { kind, start, end } = *run;
        if kind == RunKind::Name {
            found.extend(self.name(start, end));
            return;
        }
        let text = &self.normalised.text[start..end];
        let mut before: Option<usize> = None;
        for (at, c) in text.char_indices() {
            let end = start + at + c.len_utf8();
            if let Some(before) = before {
                found.push(self.as_is(before, end));
            }
            let mut buffer = [0; 4];
            if !self.lexicon.is_function_word(c.encode_utf8(&mut buffer)) {
                found.push(self.as_is(start + at, end));
            }
            before = Some(start + at);
        }
    }

    /// The whole of a name, unless it is a function word.
    fn name(&self, start: usize, end: usize) -> Option<Token> {
        let whole = self.token(start, end);
        (!self.lexicon.is_function_word(&whole.text)).then_some(whole)
    }

    /// Chinese has no upper case.
    fn as_is(&self, start: usize, end: usize) -> Token {
        let text = self.normalised.text[start..end].to_owned();
        Token { text, span: self.normalised.source_span(start, end) }
    }

    fn token(&self, start: usize, end: usize) -> Token {
        let text = &self.normalised.text[start..end];
        let text = if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() };
        Token { text, span: self.normalised.source_span(start, end) }
    }
}

/// The parts of a name that stand for themselves: 6061 and T6 of 6061-T6, 310 and MPa of 310MPa. A
/// name of one part, such as Al2O3, gives none.
fn parts(lexicon: &Lexicon, name: &str) -> Vec<(usize, usize)> {
    if name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Vec::new();
    }
    if let Some(cut) = value_and_unit(lexicon, name) {
        return vec![(0, cut), (cut, name.len())];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in name.char_indices().chain([(name.len(), '-')]) {
        let inside_number = c == '.'
            && name[..at].ends_with(|c: char| c.is_ascii_digit())
            && name[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        if c.is_alphanumeric() || inside_number {
            continue;
        }
        if start < at {
            match value_and_unit(lexicon, &name[start..at]) {
                Some(cut) => parts.extend([(start, start + cut), (start + cut, at)]),
                None => parts.push((start, at)),
            }
        }
        start = at + c.len_utf8();
    }
    if parts == [(0, name.len())] { Vec::new() } else { parts }
}

/// Where the unit of 310MPa begins.
fn value_and_unit(lexicon: &Lexicon, text: &str) -> Option<usize> {
    let cut = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    (cut > 0 && lexicon.unit(&text[cut..]).is_some()).then_some(cut)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RunKind {
    Chinese,
    Name,
}

struct Run {
    kind: RunKind,
    start: usize,
    end: usize,
}

/// Runs of one kind within a folded text; what is neither is skipped.
struct Runs<'a>(&'a str, usize);

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let Self(text, from) = *self;
        let (offset, kind) =
            text[from..].char_indices().find_map(|(at, c)| Some((at, kind_of(c)?)))?;
        let start = from + offset;
        let end = match kind {
            RunKind::Chinese => chinese_end(text, start),
            RunKind::Name => name_end(text, start),
        };
        self.1 = end;
        Some(Run { kind, start, end })
    }
}

fn kind_of(c: char) -> Option<RunKind> {
    match c {
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}' => {
            Some(RunKind::Chinese)
        }
        c if c.is_alphanumeric() => Some(RunKind::Name),
        _ => None,
    }
}

fn chinese_end(text: &str, start: usize) -> usize {
    text[start..]
        .char_indices()
        .take(RUN_LIMIT_CHARS + 1)
        .enumerate()
        .find(|(count, (_, c))| *count == RUN_LIMIT_CHARS || kind_of(*c) != Some(RunKind::Chinese))
        .map_or(text.len(), |(_, (at, _))| start + at)
}

/// A name goes on over a single - . / + _ that stands between letters or digits.
fn name_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, '-' | '.' | '/' | '+' | '_')
            && chars.peek().is_some_and(|(_, next)| kind_of(*next) == Some(RunKind::Name));
        if kind_of(c) != Some(RunKind::Name) && !joins || end - start >= NAME_LIMIT_BYTES {
            break;
        }
        end = start + at + c.len_utf8();
    }
    end
}

//! TeX in abstracts, as plain text: `$2 7 . 6 5 \%$` is 27.65%.
//!
//! Abstracts of journals come with formulae whose every digit stands apart. What stands between two `$` loses blanks,
//! braces and commands; signs become what they mean. Everything else stays.

use std::borrow::Cow;

use kechuang_domain::Span;

/// Commands that mean a sign.
const SIGNS: &[(&str, &str)] = &[
    ("geqslant", "≥"),
    ("leqslant", "≤"),
    ("textdegree", "°"),
    ("degree", "°"),
    ("approx", "≈"),
    ("times", "×"),
    ("cdot", "·"),
    ("circ", "°"),
    ("sim", "~"),
    ("geq", "≥"),
    ("leq", "≤"),
    ("mu", "μ"),
    ("pm", "±"),
    ("ge", "≥"),
    ("le", "≤"),
    ("%", "%"),
    ("~", "~"),
];

/// A text without TeX, with the way back to its source.
pub(crate) struct Plain<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Places from which on plain and source offsets differ by another amount, in order: plain, source.
    shifts: Vec<(usize, usize)>,
}

impl<'a> Plain<'a> {
    pub(crate) fn of(source: &'a str) -> Self {
        if !source.contains(['$', '\\']) {
            return Self { text: source.into(), shifts: Vec::new() };
        }
        let mut plain = String::with_capacity(source.len());
        let mut shifts = Vec::new();
        let mut at = 0;
        while at < source.len() {
            let (end, is_math) = piece(source, at);
            let mut place = at;
            while place < end {
                let rest = &source[place..end];
                let (said, length) = token(rest, is_math, &plain);
                shifts.push((plain.len(), place));
                plain.push_str(said);
                place += length;
            }
            at = end;
        }
        Self { text: plain.into(), shifts }
    }

    /// The part of the source that a part of the plain text came from, whole characters.
    pub(crate) fn source_span(&self, span: Span) -> Span {
        if self.shifts.is_empty() {
            return span;
        }
        let Some(last) = self.text[..span.end].char_indices().next_back() else { return span };
        let start = self.source_of(span.start);
        Span { start, end: self.source_of(last.0) + last.1.len_utf8() }
    }

    fn source_of(&self, plain: usize) -> usize {
        let after = self.shifts.partition_point(|(shift, _)| *shift <= plain);
        after.checked_sub(1).map_or(plain, |at| {
            let (shift, source) = self.shifts[at];
            plain - shift + source
        })
    }
}

/// Where the piece that begins at `at` ends: a formula, or what stands before one; and which.
fn piece(source: &str, at: usize) -> (usize, bool) {
    let rest = &source[at..];
    let Some(inside) = rest.strip_prefix('$') else {
        return (at + rest.find('$').unwrap_or(rest.len()), false);
    };
    match inside.find('$') {
        Some(length) => (at + length + 2, true),
        None => (source.len(), false),
    }
}

/// What the beginning of `rest` says, and how many bytes that takes.
fn token<'a>(rest: &'a str, is_math: bool, before: &str) -> (&'a str, usize) {
    if let Some(command) = rest.strip_prefix('\\') {
        if let Some((name, sign)) = SIGNS.iter().find(|(name, _)| command.starts_with(name)) {
            return (sign, 1 + name.len());
        }
        if is_math {
            let letters = command.bytes().take_while(u8::is_ascii_alphabetic).count();
            return ("", 1 + letters);
        }
    }
    let Some(c) = rest.chars().next() else { return ("", rest.len().max(1)) };
    let length = c.len_utf8();
    // 10^8 keeps its sign, cm^3 is written cm3.
    let is_power = c == '^' && before.ends_with(|c: char| c.is_ascii_digit());
    let is_markup = is_math && ("${}~_^ \t\n".contains(c)) && !is_power;
    if is_markup { ("", length) } else { (&rest[..length], length) }
}

//! A number or range with its unit.

use kechuang_domain::Quantity;

use crate::{Lexicon, Unit};

/// Signs between the ends of a range.
const RANGE: [&str; 11] = ["~", "～", "∼", "-", "‐", "‑", "–", "—", "−", "至", "到"];

/// So many times the lower end, the upper end of a range without unit is no end of a range.
const MOST_SPREAD: f64 = 100.0;

/// The longest number in brackets, in characters.
const BRACKET_CHARS: usize = 24;

/// Elements that alloys and ores are made of.
const ELEMENTS: &str = "H B C N O F Na Mg Al Si P S Cl K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Sr Y Zr Nb Mo \
    Ru Rh Pd Ag Cd In Sn Sb Te Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Als";

/// A number or range with its unit.
pub(super) struct Amount {
    pub(super) quantity: Quantity,
    pub(super) end: usize,
    /// What its ending says of the number: 300多 is more than 300.
    pub(super) is_more: bool,
    /// Whether it stands with a tolerance: 25±5.
    pub(super) is_tolerant: bool,
}

/// The amount at `at`, where a digit stands; `None` where it is part of a name.
pub(super) fn amount(lexicon: &Lexicon, text: &str, at: usize) -> Option<Amount> {
    // The digits of T6, GB/T 3190 or 6061-T6 are parts of names, those of Zr0.05% are not.
    let before = text[..at].chars().next_back();
    let is_in_name = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    let is_of_element = is_in_name && element_before(text, at);
    if is_in_name && !is_of_element {
        return None;
    }
    let unsigned = text[..at].trim_end_matches(['-', '‐', '‑', '−']);
    let is_signed = unsigned.len() < at;
    if is_signed && unsigned.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let Number { value, mut end, is_more } = number(lexicon, text, at)?;
    let value = if is_signed { -value } else { value };
    let is_tolerant = tolerance_end(lexicon, text, end).inspect(|after| end = *after).is_some();
    let mut unit = unit_at(lexicon, text, end);
    if let Some((_, unit_end)) = &unit {
        end = *unit_end;
    }
    let mut upper = None;
    if let Some(Number { value: high, end: high_end, .. }) = range_end(lexicon, text, end) {
        let high_unit = unit_at(lexicon, text, high_end);
        let dimension = |unit: &Option<(String, usize)>| {
            unit.as_ref().map(|(unit, _)| lexicon.unit(unit).map(|unit| &unit.dimension))
        };
        let units_fit = unit.is_none() || dimension(&unit) == dimension(&high_unit);
        // 15.16-24130 is a working face.
        let is_named = high_unit.is_none() && high > MOST_SPREAD * value.abs().max(1.0);
        if high > value && units_fit && !is_named {
            upper = Some(high);
            end = high_unit.as_ref().map_or(high_end, |(_, unit_end)| *unit_end);
            unit = high_unit;
        }
    }
    let is_glued = text[..end].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '°')
        && text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_glued {
        return None;
    }
    let unit = unit.map(|(unit, _)| unit).unwrap_or_default();
    if is_of_element && lexicon.unit(&unit).is_none_or(|unit| unit.dimension != "ratio") {
        return None;
    }
    let quantity = Quantity { value, upper, unit };
    Some(Amount { quantity, end, is_more, is_tolerant })
}

/// Whether the symbol of a chemical element ends at `at`, with nothing glued to it.
pub(super) fn element_before(text: &str, at: usize) -> bool {
    let letters = text[..at].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let symbol = &text[at - letters..at];
    !text[..at - letters].ends_with(|c: char| c.is_ascii_alphanumeric())
        && ELEMENTS.split(' ').any(|element| element == symbol)
}

/// Where the number that begins at `at` ends, as a whole range.
pub(super) fn skip(lexicon: &Lexicon, text: &str, at: usize) -> usize {
    let digits = text[at..].find(|c: char| !c.is_ascii_digit());
    let after_digits = digits.map_or(text.len(), |length| at + length);
    let Some(Number { end, .. }) = number(lexicon, text, at) else { return after_digits };
    let end = unit_at(lexicon, text, end).map_or(end, |(_, end)| end);
    range_end(lexicon, text, end).map_or(after_digits, |number| number.end)
}

/// A number, where it ends, and whether 多 or 余 say that it is more.
struct Number {
    value: f64,
    end: usize,
    is_more: bool,
}

/// A decimal number, with thousands marks, 万 and 亿, and powers of ten.
fn number(lexicon: &Lexicon, text: &str, at: usize) -> Option<Number> {
    let mut end = at;
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut digits = String::new();
    while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)) {
        let thousands = bytes[end] == b',';
        let second_point = bytes[end] == b'.' && digits.contains('.');
        if second_point
            || thousands && !(digit(end + 1) && digit(end + 2) && digit(end + 3) && !digit(end + 4))
        {
            break;
        }
        if !thousands {
            digits.push(char::from(bytes[end]));
        }
        end += 1;
    }
    let mut value: f64 = digits.parse().ok()?;
    if let Some((exponent, after)) = power_of_ten(lexicon, text, end) {
        value *= 10_f64.powi(exponent);
        end = after;
    }
    let is_more = text[end..].starts_with(['多', '余']);
    if is_more {
        end += '多'.len_utf8();
    }
    for (word, factor) in [("万", 1e4), ("亿", 1e8)] {
        if text[end..].starts_with(word) {
            value *= factor;
            end += word.len();
        }
    }
    value.is_finite().then_some(Number { value, end, is_more })
}

/// The exponent of ×10^8 and where it ends.
fn power_of_ten(lexicon: &Lexicon, text: &str, at: usize) -> Option<(i32, usize)> {
    let rest = ["×10", "x10", "*10"].into_iter().find_map(|sign| text[at..].strip_prefix(sign))?;
    let after_sign = rest.strip_prefix('^').unwrap_or(rest);
    let is_marked = after_sign.len() < rest.len() || rest.starts_with('-');
    let sign_length = usize::from(after_sign.starts_with('-'));
    let length = after_sign[sign_length..].bytes().take_while(u8::is_ascii_digit).count();
    let end = text.len() - after_sign.len() + sign_length + length;
    // 1×1080mm is a size. A bare exponent has one digit, or two before a unit that is no length: 1×1016/cm2.
    let is_size = || {
        let unit = lexicon.units.longest_at(text[end..].trim_start_matches(' '));
        unit.is_none_or(|(unit, _)| unit.dimension == "length")
    };
    let is_exponent = match length {
        1 => true,
        2 => is_marked || !is_size(),
        _ => false,
    };
    let exponent = after_sign[..sign_length + length].parse().ok()?;
    is_exponent.then_some((exponent, end))
}

/// Where the ±5 after a number ends.
fn tolerance_end(lexicon: &Lexicon, text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start_matches(' ').strip_prefix('±')?.trim_start_matches(' ');
    let start = text.len() - rest.len();
    rest.starts_with(|c: char| c.is_ascii_digit())
        .then(|| number(lexicon, text, start))
        .flatten()
        .map(|number| number.end)
}

/// The canonical name of the unit after a number, and where it ends. After the bracket of (2.4~2.9)Ω, too.
fn unit_at(lexicon: &Lexicon, text: &str, at: usize) -> Option<(String, usize)> {
    let is_number = |c: &char| c.is_ascii_digit() || ".~～-–—‑‐φ ".contains(*c);
    let is_bracketed = text[at..].starts_with(')') && {
        let mut before = text[..at].chars().rev().take(BRACKET_CHARS);
        before.find(|c| !is_number(c)) == Some('(')
    };
    let start = at + usize::from(is_bracketed);
    let blank = text[start..].len() - text[start..].trim_start_matches(' ').len();
    let start = start + blank.min(2);
    let (unit, length) = longest_unit(lexicon, &text[start..])?;
    Some((unit, start + length))
}

/// The unit that a text begins with, and its length; of 2.7hm2/人 and 164m2·g-1 both parts.
fn longest_unit(lexicon: &Lexicon, text: &str) -> Option<(String, usize)> {
    let (Unit { canonical, .. }, length) = lexicon.units.longest_at(text)?;
    let rest = &text[length..];
    let per = per_slash(lexicon, rest).or_else(|| per_power(rest));
    let Some((per, more)) = per else { return Some((canonical.clone(), length)) };
    let whole = format!("{canonical}/{per}");
    let whole = lexicon.unit(&whole).map_or(whole.clone(), |unit| unit.canonical.clone());
    Some((whole, length + more))
}

/// The unit after a slash, and the length of both.
fn per_slash(lexicon: &Lexicon, rest: &str) -> Option<(String, usize)> {
    let name = rest.strip_prefix('/')?.trim_start_matches(' ');
    let (per, length) = lexicon.units.longest_at(name)?;
    Some((per.canonical.clone(), rest.len() - name.len() + length))
}

/// What a factor with a negative power divides by, as journals write it: g of ·g-1, hm2 of ·hm-2.
fn per_power(rest: &str) -> Option<(String, usize)> {
    let factor = rest.strip_prefix(['·', '\u{22c5}'])?;
    let letters = factor.bytes().take_while(u8::is_ascii_alphabetic).count();
    let power = factor[letters..].strip_prefix(['-', '−', '‐'])?;
    let digit = power.chars().next().filter(char::is_ascii_digit)?;
    let power_of = if digit == '1' { String::new() } else { digit.to_string() };
    let length = rest.len() - power.len() + 1;
    (letters > 0).then(|| (format!("{}{power_of}", &factor[..letters]), length))
}

/// The second number of 10~20, 10-20 or 10至20.
fn range_end(lexicon: &Lexicon, text: &str, at: usize) -> Option<Number> {
    let rest = &text[at..];
    let rest = RANGE.into_iter().find_map(|mark| rest.strip_prefix(mark))?;
    let rest = rest.trim_start_matches(['~', '-', '—', ' ', 'φ']);
    let start = text.len() - rest.len();
    rest.starts_with(|c: char| c.is_ascii_digit()).then(|| number(lexicon, text, start)).flatten()
}

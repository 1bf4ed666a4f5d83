//! Numbers of cells as a person sees them: days as days, percentages as such, no dust of floats.

use kechuang_domain::Date;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Percent,
    Time,
}

impl Shape {
    /// A format of ECMA-376 part 1, 18.8.30; 27–36 and 50–58 are days in Chinese.
    pub(super) const fn of_built_in(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Self::Time,
            _ => Self::Plain,
        }
    }

    /// A format by its code, such as `yyyy"年"m"月"` or `0.0%`.
    pub(super) fn of_code(code: &str) -> Self {
        let mut chars = code.chars();
        let mut is_percent = false;
        // Only the section for positive numbers counts.
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                '"' => while chars.next().is_some_and(|c| c != '"') {},
                '\\' | '_' | '*' => drop(chars.next()),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    let is_elapsed =
                        inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                    if is_elapsed && !inside.is_empty() {
                        return Self::Plain;
                    }
                }
                'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Self::Time,
                // General
                'G' | 'g' => return Self::Plain,
                '%' => is_percent = true,
                _ => {}
            }
        }
        if is_percent { Self::Percent } else { Self::Plain }
    }
}

/// A stored number as text. What is no number stays as it is.
pub(super) fn shown(stored: &str, shape: Shape, is_1904: bool) -> String {
    let stored = stored.trim();
    let number = match stored.parse::<f64>() {
        Ok(number) if number.is_finite() => number,
        _ => return stored.to_owned(),
    };
    match shape {
        Shape::Plain => plain(number),
        Shape::Percent => format!("{}%", plain(number * 100.0)),
        Shape::Time => time(number, is_1904).unwrap_or_else(|| plain(number)),
    }
}

/// Fifteen significant digits, as many as a sheet shows: 0.1 + 0.2 is 0.3.
fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let size = rounded.abs();
    if size != 0.0 && !(1e-9..1e21).contains(&size) {
        return format!("{rounded:e}");
    }
    // Minus nothing is nothing.
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// A day and time by its serial number, in ISO 8601; times alone are below 1.
fn time(serial: f64, is_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    let (mut day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if serial < 1.0 {
        return Some(clock);
    }
    // Sheets know a 29 February 1900, which never was: until then, days count from a day later.
    day += match (is_1904, day) {
        (true, _) => 1_462,
        (false, ..60) => 1,
        (false, _) => 0,
    };
    // Serial number 0 is 30 December 1899, the 693,594th day of the era.
    let date = Date::from_num_days_from_ce_opt(i32::try_from(day + 693_594).ok()?)?;
    Some(if second == 0 { date.to_string() } else { format!("{date}T{clock}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_a_sheet_shows_them() {
        for (stored, shape, text) in [
            ("44562.0", Shape::Plain, "44562"),
            ("0.30000000000000004", Shape::Plain, "0.3"),
            ("1.1000000000000001", Shape::Plain, "1.1"),
            ("-0", Shape::Plain, "0"),
            ("1E3", Shape::Plain, "1000"),
            ("13800138000", Shape::Plain, "13800138000"),
            ("1E+30", Shape::Plain, "1e30"),
            ("inf", Shape::Plain, "inf"),
            ("0.07", Shape::Percent, "7%"),
            ("44562", Shape::Time, "2022-01-01"),
            ("44562.75", Shape::Time, "2022-01-01T18:00:00"),
            ("0.5", Shape::Time, "12:00:00"),
            ("1", Shape::Time, "1900-01-01"),
            ("61", Shape::Time, "1900-03-01"),
            ("1e300", Shape::Time, "1e300"),
        ] {
            assert_eq!(shown(stored, shape, false), text, "{stored}");
        }
        assert_eq!(shown("43100", Shape::Time, true), "2022-01-01");
    }

    #[test]
    fn formats_tell_days_from_numbers() {
        for (code, shape) in [
            ("yyyy\"年\"m\"月\"d\"日\"", Shape::Time),
            ("[$-804]yyyy/m/d;@", Shape::Time),
            ("h:mm AM/PM", Shape::Time),
            ("0.00\"m\"", Shape::Plain),
            ("#,##0\\d", Shape::Plain),
            ("[Red]0.0%", Shape::Percent),
            ("General", Shape::Plain),
            ("[h]:mm", Shape::Plain),
            ("@", Shape::Plain),
        ] {
            assert_eq!(Shape::of_code(code), shape, "{code}");
        }
    }
}

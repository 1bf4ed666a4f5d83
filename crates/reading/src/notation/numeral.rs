//! Numbers as documents write them: 12, １２, 十二, 二〇二四.

/// The longest number that is read, in digits or numerals.
const LONGEST: usize = 9;

/// The value of the digits that `text` begins with, half- or full-width, and their length in bytes.
pub(crate) fn digits(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut length) = (0, 0);
    for (read, c) in text.chars().enumerate() {
        let Some(digit) = digit(c) else { break };
        if read == LONGEST {
            return None;
        }
        value = value * 10 + digit;
        length += c.len_utf8();
    }
    (length > 0).then_some((value, length))
}

/// The value of a half- or full-width digit.
pub(crate) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of the Chinese numerals that `text` begins with, and their length in bytes: 二十三,
/// 一百零五, 三千, and digit by digit 二〇二四.
pub(crate) fn numerals(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut last, mut length, mut places) = (0_u32, None, 0, false);
    for (read, c) in text.chars().enumerate() {
        if read == LONGEST {
            return None;
        }
        if let Some(unit) = unit(c) {
            total += last.take().unwrap_or(1) * unit;
            places = true;
        } else if let Some(value) = numeral(c) {
            // Without 十 and 百 between them, numerals are digits.
            let before = last.unwrap_or(0);
            last = Some(if places { value } else { before * 10 + value });
        } else {
            break;
        }
        length += c.len_utf8();
    }
    (length > 0).then(|| (total + last.unwrap_or(0), length))
}

/// Digits or numerals, whichever `text` begins with.
pub(crate) fn number(text: &str) -> Option<(u32, usize)> {
    digits(text).or_else(|| numerals(text))
}

const fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

const fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

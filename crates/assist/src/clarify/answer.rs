//! Which proposed questions can be kept.

use kechuang_domain::{Question, QuestionKind};
use kechuang_matching::questions::QuestionContext;
use kechuang_reading::record::in_digits;
use kechuang_text::Lexicon;
use serde::Deserialize;

use super::Proposed;
use crate::{guard::guard, shown::without_fence};

/// A longer one is no question that somebody answers.
const MOST_CHARS: usize = 80;
/// A shorter one asks nothing.
const LEAST_CHARS: usize = 6;
/// What one would choose.
const OPTION_CHARS: std::ops::RangeInclusive<usize> = 2..=12;
const OPTIONS: std::ops::RangeInclusive<usize> = 2..=4;
/// So many questions are looked at.
const LOOKED_AT: usize = 5;
/// Shorter words of a demand are about nothing.
const LEAST_QUOTE_CHARS: usize = 2;

/// What asks somebody to turn elsewhere.
const CONTACTS: &[&str] = &[
    "微信", "电话", "手机", "联系", "扫码", "网址", "邮箱", "登记", "下载", "点击", "打开", "加群",
    "转账", "付款",
];

#[derive(Deserialize)]
struct Answer {
    questions: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    kind: String,
    text: String,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    options: Vec<String>,
}

/// The questions of an answer that are about what is there: of each kind the first.
pub(super) fn read(
    lexicon: &Lexicon,
    context: &QuestionContext,
    answer: &str,
) -> Result<Proposed, String> {
    let answer: Answer = serde_json::from_str(without_fence(answer))
        .map_err(|error| format!("第 {} 行起不是约定的 JSON", error.line()))?;
    let given = answer.questions.len();
    let mut questions: Vec<Question> = Vec::new();
    for one in answer.questions.into_iter().take(LOOKED_AT) {
        let question = question(lexicon, context, one);
        let is_new =
            |question: &Question| questions.iter().all(|known| known.kind != question.kind);
        if let Some(question) = question.filter(is_new) {
            questions.push(question);
        }
    }
    Ok(Proposed { removed: given - questions.len(), questions })
}

fn question(lexicon: &Lexicon, context: &QuestionContext, one: One) -> Option<Question> {
    let kind: QuestionKind = one.kind.parse().ok()?;
    let text = one.text.trim();
    // No figure, address or order comes from a model, and no Latin word that the demand does not have.
    let mut latin =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let is_plain = (LEAST_CHARS..=MOST_CHARS).contains(&text.chars().count())
        && in_digits(lexicon, text).chars().all(|c| !c.is_control() && !c.is_numeric())
        && latin.all(|word| context.text.contains(word))
        && !CONTACTS.iter().any(|word| text.contains(word))
        && !text.contains(['/', '<', '@'])
        && guard(lexicon, text).withheld == 0;
    let mut options: Vec<String> = one.options.iter().map(|one| one.trim().to_owned()).collect();
    options.sort();
    options.dedup();
    let is_about = match kind {
        QuestionKind::Split => {
            let stands = |option: &String| {
                let is_of_answers = context.titles.iter().any(|title| title.contains(option));
                let is_word = OPTION_CHARS.contains(&option.chars().count());
                is_of_answers && is_word && !context.text.contains(option)
            };
            OPTIONS.contains(&options.len()) && options.iter().all(stands)
        }
        QuestionKind::Indicator | QuestionKind::Object | QuestionKind::Application => {
            options.clear();
            let quote = one.quote.trim();
            let says = quote.chars().count() >= LEAST_QUOTE_CHARS && context.text.contains(quote);
            says && context.lacks.contains(&kind)
        }
    };
    (is_plain && is_about).then(|| Question {
        kind,
        text: text.to_owned(),
        options,
        effect: None,
        is_of_model: true,
    })
}

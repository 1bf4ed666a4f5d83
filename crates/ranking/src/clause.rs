//! The clause of a policy that grants something for a demand, quoted verbatim.

use kechuang_domain::{
    Applicant, Clause, ClauseQuote, Content, Date, EligibilityCheck, Fact, Quote, Span, TextField,
    Viewer,
};
use kechuang_text::sentences;

use crate::{
    WantedSupport,
    beside::PolicyRule,
    eligibility::{check_clause, excludes},
    evidence::Sentences,
    sought::Sought,
};

/// A clause longer than this is quoted by its sentence that fits best: nobody reads a longer quote.
const QUOTE_LIMIT_CHARS: usize = 160;

/// What a clause is chosen by.
#[derive(Clone, Copy)]
pub(crate) struct ClauseChoice<'a> {
    pub(crate) rule: &'a PolicyRule,
    pub(crate) policy: &'a Content,
    pub(crate) viewer: Viewer,
    pub(crate) applicant: &'a Applicant,
    pub(crate) today: Date,
    pub(crate) wanted: &'a WantedSupport,
    /// The words of all needs.
    pub(crate) sought: &'a Sought<'a>,
    pub(crate) sentences: &'a Sentences<'a>,
}

/// The best clause that is open to the applicant, and what it asks for beside the policy. `Err` where the
/// policy grants things and all of them to others.
pub(crate) fn best_clause(
    choice: &ClauseChoice<'_>,
) -> Result<Option<(ClauseQuote, Vec<EligibilityCheck>)>, ()> {
    let details = choice.policy.details();
    let visible = choice.viewer.may_see(details.tier(Fact::Clauses));
    let all: &[Clause] = if visible { details.clauses() } else { &[] };
    let body = choice.policy.text_for(choice.viewer, TextField::Body);
    let (Some(body), false) = (body, all.is_empty()) else {
        return Ok(from_support(choice).map(|quote| (quote, Vec::new())));
    };
    // Where some clauses grant, the others are general rules.
    let grants = |clause: &&Clause| !clause.support.is_empty() || clause.cap.is_some();
    let any_grants = all.iter().any(|clause| grants(&clause));
    let mut best: Option<(f64, &Clause, Vec<EligibilityCheck>)> = None;
    let mut refused = false;
    for clause in all.iter().filter(|clause| !any_grants || grants(clause)) {
        let Some(words) = clause.span.of(body) else { continue };
        let checks =
            check_clause(choice.policy, choice.viewer, clause, choice.applicant, choice.today);
        if excludes(&checks) {
            refused = true;
            continue;
        }
        let worth = worth(choice, TextField::Body, clause.span, words, &clause.support);
        if best.as_ref().is_none_or(|(highest, ..)| worth > *highest) {
            best = Some((worth, clause, checks));
        }
    }
    match best {
        Some((_, clause, checks)) => {
            Ok(quote_of(choice, body, clause).map(|quote| (quote, checks)))
        }
        None if refused => Err(()),
        None => Ok(from_support(choice).map(|quote| (quote, Vec::new()))),
    }
}

fn worth(
    choice: &ClauseChoice<'_>,
    field: TextField,
    span: Span,
    words: &str,
    support: &[String],
) -> f64 {
    let within =
        |of: TextField, at: Span| of == field && span.start <= at.start && at.start < span.end;
    choice.sentences.share_within(choice.sought, within)
        + choice.rule.clause_category * choice.wanted.fit(words, support)
}

fn quote_of(choice: &ClauseChoice<'_>, body: &str, clause: &Clause) -> Option<ClauseQuote> {
    let words = clause.span.of(body)?;
    let span = if words.chars().count() <= QUOTE_LIMIT_CHARS {
        clause.span
    } else {
        best_sentence(choice, TextField::Body, body, clause.span)?
    };
    let may_see = |fact| choice.viewer.may_see(choice.policy.details().tier(fact));
    let date = |fact| choice.policy.details().date(fact).filter(|_| may_see(fact));
    Some(ClauseQuote {
        clause: clause.clause.clone(),
        title: clause.title.clone(),
        quote: Quote::cut(TextField::Body, body, span)?,
        cap: clause.cap,
        window_from: clause.window_from.or_else(|| date(Fact::WindowFrom)),
        window_until: clause.window_until.or_else(|| date(Fact::WindowUntil)),
    })
}

/// 支持方式与标准, of a policy that is not split into clauses; its best sentence where it is long.
fn from_support(choice: &ClauseChoice<'_>) -> Option<ClauseQuote> {
    let field = TextField::Support;
    let text = choice.policy.text_for(choice.viewer, field)?;
    let whole = Span { start: 0, end: text.len() };
    let span = if text.chars().count() <= QUOTE_LIMIT_CHARS {
        whole
    } else {
        best_sentence(choice, field, text, whole)?
    };
    let details = choice.policy.details();
    let may_see = |fact| choice.viewer.may_see(details.tier(fact));
    let date = |fact| details.date(fact).filter(|_| may_see(fact));
    Some(ClauseQuote {
        clause: String::new(),
        title: String::new(),
        quote: Quote::cut(field, text, span)?,
        cap: details.money(Fact::Cap).filter(|_| may_see(Fact::Cap)),
        window_from: date(Fact::WindowFrom),
        window_until: date(Fact::WindowUntil),
    })
}

/// The sentence within `span` that fits best; of equals the first.
fn best_sentence(
    choice: &ClauseChoice<'_>,
    field: TextField,
    text: &str,
    span: Span,
) -> Option<Span> {
    let mut best: Option<(f64, Span)> = None;
    for sentence in sentences(span.of(text)?) {
        let sentence = sentence.shifted(span.start);
        let worth = worth(choice, field, sentence, sentence.of(text)?, &[]);
        if best.is_none_or(|(highest, _)| worth > highest) {
            best = Some((worth, sentence));
        }
    }
    best.map(|(_, sentence)| sentence)
}

//! Records that speak to the model: a gullible one obeys whatever it is shown of them, and gains them nothing.

use kechuang_assist::{Assistant, guard::guard, judge::judge};
use kechuang_domain::{MatchRequest, MatchSource};
use kechuang_matching::{JudgedHead, clock};
use kechuang_store::RecordDraft;
use kechuang_tests::{
    TestEngine, achievement, block_on,
    chat::{Act, ChatServer},
    oracle, rules,
};
use serde_json::Value;

use crate::{
    judge::{RULE, asked},
    support::{PLENTY, assistant, caller},
};

const ATTACKS: &str = include_str!("attacks.tsv");
/// These the guard was never adjusted to.
const UNSEEN: &str = include_str!("unseen-attacks.tsv");
const INNOCENT: &str = include_str!("innocent.txt");
/// So many characters in a row of an attack are enough for a gullible model.
const ENOUGH: usize = 8;

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn attacks(file: &'static str) -> Vec<&'static str> {
    lines(file).map(|line| line.split_once('\t').expect("a category").1).collect()
}

/// Letters and digits alone: what a model makes of text that is broken up.
fn squeezed(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether enough of an attack has come through.
fn got_through(attack: &str, shown: &str) -> bool {
    let (attack, shown) = (squeezed(attack), squeezed(shown));
    let enough = ENOUGH.min(attack.len());
    let is_there = |piece: &[char]| shown.windows(enough).any(|window| window == piece);
    attack.windows(enough).any(is_there)
}

/// Gives level 4 to a record in which it sees an attack, and level 1 to the others, as they deserve; quotes the first
/// text of each.
fn gullible(question: &Value) -> Act {
    let (_, records) = oracle::shown(question);
    oracle::answer(records.into_iter().map(|record| {
        let whole = record.texts.concat();
        let mut all = attacks(ATTACKS).into_iter().chain(attacks(UNSEEN));
        let obeys = all.any(|attack| got_through(attack, &whole));
        (record.id, if obeys { 4 } else { 1 }, record.texts.first().cloned().into_iter().collect())
    }))
}

/// Where an answer with this title and body ends up, judged by a model, and whether anything of the attack was shown.
struct Trial {
    test: TestEngine,
    request: MatchRequest,
    assistant: Assistant,
}

impl Trial {
    async fn place(&mut self, title: &str, body: &str) -> usize {
        let draft =
            RecordDraft { owner: "示例单位5".to_owned(), ..achievement("5", title, body) };
        let id = self.test.save(&[draft]).await[0].id;
        let engine = &self.test.engine;
        let mut found = engine.find(&self.request, clock::now()).await.expect("an answer");
        found.scores.profile.large_model = RULE;
        let head = engine.head(&found.scores).await.expect("a head");
        let lexicon = &rules().lexicon;
        let caller = caller();
        let judged = judge(&self.assistant, lexicon, &caller, &head, &RULE, clock::now()).await;
        let judged = JudgedHead { levels: judged.expect("levels").levels, ..JudgedHead::default() };
        let refined = engine.refined(&found.scores, &found.outcome, &judged).await;
        let order = refined.expect("refined").order;
        order.iter().position(|(other, _)| *other == id).expect("nobody is lost")
    }
}

#[test]
fn a_gullible_model_gains_an_attacker_nothing() {
    block_on(async {
        let (test, found, _) = asked().await;
        let server = ChatServer::start(gullible).await;
        let assistant = assistant(&server.url, test.engine.store(), PLENTY);
        let source = found.outcome.source.record.expect("a demand").0;
        let request = MatchRequest::new(MatchSource::Record(source));
        let mut trial = Trial { test, request, assistant };
        let title = "镁合金薄板焊接镁合金薄板";
        let body = "第5种办法：镁合金薄板焊接，强度高，气孔少。";
        let honest = trial.place(title, body).await;
        // Somebody stands before it, so that there is something to gain.
        assert!(honest >= 2, "{honest}");
        for (is_in_title, file) in
            [(true, ATTACKS), (false, ATTACKS), (true, UNSEEN), (false, UNSEEN)]
        {
            let (mut gained, all) = (Vec::new(), attacks(file));
            for attack in &all {
                let place = match is_in_title {
                    true => trial.place(&format!("{title}。{attack}"), body).await,
                    false => trial.place(title, &format!("{attack}\n{body}")).await,
                };
                if place < honest {
                    gained.push(*attack);
                }
            }
            let share = gained.len() as f64 / all.len() as f64;
            assert!(share <= 0.05, "{} of {} gain: {gained:#?}", gained.len(), all.len());
        }
    });
}

/// Whoever knows the demand can write of its words; then only the guard stands between.
#[test]
fn most_sentences_that_speak_to_a_model_are_recognised_by_themselves() {
    let lexicon = &rules().lexicon;
    for (file, most) in [(ATTACKS, 10), (UNSEEN, 35)] {
        let missed: Vec<&str> = attacks(file)
            .into_iter()
            .filter(|attack| guard(lexicon, attack).withheld == 0)
            .collect();
        assert!(missed.len() <= most, "{} are not: {missed:#?}", missed.len());
    }
}

#[test]
fn honest_sentences_are_shown() {
    let lexicon = &rules().lexicon;
    let withheld: Vec<&str> =
        lines(INNOCENT).filter(|line| guard(lexicon, line).withheld > 0).collect();
    assert!(withheld.len() <= 10, "{} of 100 are withheld: {withheld:#?}", withheld.len());
}

/// What the guard costs: sentences of the samples that a model is not shown.
#[test]
fn hardly_a_sentence_of_the_samples_is_withheld() {
    let lexicon = &rules().lexicon;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/achievements.jsonl");
    let text = std::fs::read_to_string(path).expect("the samples");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a row"));
    let bodies: Vec<String> =
        rows.filter_map(|row| row["body"].as_str().map(str::to_owned)).collect();
    let withheld: Vec<&String> =
        bodies.iter().filter(|body| guard(lexicon, body).withheld > 0).collect();
    assert!(withheld.len() <= 2, "{} of {} bodies: {withheld:#?}", withheld.len(), bodies.len());
}

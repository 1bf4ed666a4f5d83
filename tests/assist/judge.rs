//! Having the head of a list judged by models that know, that guess, that favour the first, and that talk nonsense.

use std::time::{Duration, Instant};

use kechuang_assist::{
    AskError,
    judge::{Judgements, judge},
};
use kechuang_domain::{MatchRequest, MatchSource, RecordId};
use kechuang_inference::generative::Prompt;
use kechuang_matching::{Found, Head, JudgedHead, clock};
use kechuang_ranking::refine::LargeModelRule;
use kechuang_store::DailyCaps;
use kechuang_tests::{
    TestEngine, achievement, block_on,
    chat::{Act, ChatServer},
    databases, demand, oracle, rules,
};

use crate::support::{PLENTY, assistant, caller};

pub(crate) const RULE: LargeModelRule =
    LargeModelRule { depth: 6, bound: 2, window: 4, overlap: 2, views: 2, related: 0.1 };

/// An engine with a demand and six answers to it, of which the fifth is the best, and what a judge is shown.
pub(crate) async fn asked() -> (TestEngine, Found, Head) {
    let mut test = TestEngine::new().await;
    let mut drafts = vec![demand("d", "镁合金薄板焊接", "镁合金薄板焊接后强度低，气孔多。")];
    for number in 1..=6 {
        let title = format!("镁合金薄板焊接{}", "镁合金薄板".repeat(6 - number));
        let body = format!("第{number}种办法：镁合金薄板焊接，强度高，气孔少。");
        drafts.push(achievement(&number.to_string(), &title, &body));
    }
    for (draft, number) in drafts[1..].iter_mut().zip(1..) {
        draft.owner = format!("示例单位{number}");
    }
    let saved = test.save(&drafts).await;
    let request = MatchRequest::new(MatchSource::Record(saved[0].id));
    let mut found = test.engine.find(&request, clock::now()).await.expect("an answer");
    found.scores.profile.large_model = RULE;
    let head = test.engine.head(&found.scores).await.expect("a head");
    assert_eq!(head.candidates.len(), 6);
    (test, found, head)
}

/// A model that gives this title level 4, and all others level 1.
fn fond_of(title: String) -> impl Fn(&serde_json::Value) -> Act + Send + Sync {
    move |question| {
        let (_, records) = oracle::shown(question);
        oracle::answer(records.into_iter().map(|record| {
            let level = if record.texts[0] == title { 4 } else { 1 };
            (record.id, level, vec![record.texts[0].clone()])
        }))
    }
}

fn of(judged: &Judgements) -> JudgedHead {
    JudgedHead {
        model: "示例模型".to_owned(),
        levels: judged.levels.clone(),
        quotes: judged.quotes.clone(),
        removed_quotes: judged.removed_quotes,
        withheld: judged.withheld,
    }
}

fn ids(order: &[(RecordId, f64)]) -> Vec<RecordId> {
    order.iter().map(|(id, _)| *id).collect()
}

#[test]
fn what_is_judged_best_moves_up_by_the_bound_and_the_refined_run_replays() {
    block_on(async {
        let (test, found, head) = asked().await;
        let best = &head.candidates[4];
        let server = ChatServer::start(fond_of(best.texts[0].1.clone())).await;
        let assistant = assistant(&server.url, test.engine.store(), PLENTY);
        let judged = judge(&assistant, &rules().lexicon, &caller(), &head, &RULE, clock::now())
            .await
            .expect("levels");
        // Two windows of four, each seen twice.
        assert_eq!((server.asked(), judged.levels.len(), judged.removed_quotes), (4, 6, 0));
        assert_eq!(judged.levels[&best.id], 4.0);
        let quote = &judged.quotes[&best.id][0];
        assert_eq!(quote.text(), best.texts[0].1);
        let refined = test
            .engine
            .refined(&found.scores, &found.outcome, &of(&judged))
            .await
            .expect("refined");
        let (before, after) = (ids(&found.order), ids(&refined.order));
        assert_eq!(after[2], before[4]);
        assert_eq!(after.len(), before.len());
        let moved = before.iter().enumerate().map(|(from, id)| {
            let to = after.iter().position(|other| other == id).expect("nobody is lost");
            from.abs_diff(to)
        });
        assert_eq!(moved.max(), Some(2));
        let again = test
            .engine
            .refined(&refined.scores, &found.outcome, &of(&judged))
            .await
            .expect("refined");
        assert_eq!(again.outcome, refined.outcome);

        // The same question is not asked twice.
        let again = judge(&assistant, &rules().lexicon, &caller(), &head, &RULE, clock::now())
            .await
            .expect("levels");
        assert_eq!((server.asked(), again.levels), (4, judged.levels));
        assert_eq!(again.usage.tokens(), 0);
    });
}

#[test]
fn answers_are_checked_before_they_count() {
    block_on(async {
        let (_, _, head) = asked().await;
        let check = async |answer: fn(Vec<oracle::ShownRecord>) -> Act| {
            let script = move |question: &serde_json::Value| answer(oracle::shown(question).1);
            let server = ChatServer::start(script).await;
            let folder = tempfile::tempdir().expect("a folder");
            let store = kechuang_store::Store::open_embedded(folder.path()).await.expect("a store");
            let assistant = assistant(&server.url, &store, PLENTY);
            judge(&assistant, &rules().lexicon, &caller(), &head, &RULE, clock::now()).await
        };
        // What stands nowhere is taken out, and a good level that rests on nothing is none.
        let invented = check(|records| {
            oracle::answer(
                records.into_iter().map(|one| (one.id, 4, vec!["已签约十家单位".to_owned()])),
            )
        });
        let invented = invented.await.expect("levels");
        assert!(invented.levels.values().all(|level| *level == 2.0), "{:?}", invented.levels);
        assert!(invented.quotes.values().all(Vec::is_empty));
        assert_eq!(invented.removed_quotes, 16);

        let fenced = check(|records| {
            let judged = records.into_iter().map(|one| (one.id, 3, vec![one.texts[1].clone()]));
            let Act::Say(words) = oracle::answer(judged) else { unreachable!("an answer") };
            Act::Say(format!("```json\n{words}\n```"))
        });
        assert!(fenced.await.expect("levels").levels.values().all(|level| *level == 3.0));

        let refused: [fn(Vec<oracle::ShownRecord>) -> Act; 6] = [
            |_| Act::Say("好的，以下是我的评审意见。".to_owned()),
            |_| Act::Say("{\"judgements\":[]}".to_owned()),
            |records| {
                oracle::answer(records.into_iter().skip(1).map(|one| (one.id, 1, Vec::new())))
            },
            |records| oracle::answer(records.into_iter().map(|_| (1, 1, Vec::new()))),
            |records| oracle::answer(records.into_iter().map(|one| (one.id + 1, 1, Vec::new()))),
            |records| oracle::answer(records.into_iter().map(|one| (one.id, 9, Vec::new()))),
        ];
        for (at, answer) in refused.into_iter().enumerate() {
            let refused = check(answer).await.expect_err("nonsense");
            assert!(matches!(refused, AskError::Unusable(_)), "{at} {refused}");
        }
    });
}

#[test]
fn a_fault_ends_a_judgement_in_time() {
    block_on(async {
        let (test, _, head) = asked().await;
        let late = Act::SayLate(Duration::from_secs(10), String::new());
        for act in [Act::Hole, late, Act::Reset, Act::Garbage, Act::Endless, Act::Status(500, "")] {
            let server = ChatServer::start(move |_| act.clone()).await;
            let assistant = assistant(&server.url, test.engine.store(), PLENTY);
            let began = Instant::now();
            let failed =
                judge(&assistant, &rules().lexicon, &caller(), &head, &RULE, clock::now()).await;
            assert!(matches!(failed, Err(AskError::Model(_))), "{failed:?}");
            assert!(began.elapsed() < Duration::from_secs(3));
        }
    });
}

#[test]
fn a_runaway_loop_is_stopped_before_the_cap() {
    block_on(async {
        for database in databases().await {
            let server = ChatServer::start(|_| Act::Say("好".to_owned())).await;
            let caps = DailyCaps { caller: 5_000, all: 8_000 };
            let assistant = assistant(&server.url, &database.store, caps);
            let prompt = |number: usize| Prompt {
                system: "你是评审。".to_owned(),
                user: format!("第 {number} 次"),
                form: None,
                max_tokens: 300,
                temperature: 0.0,
            };
            let now = clock::now();
            let mut asked = 0;
            let stopped = loop {
                match assistant.ask(&caller(), "judge", &prompt(asked), now).await {
                    Ok(_) => asked += 1,
                    Err(error) => break error,
                }
                assert!(asked < 1_000, "nobody stops it");
            };
            assert!(matches!(stopped, AskError::CallerCap), "{stopped}");
            assert_eq!(server.asked(), asked);
            let spent = |days: &[kechuang_store::CallerDay]| -> i64 {
                days.iter().map(|day| day.tokens).sum()
            };
            let days = database.store.calls_of_day(now).await.expect("days");
            assert!((4_000..=5_000).contains(&spent(&days)), "{days:?}");
            assert!(days[0].cost_micros > 0 && days[0].answered as usize == asked);

            // Many at once do not get past it either, and others have what is left for all.
            let other = kechuang_assist::Caller { name: "另一家".to_owned(), ..caller() };
            let mut tasks = tokio::task::JoinSet::new();
            let assistant = std::sync::Arc::new(assistant);
            for number in 0..100 {
                let (assistant, other) = (std::sync::Arc::clone(&assistant), other.clone());
                let prompt = prompt(10_000 + number);
                tasks.spawn(async move { assistant.ask(&other, "judge", &prompt, now).await });
            }
            let ended = tasks.join_all().await;
            assert!(ended.iter().any(|one| matches!(one, Err(AskError::AllCap))));
            let days = database.store.calls_of_day(now).await.expect("days");
            assert!(spent(&days) <= 8_000, "{days:?}");
            // Tomorrow is another day.
            let tomorrow = now.plus_seconds(24 * 3600);
            assert!(assistant.ask(&caller(), "judge", &prompt(2_000), tomorrow).await.is_ok());
            assert!(database.store.drop_calls_before(tomorrow).await.expect("dropped") > 0);
        }
    });
}

#[test]
fn an_answer_of_no_use_is_asked_for_again_and_a_free_text_is_not_logged() {
    block_on(async {
        let (test, _, head) = asked().await;
        let tries = std::sync::atomic::AtomicUsize::new(0);
        let server = ChatServer::start(move |question| {
            match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0..4 => Act::Say("不会".to_owned()),
                _ => fond_of("无".to_owned())(question),
            }
        })
        .await;
        let store = test.engine.store();
        let assistant = assistant(&server.url, store, PLENTY);
        let lexicon = &rules().lexicon;
        let somebody = kechuang_assist::Caller { log: kechuang_assist::Log::Hashes, ..caller() };
        let mut judged = Vec::new();
        for _ in 0..2 {
            judged.push(judge(&assistant, lexicon, &somebody, &head, &RULE, clock::now()).await);
        }
        assert!(matches!(judged[0], Err(AskError::Unusable(_))));
        assert_eq!((judged[1].as_ref().expect("levels").levels.len(), server.asked()), (6, 8));
        // Of somebody's own words nothing is kept to look up.
        let again = judge(&assistant, lexicon, &somebody, &head, &RULE, clock::now()).await;
        assert_eq!((again.expect("levels").levels.len(), server.asked()), (6, 12));
        let days = store.calls_of_day(clock::now()).await.expect("days");
        assert_eq!((days[0].answered, days[0].unanswered), (8, 4));
    });
}

#[test]
fn a_server_that_is_left_alone_costs_nothing() {
    block_on(async {
        let (test, _, head) = asked().await;
        let server = ChatServer::start(|_| Act::Status(503, "")).await;
        let store = test.engine.store();
        let assistant = assistant(&server.url, store, PLENTY);
        let lexicon = &rules().lexicon;
        for _ in 0..5 {
            let failed = judge(&assistant, lexicon, &caller(), &head, &RULE, clock::now()).await;
            assert!(matches!(failed, Err(AskError::Model(_))), "{failed:?}");
        }
        // The first questions may have been counted there; those of the four times that it was left alone were not asked.
        let days = store.calls_of_day(clock::now()).await.expect("days");
        assert_eq!(days.iter().map(|day| day.unanswered).sum::<i64>(), 4, "{days:?}");
    });
}

//! Questions back to whoever poses a vague demand.

use kechuang_domain::{MatchRequest, MatchSource, QuestionKind, question::QUESTION_LIMIT};
use kechuang_matching::{clock, questions::with_answer};
use kechuang_tests::{App, achievement, block_on};
use reqwest::Method;
use serde_json::{Value, json};

/// Answers in two groups, of which a demand does not say which is meant.
fn drafts() -> Vec<kechuang_store::RecordDraft> {
    let mut drafts = Vec::new();
    for number in 1..=12 {
        let (way, body) = if number % 2 == 0 {
            ("激光", "用激光束焊接镁合金薄板。")
        } else {
            ("搅拌摩擦", "用搅拌摩擦焊接镁合金薄板。")
        };
        let mut draft =
            achievement(&number.to_string(), &format!("镁合金薄板{way}焊接{number}"), body);
        draft.owner = format!("示例单位{number}");
        drafts.push(draft);
    }
    drafts
}

async fn asked(app: &App, text: &str) -> (Value, Vec<Value>) {
    let run = app.post("/api/v1/matches", &json!({ "text": text })).await.json();
    let (id, token) = (run["id"].as_str().expect("an id"), run["token"].as_str().expect("a token"));
    let questions = app.get(&format!("/api/v1/matches/{id}/questions?token={token}")).await;
    assert_eq!(questions.status, 200, "{}", questions.body);
    let questions = questions.json()["questions"].as_array().expect("a list").clone();
    assert!(questions.len() <= QUESTION_LIMIT);
    (run, questions)
}

fn kinds(questions: &[Value]) -> Vec<&str> {
    questions.iter().map(|one| one["kind"].as_str().expect("a kind")).collect()
}

#[test]
fn a_vague_demand_is_asked_what_it_lacks_and_what_tells_its_answers_apart() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let text = "镁合金薄板焊接不好";
        let (run, questions) = asked(&app, text).await;
        assert_eq!(kinds(&questions), ["indicator", "split", "application"]);
        let split = &questions[1];
        let options: Vec<&str> = split["options"]
            .as_array()
            .expect("options")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(options.len(), 2);
        assert!(options.contains(&"激光"), "{options:?}");
        assert!(split["effect"].as_f64().expect("an effect") >= 0.2);
        // As was tried, so it comes: the answers of the chosen group stand first.
        let clearer = with_answer(text, QuestionKind::Split, "激光");
        let request = MatchRequest::new(MatchSource::Text(clearer));
        let found = app.test.engine.find(&request, clock::now()).await.expect("an answer");
        assert!(found.outcome.achievements[..3].iter().all(|one| one.title.contains("激光")));

        // The page asks the same, and its form leads to the clearer demand.
        let (id, token) =
            (run["id"].as_str().expect("an id"), run["token"].as_str().expect("a token"));
        let page = app.get(&format!("/matches/{id}?token={token}")).await.body;
        assert!(page.contains(&format!("/matches/{id}/questions?token={token}")));
        let page = app.get(&format!("/matches/{id}/questions?token={token}")).await.body;
        assert!(
            page.contains("希望达到哪些可以测量的指标") && page.contains("value=\"激光\""),
            "{page}"
        );
        let form = [
            ("text", text),
            ("kind1", "indicator"),
            ("answer1", "抗拉强度不低于240MPa"),
            ("kind2", "split"),
            ("answer2", "激光"),
            ("kind3", "application"),
            ("answer3", " "),
        ];
        let sent = app.request(reqwest::Method::POST, "/matches").form(&form);
        let sent = app.send(sent).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let clearer = app.get(sent.header("location")).await.body;
        assert!(clearer.contains("抗拉强度不低于240MPa"), "{clearer}");
    });
}

#[test]
fn a_clear_demand_is_asked_little_and_nobody_else_is_told() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let text = "镁合金薄板激光焊接，适用于轨道车辆内饰。\n要求：抗拉强度不低于240MPa。";
        let (run, questions) = asked(&app, text).await;
        assert!(!kinds(&questions).contains(&"indicator"), "{questions:?}");
        assert!(!kinds(&questions).contains(&"application"), "{questions:?}");
        let id = run["id"].as_str().expect("an id");
        assert_eq!(app.get(&format!("/api/v1/matches/{id}/questions")).await.status, 404);
        assert_eq!(app.get(&format!("/matches/{id}/questions?token=none")).await.status, 404);
    });
}

#[test]
fn an_answer_to_a_question_that_nobody_asks_is_a_clear_error() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let form = [("text", "镁合金薄板焊接不好"), ("kind1", "weather"), ("answer1", "晴")];
        let sent = app.send(app.request(Method::POST, "/matches").form(&form)).await;
        assert!(
            sent.status == 422 && sent.body.contains("没有「weather」这种问题"),
            "{}",
            sent.body
        );
        // Without an answer nothing is asked.
        let form = [("text", "镁合金薄板焊接不好"), ("kind1", "weather"), ("answer1", " ")];
        assert_eq!(app.send(app.request(Method::POST, "/matches").form(&form)).await.status, 303);
    });
}

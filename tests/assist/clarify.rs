//! Questions that a model proposes to ask whoever poses a vague demand.

use kechuang_store::RecordDraft;
use kechuang_tests::{
    App, achievement, block_on,
    chat::{Act, ChatServer},
};
use serde_json::{Value, json};

use crate::support::{PLENTY, assistant};

const DEMAND: &str = "镁合金薄板焊接不好";

/// Answers of two kinds, one of which every title names in full.
fn drafts() -> Vec<RecordDraft> {
    let draft = |number: usize| {
        let way = if number.is_multiple_of(2) { "激光" } else { "搅拌摩擦" };
        let title = format!("镁合金薄板{way}焊接{number}");
        let mut draft =
            achievement(&number.to_string(), &title, &format!("用{way}焊接镁合金薄板。"));
        draft.owner = format!("示例单位{number}");
        draft
    };
    (1..=12).map(draft).collect()
}

fn proposals() -> Act {
    let one = |kind: &str, text: &str, quote: &str, options: &[&str]| json!({ "kind": kind, "text": text, "quote": quote, "options": options });
    let said = json!({ "questions": [
        one("indicator", "“焊接不好”具体是指接头强度低，还是气孔、变形多？", "焊接不好", &[]),
        one("application", "焊好的薄板用在车身的哪个部位？", "船舶甲板", &[]),
        one("split", "更想用哪一类焊接方法？", "", &["激光", "搅拌摩擦"]),
        one("split", "更想用哪一类？", "", &["电子束", "激光"]),
        one("object", "请打开 http://example.com 填写", "镁合金", &[]),
    ]});
    Act::Say(said.to_string())
}

async fn asked(app: &App, with: &str) -> Value {
    let run = app.post("/api/v1/matches", &json!({ "text": DEMAND })).await.json();
    let (id, token) = (run["id"].as_str().expect("an id"), run["token"].as_str().expect("a token"));
    let page = app.get(&format!("/matches/{id}/questions?token={token}{with}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let answer = app.get(&format!("/api/v1/matches/{id}/questions?token={token}{with}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut questions = answer.json();
    questions["page"] = page.body.into();
    questions
}

#[test]
fn what_a_model_proposes_is_asked_where_it_is_about_what_is_there() {
    block_on(async {
        let server = ChatServer::start(|_| proposals()).await;
        let url = server.url.clone();
        let app = App::with_model(&drafts(), move |store| assistant(&url, store, PLENTY)).await;
        let plain = asked(&app, "").await;
        assert_eq!((plain["assist"]["state"].as_str(), server.asked()), (Some("none"), 0));
        let page = plain["page"].as_str().expect("a page");
        assert!(page.contains("想想该问什么") && !page.contains("由模型生成"), "{page}");

        let both = asked(&app, "&assist=1").await;
        assert_eq!(both["assist"]["state"], "refined", "{both}");
        assert_eq!(both["assist"]["removed"], 3, "{both}");
        let questions = both["questions"].as_array().expect("questions");
        let seen: Vec<_> =
            questions.iter().map(|one| (one["kind"].as_str(), one["by"].as_str())).collect();
        assert_eq!(seen[0], (Some("indicator"), Some("model")), "{both}");
        assert!(seen.contains(&(Some("application"), Some("rules"))), "{both}");
        assert!(questions[0]["text"].as_str().is_some_and(|text| text.contains("气孔、变形多")));
        // Whether a choice matters has been tried.
        let split = questions.iter().find(|one| one["kind"] == "split").expect("a choice");
        assert!(split["effect"].as_f64().expect("an effect") >= 0.2, "{split}");
        assert!(!both.to_string().contains("example.com") && !both.to_string().contains("电子束"));
        let page = both["page"].as_str().expect("a page");
        assert!(page.contains("由模型生成") && page.contains("另有 3 个问题没有着落"), "{page}");
    });
}

#[test]
fn a_model_that_fails_leaves_the_questions_of_the_rules() {
    block_on(async {
        for act in [Act::Hole, Act::Status(500, ""), Act::Garbage, Act::Say("{}".to_owned())] {
            let server = ChatServer::start(move |_| act.clone()).await;
            let url = server.url.clone();
            let app = App::with_model(&drafts(), move |store| assistant(&url, store, PLENTY)).await;
            let (plain, tried) = (asked(&app, "").await, asked(&app, "&assist=1").await);
            assert_eq!(tried["assist"]["state"], "degraded", "{tried}");
            assert_eq!(tried["questions"], plain["questions"]);
            let message = tried["assist"]["message"].as_str().expect("a message");
            assert!(message.contains("由规则提出"), "{message}");
        }
    });
}

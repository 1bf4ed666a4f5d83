//! A saved answer that a large model judges afterwards, over the site's own doors.

use kechuang_assist::refine_one;
use kechuang_domain::{EventKind, Status};
use kechuang_matching::clock;
use kechuang_store::RecordDraft;
use kechuang_tests::{
    App, achievement, block_on,
    chat::{Act, ChatServer},
    demand, oracle,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PLENTY, assistant};

const BEST: &str = "镁合金薄板焊接工艺包";

/// A site with a demand and four answers, that has its answers judged; gives the demand.
async fn site() -> (App, String) {
    let mut drafts = vec![demand("d", "镁合金薄板焊接", "镁合金薄板焊接后强度低，气孔多。")];
    for number in 1..=3 {
        let title = format!("镁合金薄板焊接{number}");
        let body = "镁合金薄板焊接，强度高，气孔少。";
        drafts.push(achievement(&number.to_string(), &title, body));
    }
    drafts.push(achievement("4", BEST, "用于镁合金薄板，已在车间使用。"));
    for (draft, number) in drafts[1..].iter_mut().zip(1..) {
        draft.owner = format!("示例单位{number}");
    }
    let mut app = App::new(&[]).await;
    let saved = app.test.save(&drafts).await;
    app.test.engine.start_refining();
    (app, saved[0].id.to_string())
}

/// What a model says of a record: with words of the record and of the demand, and with others.
fn explanation() -> Act {
    let claim = |text: &str, quote: &str| json!({ "text": text, "quote": quote });
    let mut next = claim("先在车间复核", "已在车间使用");
    next["kind"] = "pilot_test".into();
    let said = json!({
        "reasons": [
            claim("已有车间应用", "已在车间使用"),
            claim("强度提高 37%", "已在车间使用"),
            claim("强度提高百分之三十七", "已在车间使用"),
            claim("已获国家奖", "获得国家奖励"),
            claim("", "已在车间使用"),
        ],
        "gaps": [claim("气孔率没有说明", "气孔多。"), claim("没有说明成本", "成本不高于十元")],
        "next": next,
    });
    Act::Say(said.to_string())
}

fn fond_of_the_best(question: &Value) -> Act {
    if !oracle::asks_to_judge(question) {
        return explanation();
    }
    let (_, records) = oracle::shown(question);
    oracle::answer(records.into_iter().map(|record| {
        let level = if record.texts[0] == BEST { 4 } else { 1 };
        (record.id, level, vec![record.texts[0].clone(), "编造的引文".to_owned()])
    }))
}

async fn created(app: &App, demand: &str) -> Value {
    let created = app.post("/api/v1/matches", &json!({ "demand": demand })).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.json()
}

#[test]
fn the_first_answer_is_there_at_once_and_the_judged_one_takes_its_place() {
    block_on(async {
        let (mut app, demand) = site().await;
        let first = created(&app, &demand).await;
        assert_eq!(
            (first["assist"]["state"].as_str(), &first["assist"]["waiting"]),
            (Some("none"), &json!(true))
        );
        assert_eq!(first["achievements"][3]["title"], BEST);
        let (id, engine) = (first["id"].as_str().expect("an id"), &app.test.engine);
        let waiting = app.get(&format!("/matches/{id}")).await;
        assert!(
            waiting.body.contains("大模型正在评审")
                && waiting.body.contains("http-equiv=\"refresh\"")
        );

        let server = ChatServer::start(fond_of_the_best).await;
        let assistant = assistant(&server.url, engine.store(), PLENTY);
        let done =
            refine_one(engine, &assistant, clock::now).await.expect("a store").expect("a run");
        assert_eq!(
            (done.run.to_string().as_str(), done.state, done.removed_quotes),
            (id, "refined", 8)
        );
        assert!(refine_one(engine, &assistant, clock::now).await.expect("a store").is_none());

        let run = app.get(&format!("/api/v1/matches/{id}")).await.json();
        assert_eq!(
            (&run["assist"]["state"], &run["assist"]["waiting"]),
            (&json!("refined"), &json!(false))
        );
        assert_eq!(
            (&run["assist"]["model"], &run["assist"]["judged"]),
            (&json!("示例模型"), &json!(4))
        );
        assert_eq!(run["achievements"][0]["title"], BEST);
        let moved = &run["assist"]["moves"][0];
        assert_eq!(
            (&moved["from"], &moved["to"], &moved["level"]),
            (&json!(4), &json!(1), &json!(4.0))
        );
        assert_eq!(moved["quotes"][0]["quote"], BEST);
        assert!(!run.to_string().contains("编造"));
        // What it says of the best rests on words that are there; what does not is gone, and counted.
        let advice = &run["assist"]["advice"][0];
        assert_eq!(advice["record"], run["achievements"][0]["record"]);
        let texts = |claims: &Value| -> Vec<String> {
            let claims = claims.as_array().expect("claims").iter();
            claims.map(|claim| claim["text"].as_str().expect("a text").to_owned()).collect()
        };
        assert_eq!(texts(&advice["reasons"]), ["已有车间应用"]);
        assert_eq!(texts(&advice["gaps"]), ["气孔率没有说明"]);
        assert_eq!(advice["gaps"][0]["field"], "demand");
        assert_eq!(advice["next"]["kind"], "pilot_test");
        let text = run["source"]["text"].as_str().expect("a text");
        let at = |key: &str| advice["gaps"][0][key].as_u64().expect("a place") as usize;
        assert_eq!(&text[at("start")..at("end")], "气孔多。");
        assert!(run["assist"]["removed_claims"].as_u64().expect("a count") >= 4);
        let page = app.get(&format!("/matches/{id}")).await.body;
        assert!(
            page.contains("大模型（示例模型）评审了前 4 条，其中 4 条换了位置，它给出的"),
            "{page}"
        );
        assert!(page.contains("第 4 位 → 第 1 位，评为 4.0 级") && page.contains("由模型生成"));
        assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("编造"));
        let replayed = engine.replay(done.run, clock::now()).await.expect("a store");
        let (then, now) = replayed.expect("a run");
        assert_eq!(then, now);

        // Whoever it has put first is who heads the list.
        let since = clock::now().plus_seconds(-60);
        let heads = engine.store().heads_since(since, 1, None).await.expect("heads");
        let first =
            run["achievements"][0]["record"].as_str().expect("an id").parse().expect("an id");
        let owner = engine.store().record(first).await.expect("a record").record.owner;
        assert_eq!(heads, [(owner, 1)]);

        // What is withdrawn since is gone from the note, too.
        let gone = RecordDraft {
            owner: "示例单位4".to_owned(),
            status: Status::Withdrawn,
            ..achievement("4", BEST, "用于镁合金薄板，已在车间使用。")
        };
        app.test.save(&[gone]).await;
        let run = app.get(&format!("/api/v1/matches/{id}")).await.body;
        assert!(!run.contains(BEST), "{run}");
    });
}

#[test]
fn a_model_that_fails_leaves_the_answer_as_it_is_and_says_so() {
    block_on(async {
        let (app, demand) = site().await;
        let engine = &app.test.engine;
        let faults = [
            Act::Hole,
            Act::Status(500, ""),
            Act::Garbage,
            Act::Endless,
            Act::Say("不会".to_owned()),
        ];
        for act in faults {
            let first = created(&app, &demand).await;
            let server = ChatServer::start(move |_| act.clone()).await;
            let assistant = assistant(&server.url, engine.store(), PLENTY);
            let done = refine_one(engine, &assistant, clock::now).await.expect("a store");
            assert_eq!(done.expect("a run").state, "degraded");
            let id = first["id"].as_str().expect("an id");
            let run = app.get(&format!("/api/v1/matches/{id}")).await.json();
            assert_eq!(run["achievements"], first["achievements"]);
            assert_eq!(
                (&run["assist"]["state"], &run["assist"]["waiting"]),
                (&json!("degraded"), &json!(false))
            );
            let message = run["assist"]["message"].as_str().expect("a message");
            assert!(message.contains("大模型") && message.contains("未经大模型评审"), "{message}");
            let page = app.get(&format!("/matches/{id}")).await;
            assert!(page.status == 200 && page.body.contains(message), "{}", page.body);
        }
    });
}

#[test]
fn what_cannot_be_judged_does_not_wait() {
    block_on(async {
        let (app, demand) = site().await;
        let engine = &app.test.engine;
        // Of a closed set exactly what was asked for is ranked; a single answer has no order.
        let first = created(&app, &demand).await;
        let only = first["achievements"][0]["record"].clone();
        let closed = json!({ "demand": demand, "candidates": [only] });
        let closed = app.post("/api/v1/matches", &closed).await.json();
        assert_eq!(closed["assist"]["waiting"], false);

        // A run that has expired meanwhile is not judged, and its job ends.
        let text = json!({ "text": "镁合金薄板焊接后强度低，气孔多。" });
        let anonymous = app.post("/api/v1/matches", &text).await.json();
        assert_eq!(anonymous["assist"]["waiting"], true);
        let server = ChatServer::start(fond_of_the_best).await;
        let assistant = assistant(&server.url, engine.store(), PLENTY);
        let in_ten_days = || clock::now().plus_seconds(10 * 24 * 3600);
        let mut states = Vec::new();
        while let Some(done) = refine_one(engine, &assistant, in_ten_days).await.expect("a store") {
            states.push(done.state);
        }
        assert_eq!(states, ["refined", "none"]);
    });
}

#[test]
fn who_keeps_the_site_sees_how_the_model_is_doing() {
    block_on(async {
        let (app, demand) = site().await;
        let engine = &app.test.engine;
        let server = ChatServer::start(fond_of_the_best).await;
        let assistant = assistant(&server.url, engine.store(), PLENTY);
        let first = created(&app, &demand).await;
        let done =
            refine_one(engine, &assistant, clock::now).await.expect("a store").expect("a run");
        // What it moved up is taken up, and what it moved down turned down.
        let best =
            first["achievements"][3]["record"].as_str().expect("an id").parse().expect("an id");
        let worst =
            first["achievements"][0]["record"].as_str().expect("an id").parse().expect("an id");
        for (record, kind) in
            [(best, EventKind::Accepted), (worst, EventKind::Declined), (best, EventKind::Seen)]
        {
            let said =
                engine.store().append_event(done.run, record, kind, None, None, clock::now());
            said.await.expect("an event");
        }
        created(&app, &demand).await;
        let state =
            app.send(app.request(Method::GET, "/api/v1/assist").bearer_auth(&app.token)).await;
        let state = state.json();
        assert_eq!(
            (&state["accepted"], &state["declined"], &state["acceptance"]),
            (&json!(1), &json!(0), &json!(1.0))
        );
        let runs = json!([
            { "state": "refined", "runs": 1, "removed_quotes": 8, "withheld": 0 },
            { "state": "waiting", "runs": 1, "removed_quotes": 0, "withheld": 0 },
        ]);
        assert_eq!(state["runs"], runs);
        let mut today = state["today"].as_array().expect("a list").iter();
        let today = today.find(|day| day["purpose"] == "judge").expect("judgements");
        assert_eq!(
            (&today["caller"], &today["purpose"], &today["answered"]),
            (&json!("需求库"), &json!("judge"), &json!(2))
        );
        assert!(today["yuan"].as_f64().expect("a sum") > 0.0);
        let cookie = format!("kechuang_keeper={}", app.token);
        let page = app.send(app.request(Method::GET, "/assist").header("cookie", cookie)).await;
        assert!(page.status == 200 && page.body.contains("采纳率 100%"), "{}", page.body);
        // Others are told nothing.
        assert_eq!(app.get("/api/v1/assist").await.status, 401);
        assert_eq!(app.get("/assist").await.status, 303);
    });
}

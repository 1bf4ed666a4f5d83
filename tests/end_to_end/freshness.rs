//! Records that nobody has confirmed for long, from demotion to hiding and back.

use kechuang_domain::{
    FreshnessRule, FreshnessRules, Library, MatchRequest, MatchSource, Stage, Timestamp, Watch,
};
use kechuang_ingest::{IngestRules, freshness::schedule, work_one};
use kechuang_matching::clock;
use kechuang_tests::{App, TestEngine, achievement, block_on, demand};
use reqwest::Method;
use serde_json::Value;

const DAY: i64 = 24 * 3600;

/// Does the daily check as of `now`, and what it leads to.
async fn check(test: &mut TestEngine, now: Timestamp) {
    let rule = FreshnessRule { stale_days: 100, hide_days: 200, notice_days: 30 };
    let freshness = FreshnessRules::NONE.with(Library::Achievement, Some(rule));
    let rules = IngestRules { freshness, ..IngestRules::default() };
    let store = test.engine.store();
    schedule(store, now).await.expect("a scheduled check");
    while work_one(store, &rules, now, &Watch::nobody()).await.expect("a job").is_some() {}
    test.upkeep.catch_up().await.expect("an index that follows");
}

#[test]
fn a_stale_record_stands_further_down_and_says_why() {
    block_on(async {
        let mut app = App::new(&[demand("D", "赤泥脱碱", "钠含量低于1%。")]).await;
        let drafts = [
            achievement("1", "赤泥脱碱工艺", "石灰法脱碱，钠含量降到0.8%。"),
            achievement("2", "赤泥脱碱工艺改进", "石灰法脱碱。"),
        ];
        let saved = app.test.save(&drafts).await;
        let demand = app.test.engine.store().records_of_source(Library::Demand, "测试").await;
        let request = MatchRequest::new(MatchSource::Record(demand.expect("demands")[0].1));
        let now = clock::now();
        let before = app.test.engine.find(&request, now).await.expect("an answer").outcome;
        assert_eq!(before.achievements[0].record, saved[0].id);
        assert!(before.achievements[0].notes.is_empty());

        // Somebody stands by the second only.
        let later = now.plus_seconds(150 * DAY);
        let store = app.test.engine.store();
        store.confirm_records(&[saved[1].id], later).await.expect("confirmed");
        check(&mut app.test, later).await;
        let found = app.test.engine.find(&request, later).await.expect("an answer");
        let after = &found.outcome.achievements;
        let stale = after.iter().find(|one| one.record == saved[0].id).expect("it still answers");
        assert!(stale.notes.iter().any(|note| note.contains("无人确认")), "{:?}", stale.notes);
        assert!(stale.explanation.stages.iter().any(|one| one.stage == Stage::Freshness));
        assert!(stale.score < before.achievements[0].score * 0.81);
        let (run, _) = app.test.engine.save(&request, &found, later).await.expect("saved");
        // Confirmed since: the saved answer can still be made again as it was.
        store_confirm(&app, saved[0].id.to_string()).await;
        let replayed = app.test.engine.replay(run, later).await.expect("a replay").expect("there");
        assert_eq!(replayed.0, replayed.1);
    });
}

async fn store_confirm(app: &App, id: String) {
    let path = format!("/api/v1/records/{id}/confirm");
    let answer = app.write(Method::POST, &path, "", &Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["freshness"], "fresh");
}

#[test]
fn a_hidden_record_leaves_lists_and_matches_until_it_is_confirmed() {
    block_on(async {
        let drafts = [
            demand("D", "赤泥脱碱", "钠含量低于1%。"),
            achievement("1", "赤泥脱碱工艺", "石灰法脱碱，钠含量降到0.8%。"),
        ];
        let mut app = App::new(&drafts).await;
        let found = app.get("/api/v1/records?library=achievement&q=赤泥").await.json();
        let id = found["records"][0]["id"].as_str().expect("an id").to_owned();
        let start = clock::now();
        for day in [170, 200] {
            check(&mut app.test, start.plus_seconds(day * DAY)).await;
        }
        let listed = app.get("/api/v1/records?library=achievement").await.json();
        assert_eq!((&listed["total"], &listed["library_count"]), (&0.into(), &0.into()));
        let body = serde_json::json!({ "text": "赤泥脱碱，钠含量低于1%" });
        let matched = app.post("/api/v1/matches", &body).await.json();
        assert_eq!(matched["achievements"].as_array().map(Vec::len), Some(0));
        let page = app.get(&format!("/records/{id}")).await;
        assert!(page.body.contains("已不在列表和匹配中出现"), "{}", page.body);

        // Notices are for keepers.
        assert_eq!(app.get("/api/v1/notices").await.status, 401);
        assert_eq!(app.get("/notices").await.header("location"), "/imports");
        let list = app.request(Method::GET, "/api/v1/notices").bearer_auth(&app.token);
        let list = app.send(list).await.json();
        assert_eq!(
            (&list["total"], &list["notices"][0]["freshness"]),
            (&1.into(), &"hidden".into())
        );
        let cookie = format!("kechuang_keeper={}", app.token);
        let letters = app.request(Method::GET, "/notices").header("cookie", &cookie);
        let letters = app.send(letters).await.body;
        assert!(letters.contains("示例理工大学") && letters.contains("已隐去"), "{letters}");

        let form = [("records", id.as_str()), ("back", "record")];
        let confirm = app.request(Method::POST, "/notices/confirm").form(&form);
        let answer = app.send(confirm.header("cookie", &cookie)).await;
        assert_eq!((answer.status, answer.header("location")), (303, &*format!("/records/{id}")));
        app.test.upkeep.catch_up().await.expect("an index that follows");
        let listed = app.get("/api/v1/records?library=achievement").await.json();
        assert_eq!(listed["total"], 1);
        let unknown = "0192d1a0-0000-7000-8000-000000000000";
        let path = format!("/api/v1/records/{unknown}/confirm");
        assert_eq!(app.write(Method::POST, &path, "", &Value::Null).await.status, 404);
    });
}

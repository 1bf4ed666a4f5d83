//! The JSON API.

use kechuang_domain::TextField;
use kechuang_tests::{App, achievement, block_on, demand};
use reqwest::Method;
use serde_json::{Value, json};

fn drafts() -> Vec<kechuang_store::RecordDraft> {
    vec![
        demand("d", "镁合金板材焊接", "要求抗拉强度不低于 240MPa；气孔率低于 1%。"),
        achievement("1", "镁合金搅拌摩擦焊", "接头抗拉强度达到 255MPa，气孔率 0.6%。"),
        achievement("2", "赤泥脱碱", "石灰法脱碱。"),
    ]
}

fn new_record() -> Value {
    json!({
        "library": "equipment", "owner": "示例大学", "region": "141100",
        "texts": { "title": { "text": "万能试验机" },
                   "specification": { "text": "300kN", "tier": "registered" } },
        "details": { "kind": "仪器" },
    })
}

#[test]
fn a_text_is_matched_and_its_run_opens_with_its_token_only() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let asked = json!({ "text": "镁合金焊接后强度低，希望抗拉强度不低于240MPa" });
        let made = app.post("/api/v1/matches", &asked).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let run = made.json();
        assert_eq!(run["achievements"][0]["title"], "镁合金搅拌摩擦焊");
        assert_eq!(run["needs"][1]["indicators"][0]["unit"], "MPa");
        let quote = &run["achievements"][0]["explanation"]["evidence"][0]["quote"];
        assert!(quote.as_str().expect("a quote").contains("255MPa"), "{run}");
        assert_eq!(run["degraded"][0]["reason"], "not_installed");

        let (id, token) = (run["id"].as_str().unwrap(), run["token"].as_str().unwrap());
        assert!(token.len() >= 32, "{token}");
        let path = format!("/api/v1/matches/{id}");
        let opened = app.get(&format!("{path}?token={token}")).await;
        assert_eq!(opened.status, 200);
        assert_eq!(opened.json()["achievements"], run["achievements"]);
        assert_eq!(opened.json().get("token"), None, "the token is told once");
        for wrong in [path.clone(), format!("{path}?token=guess")] {
            assert_eq!(app.get(&wrong).await.json()["code"], "unknown_run");
        }
    });
}

#[test]
fn a_demand_finds_achievements_and_an_achievement_finds_demands() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let page = app.get("/api/v1/records?library=demand").await.json();
        let id = page["records"][0]["id"].as_str().expect("an id").to_owned();
        let run = app.post("/api/v1/matches", &json!({ "demand": id })).await;
        assert_eq!(run.status, 201);
        let run = run.json();
        let answer = run["achievements"][0]["record"].as_str().expect("an answer").to_owned();
        assert_eq!(run.get("token"), None);
        let again = app.get(&format!("/api/v1/matches/{}", run["id"].as_str().unwrap())).await;
        assert_eq!(again.status, 200, "a run from a public record is open");

        let back = app.post("/api/v1/matches", &json!({ "record": answer, "top": 1 })).await.json();
        assert_eq!(back["demands"][0]["record"], id.as_str());
        assert_eq!(back["achievements"], json!([]));
    });
}

#[test]
fn a_record_is_made_read_changed_and_withdrawn() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let made = app.write(Method::POST, "/api/v1/records", "", &new_record()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.header("etag"), "\"1\"");
        let path = made.header("location").to_owned();
        app.test.upkeep.catch_up().await.expect("an index");

        let public = app.get(&path).await.json();
        assert_eq!(public["texts"].get("specification"), None);
        assert_eq!(public["hidden"], json!([{ "field": "specification", "tier": "registered" }]));
        let kept = app.request(Method::GET, &path).bearer_auth(&app.token);
        assert_eq!(app.send(kept).await.json()["texts"]["specification"]["text"], "300kN");

        let mut changed = new_record();
        changed["texts"]["title"]["text"] = "电子万能试验机".into();
        let without = app.write(Method::PUT, &path, "", &changed).await;
        assert_eq!(
            (without.status, without.json()["code"].clone()),
            (428, "precondition_required".into())
        );
        let updated = app.write(Method::PUT, &path, "\"1\"", &changed).await;
        assert_eq!((updated.status, updated.header("etag")), (200, "\"2\""), "{}", updated.body);
        let stale = app.write(Method::PUT, &path, "\"1\"", &new_record()).await;
        assert_eq!((stale.status, stale.json()["code"].clone()), (412, "revision_conflict".into()));

        app.test.upkeep.catch_up().await.expect("an index");
        let found = app.get("/api/v1/records?library=equipment&q=电子试验机").await.json();
        assert_eq!(found["records"][0]["title"], "电子万能试验机");
        assert!(found["records"][0]["marks"]["title"].is_array(), "{found}");

        let gone = app.write(Method::DELETE, &path, "\"2\"", &Value::Null).await;
        assert_eq!((gone.status, gone.json()["status"].clone()), (200, "withdrawn".into()));
        app.test.upkeep.catch_up().await.expect("an index");
        assert_eq!(app.get(&path).await.json()["code"], "unknown_record");
        let left = app.get("/api/v1/records?library=equipment").await.json();
        assert_eq!((left["library_count"].as_u64(), left["records"].clone()), (Some(0), json!([])));
    });
}

#[test]
fn the_same_idempotency_key_makes_one_record() {
    block_on(async {
        let app = App::new(&[]).await;
        let make = || {
            let request = app.request(Method::POST, "/api/v1/records").bearer_auth(&app.token);
            request.header("idempotency-key", "单号-7".replace("单号", "no")).json(&new_record())
        };
        let (first, second) = (app.send(make()).await, app.send(make()).await);
        assert_eq!((first.status, second.status), (201, 200));
        assert_eq!(first.json()["id"], second.json()["id"]);
    });
}

#[test]
fn a_write_needs_a_valid_token() {
    block_on(async {
        let app = App::new(&drafts()).await;
        for token in [None, Some("guess")] {
            let mut request = app.request(Method::POST, "/api/v1/records").json(&new_record());
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let refused = app.send(request).await;
            assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer"));
            assert_eq!(refused.json()["code"], "unauthorized");
        }
    });
}

#[test]
fn pages_of_a_search_join_without_gap_or_repetition() {
    block_on(async {
        let many: Vec<_> = (0..25)
            .map(|number| achievement(&number.to_string(), &format!("赤泥利用之{number}"), ""))
            .collect();
        let app = App::new(&many).await;
        for query in ["", "&q=赤泥"] {
            let mut titles = Vec::new();
            let mut cursor = String::new();
            loop {
                let path = format!("/api/v1/records?library=achievement&limit=10{query}{cursor}");
                let page = app.get(&path).await.json();
                let records = page["records"].as_array().expect("records").clone();
                titles.extend(records.iter().map(|record| record["title"].to_string()));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            titles.sort();
            titles.dedup();
            assert_eq!(titles.len(), 25, "{query}");
        }
    });
}

#[test]
fn too_many_matches_are_refused_for_a_while() {
    block_on(async {
        let app = App::limited(&drafts(), 3).await;
        let mut codes = Vec::new();
        for _ in 0..4 {
            codes.push(app.post("/api/v1/matches", &json!({ "text": "赤泥" })).await);
        }
        let last = codes.pop().expect("four");
        assert!(codes.iter().all(|answer| answer.status == 201));
        assert_eq!((last.status, last.json()["code"].clone()), (429, "rate_limited".into()));
        assert!(last.json()["detail"].as_str().expect("a detail").contains("秒后再试"));
        assert_eq!(app.get("/api/v1/records").await.status, 200, "reading goes on");
    });
}

#[test]
fn the_description_names_every_address_and_health_is_told() {
    block_on(async {
        let app = App::new(&drafts()).await;
        let document = app.get("/openapi.json").await.json();
        assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
        for path in
            ["/api/v1/matches", "/api/v1/matches/{run}", "/api/v1/records", "/api/v1/records/{id}"]
        {
            assert!(document["paths"].get(path).is_some(), "{path}");
        }
        for field in TextField::ALL {
            assert!(!field.label().is_empty());
        }
        assert_eq!(app.get("/healthz").await.json()["status"], "ok");
        let ready = app.get("/readyz").await.json();
        let meaning = &ready["meaning"];
        assert!(meaning["encoder"].is_null() && meaning["problem"].is_string(), "{ready}");
        assert_eq!(ready["records"]["achievement"], 2);
        assert_eq!(ready["applied_seq"], ready["change_head"]);
    });
}

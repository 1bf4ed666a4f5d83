//! The pages, as a browser without scripts sees them.

use kechuang_matching::clock;
use kechuang_tests::{App, achievement, block_on, demand};
use reqwest::Method;

async fn app() -> App {
    App::new(&[
        demand("d", "镁合金板材焊接", "要求抗拉强度不低于 240MPa；气孔率低于 1%。"),
        achievement("1", "镁合金搅拌摩擦焊", "接头抗拉强度达到 255MPa，气孔率 0.6%。"),
        achievement("2", "<script>alert(1)</script>", "\"引号\" & <b>标签</b>，镁合金。"),
    ])
    .await
}

#[test]
fn the_box_on_the_first_page_leads_to_an_explained_result() {
    block_on(async {
        let app = app().await;
        let home = app.get("/").await;
        assert_eq!(home.status, 200);
        for words in ["说说您的技术难题", "成果库", "镁合金板材焊接"] {
            assert!(home.body.contains(words), "{words}");
        }
        let form = [("text", "镁合金焊接后强度低，希望抗拉强度不低于240MPa")];
        let sent = app.send(app.request(Method::POST, "/matches").form(&form)).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let result = app.get(sent.header("location")).await;
        assert_eq!(result.status, 200);
        for words in ["可能的答案", "镁合金搅拌摩擦焊", "接头抗拉强度达到 255MPa", "未装入编码模型"]
        {
            assert!(result.body.contains(words), "{words}: {}", result.body);
        }
        let without_token = sent.header("location").split('?').next().expect("a path").to_owned();
        assert_eq!(app.get(&without_token).await.status, 404);
    });
}

#[test]
fn a_record_shows_its_texts_and_leads_to_its_matches() {
    block_on(async {
        let app = app().await;
        let found = app.get("/search?library=demand&q=镁合金").await;
        assert!(found.body.contains("<mark>"), "{}", found.body);
        let at = found.body.find("/records/").expect("a link");
        let path: String = found.body[at..].chars().take_while(|c| *c != '"').collect();
        let record = app.get(&path).await;
        assert!(record.body.contains("为这项需求找答案"), "{}", record.body);
        let sent = app.send(app.request(Method::POST, &format!("{path}/matches"))).await;
        assert_eq!(sent.status, 303);
        let result = app.get(sent.header("location")).await;
        assert!(result.body.contains("镁合金搅拌摩擦焊"));
    });
}

#[test]
fn what_the_firm_says_of_itself_goes_into_the_question() {
    block_on(async {
        let app = app().await;
        let home = app.get("/").await.body;
        assert!(
            home.contains("吕梁市") && home.contains("氢能") && home.contains("微型"),
            "{home}"
        );
        let form = [("text", "镁合金焊接"), ("region", "141100"), ("chain", ""), ("size", "小型")];
        let sent = app.send(app.request(Method::POST, "/matches").form(&form)).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let id = sent.header("location").split(['/', '?']).nth(2).expect("an id").parse();
        let saved = app.test.engine.saved(id.expect("an id"), clock::now()).await;
        let applicant = saved.expect("a store").expect("a run").request.applicant;
        assert_eq!(applicant.region.map(|region| region.to_string()).as_deref(), Some("141100"));
        assert_eq!((applicant.size.as_deref(), applicant.chain), (Some("小型"), None));
        let wrong = [("text", "镁合金焊接"), ("size", "巨型")];
        let sent = app.send(app.request(Method::POST, "/matches").form(&wrong)).await;
        assert_eq!(sent.status, 422);
    });
}

#[test]
fn a_record_is_found_by_the_number_that_people_use() {
    block_on(async {
        let app = app().await;
        let there = app.get("/records/XQ-000001").await;
        assert_eq!(there.status, 303);
        assert_eq!(app.get(there.header("location")).await.status, 200);
        let read = app.get("/api/v1/records/cg-000002").await;
        assert_eq!(read.json()["number"], "CG-000002", "{}", read.body);
        for unknown in ["XQ-000009", "XQ-", "XQ--1", "ZZ-000001"] {
            assert_eq!(app.get(&format!("/records/{unknown}")).await.status, 404, "{unknown}");
            assert_eq!(app.get(&format!("/api/v1/records/{unknown}")).await.status, 404);
        }
    });
}

#[test]
fn texts_of_others_stay_texts() {
    block_on(async {
        let app = app().await;
        let found = app.get("/search?library=achievement&q=镁合金 \"><script>").await;
        assert_eq!(found.status, 200);
        assert!(!found.body.contains("<script>"), "{}", found.body);
        assert!(!found.body.contains("<b>标签"), "{}", found.body);
        assert!(found.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(found.header("referrer-policy"), "no-referrer");
    });
}

#[test]
fn mistakes_are_pages_in_chinese() {
    block_on(async {
        let app = app().await;
        let empty = app.send(app.request(Method::POST, "/matches").form(&[("text", " ")])).await;
        assert_eq!(empty.status, 422);
        assert!(empty.body.contains("没有可匹配的文字"), "{}", empty.body);
        let missing = app.get("/records/none").await;
        assert_eq!(missing.status, 404);
        assert!(missing.body.contains("没有这条记录") && missing.body.contains("回到首页"));
        assert!(app.get("/no/such/page").await.body.contains("没有这个地址"));
        let wrong = app.get("/search?library=cars").await;
        assert_eq!(wrong.status, 400);
        assert!(wrong.body.contains("cars"), "{}", wrong.body);
        assert_eq!(
            app.get("/static/style.css").await.header("content-type"),
            "text/css; charset=utf-8"
        );
    });
}

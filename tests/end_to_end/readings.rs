//! Free texts read into fields, without a model.

use kechuang_tests::{App, block_on, kechuang};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");
const LETTER: &str = "各位老师：\n我们是示例镁业有限公司，现用皮江法炼镁。想把还原周期缩短到9小时以内，镁锭纯度不低于99.95%，炉体不能动。\n\
                      公司准备投入1500万元，2028年6月底前建成，可以联合开发。";

#[test]
fn a_letter_is_read_with_its_words() {
    block_on(async {
        let app = App::new(&[]).await;
        let input = json!({ "library": "demand", "text": LETTER });
        let answer = app.post("/api/v1/readings", &input).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let reading = answer.json();
        let said = |field: &str| {
            let values = reading["values"].as_array().expect("values");
            let value = values.iter().find(|value| value["field"] == field);
            value.map(|value| (value["value"].clone(), value["by"].clone()))
        };
        let by_rules = |value: &str| Some((json!(value), json!("rules")));
        assert_eq!(said("owner"), by_rules("示例镁业有限公司"));
        assert_eq!(said("budget"), by_rules("1500 万元"));
        assert_eq!(said("deadline"), by_rules("2028-06-30"));
        assert_eq!(reading["assist"]["state"], "none");
        // Where there is no model, asking for one is said to be in vain.
        let input = json!({ "library": "demand", "text": LETTER, "assist": true });
        let tried = app.post("/api/v1/readings", &input).await.json();
        assert_eq!(
            (&tried["assist"]["state"], &tried["values"]),
            (&json!("degraded"), &reading["values"])
        );

        let page = app.get("/read").await;
        assert!(
            page.status == 200 && page.body.contains("读成栏目") && !page.body.contains("大模型")
        );
        let form = [("library", "demand"), ("text", LETTER)];
        let page = app.send(app.request(Method::POST, "/read").form(&form)).await;
        assert!(
            page.body.contains("value=\"1500 万元\"") && page.body.contains("<blockquote>"),
            "{}",
            page.body
        );
        assert!(page.body.contains("formaction=\"/matches\"") && !page.body.contains("/read/save"));
    });
}

#[test]
fn what_cannot_be_read_is_refused_in_chinese() {
    block_on(async {
        let app = App::new(&[]).await;
        let long = "镁".repeat(20_001);
        let cases = [
            (json!({ "library": "policy", "text": LETTER }), "invalid_field", "demand（需求）"),
            (json!({ "library": "demand", "text": " " }), "empty_text", "请给出要读取的文字"),
            (json!({ "library": "demand", "text": long }), "text_too_long", "20001"),
            (json!({ "library": "demand" }), "invalid_json", "text"),
        ];
        for (input, code, words) in cases {
            let answer = app.post("/api/v1/readings", &input).await;
            assert!((400..500).contains(&answer.status), "{}", answer.body);
            assert_eq!(answer.json()["code"], code, "{}", answer.body);
            assert!(answer.body.contains(words), "{}", answer.body);
        }
        let form = [("library", "cars"), ("text", "x")];
        let page = app.send(app.request(Method::POST, "/read").form(&form)).await;
        assert!(page.status == 422 && page.body.contains("demand（需求）"), "{}", page.body);
    });
}

#[test]
fn what_was_typed_stays_where_it_cannot_be_kept() {
    block_on(async {
        let app = App::new(&[]).await;
        let cookie = format!("kechuang_keeper={}", app.token);
        let mut form = vec![
            ("library", "demand"),
            ("text", LETTER),
            ("value.title", "镁还原提速"),
            ("value.owner", "示例镁业有限公司"),
            ("value.budget", "很多钱"),
        ];
        let save = |form: &[(&str, &str)]| {
            app.send(app.request(Method::POST, "/read/save").header("cookie", &cookie).form(form))
        };
        let page = save(&form).await;
        assert!(page.status == 200 && page.body.contains("没有存入"), "{}", page.body);
        assert!(page.body.contains("另读作：1500 万元"), "{}", page.body);
        assert!(
            page.body.contains("value=\"很多钱\"") && page.body.contains("value=\"镁还原提速\"")
        );
        form[4].1 = "1500 万元";
        let saved = save(&form).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        // A letter with a telephone number is for nobody to see whom its owner does not know.
        let page = app.get(saved.header("location")).await.body;
        assert!(page.contains("各位老师"), "{page}");
        let with_phone = format!("{LETTER}\n手机：000 ００00 0000");
        let private: Vec<_> = form
            .iter()
            .map(|(name, said)| (*name, if *name == "text" { &*with_phone } else { *said }))
            .collect();
        let page = app.get(save(&private).await.header("location")).await.body;
        assert!(!page.contains("手机") && page.contains("镁还原提速"), "{page}");
        // The same again is the same record.
        assert_eq!(save(&form).await.header("location"), saved.header("location"));
        let page = app.get(saved.header("location")).await;
        assert!(page.body.contains("镁还原提速") && page.body.contains("1500"), "{}", page.body);
    });
}

#[test]
fn a_document_that_is_handed_in_is_read_with_its_sentences() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let part = Part::bytes(LETTER.as_bytes().to_vec()).file_name("来信.txt");
        let form = Form::new().part("file", part).text("library", "demand");
        let request = app.request(Method::POST, "/api/v1/imports").bearer_auth(&app.token);
        assert_eq!(app.send(request.multipart(form)).await.status, 202);
        app.work().await;
        let list = app.get("/api/v1/records?library=demand").await.json();
        let id = list["records"][0]["id"].as_str().expect("an id").to_owned();
        let request = app.request(Method::GET, &format!("/api/v1/records/{id}"));
        let record: Value = app.send(request.bearer_auth(&app.token)).await.json();
        assert_eq!(record["owner"], "示例镁业有限公司", "{record}");
        assert_eq!(record["details"]["budget_wan"], 1500.0, "{record}");
        assert_eq!(record["details"]["deadline"], "2028-06-30");
        assert_eq!(record["details"]["targets"][0]["indicator"], "还原周期");
        assert_eq!(record["texts"]["constraints"]["text"], "炉体不能动");
        let fields = &record["provenance"]["fields"];
        assert_eq!(fields["budget"]["sentence"], "公司准备投入1500万元", "{record}");
        let targets = fields["targets"]["sentence"].as_str().expect("a sentence");
        assert!(targets.starts_with("想把还原周期") && targets.contains("99.95%"), "{targets}");
    });
}

#[test]
fn a_value_that_does_not_fit_takes_no_other_with_it() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let price = "很".repeat(600);
        let text =
            format!("示例大学冶金学院研发的镁还原技术已完成中试，技术成熟度6级。\n报价：{price}");
        let part = Part::bytes(text.into_bytes()).file_name("推介.txt");
        let form = Form::new().part("file", part).text("library", "achievement");
        let request = app.request(Method::POST, "/api/v1/imports").bearer_auth(&app.token);
        assert_eq!(app.send(request.multipart(form)).await.status, 202);
        app.work().await;
        let list = app.get("/api/v1/records?library=achievement").await.json();
        let record = &list["records"][0];
        assert_eq!(record["owner"], "示例大学冶金学院", "{list}");
        assert_eq!(
            (&record["details"]["trl"], &record["details"]["stage"]),
            (&json!(6), &json!("中期"))
        );
        assert!(
            record["details"]["asking_price"].is_null()
                && !record["provenance"].to_string().contains("asking_price")
        );
    });
}

#[test]
fn the_program_reads_documents_and_measures_readers() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = folder.path().join("来信.txt");
    std::fs::write(&letter, LETTER).expect("a file");
    let letter = letter.to_str().expect("a path");
    let run = |asked: &[&str]| kechuang(PROGRAM, folder.path(), asked);
    let read = run(&["read", letter, "--library", "demand", "--json"]);
    assert_eq!(read.code, Some(0), "{read:?}");
    let values = read.json()["values"].as_array().expect("values").clone();
    let budget = values.iter().find(|value| value["field"] == "budget").expect("a budget");
    assert_eq!((&budget["value"], &budget["by"]), (&json!("1500 万元"), &json!("rules")));
    assert_eq!(budget["quote"], "公司准备投入1500万元");
    let shown = run(&["read", letter, "--library", "demand"]);
    assert!(shown.out.contains("拟投入资金：1500 万元\n    “公司准备投入1500万元”"), "{shown:?}");
    let refused = run(&["read", letter, "--library", "policy"]);
    assert!(
        refused.code == Some(2) && refused.err.contains("demand 或 achievement"),
        "{refused:?}"
    );
    let refused = run(&["read", letter, "--library", "demand", "--assist"]);
    assert!(refused.code == Some(2) && refused.err.contains("[assist]"), "{refused:?}");

    let texts = folder.path().join("texts.jsonl");
    let line = json!({ "id": "R1", "library": "demand", "text": LETTER, "fields": [
        { "field": "budget", "value": "1500 万元", "quote": "公司准备投入1500万元" },
        { "field": "title", "value": "镁还原", "quote": "皮江法炼镁" },
    ]});
    std::fs::write(&texts, line.to_string()).expect("a file");
    let texts = folder.path().to_str().expect("a path");
    let measured = run(&["eval", texts, "--json"]).json();
    let rules = &measured["readers"][0];
    assert_eq!(
        (&rules["fields"]["budget"]["right"], &rules["fields"]["title"]["labelled"]),
        (&json!(1), &json!(1))
    );
    assert!(rules["all"]["precision"].as_f64().is_some_and(|share| share < 0.5), "{measured}");
    let refused = run(&["eval", texts, "--profile", "default"]);
    assert!(refused.code == Some(2) && refused.err.contains("--profile"), "{refused:?}");
    std::fs::write(
        folder.path().join("texts.jsonl"),
        line.to_string().replace("\"皮江法炼镁\"", "\"竖罐法炼镁\""),
    )
    .expect("a file");
    let wrong = run(&["eval", texts]);
    assert!(wrong.code == Some(1) && wrong.err.contains("第 1 行"), "{wrong:?}");
}

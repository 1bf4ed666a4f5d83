//! Files that are handed in over the web.

use kechuang_tests::{App, block_on};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

fn file(name: &str, bytes: &str) -> Form {
    let part = Part::bytes(bytes.as_bytes().to_vec()).file_name(name.to_owned());
    Form::new().part("file", part)
}

/// Hands a file in and gives the import's address.
async fn hand_in(app: &App, form: Form) -> String {
    let request = app.request(Method::POST, "/api/v1/imports").bearer_auth(&app.token);
    let answer = app.send(request.multipart(form)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(answer.json()["stage"], "reading");
    answer.header("location").to_owned()
}

async fn read(app: &App, place: &str) -> Value {
    app.send(app.request(Method::GET, place).bearer_auth(&app.token)).await.json()
}

#[test]
fn a_half_broken_file_brings_in_its_good_rows() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let csv = "编号,名称,技术成熟度,完成单位\nA1,赤泥脱碱,7,示例大学\nA2,镁合金压铸,十二,示例大学\n\
                   A3,,3,示例大学\nA4,煤矸石制陶粒,5,示例大学\n";
        let place = hand_in(&app, file("成果.csv", csv).text("library", "achievement")).await;
        app.work().await;
        let import = read(&app, &place).await;
        assert_eq!(import["stage"], "done", "{import}");
        let counts = ["created", "rejected", "row_count", "rows_done"].map(|name| &import[name]);
        assert_eq!(counts, [2, 2, 4, 4].map(Value::from).each_ref(), "{import}");
        let rejected = &import["rejected_rows"];
        assert_eq!(rejected[0]["row"], 3);
        assert_eq!(rejected[0]["issues"][0]["column"], "技术成熟度");
        assert!(rejected[1].to_string().contains("名称为空"), "{rejected}");
        let page = app.get("/api/v1/records?library=achievement").await.json();
        assert_eq!(page["library_count"], 2);
        let record = &page["records"][0];
        assert_eq!(record["provenance"]["file"], "成果.csv", "{record}");
        assert_eq!(record["provenance"]["place"]["row"], 5, "{record}");

        // The same file again changes nothing.
        let place = hand_in(&app, file("成果.csv", csv).text("library", "achievement")).await;
        app.work().await;
        let again = read(&app, &place).await;
        assert_eq!((&again["unchanged"], &again["created"]), (&json!(2), &json!(0)), "{again}");
    });
}

#[test]
fn columns_are_shown_before_they_are_taken_and_kept_for_the_source() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let csv = "课题,说明,单位\n赤泥脱碱,石灰法脱碱,示例大学\n";
        let form = |csv: &str| {
            file("表.csv", csv).text("library", "achievement").text("source", "年度征集")
        };
        let place = hand_in(&app, form(csv).text("preview", "true")).await;
        app.work().await;
        let import = read(&app, &place).await;
        assert_eq!(import["stage"], "mapping", "{import}");
        let column = |header: &str| {
            let columns = import["preview"]["columns"].as_array().expect("columns").iter();
            columns.clone().find(|one| one["header"] == header).expect("the column").clone()
        };
        assert_eq!(column("课题")["column"], Value::Null);
        assert_eq!(column("说明")["samples"], json!(["石灰法脱碱"]));
        assert_eq!(column("单位")["column"], "owner");
        assert_eq!(app.get("/api/v1/records").await.json()["library_count"], 0);

        let start = format!("{place}/start");
        let wrong = json!({ "mapping": { "课题": "deadline" } });
        let refused = app.write(Method::POST, &start, "", &wrong).await;
        assert_eq!(refused.json()["code"], "invalid_file", "{}", refused.body);
        let mapping = json!({ "mapping": { "课题": "title", "说明": "body" } });
        assert_eq!(app.write(Method::POST, &start, "", &mapping).await.status, 202);
        let twice = app.write(Method::POST, &start, "", &mapping).await;
        assert_eq!((twice.status, &twice.json()["code"]), (409, &json!("import_not_waiting")));
        app.work().await;
        let import = read(&app, &place).await;
        assert_eq!((&import["stage"], &import["created"]), (&json!("done"), &json!(1)), "{import}");

        // The source's next file is understood at once.
        let place = hand_in(&app, form("课题,说明\n镁合金压铸,真空压铸\n")).await;
        app.work().await;
        assert_eq!(read(&app, &place).await["created"], 1);
    });
}

#[test]
fn what_cannot_be_taken_in_is_told() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let csv = "名称\n甲\n";
        for (form, code, words) in [
            (file("成果.csv", csv), "invalid_field", "library"),
            (file("成果.csv", csv).text("library", "books"), "invalid_field", "books"),
            (file("成果.exe", csv).text("library", "demand"), "invalid_file", "成果.exe"),
            (file("成果.csv", "").text("library", "demand"), "invalid_field", "空"),
            (Form::new().text("library", "demand"), "invalid_field", "文件"),
            (
                file("成果.csv", csv).text("library", "demand").text("mapping", "{\"甲\":\"trl\"}"),
                "invalid_field",
                "trl",
            ),
        ] {
            let request = app.request(Method::POST, "/api/v1/imports").bearer_auth(&app.token);
            let problem = app.send(request.multipart(form)).await.json();
            assert_eq!(problem["code"], code, "{problem}");
            assert!(problem["detail"].as_str().expect("a detail").contains(words), "{problem}");
        }
        let form = file("成果.csv", csv).text("library", "demand");
        let request = app.request(Method::POST, "/api/v1/imports").multipart(form);
        assert_eq!(app.send(request).await.status, 401);
        let unknown = "/api/v1/imports/00000000-0000-7000-8000-000000000000";
        assert_eq!(read(&app, unknown).await["code"], "unknown_import");

        // A file that turns out to be none is told by the import.
        let place = hand_in(&app, file("成果.csv", "甲,乙\n1,2\n").text("library", "demand")).await;
        app.work().await;
        let import = read(&app, &place).await;
        assert_eq!(import["stage"], "failed", "{import}");
        assert!(import["error"].as_str().expect("a reason").contains("列名"), "{import}");
    });
}

#[test]
fn on_the_page_the_token_opens_the_door() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let closed = app.get("/imports").await;
        assert!(closed.body.contains("访问令牌") && !closed.body.contains("multipart"));
        let enter = async |token: &str| {
            let request = app.request(Method::POST, "/imports/enter").form(&[("token", token)]);
            app.send(request).await
        };
        assert_eq!(enter("guess").await.status, 401);
        let entered = enter(&app.token).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
        let cookie = entered.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a pair").to_owned();

        let with = |method, path: &str| app.request(method, path).header("cookie", &cookie);
        let form = file("表.csv", "课题,单位\n赤泥脱碱,示例大学\n")
            .text("library", "achievement")
            .text("preview", "true");
        let made = app.send(with(Method::POST, "/imports").multipart(form)).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let place = made.header("location").to_owned();
        assert!(app.send(with(Method::GET, &place)).await.body.contains("正在读取"));
        app.work().await;
        let with = |method, path: &str| app.request(method, path).header("cookie", &cookie);
        let page = app.send(with(Method::GET, &place)).await.body;
        assert!(page.contains("核对列名") && page.contains("赤泥脱碱"), "{page}");
        let choice = [("column:课题", "title"), ("column:单位", "owner")];
        let start = format!("{place}/start");
        assert_eq!(app.send(with(Method::POST, &start).form(&choice)).await.status, 303);
        app.work().await;
        let with = |method, path: &str| app.request(method, path).header("cookie", &cookie);
        let page = app.send(with(Method::GET, &place)).await.body;
        assert!(page.contains("已完成") && page.contains("<strong>1</strong> 新增"), "{page}");
        assert_eq!(app.get(&place).await.status, 303, "nobody else sees it");
    });
}

#[test]
fn a_demand_that_is_posed_again_is_not_put_behind_the_one_that_is_over() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let text = "赤泥脱碱后钠含量不高于1%，浸出液pH不高于9，用于路基填筑，年消纳二十万吨";
        for (name, deadline) in [("去年.csv", "2020-12-31"), ("今年.csv", "2099-12-31")] {
            let csv = format!("编号,名称,内容简介,完成时限\n1,赤泥脱碱筑路,{text},{deadline}\n");
            hand_in(&app, file(name, &csv).text("library", "demand")).await;
            app.work().await;
        }
        let open = app.get("/api/v1/records?library=demand&current=only").await.json();
        assert_eq!(open["total"], 1, "{open}");
        assert_eq!(open["records"][0]["provenance"]["file"], "今年.csv");
        let pairs = app.request(Method::GET, "/api/v1/duplicates").bearer_auth(&app.token);
        let pairs = app.send(pairs).await.json();
        assert_eq!(pairs["pairs"].as_array().map(Vec::len), Some(1), "a person is asked");
        // The other way round, what is over stands behind what is open.
        let csv = format!("编号,名称,内容简介,完成时限\n1,赤泥脱碱筑路,{text},2021-12-31\n");
        hand_in(&app, file("前年.csv", &csv).text("library", "demand")).await;
        app.work().await;
        let all = app.get("/api/v1/records?library=demand&current=all").await.json();
        assert_eq!(all["total"], 2, "{all}");
    });
}

#[test]
fn who_may_not_hand_files_in_is_told_before_the_file_is_read() {
    block_on(async {
        let app = App::new(&[]).await;
        let form = file("成果.csv", "名称\n甲\n").text("library", "achievement");
        let sent = app.send(app.request(Method::POST, "/imports").multipart(form)).await;
        assert_eq!((sent.status, sent.header("location")), (303, "/imports"));
    });
}

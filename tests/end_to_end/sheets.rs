//! Sheets that are taken away: results, templates, files given back.

use kechuang_ingest::{Format, Row, rows};
use kechuang_tests::{App, achievement, block_on};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::Value;

/// The bytes behind an address, with the name they are kept under.
async fn download(app: &App, path: &str, cookie: &str) -> (String, Vec<u8>) {
    let request = app.request(Method::GET, path).bearer_auth(&app.token).header("cookie", cookie);
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let named = response.headers()["content-disposition"].to_str().expect("a name").to_owned();
    (named, response.bytes().await.expect("bytes").to_vec())
}

fn titles(format: Format, bytes: &[u8]) -> Vec<String> {
    let rows = rows::read(format, bytes).expect("rows").into_iter();
    let title = |row| match row {
        Row::Fields { fields, .. } => fields["名称"].as_str().expect("a title").to_owned(),
        other => panic!("{other:?}"),
    };
    rows.map(title).collect()
}

#[test]
fn a_result_is_exported_as_the_public_sees_it() {
    block_on(async {
        let drafts = [
            achievement("1", "=HYPERLINK(\"http://x\")赤泥", "石灰法。"),
            achievement("2", "赤泥制砖", "烧结。"),
            achievement("3", "镁合金压铸", "真空。"),
        ];
        let app = App::new(&drafts).await;
        let asked = "?library=achievement&q=%E8%B5%A4%E6%B3%A5";
        let (named, sheet) = download(&app, &format!("/api/v1/exports/xlsx{asked}"), "").await;
        assert!(named.contains("filename*=UTF-8''%E6%88%90%E6%9E%9C.xlsx"), "{named}");
        assert_eq!(titles(Format::Xlsx, &sheet).len(), 2);
        let (_, csv) = download(&app, &format!("/api/v1/exports/csv{asked}"), "").await;
        let text = String::from_utf8(csv.clone()).expect("UTF-8");
        assert!(text.contains("'=HYPERLINK"), "a formula is a text: {text}");
        assert!(!text.contains("来源名称"), "{text}");
        let page = app.get(&format!("/search{asked}")).await.body;
        assert!(page.contains("/api/v1/exports/csv?library=achievement"), "{page}");
        let wrong = app.get("/api/v1/exports/docx").await;
        assert_eq!((wrong.status, &wrong.json()["code"]), (400, &"invalid_parameter".into()));
    });
}

#[test]
fn templates_and_returned_files_come_over_the_web() {
    block_on(async {
        let mut app = App::new(&[]).await;
        let (named, template) = download(&app, "/api/v1/templates/demand", "").await;
        assert!(named.contains(".xlsx") && template.starts_with(b"PK"), "{named}");
        assert_eq!(app.get("/api/v1/templates/other").await.status, 400);

        let csv = "名称,技术成熟度\n赤泥脱碱,7\n镁合金压铸,十二\n".as_bytes().to_vec();
        let part = Part::bytes(csv).file_name("成果.csv");
        let form = Form::new().part("file", part).text("library", "achievement");
        let request = app.request(Method::POST, "/api/v1/imports").bearer_auth(&app.token);
        let place = app.send(request.multipart(form)).await.header("location").to_owned();
        app.work().await;
        assert_eq!(app.get(&format!("{place}/errors")).await.status, 401);
        let (named, back) = download(&app, &format!("{place}/errors"), "").await;
        assert!(named.contains(".csv"), "{named}");
        let text = String::from_utf8(back).expect("UTF-8");
        assert!(text.contains("错误说明") && text.contains("十二"), "{text}");
        // The page gives the same to whoever carries the token.
        let page = place.replace("/api/v1", "");
        let cookie = format!("kechuang_keeper={}", app.token);
        let (_, same) = download(&app, &format!("{page}/errors"), &cookie).await;
        assert_eq!(String::from_utf8(same).expect("UTF-8"), text);
        let shown = app.request(Method::GET, &page).header("cookie", &cookie);
        assert!(app.send(shown).await.body.contains("下载退回文件"));
        let none = app.get("/api/v1/imports/0192d1a0-0000-7000-8000-000000000000/errors").await;
        assert_eq!(none.json()["code"], Value::from("unauthorized"));
    });
}

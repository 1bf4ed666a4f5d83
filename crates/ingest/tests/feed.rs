//! Feeds, against a server in this process that says what it is told to say.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use kechuang_domain::{Library, Timestamp, Watch};
use kechuang_ingest::{
    Feed, FeedOutcome, FeedRules, Feeds, FollowedFeed, IngestRules, Row,
    feed::{PRIVATE_ADDRESSES_WARNING, fetch, follow::ask_due},
    work_one,
};
use kechuang_store::Store;

/// A server that gives these answers, one a connection, and then no more; and the heads of the requests.
fn server(answers: Vec<String>) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (send, heads) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().expect("a caller");
            drop(send.send(serve(stream, &answer)));
        }
    });
    (address, heads)
}

fn serve(mut stream: TcpStream, answer: &str) -> String {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone().expect("a stream"));
    while !head.ends_with("\r\n\r\n") && lines.read_line(&mut head).expect("a line") > 0 {}
    match answer.strip_prefix("endless ") {
        None => drop(stream.write_all(answer.as_bytes())),
        // Without a length and without an end.
        Some(start) => {
            drop(stream.write_all(start.as_bytes()));
            let some = [b' '; 1 << 16];
            while stream.write_all(&some).is_ok() {}
        }
    }
    drop(stream.shutdown(std::net::Shutdown::Write));
    drop(lines.read_to_end(&mut Vec::new()));
    head
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n{body}")
}

fn json(body: &str) -> String {
    answer("200 OK", "content-type: application/json; charset=utf-8\r\n", body)
}

fn open_rules() -> FeedRules {
    let mut rules = FeedRules::new(["127.0.0.1", "localhost"])
        .with_private_addresses(PRIVATE_ADDRESSES_WARNING)
        .expect("confirmed");
    rules.time_limit = Duration::from_secs(5);
    rules
}

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

async fn fetched(answers: Vec<String>) -> FeedOutcome {
    let (address, _heads) = server(answers);
    fetch(&Feed::new(format!("http://{address}/a")), &open_rules(), NOW).await
}

/// Why it failed, and after how many seconds it may be asked again.
fn failure(outcome: FeedOutcome) -> (String, i64) {
    match outcome {
        FeedOutcome::Failed { retry_at, reason } => {
            (reason, (retry_at.micros() - NOW.micros()) / 1_000_000)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rows_come_in_the_forms_that_services_use() {
    for (body, count) in [
        ("[{\"title\": \"甲\"}, {\"title\": \"乙\"}]", 2),
        ("{\"total\": 1, \"items\": [{\"title\": \"甲\"}]}", 1),
        ("{\"data\": [{\"title\": \"甲\"}]}", 1),
        ("{\"records\": []}", 0),
        ("{\"title\": \"甲\"}\n{\"title\": \"乙\"}\n", 2),
    ] {
        let FeedOutcome::Rows { rows, .. } = fetched(vec![json(body)]).await else {
            panic!("{body}")
        };
        assert_eq!(rows.len(), count, "{body}");
        assert!(rows.iter().all(|row| matches!(row, Row::Fields { .. })), "{rows:?}");
    }
    let lines = answer("200 OK", "content-type: application/x-ndjson\r\n", "{\"title\": \"甲\"}");
    assert!(
        matches!(fetched(vec![lines]).await, FeedOutcome::Rows { rows, .. } if rows.len() == 1)
    );
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let marks = "content-type: application/json\r\netag: \"v1\"\r\nlast-modified: Tue, 24 Nov 2026 00:00:00 GMT\r\n";
    let first = answer("200 OK", marks, "[]");
    let (address, heads) = server(vec![first, answer("304 Not Modified", "", "")]);
    let feed = Feed { failures: 3, ..Feed::new(format!("http://{address}/a")) };
    let outcome = fetch(&feed, &open_rules(), NOW).await;
    let feed = feed.after(&outcome);
    assert_eq!((feed.etag.as_deref(), feed.failures), (Some("\"v1\""), 0));
    assert_eq!(fetch(&feed, &open_rules(), NOW).await, FeedOutcome::NotModified);
    let (first, second) = (heads.recv().expect("a head"), heads.recv().expect("a head"));
    assert!(!first.to_lowercase().contains("if-none-match"), "{first}");
    let second = second.to_lowercase();
    assert!(
        second.contains("if-none-match: \"v1\"") && second.contains("if-modified-since: tue"),
        "{second}"
    );
}

#[tokio::test]
async fn failures_wait_longer_each_time_and_as_long_as_the_server_says() {
    for (failures, headers, seconds) in [
        (0, "", 60),
        (1, "", 120),
        (5, "", 1_920),
        (40, "", 24 * 3600),
        (0, "retry-after: 600\r\n", 600),
        (5, "retry-after: 600\r\n", 1_920),
        (0, "retry-after: Fri, 15 Jan 2027 08:10:00 GMT\r\n", 600),
        (0, "retry-after: 99999999999\r\n", 7 * 24 * 3600),
    ] {
        let (address, _heads) = server(vec![answer("503 Service Unavailable", headers, "")]);
        let feed = Feed { failures, ..Feed::new(format!("http://{address}/a")) };
        let outcome = fetch(&feed, &open_rules(), NOW).await;
        assert_eq!(feed.after(&outcome).failures, failures + 1);
        let (reason, waits) = failure(outcome);
        assert!(reason.contains("503"), "{reason}");
        assert_eq!(waits, seconds, "{failures} {headers}");
    }
}

#[tokio::test]
async fn answers_that_are_no_rows_are_refused() {
    let html = answer("200 OK", "content-type: text/html\r\n", "<html>");
    let long = "content-type: application/json\r\ncontent-length: 99999999\r\n";
    let short = "content-type: application/json\r\ncontent-length: 50\r\n";
    let endless = format!("endless {}", json("["));
    for (sent, words) in [
        (html, "text/html"),
        (json("{\"a\": 1}"), "没有记录数组"),
        (json("[{"), "不是完整的 JSON"),
        (answer("200 OK", long, "["), "20 MB"),
        (endless, "20 MB"),
        (answer("200 OK", short, "["), "没有传完"),
        (answer("302 Found", "", ""), "跳转"),
    ] {
        let (reason, _) = failure(fetched(vec![sent]).await);
        assert!(reason.contains(words), "{words}: {reason}");
    }
}

#[tokio::test]
async fn redirects_are_followed_by_the_same_rules() {
    let (last, _heads) = server(vec![json("[{\"title\": \"甲\"}]")]);
    let to = |target: &str| answer("302 Found", &format!("location: {target}\r\n"), "");
    let outcome = fetched(vec![to(&format!("http://localhost:{}/b", last.port()))]).await;
    assert!(matches!(outcome, FeedOutcome::Rows { .. }), "{outcome:?}");
    let circle = vec![to("/a"); 5];
    for (answers, words) in [
        (vec![to("http://127.0.0.2/")], "127.0.0.2 不在"),
        (vec![to("http://metadata.internal/")], "不在允许"),
        (vec![to("file:///etc/passwd")], "file"),
        (circle, "3 次"),
    ] {
        let (reason, _) = failure(fetched(answers).await);
        assert!(reason.contains(words), "{words}: {reason}");
    }
}

#[tokio::test]
async fn only_listed_hosts_at_public_addresses_are_asked() {
    // Nobody answers there: a request that was made would fail in other words.
    let hosts =
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0.0.0.0"];
    let rules = FeedRules::new(hosts);
    for host in hosts {
        let outcome = fetch(&Feed::new(format!("http://{host}/a")), &rules, NOW).await;
        let (reason, _) = failure(outcome);
        assert!(reason.contains("内部地址") || reason.contains("不在允许"), "{host}: {reason}");
    }
    for (url, words) in [
        ("http://other.example/", "不在允许"),
        ("http://localhost.evil.example/", "不在允许"),
        ("http://user:pass@localhost/", "用户名"),
        // Other ways to write 127.0.0.1.
        ("http://2130706433/", "内部地址"),
        ("http://0x7f.1/", "内部地址"),
        ("ftp://localhost/", "ftp"),
        ("no address", "不是网址"),
    ] {
        let (reason, _) = failure(fetch(&Feed::new(url), &rules, NOW).await);
        assert!(reason.contains(words), "{url}: {reason}");
    }
    assert!(rules.with_private_addresses("好").is_err());
}

#[tokio::test]
async fn a_silent_server_does_not_hold_us() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut rules = open_rules();
    rules.time_limit = Duration::from_millis(200);
    let (reason, _) = failure(fetch(&Feed::new(format!("http://{address}/")), &rules, NOW).await);
    assert!(reason.contains("超时"), "{reason}");
}

/// Asks the one followed feed as of `now`, and does what that leads to. Gives how many imports there
/// are.
async fn follow(store: &Store, feeds: &Feeds, now: Timestamp) -> usize {
    let nobody = Watch::nobody();
    ask_due(store, feeds, now, &nobody).await.expect("asked");
    while work_one(store, &IngestRules::default(), now, &nobody).await.expect("a job").is_some() {}
    store.newest_imports(10).await.expect("imports").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_followed_feed_is_taken_in_when_it_says_something_new_and_once_a_day() {
    let day = |day: i64, hour: i64| NOW.plus_seconds((day * 24 + hour) * 3600);
    let marks = "content-type: application/json\r\netag: \"v1\"\r\n";
    let body = "[{\"id\": \"1\", \"title\": \"赤泥脱碱\"}]";
    let other = "[{\"id\": \"1\", \"title\": \"赤泥制砖\"}]";
    let plain = "content-type: application/json\r\n";
    let (address, heads) = server(vec![
        answer("200 OK", marks, body),
        answer("304 Not Modified", "", ""),
        answer("200 OK", plain, body),
        answer("200 OK", plain, other),
        answer("500 Broken", "", ""),
        answer("200 OK", plain, other),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_embedded(folder.path()).await.expect("a store");
    let followed = FollowedFeed {
        name: "省平台".to_owned(),
        library: Library::Achievement,
        url: format!("http://{address}/a"),
        every_seconds: 3600,
    };
    let feeds = Feeds { rules: open_rules(), followed: vec![followed] };
    assert_eq!(follow(&store, &feeds, day(0, 0)).await, 1);
    assert_eq!(follow(&store, &feeds, day(0, 0)).await, 1, "its hour has not come");
    assert_eq!(follow(&store, &feeds, day(0, 1)).await, 1, "not modified");
    // A day later it is asked in full: what it still says is confirmed.
    assert_eq!(follow(&store, &feeds, day(1, 1)).await, 2);
    let id = store.records_of_source(Library::Achievement, "省平台").await.expect("a record")[0].1;
    let record = store.record(id).await.expect("a record").record;
    assert_eq!((record.revision, record.confirmed_at), (1, day(1, 1)));
    assert_eq!(follow(&store, &feeds, day(1, 2)).await, 3, "something new");
    assert_eq!(store.record(id).await.expect("a record").record.revision, 2);
    assert_eq!(follow(&store, &feeds, day(1, 3)).await, 3);
    assert!(
        store.feeds().await.expect("feeds")[0]
            .error
            .as_deref()
            .is_some_and(|why| why.contains("500"))
    );
    assert_eq!(follow(&store, &feeds, day(1, 5)).await, 3, "the same bytes");
    assert_eq!(store.feeds().await.expect("feeds")[0].error, None);
    let heads: Vec<String> = heads.try_iter().map(|head| head.to_lowercase()).collect();
    let asked: Vec<bool> = heads.iter().map(|head| head.contains("if-none-match")).collect();
    assert_eq!(asked, [false, true, false, false, false, false]);
}

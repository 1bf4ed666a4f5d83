//! A server of the chat protocol that answers, and one that does not.

use std::time::{Duration, Instant};

use kechuang_inference::generative::{
    BreakerSettings, BreakerState, Endpoint, EndpointSettings, GenerateError, JsonMode, Prompt,
    Secret,
};
use kechuang_tests::{
    block_on,
    chat::{Act, ChatServer},
};

fn settings(url: &str) -> EndpointSettings {
    EndpointSettings {
        url: url.to_owned(),
        model: "示例模型".to_owned(),
        key: Some(Secret::new("钥匙".to_owned())),
        json: JsonMode::Schema,
        attempt: Duration::from_millis(300),
        attempts: 2,
        concurrent: 2,
        breaker: BreakerSettings { failures: 4, rest: Duration::from_secs(60) },
    }
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::new(EndpointSettings { key: None, ..settings(url) }).expect("settings that are fine")
}

fn prompt() -> Prompt {
    Prompt {
        system: "你是评审。".to_owned(),
        user: "请评。".to_owned(),
        form: None,
        max_tokens: 64,
        temperature: 0.0,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(2)
}

#[test]
fn an_answer_comes_whole_or_word_by_word() {
    block_on(async {
        let words = "<think>想一想</think>\n镁合金焊接可用搅拌摩擦焊。";
        let server = ChatServer::start(|_| Act::Say(words.to_owned())).await;
        let endpoint = endpoint(&server.url);
        let whole = endpoint.ask(&prompt(), soon()).await.expect("an answer");
        assert_eq!(whole.text, "镁合金焊接可用搅拌摩擦焊。");
        assert_eq!((whole.usage.prompt_tokens, whole.usage.is_estimated), (100, false));
        let mut heard = String::new();
        let mut told = |words: &str| heard.push_str(words);
        let piece_by_piece = endpoint.listen(&prompt(), soon(), &mut told).await;
        assert_eq!(piece_by_piece.expect("an answer"), whole);
        assert_eq!(heard, words);
        let health = endpoint.health();
        assert_eq!((health.answered, health.usage.prompt_tokens), (2, 200));
        assert!(health.mean().is_some() && health.failed.is_empty());
    });
}

#[test]
fn every_fault_ends_in_time_and_in_an_error_of_its_kind() {
    block_on(async {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let nobody = format!("http://{}/v1", free.local_addr().expect("an address"));
        drop(free);
        let late = Act::SayLate(Duration::from_secs(10), "晚了".to_owned());
        let faults = [
            ("broken", 2, Some(Act::Hole)),
            ("broken", 2, Some(late)),
            ("broken", 2, Some(Act::Reset)),
            ("unreachable", 2, None),
            ("garbage", 2, Some(Act::Garbage)),
            ("busy", 2, Some(Act::Status(429, ""))),
            ("refused", 2, Some(Act::Status(500, ""))),
            ("refused", 1, Some(Act::Status(401, ""))),
            ("refused", 1, Some(Act::Status(307, "location: http://127.0.0.1:1/\r\n"))),
            ("endless", 1, Some(Act::Endless)),
        ];
        for (code, tries, act) in faults {
            let server = match act.clone() {
                Some(act) => Some(ChatServer::start(move |_| act.clone()).await),
                None => None,
            };
            let url = server.as_ref().map_or(nobody.as_str(), |server| &server.url);
            let endpoint = endpoint(url);
            for is_streamed in [false, true] {
                let began = Instant::now();
                let mut told = |_: &str| {};
                let failed = if is_streamed {
                    endpoint.listen(&prompt(), soon(), &mut told).await
                } else {
                    endpoint.ask(&prompt(), soon()).await
                };
                let failed = failed.expect_err("a fault");
                assert_eq!(failed.code(), code, "{act:?} {failed}");
                assert!(began.elapsed() < Duration::from_secs(2), "{act:?}");
            }
            if let Some(server) = &server {
                // A stream that has begun is not asked for again.
                assert!((2..=tries * 2).contains(&server.asked()), "{act:?} {}", server.asked());
            }
            assert!(endpoint.health().last_error.is_some());
        }
    });
}

#[test]
fn a_stream_that_breaks_off_is_told_and_not_begun_again() {
    block_on(async {
        let server =
            ChatServer::start(|_| Act::SayInPart("一二三四五六七八九十".to_owned(), 1)).await;
        let endpoint = endpoint(&server.url);
        let mut heard = String::new();
        let mut told = |words: &str| heard.push_str(words);
        let failed = endpoint.listen(&prompt(), soon(), &mut told).await.expect_err("broken off");
        assert_eq!(
            (failed.code(), heard.as_str(), server.asked()),
            ("broken", "一二三四五六七", 1)
        );
    });
}

#[test]
fn the_time_that_is_given_is_kept_and_a_sick_server_is_left_alone() {
    block_on(async {
        let server = ChatServer::start(|_| Act::Status(429, "retry-after: 30\r\n")).await;
        let patient = endpoint(&server.url);
        let began = Instant::now();
        let until = Instant::now() + Duration::from_millis(400);
        let failed = patient.ask(&prompt(), until).await.expect_err("no time");
        // Whoever is told to come again too late goes at once.
        assert_eq!(failed.code(), "busy");
        assert!(began.elapsed() < Duration::from_millis(300));

        let server = ChatServer::start(|_| Act::Hole).await;
        let patient = endpoint(&server.url);
        let began = Instant::now();
        let until = Instant::now() + Duration::from_millis(150);
        let prompt = prompt();
        let both = tokio::join!(patient.ask(&prompt, until), patient.ask(&prompt, until));
        assert_eq!(both.0.expect_err("no time"), GenerateError::Deadline);
        assert_eq!(both.1.expect_err("no time"), GenerateError::Deadline);
        assert!(began.elapsed() < Duration::from_millis(300));

        let server = ChatServer::start(|_| Act::Status(503, "")).await;
        let endpoint = endpoint(&server.url);
        for _ in 0..2 {
            endpoint.ask(&prompt, soon()).await.expect_err("a sick server");
        }
        assert!(matches!(endpoint.health().breaker, BreakerState::Open(_)));
        let began = Instant::now();
        let failed = endpoint.ask(&prompt, soon()).await.expect_err("left alone");
        assert!(matches!(failed, GenerateError::Resting(_)), "{failed}");
        assert!(began.elapsed() < Duration::from_millis(100));
        assert_eq!(server.asked(), 4);
        assert_eq!(endpoint.health().failed["resting"], 1);
    });
}

#[test]
fn a_fault_that_passes_is_got_over() {
    block_on(async {
        let tries = std::sync::atomic::AtomicUsize::new(0);
        let server = ChatServer::start(move |_| {
            match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Act::Reset,
                _ => Act::Say("好".to_owned()),
            }
        })
        .await;
        let endpoint = endpoint(&server.url);
        assert_eq!(endpoint.ask(&prompt(), soon()).await.expect("an answer").text, "好");
        assert!(matches!(endpoint.health().breaker, BreakerState::Closed));
    });
}

#[test]
fn a_key_is_never_shown_and_must_fit_a_header() {
    let shown = format!("{:?}", settings("http://127.0.0.1:1/v1"));
    assert!(!shown.contains("钥匙") && shown.contains("Secret(…)"), "{shown}");
    let with = |key: &str| {
        let key = Some(Secret::new(key.to_owned()));
        Endpoint::new(EndpointSettings { key, ..settings("http://127.0.0.1:1/v1") })
    };
    assert!(with("sk-0123").is_ok());
    let refused = with("sk\n0123").expect_err("a line break").to_string();
    assert!(refused.contains("密钥") && !refused.contains("0123"), "{refused}");
}

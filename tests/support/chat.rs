//! A server that speaks the chat protocol and does what a script says, faults included.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does with a question.
#[derive(Debug, Clone)]
pub enum Act {
    /// Answers with these words.
    Say(String),
    /// Answers with these words, after a while.
    SayLate(Duration, String),
    /// Answers in pieces, if it was asked to, and breaks off after so many.
    SayInPart(String, usize),
    /// Takes the question and says nothing.
    Hole,
    /// Answers with this status and these headers.
    Status(u16, &'static str),
    /// Announces more than it sends.
    Reset,
    /// Answers with something else than JSON.
    Garbage,
    /// Never stops talking.
    Endless,
}

/// A server on a free port.
#[derive(Debug)]
pub struct ChatServer {
    /// Its address, up to `/v1`.
    pub url: String,
    asked: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl ChatServer {
    /// Starts one that does with each question, as its JSON, what the script says.
    ///
    /// # Panics
    /// Where there is no free port.
    pub async fn start(script: impl Fn(&Value) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (script, count) = (Arc::new(script), Arc::clone(&asked));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, count) = (Arc::clone(&script), Arc::clone(&count));
                tokio::spawn(async move { serve(stream, &*script, &count).await });
            }
        });
        Self { url: format!("http://127.0.0.1:{port}/v1"), asked, serving }
    }

    /// How many questions have come.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for ChatServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers the questions of a connection until one of them ends it.
async fn serve(
    mut stream: TcpStream,
    script: &(dyn Fn(&Value) -> Act + Send + Sync),
    count: &AtomicUsize,
) {
    // Small pieces must not wait for each other.
    stream.set_nodelay(true).expect("a socket");
    let mut received = Vec::new();
    while let Some(question) = question(&mut stream, &mut received).await {
        count.fetch_add(1, Ordering::SeqCst);
        let streams = question["stream"] == true;
        let act = script(&question);
        let goes_on = matches!(act, Act::Say(_) | Act::SayLate(..) | Act::Status(..));
        if perform(&mut stream, act, streams).await.is_err() || !goes_on {
            return;
        }
    }
}

/// The next question of a connection, as JSON.
async fn question(stream: &mut TcpStream, received: &mut Vec<u8>) -> Option<Value> {
    let mut piece = [0; 1 << 14];
    loop {
        let text = String::from_utf8_lossy(received).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head.split("content-length:").nth(1)?.lines().next()?.trim();
            let end = head.len() + 4 + length.parse::<usize>().ok()?;
            if received.len() >= end {
                let question = serde_json::from_slice(&received[head.len() + 4..end]).ok();
                received.drain(..end);
                return question;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => received.extend_from_slice(&piece[..read]),
        }
    }
}

async fn perform(stream: &mut TcpStream, act: Act, streams: bool) -> std::io::Result<()> {
    match act {
        Act::Say(words) => say(stream, &words, streams, usize::MAX).await,
        Act::SayInPart(words, pieces) => say(stream, &words, streams, pieces).await,
        Act::SayLate(after, words) => {
            tokio::time::sleep(after).await;
            say(stream, &words, streams, usize::MAX).await
        }
        Act::Hole => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        }
        Act::Status(status, headers) => {
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{headers}\r\n");
            stream.write_all(head.as_bytes()).await
        }
        Act::Reset => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"choices\":").await
        }
        Act::Garbage => whole(stream, "<html>502 Bad Gateway</html>").await,
        Act::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            let words = "很".repeat(4_000);
            let line =
                format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{words}\"}}}}]}}\n");
            let piece = format!("{:x}\r\n{line}\r\n", line.len());
            loop {
                stream.write_all(piece.as_bytes()).await?;
            }
        }
    }
}

async fn say(
    stream: &mut TcpStream,
    words: &str,
    streams: bool,
    pieces: usize,
) -> std::io::Result<()> {
    let usage = json!({ "prompt_tokens": 100, "completion_tokens": words.chars().count() });
    if !streams {
        let choice = json!({ "message": { "role": "assistant", "content": words }, "finish_reason": "stop" });
        return whole(stream, &json!({ "choices": [choice], "usage": usage }).to_string()).await;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n").await?;
    let chars: Vec<char> = words.chars().collect();
    for piece in chars.chunks(7).take(pieces) {
        let words: String = piece.iter().collect();
        event(stream, &json!({ "choices": [{ "delta": { "content": words } }] }).to_string())
            .await?;
    }
    if pieces != usize::MAX {
        return Ok(());
    }
    event(stream, &json!({ "choices": [], "usage": usage }).to_string()).await?;
    event(stream, "[DONE]").await?;
    stream.write_all(b"0\r\n\r\n").await
}

async fn event(stream: &mut TcpStream, data: &str) -> std::io::Result<()> {
    let line = format!("data: {data}\n\n");
    stream.write_all(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes()).await
}

async fn whole(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await
}

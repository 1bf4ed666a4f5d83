//! The parent's half: it starts the child, waits as long as it may and reads what it may.

use std::{
    ffi::OsString,
    io::{Read, Write},
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::{
    Answer, PDF_LIMIT_BYTES, PdfText,
    child::{CPU_SECONDS, MEMORY_BYTES},
};
use crate::{
    IngestError, Result,
    rows::limits::{DOCUMENT_TEXT_BYTES, over},
};

/// The longest answer: the text, as JSON escapes it.
const ANSWER_LIMIT_BYTES: u64 = 2 * DOCUMENT_TEXT_BYTES as u64;
/// Of what the child complains about, so much is looked at.
const COMPLAINT_LIMIT_BYTES: u64 = 4_096;

/// How to start the child: a program whose arguments make it call [`child_main`](super::child_main).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfReader {
    /// The program; usually this one.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// How long one file may take.
    pub time_limit: Duration,
}

impl PdfReader {
    /// A reader whose files may take as long as their processor time and a third more.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, arguments: Vec<OsString>) -> Self {
        let time_limit = Duration::from_secs(CPU_SECONDS + CPU_SECONDS / 3);
        Self { program: program.into(), arguments, time_limit }
    }

    /// The text of a PDF. Blocks until the child has ended.
    ///
    /// # Errors
    /// [`IngestError::File`] for a PDF that is encrypted, scanned, damaged, or reaches a limit: the
    /// message names it.
    pub fn read(&self, bytes: &[u8]) -> Result<PdfText> {
        if bytes.len() > PDF_LIMIT_BYTES {
            return Err(over("PDF 文件", &format!("{} MB", PDF_LIMIT_BYTES >> 20)));
        }
        let mut child = self.start()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(complaints)) = pipes else {
            return Err(not_started("没有管道"));
        };
        let ended = thread::scope(|scope| {
            let (send, answered) = mpsc::channel();
            scope.spawn(move || feed(input, bytes));
            scope.spawn(move || send.send(listen(output)));
            let complaint = scope.spawn(move || hear(complaints));
            let answer = answered.recv_timeout(self.time_limit);
            if answer.is_err() {
                // The threads end with the pipes of the child.
                drop(child.kill());
            }
            let status = wait(&mut child, self.time_limit);
            (answer.ok(), status, complaint.join().unwrap_or_default())
        });
        match ended {
            (None, ..) => {
                Err(over("读取 PDF 的时间", &format!("{} 秒", self.time_limit.as_secs())))
            }
            (Some(answer), Some(status), _) if status.success() => understood(&answer),
            (Some(_), status, complaint) => Err(broken(status, &complaint)),
        }
    }

    fn start(&self) -> Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error.to_string()))
    }
}

/// A child that ends early does not read to the end; that is its own affair.
fn feed(mut input: ChildStdin, bytes: &[u8]) {
    drop(input.write_all(bytes));
}

fn listen(output: ChildStdout) -> Vec<u8> {
    let mut answer = Vec::new();
    // What is cut off or lost is no JSON any more.
    drop(output.take(ANSWER_LIMIT_BYTES).read_to_end(&mut answer));
    answer
}

fn hear(mut complaints: ChildStderr) -> String {
    let mut heard = Vec::new();
    drop(complaints.by_ref().take(COMPLAINT_LIMIT_BYTES).read_to_end(&mut heard));
    // The rest is read, too, or the child would wait for ever.
    drop(std::io::copy(&mut complaints, &mut std::io::sink()));
    String::from_utf8_lossy(&heard).into_owned()
}

/// Waits for a child whose output has ended; one that lingers is killed.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    while started.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Err(_) => break,
        }
    }
    drop(child.kill());
    child.wait().ok()
}

fn understood(answer: &[u8]) -> Result<PdfText> {
    match serde_json::from_slice(answer) {
        Ok(Answer::Text(text)) => Ok(text),
        Ok(Answer::Refused(reason)) => Err(IngestError::File(reason)),
        Err(_) => Err(over("PDF 的文字", &format!("{} MB", DOCUMENT_TEXT_BYTES >> 20))),
    }
}

/// Why a child has ended without an answer.
fn broken(status: Option<ExitStatus>, complaint: &str) -> IngestError {
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    let signal = status.and_then(|status| std::os::unix::process::ExitStatusExt::signal(&status));
    if complaint.contains("memory allocation") || complaint.contains("capacity overflow") {
        return over("读取 PDF 的内存", &format!("{} MB", MEMORY_BYTES >> 20));
    }
    if complaint.contains("overflowed its stack") {
        return IngestError::File(
            "PDF 的结构嵌套过深，不予读取；请打开后另存或打印为新的 PDF".into(),
        );
    }
    if matches!(signal, Some(SIGKILL | SIGXCPU)) {
        return over("读取 PDF 的处理器时间", &format!("{CPU_SECONDS} 秒"));
    }
    tracing::warn!(?status, complaint, "the child that reads PDF files has failed");
    IngestError::File("PDF 已损坏或写法有误，无法读取；请打开后另存或打印为新的 PDF".into())
}

fn not_started(reason: &str) -> IngestError {
    tracing::error!(reason, "the child that reads PDF files cannot be started");
    IngestError::File("读取 PDF 的程序无法启动；请联系管理员查看日志".to_owned())
}

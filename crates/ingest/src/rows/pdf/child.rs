//! The child's half: it ties its own hands, reads a PDF from its input and answers on its output.

use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Answer, PDF_LIMIT_BYTES, extract};
use crate::IngestError;

/// The memory of the child, with the program's own image: less than 300 MiB become resident. A scanned
/// book of 45 MB takes some 150 MB.
pub(super) const MEMORY_BYTES: u64 = 384 << 20;
/// Processor time of the child. A text of 1,000 pages takes two seconds.
pub(super) const CPU_SECONDS: u64 = 20;

/// Runs the child: a PDF on `input`, an answer in JSON on `output`. The program calls this from a
/// command of its own and then ends.
///
/// # Errors
/// Where the limits cannot be set, or input or output fail.
pub fn child_main(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    tie_hands()?;
    let mut bytes = Vec::new();
    input.by_ref().take(PDF_LIMIT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let answer = match extract(&bytes) {
        Ok(text) => Answer::Text(text),
        Err(IngestError::File(reason)) => Answer::Refused(reason),
        Err(other) => Answer::Refused(other.to_string()),
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()
}

fn tie_hands() -> io::Result<()> {
    let most = |limit: u64| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::As, most(MEMORY_BYTES))?;
    setrlimit(Resource::Cpu, most(CPU_SECONDS))?;
    setrlimit(Resource::Fsize, most(0))?;
    setrlimit(Resource::Core, most(0))?;
    // No further process or thread; this does not bind root.
    setrlimit(Resource::Nproc, most(0))?;
    // Input, output and errors are open; a fourth descriptor, file or socket, cannot be.
    setrlimit(Resource::Nofile, most(3))?;
    Ok(())
}

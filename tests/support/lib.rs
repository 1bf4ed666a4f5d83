//! What tests share: databases of their own, engines over real indexes, sites on a free port.
//!
//! A backend that is missing on somebody's machine skips the tests that need it, visibly; with
//! `CI=true` it fails them.

pub mod app;
pub mod chat;
pub mod databases;
pub mod drafts;
pub mod engine;
pub mod oracle;
pub mod program;

pub use app::{App, install_tls};
pub use databases::{Database, databases, skipped};
pub use drafts::{achievement, demand, draft};
pub use engine::{TestEngine, encoders, rules};
pub use program::{Program, kechuang};

/// Runs asynchronous test code on several threads, as the product does.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

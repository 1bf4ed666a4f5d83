//! What benchmarks share: the corpus, the queries, altered copies, the disk's own cost, and figures.
//!
//! Data lies outside the repository (`../shared`); a benchmark without its data says so and ends.

pub mod alter;
pub mod bare;
pub mod data;
pub mod disk;
pub mod expressions;
pub mod figures;
pub mod program;
pub mod shelf;

/// Runs a benchmark on several threads, as the product does.
///
/// # Errors
/// What the benchmark says.
pub fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Whether cargo runs this as a test (`cargo test --all-targets`), where nothing is to be measured.
#[must_use]
pub fn is_test() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}

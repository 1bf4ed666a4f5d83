//! Named steps of long work, told to whoever watches: the command line draws its progress from them,
//! and the crash tests end the process at each of them.

use std::sync::Arc;

/// A step that has just been reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Raw rows and their job are about to be saved.
    EnqueueStarting,
    /// Raw rows and their job are saved.
    Enqueued,
    /// A worker holds the job.
    Claimed,
    /// A file is cut into rows and they are written, their transaction is still open.
    FileRead,
    /// Records are compared with their library, nothing is linked.
    Compared,
    /// Records are written, their transaction is still open.
    DataWritten,
    /// The records' transaction is committed; so many records were in it.
    DataCommitted(usize),
    /// The job is marked as done.
    JobFinished,
    /// Changes are handed to the index writer, nothing is committed.
    IndexWritten(usize),
    /// The index is about to be committed.
    IndexCommitting,
    /// The index is committed and readers see it; so many changes were in it.
    IndexCommitted(usize),
    /// Segments of the index are being merged.
    IndexMerging,
    /// Records are encoded, their vectors are not yet in the index.
    VectorsEncoded,
    /// Vectors are committed; so many changes were taken up.
    VectorsCommitted(usize),
}

impl Step {
    /// The step's stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EnqueueStarting => "enqueue_starting",
            Self::Enqueued => "enqueued",
            Self::Claimed => "claimed",
            Self::FileRead => "file_read",
            Self::Compared => "compared",
            Self::DataWritten => "data_written",
            Self::DataCommitted(_) => "data_committed",
            Self::JobFinished => "job_finished",
            Self::IndexWritten(_) => "index_written",
            Self::IndexCommitting => "index_committing",
            Self::IndexCommitted(_) => "index_committed",
            Self::IndexMerging => "index_merging",
            Self::VectorsEncoded => "vectors_encoded",
            Self::VectorsCommitted(_) => "vectors_committed",
        }
    }
}

/// Somebody who is told of each step, on the thread that reached it.
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn(Step) + Send + Sync>);

impl Watch {
    /// A watcher that calls `told` at each step; it should return soon.
    pub fn new(told: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }

    /// Nobody watches.
    #[must_use]
    pub fn nobody() -> Self {
        Self::new(|_| {})
    }

    /// Tells that `step` has been reached.
    pub fn reached(&self, step: Step) {
        (self.0)(step);
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

//! What became of rows, told row by row.

use kechuang_domain::{Place, RecordId};
use serde::{Deserialize, Serialize};

use crate::Issue;

/// Rows of a job whose doubts are kept, for people who read examples and then mend the whole.
const DOUBTS_KEPT: usize = 20;

/// A row that became a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRow {
    /// Where it stood.
    #[serde(flatten)]
    pub place: Place,
    /// The record.
    pub id: RecordId,
    /// Its revision now.
    pub revision: i64,
    /// `created`, `updated` or `unchanged`.
    pub change: Outcome,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new record.
    Created,
    /// A new revision.
    Updated,
    /// Known already.
    Unchanged,
}

/// A row that became none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Where it stood.
    #[serde(flatten)]
    pub place: Place,
    /// Everything that is wrong with it.
    pub issues: Vec<Issue>,
}

/// What a job has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingested {
    /// Rows that became records.
    pub saved: Vec<SavedRow>,
    /// Rows that did not.
    pub rejected: Vec<RejectedRow>,
    /// Headers that mean no field; their values were not taken.
    pub ignored_columns: Vec<String>,
    /// Example rows of a template, which are left out.
    #[serde(default)]
    pub examples: usize,
    /// Rows that became records and that a person should look at.
    #[serde(default)]
    pub doubtful: usize,
    /// The first of them, with what to look at.
    #[serde(default)]
    pub doubts: Vec<RejectedRow>,
}

impl Ingested {
    /// Notes what a person should look at.
    pub(crate) fn note(&mut self, place: &Place, doubts: Vec<Issue>) {
        if doubts.is_empty() {
            return;
        }
        self.doubtful += 1;
        if self.doubts.len() < DOUBTS_KEPT {
            self.doubts.push(RejectedRow { place: place.clone(), issues: doubts });
        }
    }

    /// Adds what another job has done.
    pub fn add(&mut self, more: Self) {
        self.saved.extend(more.saved);
        self.rejected.extend(more.rejected);
        self.doubtful += more.doubtful;
        self.doubts.extend(more.doubts);
        self.ignored_columns.extend(more.ignored_columns);
        self.examples += more.examples;
        self.ignored_columns.sort();
        self.ignored_columns.dedup();
    }

    /// How many rows led to this.
    #[must_use]
    pub fn count(&self, change: Outcome) -> usize {
        self.saved.iter().filter(|saved| saved.change == change).count()
    }
}

impl RejectedRow {
    /// Everything that is wrong, for people.
    #[must_use]
    pub fn reason(&self) -> String {
        let issues = self.issues.iter().map(|issue| match &issue.column {
            Some(column) => format!("“{column}”列：{}", issue.reason),
            None => issue.reason.clone(),
        });
        issues.collect::<Vec<_>>().join("；")
    }
}

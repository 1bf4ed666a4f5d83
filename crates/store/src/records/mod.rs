//! Records and their revisions.
//!
//! A record's head row says where it stands; each revision's row keeps what it said. Every change
//! writes both and an entry in the change log, in one transaction.

mod confirm;
mod number;
mod read;
mod save;

use kechuang_domain::{Content, Provenance, Record, RecordId, Source, Status};
pub(crate) use save::save;

/// A record on its way in.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDraft {
    /// The owner's name; a party of that name is made when there is none.
    pub owner: String,
    /// Where it comes from. The same source again is a new revision of the same record.
    pub source: Source,
    /// Where it stands.
    pub status: Status,
    /// What it says.
    pub content: Content,
    /// Where that was read. A draft that says nothing new does not replace it.
    pub provenance: Provenance,
}

/// What saving a draft did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveKind {
    /// A new record.
    Created,
    /// A new revision of a known record.
    Updated,
    /// The known record says the same already, or something newer; nothing was written.
    Unchanged,
}

/// A draft after saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// The record.
    pub id: RecordId,
    /// Its revision now.
    pub revision: i64,
    /// What saving did.
    pub kind: SaveKind,
}

/// A record with its owner's name.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The record.
    pub record: Record,
    /// The owner's name.
    pub owner_name: String,
}

//! Changing the index: documents in and out, commits that carry the applied sequence, merges.

use std::sync::Arc;

use kechuang_domain::RecordId;
use kechuang_text::Lexicon;
use tantivy::{
    Index, IndexWriter, Term,
    index::SegmentId,
    indexer::{LogMergePolicy, MergePolicy, NoMergePolicy},
};

use super::{
    Document,
    schema::{Fields, Stamp},
};
use crate::Result;

/// Bytes that documents may take before a segment is flushed; enough for some 10,000 abstracts.
const WRITER_BYTES: usize = 48 << 20;

/// The owner of an index folder. Dropping it gives the folder back.
pub struct LexicalWriter {
    writer: IndexWriter,
    index: Index,
    fields: Fields,
    lexicon: Arc<Lexicon>,
}

impl LexicalWriter {
    pub(crate) fn new(index: &Index, fields: Fields, lexicon: Arc<Lexicon>) -> Result<Self> {
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        // Merges run when `merge` is called, so that nothing happens behind the caller's back.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { writer, index: index.clone(), fields, lexicon })
    }

    /// Puts documents in, replacing earlier revisions of the same records. Nothing is visible or
    /// durable before [`LexicalWriter::commit`].
    ///
    /// # Errors
    /// What tantivy says, such as a full disk.
    pub fn put(&self, documents: Vec<Document>) -> Result<()> {
        for document in &documents {
            self.remove(document.id);
        }
        // The engine indexes on a thread of its own while this one cuts the next texts: the two take
        // about as long.
        for document in documents {
            self.writer.add_document(document.into_engine(&self.fields, &self.lexicon))?;
        }
        Ok(())
    }

    /// Takes a record out.
    pub fn remove(&self, id: RecordId) {
        self.writer.delete_term(Term::from_field_text(self.fields.key, &id.to_string()));
    }

    /// Makes everything since the last commit durable, together with the sequence it brings the
    /// index to and a mark that tells this change from the same number in another history.
    ///
    /// # Errors
    /// What tantivy says; the last commit then stands.
    pub fn commit(&mut self, seq: i64, mark: &str) -> Result<()> {
        let stamp =
            serde_json::to_string(&Stamp::new(seq, mark, &self.lexicon)).unwrap_or_default();
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&stamp);
        commit.commit()?;
        Ok(())
    }

    /// The groups of segments that are worth merging now.
    ///
    /// # Errors
    /// What tantivy says.
    pub fn due_merges(&self) -> Result<Vec<Vec<SegmentId>>> {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(6);
        policy.set_min_layer_size(2_000);
        policy.set_del_docs_ratio_before_merge(0.2);
        let segments = self.index.searchable_segment_metas()?;
        let candidates = policy.compute_merge_candidates(&segments);
        Ok(candidates.into_iter().map(|candidate| candidate.0).collect())
    }

    /// Merges each group into one segment. `started` is called while a merge is under way.
    ///
    /// # Errors
    /// What tantivy says; the segments then stay as they are.
    pub fn merge(&mut self, groups: &[Vec<SegmentId>], started: impl Fn()) -> Result<()> {
        for group in groups {
            let merging = self.writer.merge(group);
            started();
            merging.wait()?;
        }
        self.writer.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Merges everything into one segment.
    ///
    /// # Errors
    /// What tantivy says.
    pub fn merge_all(&mut self) -> Result<()> {
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() > 1 { self.merge(&[segments], || {}) } else { Ok(()) }
    }
}

impl std::fmt::Debug for LexicalWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LexicalWriter")
    }
}

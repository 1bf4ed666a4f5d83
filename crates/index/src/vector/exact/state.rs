//! What is held in memory of a file of vectors.

use std::{collections::HashMap, path::Path};

use kechuang_domain::{Library, RecordId, Region};

use super::{
    super::{Applied, VectorHit, VectorQuery},
    file::{Part, VectorFile, floats},
    kernel::{Coarse, CoarseQuery},
    scan::Block,
};
use crate::Result;

/// A vector's row but for its codes, which lie together in blocks.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: RecordId,
    pub(super) revision: i64,
    pub(super) library: Library,
    pub(super) region: Option<Region>,
    /// Where its numbers begin in the file.
    pub(super) place: u64,
    coarse: Coarse,
}

impl Row {
    pub(super) fn new(
        id: RecordId,
        revision: i64,
        library: Library,
        region: Option<Region>,
        place: u64,
        vector: &[f32],
    ) -> Self {
        Self { id, revision, library, region, place, coarse: Coarse::of(vector) }
    }
}

/// The rows of a file, in its order.
#[derive(Debug)]
pub(super) struct State {
    file: VectorFile,
    rows: Vec<Row>,
    /// The 8-bit numbers of all rows, one row after the other.
    block: Block,
    /// For each library, which rows count: one bit a row.
    live: [Vec<u64>; Library::ALL.len()],
    by_id: HashMap<RecordId, u32>,
    applied: Applied,
}

impl State {
    pub(super) fn read(path: &Path, key: &str, width: usize) -> Result<Self> {
        let mut state = Self {
            file: VectorFile::open(path, key, width)?,
            rows: Vec::new(),
            block: Block::new(width),
            live: [const { Vec::new() }; Library::ALL.len()],
            by_id: HashMap::new(),
            applied: Applied::default(),
        };
        state.read_on()?;
        Ok(state)
    }

    /// Takes up the commits behind what has been read.
    pub(super) fn read_on(&mut self) -> Result<()> {
        let Self { file, rows, block, live, by_id, applied } = self;
        file.read_on(|parts, reached| {
            for part in parts {
                let (id, put) = match part {
                    Part::Put(row) => (row.id, Some(row)),
                    Part::Remove(id) => (id, None),
                };
                if let Some(former) = by_id.remove(&id) {
                    let library = rows[former as usize].library;
                    live[library as usize][former as usize / 64] &= !(1 << (former % 64));
                }
                if let Some(mut row) = put {
                    let number = rows.len();
                    if number.is_multiple_of(64) {
                        live.iter_mut().for_each(|bits| bits.push(0));
                    }
                    live[row.library as usize][number / 64] |= 1 << (number % 64);
                    by_id.insert(id, number as u32);
                    block.push(&mut row.coarse);
                    rows.push(row);
                }
            }
            *applied = reached;
        })
    }

    pub(super) const fn file(&self) -> &VectorFile {
        &self.file
    }

    pub(super) const fn applied(&self) -> &Applied {
        &self.applied
    }

    pub(super) fn live_rows(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn dead_rows(&self) -> usize {
        self.rows.len() - self.by_id.len()
    }

    pub(super) fn row_of(&self, id: RecordId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn library_of(&self, row: u32) -> Library {
        self.rows[row as usize].library
    }

    /// The rows that come first when 8-bit numbers are compared.
    pub(super) fn scan(&self, query: &VectorQuery<'_>, most: usize) -> Vec<u32> {
        let live = &self.live[query.library as usize];
        let chosen: Vec<u64>;
        let bits = match query.region {
            None => live,
            Some(wanted) => {
                chosen = self.within(live, wanted);
                &chosen
            }
        };
        self.block
            .best(&CoarseQuery::of(query.vector), bits, most, |row| self.rows[row as usize].id)
    }

    /// Of the rows whose bit is set, those whose owner sits in a division.
    fn within(&self, bits: &[u64], wanted: Region) -> Vec<u64> {
        let mut chosen = bits.to_vec();
        for (word, rows) in chosen.iter_mut().zip(self.rows.chunks(64)) {
            for (bit, row) in rows.iter().enumerate() {
                if !row.region.is_some_and(|region| wanted.contains(region)) {
                    *word &= !(1 << bit);
                }
            }
        }
        chosen
    }

    /// The exact cosine of one row.
    pub(super) fn score(&self, row: u32, query: &[f32], bytes: &mut Vec<u8>) -> Result<VectorHit> {
        let row = &self.rows[row as usize];
        self.file.numbers(row.place, bytes)?;
        let score = floats(bytes).iter().zip(query).map(|(a, b)| a * b).sum();
        Ok(VectorHit { id: row.id, revision: row.revision, score })
    }

    pub(super) fn records(&self) -> Vec<(RecordId, i64)> {
        let mut records: Vec<_> =
            self.by_id.iter().map(|(id, row)| (*id, self.rows[*row as usize].revision)).collect();
        records.sort_unstable();
        records
    }

    /// Writes the rows that still count to a new file in the place of the old one.
    pub(super) fn rewrite(&self, path: &Path, key: &str) -> Result<()> {
        let mut kept: Vec<u32> = self.by_id.values().copied().collect();
        kept.sort_unstable();
        let rows = kept.iter().map(|row| &self.rows[*row as usize]);
        self.file.rewrite(path, key, rows, &self.applied)
    }
}

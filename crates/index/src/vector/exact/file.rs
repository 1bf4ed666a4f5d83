//! The file of an exact index: only ever grown at its end, in commits.
//!
//! A head (magic, width, encoder's key), then parts, each behind a letter:
//! `P` record (16 bytes), revision (8), library (1), region (4, 0 for none), vector (32-bit numbers);
//! `R` record (16); `C` sequence (8), length of the mark (2), mark, CRC-32 of everything since the last
//! commit (4). Numbers are little-endian. What stands behind the last whole commit was never
//! acknowledged and is overwritten.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::Path,
};

use kechuang_domain::{Library, RecordId, Region};
use uuid::Uuid;

use super::{
    super::{Applied, VectorChange, VectorEntry},
    state::Row,
};
use crate::{IndexError, Result};

const MAGIC: &[u8; 8] = b"kcvidx1\n";
const ID_BYTES: usize = 16;
const PUT_HEAD_BYTES: usize = ID_BYTES + 8 + 1 + 4;
/// So much is read and written at once.
const PIECE_BYTES: usize = 1 << 20;

/// A file that is open for reading, and how far it has been read.
#[derive(Debug)]
pub(super) struct VectorFile {
    file: File,
    width: usize,
    end: u64,
}

/// What a commit says of one record.
pub(super) enum Part {
    Put(Row),
    Remove(RecordId),
}

impl VectorFile {
    /// Writes an empty file in one step: there is never one without its head.
    pub(super) fn create(path: &Path, key: &str, width: usize) -> Result<()> {
        let temporary = path.with_extension("new");
        let mut file = File::create(&temporary)?;
        file.write_all(&head(key, width))?;
        replace(&file, &temporary, path)
    }

    /// Opens a file and checks its head; nothing behind it is read yet.
    pub(super) fn open(path: &Path, key: &str, width: usize) -> Result<Self> {
        let file = File::open(path)?;
        let wanted = head(key, width);
        let mut found = vec![0; wanted.len()];
        let read = file.read_at(&mut found, 0)?;
        if !found[..read].starts_with(MAGIC) {
            return Err(IndexError::Damaged("it is no file of vectors".to_owned()));
        }
        if found != wanted {
            return Err(IndexError::Outdated("its vectors are of another model".to_owned()));
        }
        Ok(Self { file, width, end: wanted.len() as u64 })
    }

    /// Whether the file at `path` is this one, and not another that has taken its place.
    pub(super) fn is_at(&self, path: &Path) -> Result<bool> {
        let (ours, there) = (self.file.metadata()?, fs::metadata(path)?);
        Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino()))
    }

    /// Whether there is something behind what has been read.
    pub(super) fn has_more(&self) -> Result<bool> {
        Ok(self.file.metadata()?.len() > self.end)
    }

    /// Reads whole commits from where it stopped, and gives each to `take`.
    pub(super) fn read_on(&mut self, mut take: impl FnMut(Vec<Part>, Applied)) -> Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.end))?;
        let mut reader = Summed {
            reader: BufReader::with_capacity(PIECE_BYTES, file),
            hash: crc32fast::Hasher::new(),
            at: self.end,
        };
        let mut parts = Vec::new();
        loop {
            match next(&mut reader, self.width) {
                Ok(Next::Part(part)) => parts.push(part),
                Ok(Next::Commit(applied)) => {
                    take(std::mem::take(&mut parts), applied);
                    self.end = reader.at;
                    reader.hash = crc32fast::Hasher::new();
                }
                // A commit that was not finished; a writer that lives may still be at it.
                Ok(Next::Torn) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Writes changes behind the last commit, in a commit of their own, and makes them durable.
    pub(super) fn append(
        &self,
        path: &Path,
        changes: &[VectorChange],
        applied: &Applied,
    ) -> Result<()> {
        let mut file = File::options().write(true).open(path)?;
        file.set_len(self.end)?;
        file.seek(SeekFrom::End(0))?;
        let mut bytes = Vec::with_capacity(changes.len() * (self.width + 16) * size_of::<f32>());
        for change in changes {
            match change {
                VectorChange::Put(entry) => put(&mut bytes, entry),
                VectorChange::Remove { id, .. } => {
                    bytes.push(b'R');
                    bytes.extend_from_slice(id.uuid().as_bytes());
                }
            }
        }
        commit(&mut bytes, applied);
        file.write_all(&bytes)?;
        Ok(file.sync_data()?)
    }

    /// Writes the rows that still count to a new file, which takes the place of this one.
    pub(super) fn rewrite<'a>(
        &self,
        path: &Path,
        key: &str,
        rows: impl Iterator<Item = &'a Row>,
        applied: &Applied,
    ) -> Result<()> {
        let temporary = path.with_extension("new");
        let mut file = File::create(&temporary)?;
        file.write_all(&head(key, self.width))?;
        let (mut bytes, mut hash) = (Vec::with_capacity(PIECE_BYTES), crc32fast::Hasher::new());
        let mut numbers = Vec::new();
        for row in rows {
            self.numbers(row.place, &mut numbers)?;
            put_head(&mut bytes, row.id, row.revision, row.library, row.region);
            bytes.extend_from_slice(&numbers);
            if bytes.len() >= PIECE_BYTES {
                file.write_all(&bytes)?;
                hash.update(&bytes);
                bytes.clear();
            }
        }
        commit_after(&mut bytes, hash, applied);
        file.write_all(&bytes)?;
        replace(&file, &temporary, path)
    }

    /// The bytes of a vector, from their place.
    pub(super) fn numbers(&self, place: u64, into: &mut Vec<u8>) -> Result<()> {
        into.resize(self.width * size_of::<f32>(), 0);
        Ok(self.file.read_exact_at(into, place)?)
    }
}

enum Next {
    Part(Part),
    Commit(Applied),
    Torn,
}

fn next(reader: &mut Summed<'_>, width: usize) -> io::Result<Next> {
    let [letter] = reader.take()?;
    match letter {
        b'P' => {
            let id = RecordId::from_uuid(Uuid::from_bytes(reader.take()?));
            let revision = i64::from_le_bytes(reader.take()?);
            let [library] = reader.take()?;
            let Some(library) = Library::ALL.into_iter().find(|one| *one as u8 == library) else {
                return Ok(Next::Torn);
            };
            let region = Region::from_number(u32::from_le_bytes(reader.take()?));
            let place = reader.at;
            let mut bytes = vec![0; width * size_of::<f32>()];
            reader.fill(&mut bytes)?;
            let vector = floats(&bytes);
            Ok(Next::Part(Part::Put(Row::new(id, revision, library, region, place, &vector))))
        }
        b'R' => Ok(Next::Part(Part::Remove(RecordId::from_uuid(Uuid::from_bytes(reader.take()?))))),
        b'C' => {
            let seq = i64::from_le_bytes(reader.take()?);
            let mut mark = vec![0; u16::from_le_bytes(reader.take()?).into()];
            reader.fill(&mut mark)?;
            let sum = reader.hash.clone().finalize();
            let is_whole = u32::from_le_bytes(reader.take()?) == sum;
            let mark = String::from_utf8(mark).ok().filter(|_| is_whole);
            Ok(mark.map_or(Next::Torn, |mark| Next::Commit(Applied { seq, mark })))
        }
        _ => Ok(Next::Torn),
    }
}

/// The numbers that bytes spell.
pub(super) fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

fn head(key: &str, width: usize) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    head.extend_from_slice(&(width as u32).to_le_bytes());
    head.extend_from_slice(&(key.len() as u32).to_le_bytes());
    head.extend_from_slice(key.as_bytes());
    head
}

fn put(bytes: &mut Vec<u8>, entry: &VectorEntry) {
    put_head(bytes, entry.id, entry.revision, entry.library, entry.region);
    bytes.extend(entry.vector.iter().flat_map(|number| number.to_le_bytes()));
}

fn put_head(
    bytes: &mut Vec<u8>,
    id: RecordId,
    revision: i64,
    library: Library,
    region: Option<Region>,
) {
    bytes.reserve(1 + PUT_HEAD_BYTES);
    bytes.push(b'P');
    bytes.extend_from_slice(id.uuid().as_bytes());
    bytes.extend_from_slice(&revision.to_le_bytes());
    bytes.push(library as u8);
    bytes.extend_from_slice(&region.map_or(0, Region::number).to_le_bytes());
}

fn commit(bytes: &mut Vec<u8>, applied: &Applied) {
    commit_after(bytes, crc32fast::Hasher::new(), applied);
}

/// Ends a commit whose earlier bytes went into `hash`.
fn commit_after(bytes: &mut Vec<u8>, mut hash: crc32fast::Hasher, applied: &Applied) {
    // Marks are ours and short; one that is not is cut, and then only costs a rebuild.
    let mark = &applied.mark.as_bytes()[..applied.mark.len().min(u16::MAX.into())];
    bytes.push(b'C');
    bytes.extend_from_slice(&applied.seq.to_le_bytes());
    bytes.extend_from_slice(&(mark.len() as u16).to_le_bytes());
    bytes.extend_from_slice(mark);
    hash.update(bytes);
    bytes.extend_from_slice(&hash.finalize().to_le_bytes());
}

/// Makes a file durable and puts it in the place of `path`.
fn replace(file: &File, temporary: &Path, path: &Path) -> Result<()> {
    file.sync_all()?;
    fs::rename(temporary, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A reader that sums up what it has read, and knows where it is.
struct Summed<'a> {
    reader: BufReader<&'a File>,
    hash: crc32fast::Hasher,
    at: u64,
}

impl Summed<'_> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.reader.read_exact(bytes)?;
        self.hash.update(bytes);
        self.at += bytes.len() as u64;
        Ok(())
    }
}

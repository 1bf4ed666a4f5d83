//! Fetching models from Hugging Face or a mirror that answers like it.
//!
//! The source says which state of the repository is newest, and for each file of that state its size and
//! hash: SHA-256 for large files, git's own for small ones. A file that was cut off is gone on with; one
//! that does not hash to what was promised is thrown away. The model's folder appears only when all of
//! them are whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{Client, Response, StatusCode, header::RANGE};
use serde::Deserialize;
use sha1::{Digest as _, Sha1};

use crate::{
    InferenceError, KnownModel, Manifest, Result, folder::hash_file, hex::hex, manifest::is_plain,
};

/// Where models are fetched from, where nothing else is set.
pub const USUAL_SOURCE: &str = "https://huggingface.co";
/// A connection that says nothing for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// A list of files is never longer.
const LIST_LIMIT_BYTES: usize = 4 << 20;

/// How far fetching has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchStep<'a> {
    /// This file comes next.
    File {
        /// Its name.
        name: &'a str,
        /// Its size.
        bytes: u64,
        /// So much of it is here from an earlier attempt.
        here: u64,
    },
    /// So many more bytes are here.
    Received(u64),
}

#[derive(Deserialize)]
struct Repository {
    sha: String,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    oid: String,
    size: u64,
    #[serde(default)]
    lfs: Option<LargeFile>,
}

#[derive(Deserialize)]
struct LargeFile {
    oid: String,
    size: u64,
}

/// Fetches a model into `folder/NAME`.
///
/// # Errors
/// [`InferenceError::Fetch`] with what went wrong; what is here stays for the next attempt.
pub async fn fetch(
    known: &KnownModel,
    source: &str,
    folder: &Path,
    told: impl Fn(FetchStep<'_>),
) -> Result<Manifest> {
    // Whoever has installed one before has made the choice.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .connect_timeout(SILENCE)
        .read_timeout(SILENCE)
        .build()
        .map_err(|error| unreachable(source, &error))?;
    let source = source.trim_end_matches('/');
    let repository = &known.repository;
    let newest: Repository = listed(&client, source, &format!("/api/models/{repository}")).await?;
    let commit = newest.sha;
    if commit.is_empty() || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(InferenceError::Fetch(format!("{source} 的回答不合约定（版本号 {commit}）")));
    }
    let tree: Vec<Entry> =
        listed(&client, source, &format!("/api/models/{repository}/tree/{commit}")).await?;
    let is_file = |entry: &&Entry| entry.kind == "file" && is_plain(&entry.path);
    let names = known.files(tree.iter().filter(is_file).map(|entry| entry.path.as_str()));
    let partial = folder.join(format!("{}.{:.8}.partial", known.name, commit));
    fs::create_dir_all(&partial).map_err(|error| unwritable(&partial, &error))?;
    for entry in tree.iter().filter(|entry| names.contains(&entry.path.as_str())) {
        let address = format!("{source}/{repository}/resolve/{commit}/{}", entry.path);
        one(&client, &address, entry, &partial.join(&entry.path), &told).await?;
    }
    let manifest = known.adopt(&partial, &commit)?;
    let whole = folder.join(&known.name);
    let aside = folder.join(format!("{}.former.partial", known.name));
    let moved = || -> io::Result<()> {
        if whole.exists() {
            if aside.exists() {
                fs::remove_dir_all(&aside)?;
            }
            fs::rename(&whole, &aside)?;
        }
        fs::rename(&partial, &whole)?;
        if aside.exists() { fs::remove_dir_all(&aside) } else { Ok(()) }
    };
    moved().map_err(|error| unwritable(&whole, &error))?;
    Ok(manifest)
}

/// Brings one file up to its size and checks it.
async fn one(
    client: &Client,
    address: &str,
    entry: &Entry,
    path: &Path,
    told: &impl Fn(FetchStep<'_>),
) -> Result<()> {
    let size = entry.lfs.as_ref().map_or(entry.size, |large| large.size);
    let here = fs::metadata(path).map_or(0, |found| found.len()).min(size);
    told(FetchStep::File { name: &entry.path, bytes: size, here });
    if here < size || size == 0 {
        receive(client, address, path, here, size, told).await?;
    }
    if is_whole(entry, path).map_err(|error| unwritable(path, &error))? {
        return Ok(());
    }
    fs::remove_file(path).map_err(|error| unwritable(path, &error))?;
    let name = &entry.path;
    Err(InferenceError::Fetch(format!("{name} 与来源公布的哈希不符，已删去；请重新运行本命令")))
}

async fn receive(
    client: &Client,
    address: &str,
    path: &Path,
    here: u64,
    size: u64,
    told: &impl Fn(FetchStep<'_>),
) -> Result<()> {
    let mut request = client.get(address);
    if here > 0 {
        request = request.header(RANGE, format!("bytes={here}-"));
    }
    let answer = request.send().await.map_err(|error| unreachable(address, &error))?;
    // A server that does not go on where asked sends the whole again.
    let goes_on = answer.status() == StatusCode::PARTIAL_CONTENT;
    let mut answer = fine(answer, address)?;
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .append(goes_on)
        .truncate(!goes_on)
        .open(path)
        .map_err(|error| unwritable(path, &error))?;
    let mut received = if goes_on { here } else { 0 };
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(address, &error))? {
        received += piece.len() as u64;
        if received > size {
            return Err(InferenceError::Fetch(format!("{address} 比公布的大小更长；已停止")));
        }
        file.write_all(&piece).map_err(|error| unwritable(path, &error))?;
        told(FetchStep::Received(piece.len() as u64));
    }
    file.sync_all().map_err(|error| unwritable(path, &error))?;
    if received < size {
        let what = format!("{address} 只收到 {received} / {size} 字节；再次运行本命令可续传");
        return Err(InferenceError::Fetch(what));
    }
    Ok(())
}

/// Whether a file hashes to what the source has promised.
fn is_whole(entry: &Entry, path: &Path) -> io::Result<bool> {
    match &entry.lfs {
        Some(large) => Ok(hash_file(path)?.1.eq_ignore_ascii_case(&large.oid)),
        None => Ok(git_hash(path)?.eq_ignore_ascii_case(&entry.oid)),
    }
}

/// The hash under which git keeps a file: SHA-1 over `blob`, its size, NUL, its content.
fn git_hash(path: &Path) -> io::Result<String> {
    let mut content = Vec::new();
    File::open(path)?.read_to_end(&mut content)?;
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(&content);
    Ok(hex(&hash.finalize()))
}

async fn listed<T: for<'a> Deserialize<'a>>(
    client: &Client,
    source: &str,
    path: &str,
) -> Result<T> {
    let address = format!("{source}{path}");
    let answer =
        client.get(&address).send().await.map_err(|error| unreachable(&address, &error))?;
    let mut answer = fine(answer, &address)?;
    let mut content = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&address, &error))? {
        content.extend_from_slice(&piece);
        if content.len() > LIST_LIMIT_BYTES {
            return Err(InferenceError::Fetch(format!("{address} 的回答过长；已停止")));
        }
    }
    serde_json::from_slice(&content).map_err(|error| {
        InferenceError::Fetch(format!("{address} 的回答不合约定（{error}）；请检查 models.mirror"))
    })
}

fn fine(answer: Response, address: &str) -> Result<Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let code = status.as_u16();
    Err(InferenceError::Fetch(format!(
        "{address} 返回 HTTP {code}；请检查 models.mirror 或稍后再试"
    )))
}

fn unreachable(address: &str, error: &reqwest::Error) -> InferenceError {
    let what = if error.is_timeout() { "超时" } else { "连接失败" };
    tracing::info!(%error, address, "a model could not be fetched");
    InferenceError::Fetch(format!("{address} {what}；请检查网络，或在配置中设置 models.mirror"))
}

fn unwritable(path: &Path, error: &io::Error) -> InferenceError {
    let path: PathBuf = path.to_owned();
    InferenceError::Fetch(format!("{} 读写失败（{error}）；请检查磁盘空间和权限", path.display()))
}

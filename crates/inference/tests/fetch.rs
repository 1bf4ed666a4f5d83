//! Fetching from a server that answers like the real source, and fails like one.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use kechuang_inference::{
    Catalogue, Encoder, InferenceError, KnownModel, Manifest, ModelFolder, Side, Urgency, fetch,
};
use serde_json::json;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const CATALOGUE: &str = include_str!("../../../models/catalogue.toml");

/// A source with one repository.
#[derive(Default)]
struct Source {
    files: BTreeMap<String, Vec<u8>>,
    /// This file breaks off in the middle, once.
    breaks_off: Mutex<Option<String>>,
    /// This file is not what its hash says.
    lies: Option<String>,
    asked: Mutex<Vec<String>>,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Source {
    /// The files of a tiny checkpoint, and some that are not wanted.
    fn of(checkpoint: &str) -> Self {
        let folder: PathBuf =
            [env!("CARGO_MANIFEST_DIR"), "tests", "reference", checkpoint].iter().collect();
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("a checkpoint") {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if !["manifest.toml", "expected.json"].contains(&name.as_str()) {
                files.insert(name, fs::read(path).expect("a file"));
            }
        }
        files.insert("README.md".to_owned(), b"not wanted".to_vec());
        files.insert("pytorch_model.bin".to_owned(), b"not wanted beside safetensors".to_vec());
        Self { files, ..Self::default() }
    }

    fn answer(&self, path: &str, from: usize) -> (u16, Vec<u8>, bool) {
        if path == "/api/models/BAAI/bge-small-zh-v1.5" {
            return (200, json!({ "sha": COMMIT, "id": "x" }).to_string().into_bytes(), false);
        }
        if path == format!("/api/models/BAAI/bge-small-zh-v1.5/tree/{COMMIT}") {
            let mut entries = vec![json!({ "type": "directory", "path": "onnx", "size": 0 })];
            for (name, content) in &self.files {
                let mut entry = json!({ "type": "file", "path": name, "size": content.len() });
                if name.ends_with(".safetensors") {
                    let oid = hex(&Sha256::digest(content));
                    entry["lfs"] = json!({ "oid": oid, "size": content.len() });
                }
                let mut hash = Sha1::new();
                hash.update(format!("blob {}\0", content.len()));
                hash.update(content);
                entry["oid"] = hex(&hash.finalize()).into();
                entries.push(entry);
            }
            return (200, json!(entries).to_string().into_bytes(), false);
        }
        let name = path.strip_prefix(&format!("/BAAI/bge-small-zh-v1.5/resolve/{COMMIT}/"));
        let Some((name, content)) = name.and_then(|name| Some((name, self.files.get(name)?)))
        else {
            return (404, b"no such thing".to_vec(), false);
        };
        let mut content = content.clone();
        if self.lies.as_deref() == Some(name) {
            content[0] ^= 1;
        }
        let mut breaks = self.breaks_off.lock().expect("a lock");
        let cut = breaks.as_deref() == Some(name);
        if cut {
            *breaks = None;
        }
        (if from > 0 { 206 } else { 200 }, content[from..].to_vec(), cut)
    }

    fn serve(self) -> (String, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let source = Arc::new(self);
        let served = Arc::clone(&source);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                served.one(stream);
            }
        });
        (address, source)
    }

    fn one(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
        let Some(Ok(first)) = lines.next() else { return };
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut from = 0;
        for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
            if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
                from = range.trim_end_matches('-').parse().expect("a place");
            }
        }
        self.asked.lock().expect("a lock").push(format!("{path} {from}"));
        let (status, body, cut) = self.answer(&path, from);
        let length = body.len();
        let sent = if cut { &body[..length / 2] } else { &body[..] };
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        // Whoever goes away early is no failure of the server.
        drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent)));
    }
}

fn known() -> KnownModel {
    let catalogue = Catalogue::parse(CATALOGUE).expect("a catalogue");
    catalogue.get("bge-small-zh-v1.5").expect("a model").clone()
}

async fn fetched(address: &str, folder: &Path) -> Result<Manifest, InferenceError> {
    fetch(&known(), address, folder, |_| {}).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_fetched_whole_and_can_be_used() {
    let (address, source) = Source::of("bert-mean").serve();
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = fetched(&format!("{address}/"), folder.path()).await.expect("a model");
    assert_eq!((manifest.revision.as_str(), manifest.licence.as_str()), (COMMIT, "MIT"));
    let names: Vec<_> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    assert!(names.contains(&"tokenizer.json") && names.len() == 6, "{names:?}");
    assert!(!source.asked.lock().expect("a lock").iter().any(|path| path.contains("README")));
    let model = ModelFolder::open(&folder.path().join("bge-small-zh-v1.5")).expect("a folder");
    let encoder = Encoder::load(&model).expect("an encoder");
    let vectors = encoder.encode(&["赤泥"], Side::Query, Urgency::Interactive).await;
    assert_eq!(vectors.expect("a vector")[0].len(), 32);
    // Nothing is left of the work, and a second time replaces the first.
    fetched(&address, folder.path()).await.expect("the model again");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_is_gone_on_with() {
    let source = Source::of("bert-cls");
    *source.breaks_off.lock().expect("a lock") = Some("model.safetensors".to_owned());
    let (address, source) = source.serve();
    let folder = tempfile::tempdir().expect("a folder");
    let error = fetched(&address, folder.path()).await.expect_err("a broken connection");
    assert!(matches!(error, InferenceError::Fetch(_)), "{error}");
    assert!(ModelFolder::open(&folder.path().join("bge-small-zh-v1.5")).is_err());
    fetched(&address, folder.path()).await.expect("the rest");
    let asked = source.asked.lock().expect("a lock");
    let of_weights: Vec<_> = asked.iter().filter(|one| one.contains("safetensors")).collect();
    assert!(of_weights[0].ends_with(" 0") && !of_weights[1].ends_with(" 0"), "{of_weights:?}");
    let once = asked.iter().filter(|one| one.contains("config.json")).count();
    assert_eq!(once, 1, "what was whole is not fetched again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_promised_is_refused() {
    for name in ["model.safetensors", "config.json"] {
        let source = Source { lies: Some(name.to_owned()), ..Source::of("bert-cls") };
        let (address, _) = source.serve();
        let folder = tempfile::tempdir().expect("a folder");
        let error = fetched(&address, folder.path()).await.expect_err("a lie").to_string();
        assert!(error.contains(name) && error.contains("哈希"), "{error}");
        assert!(ModelFolder::open(&folder.path().join("bge-small-zh-v1.5")).is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_none_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, _) = Source::default().serve();
    let error = fetched(&format!("{address}/elsewhere"), folder.path()).await.expect_err("404");
    assert!(error.to_string().contains("404"), "{error}");
    let error = fetched("http://127.0.0.1:9", folder.path()).await.expect_err("nobody there");
    assert!(error.to_string().contains("models.mirror"), "{error}");
}

#[test]
fn files_brought_by_hand_are_adopted() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = known().adopt(folder.path(), "").expect_err("an empty folder").to_string();
    assert!(error.contains("config.json"), "{error}");
    for (name, content) in Source::of("bert-cls").files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    known().adopt(folder.path(), "").expect("a model");
    ModelFolder::open(folder.path()).expect("a folder").verify().expect("whole files");
}

#[test]
fn the_catalogue_can_be_used() {
    let catalogue = Catalogue::parse(CATALOGUE).expect("a catalogue");
    for known in catalogue.models() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["config.json", "tokenizer.json", "model.safetensors"] {
            fs::write(folder.path().join(name), "x").expect("a file");
        }
        let manifest = known.adopt(folder.path(), "").expect("a manifest");
        assert_eq!(manifest.query_instruction, known.query_instruction);
    }
}

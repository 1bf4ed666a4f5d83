//! PDF files through the child process. This program is both: started with a part to play, it is the
//! child; started by cargo, it runs the checks below, each through [`PdfReader`].

use std::{
    fs::File,
    io::{self, Read},
    net::TcpListener,
    time::{Duration, Instant},
};

use kechuang_ingest::rows::pdf::{PdfReader, PdfText, child_main};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

fn main() {
    let part = std::env::args().nth(1).unwrap_or_default();
    match part.as_str() {
        "--read" => child_main(io::stdin(), io::stdout()).expect("an answer"),
        "--probe" => child_main(Probe, io::stdout()).expect("an answer"),
        "--greedy" => child_main(Greedy, io::stdout()).expect("an answer"),
        "--hang" => std::thread::sleep(Duration::from_secs(600)),
        "--chatter" => drop(io::copy(&mut io::repeat(b'x'), &mut io::stdout())),
        _ => {
            for (name, check) in CHECKS {
                let started = Instant::now();
                check();
                println!("test {name} ... ok ({:.2} s)", started.elapsed().as_secs_f64());
            }
        }
    }
}

const CHECKS: [(&str, fn()); 8] = [
    ("chinese_text_is_read_page_by_page", chinese_text_is_read_page_by_page),
    ("text_in_drawings_is_read", text_in_drawings_is_read),
    ("files_without_text_are_told_apart", files_without_text_are_told_apart),
    ("circles_and_bombs_are_refused_soon", circles_and_bombs_are_refused_soon),
    ("a_tied_child_opens_nothing", a_tied_child_opens_nothing),
    ("a_greedy_child_is_stopped", a_greedy_child_is_stopped),
    ("a_hanging_child_is_stopped", a_hanging_child_is_stopped),
    ("a_chattering_child_is_not_believed", a_chattering_child_is_not_believed),
];

/// A file whose reader tries what the child must not be able to do.
struct Probe;

impl Read for Probe {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        assert!(File::open("/dev/null").is_err(), "a file can be opened");
        assert!(TcpListener::bind("127.0.0.1:0").is_err(), "a socket can be opened");
        // The limit on processes does not bind root; but a program finds no library then.
        let program = std::process::Command::new("/bin/true").status();
        assert!(
            program.is_err() || program.is_ok_and(|status| !status.success()),
            "a program runs"
        );
        Ok(0)
    }
}

/// A file whose reader wants more memory than there is.
struct Greedy;

impl Read for Greedy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let hoard = vec![1_u8; 2 << 30];
        buffer[0] = hoard[hoard.len() - 1];
        Ok(1)
    }
}

fn reader(part: &str) -> PdfReader {
    let program = std::env::current_exe().expect("this program");
    PdfReader::new(program, vec![part.into()])
}

fn read(bytes: &[u8]) -> Result<PdfText, String> {
    reader("--read").read(bytes).map_err(|error| error.to_string())
}

/// Whether the refusal says so, and how soon it came.
fn refused(bytes: &[u8], words: &str) {
    let started = Instant::now();
    let reason = read(bytes).expect_err(words);
    let took = started.elapsed();
    println!("  {:>5} ms: {reason}", took.as_millis());
    assert!(reason.contains(words), "{words}: {reason}");
    assert!(took < Duration::from_secs(5), "{took:?}: {reason}");
}

/// Lines of a page in a Chinese font, each `(x, y, text)`.
fn lines(lines: &[(i32, i32, &str)]) -> String {
    let line = |(x, y, text): &(i32, i32, &str)| {
        let hex: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        format!("BT /F1 12 Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n")
    };
    lines.iter().map(line).collect()
}

/// A document of pages with this content, and what else its pages need.
fn pdf(contents: &[&str], extra: impl FnOnce(&mut Document) -> Dictionary) -> Document {
    let mut document = Document::with_version("1.5");
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "STSong-Light",
        "Encoding" => "UniGB-UCS2-H",
    });
    let mut resources = extra(&mut document);
    resources.set("Font", dictionary! { "F1" => font });
    let pages = document.new_object_id();
    let kids: Vec<Object> = contents
        .iter()
        .map(|content| {
            let stream = Stream::new(dictionary! {}, content.as_bytes().to_vec());
            let content = document.add_object(stream);
            let page = document.add_object(dictionary! {
                "Type" => "Page", "Parent" => pages, "Contents" => content,
                "Resources" => resources.clone(),
            });
            page.into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few");
    let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a PDF");
    bytes
}

fn plain(contents: &[&str]) -> Vec<u8> {
    let mut document = pdf(contents, |_| Dictionary::new());
    document.compress();
    saved(document)
}

fn chinese_text_is_read_page_by_page() {
    let first = lines(&[
        (90, 780, "某市科技局文件"),
        (124, 700, "第一条　支持企业牵头组建创新联合体，开展关键核心技术攻关，"),
        (100, 680, "给予不超过 200 万元的补助。"),
        (124, 660, "第二条　鼓励开放共享。"),
        (290, 40, "— 1 —"),
    ]);
    let second =
        lines(&[(90, 780, "某市科技局文件"), (124, 700, "第三条　附则。"), (290, 40, "— 2 —")]);
    let third = lines(&[(90, 780, "某市科技局文件"), (124, 700, "附件"), (290, 40, "— 3 —")]);
    let read = read(&plain(&[&first, &second, &third])).expect("text");
    let expected = [
        "第一条　支持企业牵头组建创新联合体，开展关键核心技术攻关，给予不超过 200 万元的补助。",
        "第二条　鼓励开放共享。",
        "第三条　附则。",
        "附件",
    ];
    assert_eq!(read.text.lines().collect::<Vec<_>>(), expected);
    let begins: Vec<&str> = read.pages.iter().map(|at| &read.text[*at..*at + 6]).collect();
    assert_eq!(begins, ["第一", "第三", "附件"]);
}

fn text_in_drawings_is_read() {
    let inner = lines(&[(0, 0, "图中的文字足够长")]);
    let document = pdf(&["q 1 0 0 -1 0 800 cm /X1 Do Q"], |document| {
        let form =
            dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(); 4] };
        let form = document.add_object(Stream::new(form, inner.into_bytes()));
        if let Ok(stream) = document.get_object_mut(form).and_then(Object::as_stream_mut) {
            // A drawing that draws itself.
            stream.dict.set("Resources", dictionary! { "XObject" => dictionary! { "X1" => form } });
            stream.content.extend(b" /X1 Do");
        }
        dictionary! { "XObject" => dictionary! { "X1" => form } }
    });
    // Its own resources have no fonts; the text in it cannot be read then, and nothing hangs.
    refused(&saved(document), "文字");
    let inner = lines(&[(0, 0, "图中的文字足够长")]);
    let document = pdf(&["/X1 Do"], |document| {
        let form =
            dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(); 4] };
        let form = document.add_object(Stream::new(form, inner.into_bytes()));
        dictionary! { "XObject" => dictionary! { "X1" => form } }
    });
    assert_eq!(read(&saved(document)).expect("text").text, "图中的文字足够长");
}

fn files_without_text_are_told_apart() {
    refused(&plain(&["q 600 0 0 800 0 0 cm Q"]), "扫描件没有文字");
    let mut no_map = pdf(&[&lines(&[(0, 0, "这些字没有对应表")])], |_| Dictionary::new());
    for object in no_map.objects.values_mut() {
        if let Ok(font) = object.as_dict_mut()
            && font.has(b"BaseFont")
        {
            font.set("Encoding", "Identity-H");
        }
    }
    refused(&saved(no_map), "没有文字对应表");
    refused(b"%PDF-1.7\nnothing of the kind", "已损坏");
    let whole = plain(&[&lines(&[(0, 0, "一二三四五六七八九十")])]);
    refused(&whole[..whole.len() / 3], "损坏");
    refused(&vec![b' '; (48 << 20) + 1], "48 MB");
    let mut locked =
        pdf(&[&lines(&[(0, 0, "一二三四五六七八九十")])], |_| Dictionary::new());
    locked.trailer.set("ID", vec![Object::string_literal("a"), Object::string_literal("b")]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &locked,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).expect("a key");
    locked.encrypt(&state).expect("a locked file");
    refused(&saved(locked), "密码");
}

fn circles_and_bombs_are_refused_soon() {
    // The tree of pages bites its tail.
    let mut circle = pdf(&["q Q"], |_| Dictionary::new());
    let root = circle.catalog().and_then(|root| root.get(b"Pages")).and_then(Object::as_reference);
    let root = root.expect("pages");
    if let Ok(pages) = circle.get_dictionary_mut(root) {
        pages.set("Kids", vec![root.into(); 3]);
        pages.set("Parent", root);
    }
    refused(&saved(circle), "PDF");
    // One page of 70 MB, and 100 pages that share 8 MB.
    refused(&plain(&[&" ".repeat(70 << 20)]), "64 MB");
    let mut shared = pdf(&[&" ".repeat(8 << 20)], |_| Dictionary::new());
    shared.compress();
    let page = shared.page_iter().next().expect("a page");
    let page = Object::Dictionary(shared.get_dictionary(page).expect("a page").clone());
    let copies: Vec<Object> = (0..100).map(|_| shared.add_object(page.clone()).into()).collect();
    if let Ok(pages) = shared.get_dictionary_mut(root) {
        pages.set("Kids", copies);
    }
    refused(&saved(shared), "64 MB");
    refused(&plain(&[&"q Q ".repeat(2_000_000)]), "3000000");
    // Numbers without an operator: each takes many times its three bytes.
    refused(&plain(&[&"1 ".repeat(16_000_000)]), "上限");
    // An object stream of 50 MB.
    let mut bomb = Stream::new(
        dictionary! { "Type" => "ObjStm", "N" => 1, "First" => 4 },
        b"9 0 ".iter().chain(&vec![b' '; 50 << 20]).copied().collect(),
    );
    bomb.compress().expect("packed");
    let mut file = b"%PDF-1.5\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
                     2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj\n3 0 obj <</Type/ObjStm/N 1/First 4\
                     /Filter/FlateDecode/Length "
        .to_vec();
    file.extend(format!("{}>> stream\n", bomb.content.len()).into_bytes());
    file.extend(&bomb.content);
    file.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF");
    refused(&file, "PDF");
    // Arrays in arrays.
    let deep = format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000));
    refused(&plain(&[&deep]), "没有文字");
    let deep = format!(
        "%PDF-1.5\n1 0 obj <</Type/Catalog/Pages {deep}>> endobj\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    );
    refused(deep.as_bytes(), "PDF");
}

fn a_tied_child_opens_nothing() {
    let reason = reader("--probe").read(b"").expect_err("no text").to_string();
    // A child that could open something panics, which reads differently.
    assert!(reason.starts_with("PDF 不完整"), "{reason}");
}

fn a_greedy_child_is_stopped() {
    let reason = reader("--greedy").read(b"").expect_err("no text").to_string();
    assert!(reason.contains("内存") && reason.contains("384 MB"), "{reason}");
}

fn a_hanging_child_is_stopped() {
    let mut reader = reader("--hang");
    reader.time_limit = Duration::from_millis(300);
    let started = Instant::now();
    // More than a pipe holds: the writer must not wait for ever, either.
    let reason = reader.read(&vec![0; 1 << 20]).expect_err("no text").to_string();
    assert!(reason.contains("时间超过上限"), "{reason}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

fn a_chattering_child_is_not_believed() {
    let reason = reader("--chatter").read(b"").expect_err("no text").to_string();
    assert!(reason.contains("PDF"), "{reason}");
}

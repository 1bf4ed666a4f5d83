//! An index of its own for each test, and small records to put in.

use std::sync::{Arc, OnceLock};

use kechuang_domain::{
    Content, Details, Freshness, Library, PartyId, Provenance, Record, RecordId, Source, Status,
    TextField, Tier, TieredText, Timestamp,
};
use kechuang_index::{Document, LexicalIndex, LexicalWriter, Slot, SlotWeights, Snapshot, Weight};
use kechuang_text::{Lexicon, LexiconSources, QueryTerm, analyse};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) fn lexicon() -> Arc<Lexicon> {
    static LEXICON: OnceLock<Arc<Lexicon>> = OnceLock::new();
    let build = || {
        let none = LexiconSources {
            terms: "赤泥\n脱碱\n路基",
            traditional: "",
            stopwords: "# function\n的",
            synonyms: "",
            units: "",
            chains: "",
        };
        Arc::new(Lexicon::build(&none).expect("a lexicon"))
    };
    Arc::clone(LEXICON.get_or_init(build))
}

pub(crate) fn record(number: u128, status: Status, title: &str, body: &str) -> Record {
    let public = |text: &str| TieredText { text: text.to_owned(), tier: Tier::Public };
    let texts = [(TextField::Title, public(title)), (TextField::Body, public(body))];
    let id = RecordId::from_uuid(Uuid::from_u128(number));
    Record {
        id,
        revision: 1,
        owner: PartyId::from_uuid(Uuid::nil()),
        source: Source { name: "测试".to_owned(), key: number.to_string() },
        status,
        content: Content::new(texts, Details::empty(Library::Achievement)).expect("content"),
        created_at: Timestamp::from_micros(0),
        updated_at: Timestamp::from_micros(0),
        number: 1,
        confirmed_at: Timestamp::from_micros(0),
        freshness: Freshness::Fresh,
        duplicate_of: None,
        provenance: Provenance::default(),
    }
}

pub(crate) fn document(number: u128, title: &str, body: &str) -> Document {
    Document::of(&record(number, Status::Active, title, body)).expect("a visible record")
}

pub(crate) struct TestIndex {
    pub(crate) index: LexicalIndex,
    pub(crate) writer: LexicalWriter,
    pub(crate) seq: i64,
    pub(crate) folder: TempDir,
}

impl TestIndex {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let index = LexicalIndex::open(folder.path(), lexicon()).expect("an index");
        let writer = index.writer().expect("the lock");
        Self { index, writer, seq: 0, folder }
    }

    pub(crate) fn commit(&mut self, documents: Vec<Document>) -> Arc<Snapshot> {
        self.seq += 1;
        self.writer.put(documents).expect("put");
        self.writer.commit(self.seq, "mark").expect("a commit");
        self.index.reload().expect("a snapshot")
    }
}

pub(crate) const EVEN: SlotWeights = [Weight { weight: 1.0, k1: 0.9, b: 0.4 }; Slot::COUNT];

pub(crate) fn terms(text: &str) -> Vec<QueryTerm> {
    let words = analyse(&lexicon(), text).words;
    words.into_iter().map(|word| QueryTerm { text: word.text, weight: 1.0 }).collect()
}

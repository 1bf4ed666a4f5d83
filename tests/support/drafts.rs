//! Small records.

use kechuang_domain::{
    Content, Details, Library, Provenance, Source, Status, TextField, Tier, TieredText,
};
use kechuang_store::RecordDraft;

/// A public draft with a title and a body.
#[must_use]
pub fn draft(library: Library, key: &str, title: &str, body: &str) -> RecordDraft {
    let public = |text: &str| TieredText { text: text.to_owned(), tier: Tier::Public };
    let texts = [(TextField::Title, public(title)), (TextField::Body, public(body))];
    RecordDraft {
        owner: "示例理工大学".to_owned(),
        source: Source { name: "测试".to_owned(), key: key.to_owned() },
        status: Status::Active,
        content: Content::new(texts, Details::empty(library)).expect("content that is fine"),
        provenance: Provenance::default(),
    }
}

/// An achievement.
#[must_use]
pub fn achievement(key: &str, title: &str, body: &str) -> RecordDraft {
    draft(Library::Achievement, key, title, body)
}

/// A demand.
#[must_use]
pub fn demand(key: &str, title: &str, body: &str) -> RecordDraft {
    draft(Library::Demand, key, title, body)
}

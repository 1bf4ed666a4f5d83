//! A record in a list.

use kechuang_domain::{Date, Fact, Freshness, Library, Period, Record, Status, TextField, Viewer};
use kechuang_matching::SearchHit;

use crate::{
    names::Names,
    pages::{
        record::shown,
        text::{Excerpt, Piece, excerpt, pieces},
    },
};

/// Characters of a record's text shown in the list.
const EXCERPT_CHARS: usize = 140;

pub(super) struct HitLine {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) title: Vec<OwnedPiece>,
    pub(super) excerpt: Vec<OwnedPiece>,
    pub(super) has_before: bool,
    pub(super) has_after: bool,
    /// Owner, place and chain.
    pub(super) whose: Vec<String>,
    /// A few facts that one chooses by.
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) tags: Vec<Tag>,
}

pub(super) struct OwnedPiece {
    pub(super) text: String,
    pub(super) marked: bool,
}

pub(super) struct Tag {
    pub(super) class: &'static str,
    pub(super) label: &'static str,
}

impl HitLine {
    pub(super) fn new(hit: &SearchHit, names: &Names, today: Date) -> Self {
        let record = &hit.stored.record;
        let marks = |field| {
            let of_field = hit.marks.iter().find(|(marked, _)| *marked == field);
            of_field.map_or(&[][..], |(_, spans)| spans.as_slice())
        };
        let excerpt = best_excerpt(hit);
        let mut whose = vec![hit.stored.owner_name.clone()];
        whose.extend(record.content.region.map(|region| names.region(region)));
        whose.extend(record.content.chain.as_ref().map(|chain| names.chain(chain)));
        let title = record.content.title_for(Viewer::Public);
        Self {
            id: record.id.to_string(),
            number: record.public_number(),
            title: owned(pieces(title, marks(TextField::Title))),
            has_before: excerpt.has_before,
            has_after: excerpt.has_after,
            excerpt: owned(excerpt.pieces),
            whose,
            facts: facts(record),
            tags: tags(hit, today),
        }
    }
}

/// The part that shows most of what was searched for, of all texts below the title; without marks the
/// beginning of the first.
fn best_excerpt(hit: &SearchHit) -> Excerpt<'_> {
    let texts = hit.stored.record.content.texts_for(Viewer::Public);
    let below = texts
        .filter(|(field, _)| *field != TextField::Title && *field != TextField::Keywords)
        .map(|(field, text)| {
            let marked = hit.marks.iter().find(|(marked, _)| *marked == field);
            excerpt(text, marked.map_or(&[][..], |(_, spans)| spans), EXCERPT_CHARS)
        });
    let mut best: Option<Excerpt<'_>> = None;
    for one in below {
        if best.as_ref().is_none_or(|best| one.words_marked > best.words_marked) {
            best = Some(one);
        }
    }
    best.unwrap_or_else(|| excerpt("", &[], EXCERPT_CHARS))
}

fn facts(record: &Record) -> Vec<(&'static str, String)> {
    let chosen: &[Fact] = match record.library() {
        Library::Achievement => &[Fact::Stage, Fact::Trl, Fact::Year],
        Library::Demand => &[Fact::Category, Fact::Budget, Fact::Deadline],
        Library::Equipment => &[Fact::Kind, Fact::OriginalValue, Fact::Opening, Fact::Price],
        Library::Policy => {
            &[Fact::DocumentNumber, Fact::Level, Fact::EffectiveFrom, Fact::EffectiveUntil]
        }
    };
    let public = record.content.details().for_viewer(Viewer::Public);
    public
        .filter(|(fact, _)| chosen.contains(fact))
        .map(|(fact, value)| (fact.label(), shown(fact, value)))
        .collect()
}

fn tags(hit: &SearchHit, today: Date) -> Vec<Tag> {
    let record = &hit.stored.record;
    let mut tags = Vec::new();
    if record.content.sample {
        tags.push(Tag { class: "tag sample", label: "示例" });
    }
    if record.status != Status::Active {
        tags.push(Tag { class: "tag", label: record.status.label() });
    }
    if record.freshness == Freshness::Stale {
        tags.push(Tag { class: "tag over", label: record.freshness.label() });
    }
    if let Some(lapse) = hit.lapse {
        tags.push(Tag { class: "tag over", label: lapse.label() });
    } else if Period::of(record).begins.is_some_and(|begins| begins > today) {
        tags.push(Tag { class: "tag", label: "尚未施行" });
    }
    tags
}

fn owned(pieces: Vec<Piece<'_>>) -> Vec<OwnedPiece> {
    pieces
        .into_iter()
        .map(|piece| OwnedPiece { text: piece.text.to_owned(), marked: piece.marked })
        .collect()
}

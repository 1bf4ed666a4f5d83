//! What is exported comes back.

use kechuang_domain::{Content, Library};
use kechuang_ingest::{
    RowContext,
    sheet::{ExportFormat, Reach, export},
};
use kechuang_store::RecordDraft;
use proptest::prelude::*;

use crate::{
    arbitrary::any_draft,
    support::{drafts, rows_of, stored},
};

/// What an import makes of an export of these drafts.
fn there_and_back(
    format: ExportFormat,
    library: Library,
    sent: &[RecordDraft],
) -> Vec<Result<RecordDraft, String>> {
    let stored: Vec<_> = (1..).zip(sent).map(|(number, draft)| stored(draft, number)).collect();
    let bytes = export(format, library, stored.iter(), Reach::Keeper).expect("an export");
    drafts(&RowContext::new(library, "测试"), &rows_of(format, &bytes))
}

fn check(format: ExportFormat, sent: &[RecordDraft]) -> Result<(), TestCaseError> {
    let library = sent[0].content.library();
    for (sent, back) in sent.iter().zip(there_and_back(format, library, sent)) {
        let back = back.map_err(|why| TestCaseError::fail(format!("{format:?}: {why}")))?;
        prop_assert!(back == *sent, "{:?}: {}", format, difference(sent, &back));
    }
    Ok(())
}

/// What came back otherwise, piece by piece.
fn difference(sent: &RecordDraft, back: &RecordDraft) -> String {
    let lines = |draft: &RecordDraft| -> Vec<String> {
        let texts = draft.content.all_texts().map(|text| format!("{text:?}"));
        let details = draft.content.details();
        let facts =
            details.all().map(|(fact, value)| format!("{value:?} {:?}", details.tier(fact)));
        let Content { region, chain, sample, .. } = &draft.content;
        let place = format!("{region:?} {chain:?} {sample}");
        let rest = format!("{:?} {:?} {:?}", draft.owner, draft.source, draft.status);
        texts.chain(facts).chain([place, rest, format!("{:?}", draft.provenance)]).collect()
    };
    let (sent, back) = (lines(sent), lines(back));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    format!("sent {:#?} but got {:#?}", only(&sent, &back), only(&back, &sent))
}

fn any_drafts() -> impl Strategy<Value = Vec<RecordDraft>> {
    prop::sample::select(&Library::ALL[..])
        .prop_flat_map(|library| prop::collection::vec(any_draft(library), 1..4))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn json_lines_come_back_as_they_were(sent in any_drafts()) {
        check(ExportFormat::JsonLines, &sent)?;
    }

    #[test]
    fn csv_comes_back_as_it_was(sent in any_drafts()) {
        check(ExportFormat::Csv, &sent)?;
    }

    #[test]
    fn a_workbook_comes_back_as_it_was(sent in any_drafts()) {
        check(ExportFormat::Xlsx, &sent)?;
    }
}

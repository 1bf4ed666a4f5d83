//! Records and their revisions.

use kechuang_domain::{
    ChainCode, Content, Date, Details, Fact, FactValue, Library, Money, Place, Provenance, Source,
    Status, TextField, Tier, TieredText, Viewer,
};
use kechuang_store::{RecordDraft, SaveKind, Store, StoreError};
use kechuang_tests::{Database, achievement, block_on, demand};

use crate::{NOON, on_each};

fn rich_demand() -> RecordDraft {
    let text = |text: &str, tier| TieredText { text: text.to_owned(), tier };
    let texts = [
        (TextField::Title, text("赤泥脱碱\0与路基利用", Tier::Public)),
        (
            TextField::Body,
            text("Na₂O 由 6% 降至 1% 以下。\n𬭚与「全角」，emoji 🧪。", Tier::Public),
        ),
        (TextField::Keywords, text("赤泥；脱碱", Tier::Registered)),
    ];
    let facts = [
        (Fact::Category, FactValue::from("技术攻关")),
        (Fact::Budget, Money::from_wan_yuan(300.5).expect("money").into()),
        (Fact::Deadline, Date::from_ymd_opt(2027, 6, 30).expect("a day").into()),
        (Fact::RdIntensity, FactValue::Number(3.0)),
        (Fact::Avoid, FactValue::List(vec!["示例竞争企业".to_owned()])),
    ];
    let details = Details::new(Library::Demand, facts).expect("fine facts");
    let mut content = Content::new(texts, details).expect("fine content");
    content.region = Some("141181".parse().expect("a region"));
    content.chain = Some("solid-waste".parse::<ChainCode>().expect("a chain"));
    content.sample = true;
    RecordDraft {
        owner: "示例氧化铝有限公司".to_owned(),
        source: Source { name: "测试".to_owned(), key: "D-1".to_owned() },
        status: Status::Active,
        content,
        provenance: Provenance {
            file: Some("需求.xlsx".to_owned()),
            place: Place { sheet: Some("需求".to_owned()), row: Some(7), ..Place::default() },
            ..Provenance::default()
        },
    }
}

#[test]
fn a_record_comes_back_as_it_was_saved() {
    on_each(async |database| {
        let draft = rich_demand();
        let saved = database.store.save_records(std::slice::from_ref(&draft), NOON).await.unwrap();
        assert_eq!((saved[0].revision, saved[0].kind), (1, SaveKind::Created));
        let stored = database.store.record(saved[0].id).await.unwrap();
        assert_eq!(stored.owner_name, draft.owner);
        assert_eq!(stored.record.content, draft.content);
        assert_eq!(stored.record.source, draft.source);
        assert_eq!(stored.record.created_at, NOON);
        assert_eq!(stored.record.provenance, draft.provenance);
        assert_eq!(stored.record.public_number(), "XQ-000001");
        let title = stored.record.content.title_for(Viewer::Public);
        assert_eq!(title, "赤泥脱碱与路基利用", "U+0000 is stripped");
        assert_eq!(stored.record.content.text_for(Viewer::Public, TextField::Keywords), None);
    });
}

#[test]
fn the_same_source_again_is_a_new_revision_or_nothing() {
    on_each(async |database| {
        let store = &database.store;
        let first = store.save_records(&[achievement("1", "旧名", "甲")], NOON).await.unwrap()[0];
        let same = store.save_records(&[achievement("1", "旧名", "甲")], NOON).await.unwrap()[0];
        assert_eq!((same.id, same.revision, same.kind), (first.id, 1, SaveKind::Unchanged));
        let later = NOON.plus_seconds(60);
        let new = store.save_records(&[achievement("1", "新名", "甲")], later).await.unwrap()[0];
        assert_eq!((new.id, new.revision, new.kind), (first.id, 2, SaveKind::Updated));
        let stored = store.record(first.id).await.unwrap().record;
        assert_eq!(stored.content.title_for(Viewer::Public), "新名");
        assert_eq!((stored.created_at, stored.updated_at), (NOON, later));
        let old = store.records_at(&[(first.id, 1)]).await.unwrap();
        assert_eq!(old[0].record.content.title_for(Viewer::Public), "旧名");
    });
}

#[test]
fn one_batch_may_name_the_same_record_twice() {
    on_each(async |database| {
        let store = &database.store;
        let drafts =
            [achievement("1", "甲", ""), achievement("2", "乙", ""), achievement("1", "丙", "")];
        let saved = store.save_records(&drafts, NOON).await.unwrap();
        assert_eq!(saved[0].id, saved[2].id);
        assert_eq!(saved[2].revision, 2);
        let counts = store.record_counts().await.unwrap();
        assert!(counts.contains(&(Library::Achievement, 2)), "{counts:?}");
    });
}

#[test]
fn the_same_key_in_another_library_is_another_record() {
    on_each(async |database| {
        let drafts = [achievement("1", "甲", ""), demand("1", "甲", "")];
        let saved = database.store.save_records(&drafts, NOON).await.unwrap();
        assert_ne!(saved[0].id, saved[1].id);
    });
}

#[test]
fn an_update_needs_the_revision_that_was_read() {
    on_each(async |database| {
        let store = &database.store;
        let id = store.save_records(&[achievement("1", "甲", "")], NOON).await.unwrap()[0].id;
        let changed = achievement("1", "乙", "");
        store.update_record(id, 1, &changed, NOON).await.unwrap();
        let refused = store.update_record(id, 1, &achievement("1", "丙", ""), NOON).await;
        assert!(
            matches!(refused, Err(StoreError::RevisionConflict { current: 2, .. })),
            "{refused:?}"
        );
        let title = store.record(id).await.unwrap().record.content;
        assert_eq!(title.title_for(Viewer::Public), "乙");
        let nobody = kechuang_domain::RecordId::from_uuid(uuid_of(7));
        let unknown = store.update_record(nobody, 1, &changed, NOON).await;
        assert!(matches!(unknown, Err(StoreError::UnknownRecord(_))), "{unknown:?}");
    });
}

#[test]
fn withdrawn_records_are_not_counted_and_not_listed_by_source() {
    on_each(async |database| {
        let store = &database.store;
        let id = store.save_records(&[achievement("1", "甲", "")], NOON).await.unwrap()[0].id;
        let gone = RecordDraft { status: Status::Withdrawn, ..achievement("1", "甲", "") };
        store.update_record(id, 1, &gone, NOON).await.unwrap();
        assert!(store.records_of_source(Library::Achievement, "测试").await.unwrap().is_empty());
        let counts = store.record_counts().await.unwrap();
        assert!(counts.contains(&(Library::Achievement, 0)), "{counts:?}");
        assert_eq!(store.record(id).await.unwrap().record.status, Status::Withdrawn);
    });
}

#[test]
fn pages_of_records_follow_their_ids_and_keys_compare_by_bytes() {
    on_each(async |database| {
        let store = &database.store;
        let keys = ["b", "B", "a", "é", "甲", "10", "9"];
        let drafts: Vec<_> = keys.iter().map(|key| achievement(key, key, "")).collect();
        store.save_records(&drafts, NOON).await.unwrap();
        let first = store.records_after(None, 4).await.unwrap();
        let rest = store.records_after(first.last().map(|r| r.record.id), 10).await.unwrap();
        let ids: Vec<_> = first.iter().chain(&rest).map(|stored| stored.record.id).collect();
        assert_eq!(ids.len(), keys.len());
        assert!(ids.is_sorted());
        let listed = store.records_of_source(Library::Achievement, "测试").await.unwrap();
        let listed: Vec<_> = listed.iter().map(|(key, _)| key.as_str()).collect();
        let mut by_bytes = keys.to_vec();
        by_bytes.sort_unstable();
        assert_eq!(listed, by_bytes);
    });
}

#[test]
fn a_second_opening_finds_everything() {
    on_each(async |database| {
        let saved = database.store.save_records(&[rich_demand()], NOON).await.unwrap();
        let again = Store::open(&database.location).await.unwrap();
        assert_eq!(again.record(saved[0].id).await.unwrap().record.content, rich_demand().content);
        again.close().await;
    });
}

#[test]
fn the_first_token_is_kept_and_no_second_one() {
    on_each(async |database| {
        let store = &database.store;
        assert!(store.keep_first_token("hash-1", "首次", NOON).await.unwrap());
        assert!(!store.keep_first_token("hash-2", "再次", NOON).await.unwrap());
        assert!(store.knows_token("hash-1").await.unwrap());
        assert!(!store.knows_token("hash-2").await.unwrap());
    });
}

#[test]
fn an_unwritable_folder_is_told_as_such() {
    block_on(async {
        let made = Database::embedded().await;
        drop(made);
        let location = kechuang_store::Location::Embedded("/proc/none/kechuang.sqlite".into());
        let refused = Store::open(&location).await;
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    });
}

fn uuid_of(number: u128) -> sqlx::types::Uuid {
    sqlx::types::Uuid::from_u128(number)
}

#[test]
fn a_row_that_comes_again_confirms_its_record_once_a_day() {
    on_each(async |database| {
        let draft = achievement("1", "赤泥脱碱", "石灰法。");
        let store = &database.store;
        let save =
            async |at| store.save_records(std::slice::from_ref(&draft), at).await.unwrap()[0];
        let saved = save(NOON).await;
        let (soon, later) = (NOON.plus_seconds(3600), NOON.plus_seconds(2 * 24 * 3600));
        for (at, confirmed_at, changes) in [(soon, NOON, 1), (later, later, 2)] {
            assert_eq!(save(at).await.kind, SaveKind::Unchanged);
            let record = store.record(saved.id).await.unwrap().record;
            assert_eq!((record.revision, record.confirmed_at), (1, confirmed_at));
            assert_eq!(store.change_head().await.unwrap(), changes, "{}", database.name);
        }
        assert_eq!(store.confirm_records(&[saved.id], later.plus_seconds(1)).await.unwrap(), 1);
    });
}

#[test]
fn public_numbers_count_each_library_for_itself() {
    on_each(async |database| {
        let drafts = [demand("1", "甲", ""), achievement("1", "乙", ""), demand("2", "丙", "")];
        let saved = database.store.save_records(&drafts, NOON).await.unwrap();
        let again = [demand("2", "丙丙", ""), demand("3", "丁", "")];
        let more = database.store.save_records(&again, NOON).await.unwrap();
        let mut numbers = Vec::new();
        for one in saved.iter().chain(&more) {
            numbers.push(database.store.record(one.id).await.unwrap().record.public_number());
        }
        assert_eq!(numbers, ["XQ-000001", "CG-000001", "XQ-000002", "XQ-000002", "XQ-000003"]);
    });
}

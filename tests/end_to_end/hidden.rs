//! Nothing hidden shapes what the public sees.

use kechuang_domain::{
    Content, Details, Fact, FactValue, Library, MatchRequest, MatchSource, Place, Status,
    TextField, Tier, TieredText, Viewer,
};
use kechuang_matching::{SearchRequest, clock};
use kechuang_store::RecordDraft;
use kechuang_tests::{App, TestEngine, achievement, block_on, demand, draft};
use reqwest::Method;

/// An achievement with a hidden text of this tier.
fn with_hidden(key: &str, body: &str, tier: Tier, hidden: &str) -> RecordDraft {
    let base = achievement(key, "赤泥综合利用", body);
    let texts = [
        (TextField::Title, "赤泥综合利用", Tier::Public),
        (TextField::Body, body, Tier::Public),
        (TextField::Indicators, hidden, tier),
    ];
    let texts =
        texts.map(|(field, text, tier)| (field, TieredText { text: text.to_owned(), tier }));
    let content = Content::new(texts, Details::empty(Library::Achievement)).expect("fine content");
    RecordDraft { content, ..base }
}

/// The answers of an engine whose second record has this hidden text, without ids and times.
async fn answers(tier: Tier, hidden: &str) -> Vec<String> {
    let mut test = TestEngine::new().await;
    let saved = test
        .save(&[
            demand("d", "赤泥脱碱用于路基", "赤泥脱碱后钠含量不高于 1%，用于路基填筑。"),
            achievement("1", "赤泥脱碱方法", "石灰法脱碱，钠含量 0.8%。"),
            with_hidden("2", "用赤泥制陶粒。", tier, hidden),
        ])
        .await;
    let source = MatchSource::Record(saved[0].id);
    let found =
        test.engine.find(&MatchRequest::new(source), clock::now()).await.expect("an answer");
    let search = |text: &str| SearchRequest {
        text: text.to_owned(),
        limit: 10,
        ..SearchRequest::new(Library::Achievement)
    };
    let mut said = vec![serde_json::to_string(&found.outcome).expect("JSON")];
    for text in ["路基", "赤泥", "固化剂"] {
        let page = test.engine.search(&search(text), clock::now()).await.expect("a page");
        let hits: Vec<_> = page
            .hits
            .iter()
            .map(|hit| {
                (hit.stored.record.content.title_for(Viewer::Public).to_owned(), hit.marks.clone())
            })
            .collect();
        said.push(format!("{hits:?} {} {} {:?}", page.library_count, page.total, page.next));
    }
    // Ids are drawn anew for each store.
    for (place, saved) in saved.iter().enumerate() {
        for text in &mut said {
            *text = text.replace(&saved.id.to_string(), &format!("record-{place}"));
        }
    }
    said
}

#[test]
fn stores_that_differ_only_in_hidden_text_answer_alike() {
    block_on(async {
        for tier in [Tier::Registered, Tier::Agreement] {
            let plain = answers(tier, "（略）").await;
            let telling = answers(tier, "路基 路基 脱碱 钠含量 固化剂 赤泥").await;
            assert_eq!(plain, telling, "{tier:?}");
            assert!(!telling.iter().any(|text| text.contains("固化剂")), "{telling:?}");
        }
        let public = answers(Tier::Public, "路基 路基 脱碱 钠含量 固化剂 赤泥").await;
        let hidden = answers(Tier::Registered, "路基 路基 脱碱 钠含量 固化剂 赤泥").await;
        assert_ne!(
            public, hidden,
            "the same text in public must count, or this test shows nothing"
        );
    });
}

#[test]
fn a_saved_run_shows_no_record_that_was_withdrawn_since() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let drafts = [
            demand("d", "赤泥脱碱", "赤泥脱碱后用于路基。"),
            achievement("1", "赤泥脱碱方法", "石灰法脱碱。"),
            achievement("2", "赤泥陶粒", "用赤泥制陶粒。"),
        ];
        let saved = test.save(&drafts).await;
        let request = MatchRequest::new(MatchSource::Record(saved[0].id));
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let (run, _) = test.engine.save(&request, &found, clock::now()).await.expect("saved");
        let withdrawn =
            |draft: &RecordDraft| RecordDraft { status: Status::Withdrawn, ..draft.clone() };
        test.save(&[withdrawn(&drafts[1])]).await;
        let opened = test.engine.saved(run, clock::now()).await.expect("a store").expect("a run");
        let shown: Vec<_> = opened.outcome.achievements.iter().map(|found| found.record).collect();
        assert_eq!(shown, [saved[2].id]);

        // A text that is hidden later takes its quotes with it.
        let mut hidden = drafts[2].clone();
        let texts = hidden.content.all_texts().map(|(field, text)| {
            let tier = if field == TextField::Body { Tier::Agreement } else { text.tier };
            (field, TieredText { tier, ..text.clone() })
        });
        hidden.content = Content::new(texts.collect::<Vec<_>>(), hidden.content.details().clone())
            .expect("fine content");
        test.save(&[hidden]).await;
        let opened = test.engine.saved(run, clock::now()).await.expect("a store").expect("a run");
        let said = serde_json::to_string(&opened.outcome.achievements).expect("JSON");
        assert!(!said.contains("制陶粒"), "{said}");

        test.save(&[withdrawn(&drafts[0])]).await;
        assert!(test.engine.saved(run, clock::now()).await.expect("a store").is_none());
    });
}

#[test]
fn sentences_that_may_stand_in_a_hidden_text_are_for_keepers() {
    block_on(async {
        let secret = "研发费用补助标准为三成。";
        let mut draft = draft(Library::Policy, "p", "示例办法", "");
        let text = |text: &str, tier| TieredText { text: text.to_owned(), tier };
        let texts = [
            (TextField::Title, text("示例办法", Tier::Public)),
            (TextField::Body, text(secret, Tier::Agreement)),
        ];
        let facts = [(Fact::Level, FactValue::from("市"))];
        let details = Details::new(Library::Policy, facts).expect("facts");
        draft.content = Content::new(texts, details).expect("content");
        let place = Place { sentence: Some(secret.to_owned()), page: Some(2), ..Place::default() };
        draft.provenance.fields.insert("level".to_owned(), place);
        let app = App::new(&[draft]).await;
        for path in ["/records/ZC-000001", "/api/v1/records/ZC-000001"] {
            let mut shown = app.get(path).await;
            if shown.status == 303 {
                shown = app.get(shown.header("location")).await;
            }
            assert_eq!(shown.status, 200, "{path}");
            assert!(!shown.body.contains("三成"), "{}", shown.body);
        }
        let keeper = app.request(Method::GET, "/api/v1/records/ZC-000001").bearer_auth(&app.token);
        assert!(app.send(keeper).await.body.contains("三成"));
    });
}

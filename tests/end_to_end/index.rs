//! The index: an image of the store, however it came about.

use kechuang_domain::{
    Content, Date, Details, Fact, Library, MatchRequest, MatchSource, RecordId, Status,
};
use kechuang_matching::{Engine, SearchRequest, check, clock, open_index};
use kechuang_store::RecordDraft;
use kechuang_tests::{TestEngine, achievement, block_on, demand};

/// A small generator of numbers (SplitMix64), so that a failure can be repeated.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).expect("small")]
    }
}

const WORDS: [&str; 24] = [
    "赤泥",
    "脱碱",
    "路基",
    "镁合金",
    "焊接",
    "抗拉强度",
    "电解槽",
    "隔膜",
    "析氢过电位",
    "质子交换膜",
    "储氢瓶",
    "碳纤维",
    "轴承钢",
    "夹杂物",
    "6061-T6",
    "Al2O3",
    "煤矸石",
    "陶粒",
    "粉煤灰",
    "浸出",
    "310MPa",
    "提高",
    "技术",
    "低温",
];

fn sentence(random: &mut Random) -> String {
    let length = 2 + random.below(9);
    (0..length).map(|_| random.pick(&WORDS)).collect::<Vec<_>>().join("的") + "。"
}

/// A random draft under one of 120 keys.
fn random_draft(random: &mut Random) -> RecordDraft {
    let key = random.below(120).to_string();
    let (title, body) = (sentence(random), sentence(random) + &sentence(random));
    let make = if random.below(5) == 0 { demand } else { achievement };
    let status = match random.below(6) {
        0 => Status::Withdrawn,
        1 => Status::Closed,
        _ => Status::Active,
    };
    RecordDraft { status, ..make(&key, &title, &body) }
}

/// Everything an engine answers, as text.
async fn answers(engine: &Engine) -> Vec<String> {
    let mut said = Vec::new();
    for text in WORDS.iter().map(|word| format!("{word}与{}的{}", WORDS[0], WORDS[8])) {
        let mut request = MatchRequest::new(MatchSource::Text(text.clone()));
        request.top = 100;
        let found = engine.find(&request, clock::now()).await.expect("an answer");
        said.push(serde_json::to_string(&found.outcome).expect("JSON"));
        said.push(serde_json::to_string(&found.scores).expect("JSON"));
        let search = SearchRequest { text, limit: 50, ..SearchRequest::new(Library::Achievement) };
        said.push(format!("{:?}", engine.search(&search, clock::now()).await.expect("a page")));
    }
    said
}

#[test]
fn an_index_grown_by_500_changes_answers_like_a_rebuilt_one() {
    block_on(async {
        let mut random = Random(20_261_124);
        let mut grown = TestEngine::new().await;
        let mut changes = 0;
        // And on until there are several segments to compare with one.
        while changes < 500 || grown.engine.index().snapshot().segment_count() < 2 {
            // Commits of one to twelve changes, so that segments, deletions and merges pile up.
            let batch = 1 + random.below(12);
            let drafts: Vec<_> = (0..batch).map(|_| random_draft(&mut random)).collect();
            grown.save(&drafts).await;
            changes += batch;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let mut rebuilt = TestEngine::over(grown.engine.store().clone(), folder).await;
        rebuilt.upkeep.catch_up().await.expect("an index");
        rebuilt.upkeep.compact().expect("one segment");
        assert_eq!(rebuilt.engine.index().snapshot().segment_count(), 1);

        let (by_growth, by_rebuild) =
            (answers(&grown.engine).await, answers(&rebuilt.engine).await);
        for (grown, rebuilt) in by_growth.iter().zip(&by_rebuild) {
            assert_eq!(grown, rebuilt);
        }
        for engine in [&grown.engine, &rebuilt.engine] {
            let report = check(engine).await.expect("a report");
            assert!(report.is_clean(), "{report:?}");
        }
    });
}

#[test]
fn a_closed_candidate_set_is_ranked_whole_and_alone() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let drafts = [
            demand("d", "镁合金板材焊接", "要求抗拉强度不低于 240MPa。"),
            achievement("1", "镁合金焊接方法", "镁合金焊接后抗拉强度达 260MPa。"),
            achievement("2", "镁合金焊接设备", "镁合金焊接设备。"),
            achievement("3", "红外相机", "与此无关。"),
        ];
        let saved = test.save(&drafts).await;
        let closed: Vec<RecordId> = vec![saved[3].id, saved[1].id];
        let source = MatchSource::Record(saved[0].id);
        let request = MatchRequest { candidates: Some(closed), ..MatchRequest::new(source) };
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let order: Vec<_> = found.order.iter().map(|(id, _)| *id).collect();
        assert_eq!(order, [saved[1].id, saved[3].id], "also what has no word in common");
        assert!(found.outcome.equipment.is_empty());
    });
}

#[test]
fn the_index_says_where_it_is_behind() {
    block_on(async {
        let mut test = TestEngine::new().await;
        test.save(&[achievement("1", "赤泥脱碱", "")]).await;
        let late = [achievement("2", "赤泥脱碱路基", "")];
        test.engine.store().save_records(&late, clock::now()).await.expect("saved");
        let request = MatchRequest::new(MatchSource::Text("赤泥脱碱".to_owned()));
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let said = format!("{:?}", found.outcome.degraded);
        assert!(said.contains("Behind") && said.contains("1 项更新"), "{said}");
    });
}

#[test]
fn an_index_of_another_history_is_rebuilt() {
    block_on(async {
        let mut first = TestEngine::new().await;
        first.save(&[achievement("1", "赤泥脱碱", "")]).await;
        let folder = first.folder().join("index");
        let store = first.engine.store().clone();
        drop(first.upkeep);
        drop(first.engine);

        // The same store finds its index fit; another one, further on, does not.
        let rules = kechuang_tests::rules();
        let (_, why) = open_index(&folder, &rules.lexicon, &store).await.expect("an index");
        assert_eq!(why, None);
        let other = TestEngine::new().await;
        let drafts = ["甲", "乙", "丙"].map(|title| achievement(title, title, ""));
        let other = other.engine.store().clone();
        other.save_records(&drafts, clock::now()).await.expect("saved");
        let (index, why) = open_index(&folder, &rules.lexicon, &other).await.expect("an index");
        assert!(why.is_some_and(|why| why.contains("不是这个数据库")));
        assert_eq!(index.snapshot().applied_seq(), 0);
    });
}

#[test]
fn records_that_do_not_fit_leave_their_place_to_the_next() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let past = |key: usize| {
            let mut draft = demand(&key.to_string(), "赤泥脱碱赤泥脱碱", "赤泥脱碱。");
            let texts: Vec<_> =
                draft.content.all_texts().map(|(field, text)| (field, text.clone())).collect();
            let deadline = Date::from_ymd_opt(2020, 1, 1).expect("a day");
            let facts = [(Fact::Deadline, deadline.into())];
            let details = Details::new(Library::Demand, facts).expect("fine facts");
            draft.content = Content::new(texts, details).expect("fine content");
            draft
        };
        let mut drafts: Vec<_> = (0..30).map(past).collect();
        drafts.push(demand("open", "某种赤泥的利用", "尚未到期。"));
        drafts.push(achievement("1", "赤泥脱碱", "赤泥脱碱。"));
        let saved = test.save(&drafts).await;
        let request = MatchRequest::new(MatchSource::Record(saved[31].id));
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let shown: Vec<_> = found.outcome.demands.iter().map(|found| found.record).collect();
        assert_eq!(shown, [saved[30].id]);
    });
}

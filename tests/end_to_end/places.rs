//! Who stands where in a list, and figures that stand in tables.

use kechuang_domain::{
    AskedIn, Basis, Fact, FactValue, Fulfilment, Library, MatchOutcome, MatchRequest, MatchSource,
    RecordId, Stage, TextField, Tier, fact::MeasuredIndicator,
};
use kechuang_matching::{MatchError, clock};
use kechuang_store::RecordDraft;
use kechuang_tests::{TestEngine, achievement, block_on, demand};

use crate::beside::full;

fn rows(rows: &[[&str; 3]]) -> FactValue {
    let row = |[indicator, stated, condition]: &[&str; 3]| MeasuredIndicator {
        indicator: (*indicator).to_owned(),
        stated: (*stated).to_owned(),
        condition: (*condition).to_owned(),
    };
    FactValue::Indicators(rows.iter().map(row).collect())
}

/// Asks, saves, and sees that the saved run makes the same answer again.
async fn asked(test: &TestEngine, request: &MatchRequest) -> MatchOutcome {
    let found = test.engine.find(request, clock::now()).await.expect("an answer");
    let (run, _) = test.engine.save(request, &found, clock::now()).await.expect("saved");
    let replayed = test.engine.replay(run, clock::now()).await.expect("a store");
    let (then, now) = replayed.expect("a run");
    assert_eq!(then, now);
    found.outcome
}

fn of_record(id: RecordId) -> MatchRequest {
    MatchRequest::new(MatchSource::Record(id))
}

#[test]
fn figures_of_tables_are_compared_with_those_of_texts_and_of_tables() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let targets = rows(&[
            ["轮辋抗拉强度", "≥310 MPa", "必须"],
            ["轮辋断后伸长率", "≥10 %", "必须"],
            ["弯曲疲劳次数", "≥50 万次", "期望"],
            ["外观", "无裂纹", "必须"],
            ["气孔率", "≤1 %", "必须"],
        ]);
        let texts =
            [(TextField::Title, "再生铝轮毂铸造"), (TextField::Body, "轮辋延伸率低，气孔率≤1%。")];
        let asks = full(
            Library::Demand,
            "d",
            &texts,
            &[(Fact::Targets, targets)],
            "140100",
            "high-end-metals",
        );
        let measured =
            rows(&[["轮辋抗拉强度", "328 MPa", "T5"], ["轮辋断后伸长率", "9.5 %", "T5"]]);
        let texts = [
            (TextField::Title, "再生铝轮毂低压铸造"),
            (TextField::Body, "弯曲疲劳次数达到62万次，气孔率 0.6%。"),
        ];
        let facts = [(Fact::Measured, measured)];
        let answers = full(Library::Achievement, "a", &texts, &facts, "140100", "high-end-metals");
        let saved = test.save(&[asks.clone(), answers.clone()]).await;
        let request = of_record(saved[0].id);
        let outcome = asked(&test, &request).await;
        let explanation = &outcome.achievements[0].explanation;
        let told: Vec<_> = explanation
            .indicators
            .iter()
            .map(|check| {
                let of_fact = matches!(check.asked_in, AskedIn::Fact { fact: Fact::Targets });
                let said = check.said.as_ref().map(Basis::words);
                (check.asked.as_str(), of_fact, check.fulfilment, said)
            })
            .collect();
        let said = |words: &str| Some(words.to_owned());
        assert_eq!(
            told,
            [
                // What the text asks for, too, is asked once.
                ("气孔率≤1%", false, Fulfilment::Met, said("气孔率 0.6%")),
                (
                    "轮辋抗拉强度 ≥310 MPa（必须）",
                    true,
                    Fulfilment::Met,
                    said("指标明细：轮辋抗拉强度 328 MPa（T5）")
                ),
                (
                    "轮辋断后伸长率 ≥10 %（必须）",
                    true,
                    Fulfilment::Unmet,
                    said("指标明细：轮辋断后伸长率 9.5 %（T5）")
                ),
                (
                    "弯曲疲劳次数 ≥50 万次（期望）",
                    true,
                    Fulfilment::Met,
                    said("弯曲疲劳次数达到62万次")
                ),
            ]
        );
        assert!(explanation.summary.contains("4 项指标中达到 3 项，未达到 1 项"));

        // What is hidden later is shown no more, in a run of before either.
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let (run, _) = test.engine.save(&request, &found, clock::now()).await.expect("saved");
        let hidden = |mut draft: RecordDraft, fact| {
            let details = draft.content.details().clone();
            let mut content = kechuang_domain::Content::new(
                draft.content.all_texts().map(|(field, text)| (field, text.clone())),
                details.with_tiers([(fact, Tier::Agreement)]),
            )
            .expect("fine content");
            (content.region, content.chain) = (draft.content.region, draft.content.chain.clone());
            draft.content = content;
            draft
        };
        test.save(&[hidden(answers, Fact::Measured)]).await;
        let shown = test.engine.saved(run, clock::now()).await.expect("a store").expect("a run");
        let checks = &shown.outcome.achievements[0].explanation.indicators;
        let of_tables =
            checks.iter().filter(|check| matches!(check.said, Some(Basis::Fact { .. })));
        assert_eq!((checks.len(), of_tables.count()), (4, 0));
        let outcome = asked(&test, &request).await;
        assert_eq!(outcome.achievements[0].explanation.indicators[1].said, None);
        test.save(&[hidden(asks, Fact::Targets)]).await;
        let shown = test.engine.saved(run, clock::now()).await.expect("a store").expect("a run");
        assert_eq!(shown.outcome.achievements[0].explanation.indicators.len(), 1);
    });
}

#[test]
fn a_team_that_heads_list_after_list_lets_one_nearly_as_good_lead() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let lists = test.engine.profiles().get("default").expect("a profile").exposure.lists;
        let body = "采用搅拌摩擦焊连接镁合金薄板，接头抗拉强度达到母材的九成。";
        let other = achievement("2", "镁合金薄板搅拌摩擦焊工艺", body);
        let mut drafts = vec![
            achievement("1", "镁合金薄板搅拌摩擦焊", body),
            RecordDraft { owner: "另一家示例单位".to_owned(), ..other },
        ];
        drafts.extend(
            (0..=lists).map(|number| {
                demand(&number.to_string(), "镁合金薄板搅拌摩擦焊", "薄板焊后强度低。")
            }),
        );
        let saved = test.save(&drafts).await;
        let (usual, stand_in) = (saved[0].id, saved[1].id);
        let demands: Vec<RecordId> = saved[2..].iter().map(|saved| saved.id).collect();
        for id in &demands[..lists as usize] {
            let outcome = asked(&test, &of_record(*id)).await;
            assert_eq!(outcome.achievements[0].record, usual);
            assert_eq!(outcome.achievements[0].notes, Vec::<String>::new());
        }
        let outcome = asked(&test, &of_record(demands[lists as usize])).await;
        let first = &outcome.achievements[0];
        assert_eq!((first.record, first.rank), (stand_in, 1));
        let told = format!("近 30 天已在 {lists} 项需求中居首");
        assert!(first.notes[0].contains(&told), "{:?}", first.notes);
        assert_eq!(outcome.achievements[1].record, usual);
        // Whoever asks again is answered the same: one's own list is not held against anybody.
        let again = asked(&test, &of_record(demands[0])).await;
        assert_eq!(again.achievements[0].record, usual);
        // Nobody is made the first of many lists by asking for nobody else.
        for id in &demands {
            let alone = MatchRequest { candidates: Some(vec![stand_in]), ..of_record(*id) };
            asked(&test, &alone).await;
        }
        let again = asked(&test, &of_record(demands[lists as usize])).await;
        assert_eq!(again.achievements[0].record, stand_in);
        // Exactly what is asked for stands as it is ranked.
        let closed = MatchRequest {
            candidates: Some(vec![usual, stand_in]),
            ..of_record(demands[lists as usize])
        };
        let found = test.engine.find(&closed, clock::now()).await.expect("an answer");
        assert_eq!(found.outcome.achievements[0].record, usual);
    });
}

#[test]
fn places_for_other_fields_are_kept_where_they_are_asked_for_and_marked() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let record = |library, key: &str, title: &str, body: &str, chain: &str| {
            let texts = [(TextField::Title, title), (TextField::Body, body)];
            full(library, key, &texts, &[], "140100", chain)
        };
        let body = "料浆经压滤脱水，滤饼含水率降到两成以下。";
        let own = |key: &str| {
            let title = format!("赤泥压滤脱水{key}");
            RecordDraft {
                owner: format!("示例单位{key}"),
                ..record(Library::Achievement, key, &title, body, "solid-waste")
            }
        };
        let asks = record(
            Library::Demand,
            "d",
            "赤泥压滤脱水",
            "滤饼含水率偏高，压滤脱水周期长。",
            "solid-waste",
        );
        let other = "解决了电解液浆料滤饼含水率偏高、压滤脱水周期长的问题，成本下降。";
        let again = "为膜电极厂做的过滤机，滤饼含水率偏高、压滤脱水周期长都已改善。";
        let saved = test
            .save(&[
                asks,
                own("甲"),
                own("乙"),
                own("丙"),
                own("丁"),
                // Of another chain by its record, and by its text.
                record(Library::Achievement, "氢", "浆料压滤", other, "hydrogen"),
                achievement("电解", "质子交换膜浆料过滤机", again),
            ])
            .await;
        let request = MatchRequest { top: 4, ..of_record(saved[0].id) };
        let usual = asked(&test, &request).await;
        assert!(usual.achievements.iter().all(|found| found.neighbouring.is_none()));
        let with = MatchRequest { neighbours: 2, ..request.clone() };
        let outcome = asked(&test, &with).await;
        let marked: Vec<Option<&str>> = outcome
            .achievements
            .iter()
            .map(|found| found.neighbouring.as_ref().map(|chain| chain.as_str()))
            .collect();
        assert_eq!(marked, [None, None, Some("hydrogen"), Some("hydrogen")]);
        assert!(outcome.degraded.iter().all(|degraded| degraded.stage != Stage::Neighbours));

        let nowhere = MatchSource::Text("压滤脱水慢，滤饼含水率高怎么办".to_owned());
        let outcome = asked(&test, &MatchRequest { source: nowhere, ..with.clone() }).await;
        let told = outcome.degraded.iter().any(|degraded| degraded.stage == Stage::Neighbours);
        assert!(told, "{:?}", outcome.degraded);

        let too_many = MatchRequest { neighbours: 3, ..with };
        let refused = test.engine.find(&too_many, clock::now()).await.expect_err("too many");
        assert!(matches!(refused, MatchError::Request(_)), "{refused}");
    });
}

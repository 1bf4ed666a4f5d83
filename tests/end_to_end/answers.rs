//! What an answer says of its records: figures, levels, and what shares a place.

use kechuang_domain::{Fulfilment, MatchRequest, MatchSource, RecordId, Status};
use kechuang_matching::clock;
use kechuang_store::RecordDraft;
use kechuang_tests::{TestEngine, achievement, block_on, demand};

const TITLE: &str = "镁合金板材焊接";
const ASKED: &str = "1. 接头抗拉强度不低于240MPa；2. 气孔率低于1%；3. 焊接速度不低于2m/min。";
const SAID: &str =
    "采用搅拌摩擦焊连接镁合金薄板，接头抗拉强度达到 0.255GPa，气孔率 1.2%，已用于轨道车辆内饰。";

fn request(id: RecordId) -> MatchRequest {
    MatchRequest::new(MatchSource::Record(id))
}

#[test]
fn figures_stand_beside_what_was_asked() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let drafts = [demand("d", TITLE, ASKED), achievement("1", "镁合金搅拌摩擦焊", SAID)];
        let saved = test.save(&drafts).await;
        let found = test.engine.find(&request(saved[0].id), clock::now()).await.expect("an answer");
        let explanation = &found.outcome.achievements[0].explanation;
        let told: Vec<_> = explanation
            .indicators
            .iter()
            .map(|check| {
                let said = check.said.as_ref().map(kechuang_domain::Basis::words);
                (check.asked.as_str(), check.fulfilment, said)
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "接头抗拉强度不低于240MPa",
                    Fulfilment::Met,
                    Some("接头抗拉强度达到 0.255GPa".to_owned())
                ),
                ("气孔率低于1%", Fulfilment::Unmet, Some("气孔率 1.2%".to_owned())),
                ("焊接速度不低于2m/min", Fulfilment::Unknown, None),
            ]
        );
        assert!(explanation.summary.contains("达到 1 项，未达到 1 项"), "{}", explanation.summary);
        // Without an encoder nobody knows how near it is, and no level is made up.
        assert_eq!((explanation.level, found.outcome.prospect), (None, None));
    });
}

#[test]
fn whoever_asks_for_what_nobody_has_is_told_so() {
    block_on(async {
        let mut test = crate::samples::sample_engine().await.with_meaning().await;
        test.encoding.as_mut().expect("an encoding").catch_up().await.expect("vectors");
        let prospect = async |source| {
            let request = MatchRequest::new(source);
            let found = test.engine.find(&request, clock::now()).await.expect("an answer");
            assert!(found.outcome.degraded.is_empty(), "{:?}", found.outcome.degraded);
            let best = found.outcome.achievements.first().expect("an answer").explanation.level;
            (found.outcome.prospect.expect("a prospect"), best.expect("a level"))
        };
        let demands = crate::samples::sample_demands(&test).await;
        let answered = demands.iter().find(|(key, _)| key == "DEM-001").expect("a sample").1;
        let (there, level) = prospect(MatchSource::Record(answered)).await;
        assert!(there.is_good() && there.warning().is_none() && level.level >= 3, "{there:?}");
        let text = "深海养殖网箱防污涂料，防污期不少于3年，附着力不低于5MPa。".to_owned();
        let (absent, level) = prospect(MatchSource::Text(text)).await;
        assert!(!absent.is_good() && level.level <= 2, "{absent:?} {level:?}");
        assert!(absent.warning().expect("a warning").contains("没有合适的答案"));

        // Where there are next to no records, no word is rare, and nothing is told.
        let mut few = TestEngine::new().await.with_meaning().await;
        let drafts = [demand("d", TITLE, ASKED), achievement("1", "镁合金搅拌摩擦焊", SAID)];
        let saved = few.save(&drafts).await;
        let found = few.engine.find(&request(saved[0].id), clock::now()).await.expect("an answer");
        assert_eq!(found.outcome.prospect, None);
    });
}

#[test]
fn what_one_owner_says_twice_shares_a_place_and_leaves_it_when_withdrawn() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let again = SAID.replace("轨道车辆", "轨道客车");
        let other = achievement("3", "镁合金薄板搅拌摩擦焊", SAID);
        let saved = test
            .save(&[
                demand("d", TITLE, ASKED),
                achievement("1", "镁合金搅拌摩擦焊", SAID),
                achievement("2", "镁合金搅拌摩擦焊", &again),
                RecordDraft { owner: "另一家示例单位".to_owned(), ..other },
            ])
            .await;
        let request = request(saved[0].id);
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        let alike: Vec<usize> =
            found.outcome.achievements.iter().map(|found| found.alike.len()).collect();
        assert_eq!(alike.iter().sum::<usize>(), 1, "{alike:?}");
        assert_eq!(alike.len(), 2, "one of each owner");
        let (run, _) = test.engine.save(&request, &found, clock::now()).await.expect("saved");
        let (then, now) =
            test.engine.replay(run, clock::now()).await.expect("a store").expect("a run");
        assert_eq!(then, now);

        // Exactly what is asked for is answered, each in its own place.
        let all = saved[1..].iter().map(|saved| saved.id).collect();
        let closed = MatchRequest { candidates: Some(all), ..request };
        let found = test.engine.find(&closed, clock::now()).await.expect("an answer");
        assert_eq!(found.outcome.achievements.len(), 3);

        let withdrawn = achievement("2", "镁合金搅拌摩擦焊", &again);
        let second = achievement("1", "镁合金搅拌摩擦焊", SAID);
        for gone in [withdrawn, second] {
            test.save(&[RecordDraft { status: Status::Withdrawn, ..gone }]).await;
        }
        let shown = test.engine.saved(run, clock::now()).await.expect("a store").expect("a run");
        let left = &shown.outcome.achievements;
        assert!(left.len() == 1 && left[0].alike.is_empty(), "{left:?}");
    });
}

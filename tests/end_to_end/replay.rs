//! A saved run makes its answer again, to the byte.

use kechuang_domain::{MatchRequest, MatchSource, Status};
use kechuang_matching::clock;
use kechuang_store::RecordDraft;
use kechuang_tests::{TestEngine, achievement, block_on, demand};

#[test]
fn a_saved_run_is_reproduced_after_its_records_have_changed() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let title = "镁合金板材焊接";
        let saved = test
            .save(&[
                demand("d", title, "1. 抗拉强度不低于240MPa；2. 气孔率低于1%。"),
                achievement("1", "镁合金搅拌摩擦焊", "接头抗拉强度达到 255MPa，气孔率 0.6%。"),
                achievement("2", "镁合金压铸", "压铸件气孔率 2%。"),
            ])
            .await;
        let mut runs = Vec::new();
        let text = "镁合金焊接后强度低。\n要求：抗拉强度≥240MPa".to_owned();
        for source in [MatchSource::Record(saved[0].id), MatchSource::Text(text)] {
            let request = MatchRequest::new(source);
            let found = test.engine.find(&request, clock::now()).await.expect("an answer");
            assert_eq!(found.outcome.achievements.len(), 2);
            runs.push(test.engine.save(&request, &found, clock::now()).await.expect("saved").0);
        }
        // What comes later must not reach back.
        test.save(&[
            achievement("1", "镁合金", "全部改写。"),
            RecordDraft {
                status: Status::Withdrawn, ..achievement("2", "镁合金压铸", "撤回。")
            },
            achievement("3", "镁合金焊接", "新的。"),
        ])
        .await;
        for run in runs {
            let (then, now) =
                test.engine.replay(run, clock::now()).await.expect("a store").expect("a run");
            assert_eq!(then, now);
        }
    });
}

#[test]
fn every_quote_stands_in_its_record_and_every_need_in_its_demand() {
    block_on(async {
        let test = crate::samples::sample_engine().await;
        let mut quotes = 0;
        for (_, id) in crate::samples::sample_demands(&test).await {
            let request = MatchRequest::new(MatchSource::Record(id));
            let outcome =
                test.engine.find(&request, clock::now()).await.expect("an answer").outcome;
            for need in &outcome.needs {
                assert_eq!(need.span.of(&outcome.source.text), Some(need.text.as_str()));
            }
            for library in kechuang_domain::Library::ALL {
                for found in outcome.list(library) {
                    let record = test.engine.store().record(found.record).await.expect("a record");
                    for evidence in &found.explanation.evidence {
                        let quote = &evidence.quote;
                        let viewer = kechuang_domain::Viewer::Public;
                        let text = record.record.content.text_for(viewer, quote.field);
                        let text = text.expect("a public text");
                        assert_eq!(quote.span.of(text), Some(quote.text()));
                        quotes += 1;
                    }
                    let told = found.explanation.evidence.len() + found.explanation.gaps.len();
                    assert_eq!(told, outcome.needs.len(), "each need has evidence or is a gap");
                }
            }
        }
        assert!(quotes > 100, "only {quotes} quotes were looked at");
    });
}

/// What replay stands on: every score comes back from JSON to the bit.
#[test]
fn scores_survive_json_to_the_bit() {
    let mut random = crate::index::Random(7);
    for _ in 0..20_000 {
        // Scores as they come about: widened f32 weights, some of them scaled.
        let weight = f64::from(f32::from_bits(0x3f80_0000 + random.below(1 << 25) as u32));
        for score in [weight, weight * 0.2, weight / 3.0] {
            let text = serde_json::to_string(&score).expect("JSON");
            let back: f64 = serde_json::from_str(&text).expect("a number");
            assert_eq!(score.to_bits(), back.to_bits(), "{text}");
        }
    }
}

//! One answer over four libraries: equipment by need, policies by eligibility.

use kechuang_cli::sample;
use kechuang_domain::{
    Applicant, AskedBy, Basis, CheckKind, Clause, ClauseRule, Content, Details, Fact, FactValue,
    Library, Match, MatchOutcome, MatchRequest, MatchSource, PartyKind, Quote, RecordId,
    ResourceKind, ResourceReason, RuleKind, Span, Status, TextField, Tier, TieredText, Verdict,
    Viewer, fact::MeasuredIndicator,
};
use kechuang_matching::{RunScores, clock};
use kechuang_store::RecordDraft;
use kechuang_tests::{TestEngine, block_on, draft};

/// A draft with more texts, facts, a place and a chain.
pub(crate) fn full(
    library: Library,
    key: &str,
    texts: &[(TextField, &str)],
    facts: &[(Fact, FactValue)],
    region: &str,
    chain: &str,
) -> RecordDraft {
    let public = |text: &str| TieredText { text: text.to_owned(), tier: Tier::Public };
    let texts: Vec<_> = texts.iter().map(|(field, text)| (*field, public(text))).collect();
    let details = Details::new(library, facts.to_vec()).expect("fine facts");
    let mut content = Content::new(texts, details).expect("fine content");
    content.region = region.parse().ok();
    content.chain = chain.parse().ok();
    RecordDraft { content, ..draft(library, key, key, "") }
}

pub(crate) fn equipment(
    title: &str,
    kind: &str,
    functions: &str,
    facts: &[(Fact, &str)],
) -> RecordDraft {
    let mut all = vec![(Fact::Kind, FactValue::from(kind))];
    all.extend(facts.iter().map(|(fact, value)| (*fact, FactValue::from(*value))));
    let texts = [(TextField::Title, title), (TextField::Functions, functions)];
    full(Library::Equipment, title, &texts, &all, "140100", "high-end-metals")
}

fn policy(title: &str, region: &str, chain: &str, facts: &[(Fact, FactValue)]) -> RecordDraft {
    let mut all = vec![(Fact::EffectiveFrom, FactValue::from("2024-01-01"))];
    all.extend_from_slice(facts);
    let texts = [
        (TextField::Title, title),
        (TextField::Body, "支持镁合金企业开展中试和攻关。"),
        (TextField::Support, "对中试费用补助30%，最高100万元"),
    ];
    full(Library::Policy, title, &texts, &all, region, chain)
}

fn the_demand() -> RecordDraft {
    let texts = [
        (TextField::Title, "镁合金微弧氧化膜耐蚀性提升"),
        (TextField::Body, "膜层硬度不低于300HV。小试已完成，急需微弧氧化中试条件。"),
    ];
    let facts = [(Fact::FirmSize, "小型".into()), (Fact::Category, "技术攻关".into())];
    let demand = full(Library::Demand, "d", &texts, &facts, "141181", "high-end-metals");
    RecordDraft { owner: "示例镁业有限公司".to_owned(), ..demand }
}

fn the_achievement() -> RecordDraft {
    let texts = [
        (TextField::Title, "镁合金微弧氧化电解液"),
        (TextField::Body, "镁合金微弧氧化膜层硬度达到 420HV，耐蚀性好。"),
        (TextField::NeededResources, "尚需扫描电镜观察膜层断面"),
    ];
    let measured = vec![MeasuredIndicator {
        indicator: "中性盐雾".to_owned(),
        stated: "720 h".to_owned(),
        condition: String::new(),
    }];
    let facts =
        [(Fact::Trl, FactValue::Whole(5)), (Fact::Measured, FactValue::Indicators(measured))];
    full(Library::Achievement, "a", &texts, &facts, "310000", "high-end-metals")
}

fn the_equipment() -> Vec<RecordDraft> {
    let mut all = vec![
        equipment("镁合金微弧氧化中试线", "中试线", "镁合金微弧氧化中试", &[]),
        equipment("赤泥脱碱中试线", "中试线", "赤泥脱碱中试", &[]),
        equipment("内部微弧氧化中试线", "中试线", "镁合金微弧氧化", &[(Fact::Opening, "内部")]),
        equipment("停用微弧氧化中试线", "中试线", "镁合金微弧氧化", &[(Fact::Condition, "停用")]),
        equipment("报废微弧氧化中试线", "中试线", "镁合金微弧氧化", &[(Fact::Condition, "报废")]),
        equipment("扫描电子显微镜", "仪器", "断面形貌", &[(Fact::Condition, "维修")]),
    ];
    all.extend((1..=6).map(|number| {
        equipment(&format!("{number}号显微硬度计"), "仪器", "镁合金膜层硬度测定", &[])
    }));
    all
}

async fn found(test: &TestEngine, source: MatchSource) -> MatchOutcome {
    let request = MatchRequest::new(source);
    test.engine.find(&request, clock::now()).await.expect("an answer").outcome
}

fn titles(matches: &[Match]) -> Vec<&str> {
    matches.iter().map(|one| one.title.as_str()).collect()
}

/// Every quote of equipment and policies stands where it says.
async fn check_quotes(test: &TestEngine, outcome: &MatchOutcome) -> usize {
    let mut quotes = 0;
    for library in [Library::Equipment, Library::Policy] {
        for one in outcome.list(library) {
            let stored = test.engine.store().record(one.record).await.expect("a record");
            let mut stands = |quote: &Quote| {
                let text = stored.record.content.text_for(Viewer::Public, quote.field);
                assert_eq!(quote.span.of(text.expect("a public text")), Some(quote.text()));
                quotes += 1;
            };
            one.serves.iter().for_each(|served| stands(&served.quote));
            one.clause.iter().for_each(|clause| stands(&clause.quote));
            for check in &one.eligibility {
                assert_ne!(check.verdict, Verdict::Fail, "{}", one.title);
                if let Some(Basis::Text(quote)) = &check.basis {
                    stands(quote);
                }
            }
            for served in &one.serves {
                assert!(!outcome.unmet_resources.contains(&served.need));
            }
        }
    }
    for need in &outcome.resource_needs {
        match &need.asked_by {
            AskedBy::Source { span, text } => {
                assert_eq!(span.of(&outcome.source.text), Some(text.as_str()));
                quotes += 1;
            }
            AskedBy::Achievement { record, basis: Basis::Text(quote), .. } => {
                let stored = test.engine.store().record(*record).await.expect("a record");
                let text = stored.record.content.text_for(Viewer::Public, quote.field);
                assert_eq!(quote.span.of(text.expect("a public text")), Some(quote.text()));
                quotes += 1;
            }
            AskedBy::Achievement { .. } | AskedBy::SourceFact { .. } => {}
        }
    }
    quotes
}

/// Records that answer nothing: in a library of one record no word is rare.
fn fillers() -> Vec<RecordDraft> {
    let mut all = Vec::new();
    for number in 1..=12 {
        let (title, body) = (format!("煤矸石制砖之{number}"), "煤矸石烧结砖。");
        all.push(draft(Library::Achievement, &format!("f{number}"), &title, body));
        let facts = [(Fact::Validity, FactValue::from("废止"))];
        let texts = [(TextField::Title, title.as_str()), (TextField::Body, "煤矸石砖减税。")];
        let key = format!("p{number}");
        all.push(full(Library::Policy, &key, &texts, &facts, "141100", "solid-waste"));
    }
    all
}

async fn engine_with(more: &[RecordDraft]) -> (TestEngine, Vec<RecordId>) {
    let mut test = TestEngine::new().await;
    let mut drafts = vec![the_demand(), the_achievement()];
    drafts.extend_from_slice(more);
    drafts.extend(fillers());
    let saved = test.save(&drafts).await;
    let ids = saved.iter().map(|saved| saved.id).collect();
    (test, ids)
}

#[test]
fn a_demand_that_asks_for_a_pilot_test_gets_the_pilot_line_first() {
    block_on(async {
        let (test, ids) = engine_with(&the_equipment()).await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        let first = &outcome.equipment[0];
        assert_eq!(first.title, "镁合金微弧氧化中试线");
        let need = &outcome.resource_needs[first.serves[0].need];
        assert_eq!((need.kind, need.reason), (ResourceKind::PilotLine, ResourceReason::Asked));
        assert_eq!(need.asked_by.words(), "小试已完成，急需微弧氧化中试条件。");
        assert!(first.serves[0].quote.text().contains("镁合金微弧氧化"));
        assert!(check_quotes(&test, &outcome).await >= 6);
    });
}

#[test]
fn equipment_that_is_closed_or_broken_is_never_offered_and_one_in_repair_with_a_note() {
    block_on(async {
        let (test, ids) = engine_with(&the_equipment()).await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        let shown = titles(&outcome.equipment);
        for never in ["内部微弧氧化中试线", "停用微弧氧化中试线", "报废微弧氧化中试线"]
        {
            assert!(!shown.contains(&never), "{shown:?}");
        }
        let repaired = outcome.equipment.iter().find(|one| one.title == "扫描电子显微镜");
        let notes = &repaired.expect("the microscope that the achievement needs").notes;
        assert!(notes[0].contains("维修"), "{notes:?}");
    });
}

#[test]
fn no_kind_crowds_out_the_others_and_another_subject_is_noise() {
    block_on(async {
        let (test, ids) = engine_with(&the_equipment()).await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        let shown = titles(&outcome.equipment);
        let instruments = shown.iter().filter(|title| title.contains("硬度计")).count();
        assert!((1..=2).contains(&instruments), "{shown:?}");
        assert!(!shown.contains(&"赤泥脱碱中试线"), "{shown:?}");
    });
}

#[test]
fn a_result_that_is_not_ready_needs_a_pilot_line_and_what_nothing_serves_is_said() {
    block_on(async {
        let (test, ids) = engine_with(&[]).await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        let asked: Vec<_> = outcome
            .resource_needs
            .iter()
            .map(|need| (need.kind, need.reason, need.asked_by.words()))
            .collect();
        let ready =
            (ResourceKind::PilotLine, ResourceReason::Readiness, "技术成熟度：5".to_owned());
        assert!(asked.contains(&ready), "{asked:?}");
        let salt = "指标明细：中性盐雾720 h".to_owned();
        assert!(asked.contains(&(ResourceKind::Instrument, ResourceReason::Measured, salt)));
        assert_eq!(outcome.equipment, []);
        assert_eq!(outcome.unmet_resources.len(), outcome.resource_needs.len());
    });
}

#[test]
fn a_policy_that_has_ended_or_is_for_others_is_never_offered() {
    block_on(async {
        let until = |day: &str| (Fact::EffectiveUntil, FactValue::from(day));
        let list =
            |items: &[&str]| FactValue::List(items.iter().map(|item| (*item).to_owned()).collect());
        let ours = ("141100", "high-end-metals");
        let of = |title, facts: &[_]| policy(title, ours.0, ours.1, facts);
        let (test, ids) = engine_with(&[
            of("在办", &[until("2099-12-31"), (Fact::Audience, list(&["企业"]))]),
            of("过期", &[until("2024-12-31")]),
            of("废止", &[(Fact::Validity, "废止".into())]),
            of("面向大型", &[(Fact::AudienceSizes, list(&["大型"]))]),
            of("面向院所", &[(Fact::Audience, list(&["高校院所"]))]),
            of("已截止", &[(Fact::WindowUntil, "2024-06-30".into())]),
            policy("别处", "140100", ours.1, &[]),
            policy("别的产业链", ours.0, "solid-waste", &[]),
            policy("全国通用", "100000", "", &[until("2099-12-31")]),
        ])
        .await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        assert_eq!(titles(&outcome.policies), ["在办", "全国通用"], "the specific one first");
        let checks = &outcome.policies[0].eligibility;
        let passed: Vec<_> = checks
            .iter()
            .filter(|check| check.verdict == Verdict::Pass)
            .map(|check| check.check)
            .collect();
        use CheckKind::{Audience, Chain, Region, Validity};
        assert_eq!(passed, [Validity, Region, Chain, Audience]);
        let clause = outcome.policies[0].clause.as_ref().expect("a clause");
        assert_eq!(clause.quote.text(), "对中试费用补助30%，最高100万元");
    });
}

#[test]
fn the_clause_for_the_demand_is_quoted_and_one_for_others_is_not() {
    block_on(async {
        let body = "（一）对镁合金中试给予奖补，最高200万元。（二）对引进人才给予补贴。\
                    （三）对镁合金中试再给奖补，限大型企业。";
        let clause = |number: &str, support: &str, rules: Vec<ClauseRule>| {
            let start = body.find(number).expect("a number");
            let end = body[start..].find('。').expect("an end") + start + "。".len();
            Clause {
                clause: number.to_owned(),
                title: String::new(),
                span: Span { start, end },
                responsible: Vec::new(),
                support: vec![support.to_owned()],
                cap: None,
                window_from: None,
                window_until: None,
                rules,
            }
        };
        let at = body.find("限大型企业").expect("words");
        let large = ClauseRule {
            rule: RuleKind::FirmSize,
            any_of: vec!["大型".to_owned()],
            span: Span { start: at, end: at + "限大型企业".len() },
        };
        let all = [
            clause("（三）", "奖补", vec![large.clone()]),
            clause("（二）", "人才", Vec::new()),
            clause("（一）", "奖补", Vec::new()),
        ];
        let with = |title: &str, clauses: &[Clause]| {
            let facts = [
                (Fact::Validity, FactValue::from("有效")),
                (Fact::Clauses, FactValue::Clauses(clauses.to_vec())),
            ];
            let texts = [(TextField::Title, title), (TextField::Body, body)];
            full(Library::Policy, title, &texts, &facts, "141100", "high-end-metals")
        };
        let (test, ids) = engine_with(&[with("措施", &all), with("只给大型", &all[..1])]).await;
        let outcome = found(&test, MatchSource::Record(ids[0])).await;
        assert_eq!(titles(&outcome.policies), ["措施"]);
        let clause = outcome.policies[0].clause.as_ref().expect("a clause");
        assert_eq!(
            (clause.clause.as_str(), clause.quote.text()),
            ("（一）", "（一）对镁合金中试给予奖补，最高200万元。")
        );
        check_quotes(&test, &outcome).await;
    });
}

#[test]
fn a_free_text_leaves_open_what_it_does_not_say_and_the_request_may_say_it() {
    block_on(async {
        let audience = FactValue::List(vec!["企业".to_owned()]);
        let facts = [(Fact::Audience, audience)];
        let (test, _) = engine_with(&[policy("办法", "141100", "high-end-metals", &facts)]).await;
        let text = MatchSource::Text("支持镁合金企业中试和攻关，改善微弧氧化膜。".to_owned());
        let verdicts = |outcome: &MatchOutcome| -> Vec<(CheckKind, Verdict)> {
            let checks = &outcome.policies[0].eligibility;
            checks.iter().skip(1).map(|check| (check.check, check.verdict)).collect()
        };
        let outcome = found(&test, text.clone()).await;
        let kinds = [CheckKind::Region, CheckKind::Chain, CheckKind::Audience];
        assert_eq!(verdicts(&outcome), kinds.map(|kind| (kind, Verdict::Unknown)));

        let mut request = MatchRequest::new(text);
        request.applicant = Applicant {
            region: "141181".parse().ok(),
            chain: "high-end-metals".parse().ok(),
            kind: Some(PartyKind::Firm),
            ..Applicant::default()
        };
        let known = test.engine.find(&request, clock::now()).await.expect("an answer").outcome;
        assert_eq!(verdicts(&known), kinds.map(|kind| (kind, Verdict::Pass)));

        request.applicant.region = "140100".parse().ok();
        let elsewhere = test.engine.find(&request, clock::now()).await.expect("an answer").outcome;
        assert_eq!(elsewhere.policies, []);
    });
}

#[test]
fn an_answer_with_equipment_and_policies_is_made_again_and_one_of_old_still_opens() {
    block_on(async {
        let mut drafts = the_equipment();
        drafts.push(policy("办法", "141100", "high-end-metals", &[]));
        let (mut test, ids) = engine_with(&drafts).await;
        let request = MatchRequest::new(MatchSource::Record(ids[0]));
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        assert!(!found.outcome.equipment.is_empty() && !found.outcome.policies.is_empty());
        let (run, _) = test.engine.save(&request, &found, clock::now()).await.expect("saved");
        test.save(&[equipment("镁合金微弧氧化中试线", "仪器", "改写。", &[])]).await;
        let replayed = test.engine.replay(run, clock::now()).await.expect("a store");
        let (then, now) = replayed.expect("a run");
        assert_eq!(then, now);

        // What runs of old lack.
        let mut scores = serde_json::to_value(&found.scores).expect("JSON");
        scores.as_object_mut().expect("an object").remove("beside");
        let rule = scores["profile"]["beside"].as_object_mut().expect("a table");
        for new in ["head", "resources", "equipment", "policy"] {
            assert!(rule.remove(new).is_some(), "{new}");
        }
        let old: RunScores = serde_json::from_value(scores).expect("scores of old");
        assert_eq!(old.beside, None);
        let mut outcome = serde_json::to_value(&found.outcome).expect("JSON");
        for new in ["resource_needs", "unmet_resources"] {
            outcome.as_object_mut().expect("an object").remove(new);
        }
        for list in ["equipment", "policies"] {
            for one in outcome[list].as_array_mut().expect("a list") {
                for new in ["serves", "eligibility", "clause", "notes"] {
                    one.as_object_mut().expect("an object").remove(new);
                }
            }
        }
        let old: MatchOutcome = serde_json::from_value(outcome).expect("an outcome of old");
        assert_eq!(titles(&old.equipment), titles(&found.outcome.equipment));
    });
}

#[test]
fn a_saved_run_forgets_needs_of_an_achievement_that_was_withdrawn() {
    block_on(async {
        let (mut test, ids) = engine_with(&the_equipment()).await;
        let request = MatchRequest::new(MatchSource::Record(ids[0]));
        let found = test.engine.find(&request, clock::now()).await.expect("an answer");
        assert!(titles(&found.outcome.equipment).contains(&"扫描电子显微镜"));
        let (run, _) = test.engine.save(&request, &found, clock::now()).await.expect("saved");
        test.save(&[RecordDraft { status: Status::Withdrawn, ..the_achievement() }]).await;
        let saved = test.engine.saved(run, clock::now()).await.expect("a store");
        let outcome = saved.expect("a run").outcome;
        let by_demand = |asked_by: &AskedBy| !matches!(asked_by, AskedBy::Achievement { .. });
        assert!(outcome.resource_needs.iter().all(|need| by_demand(&need.asked_by)));
        let shown = titles(&outcome.equipment);
        assert!(shown.contains(&"镁合金微弧氧化中试线"), "{shown:?}");
        assert!(!shown.contains(&"扫描电子显微镜"), "{shown:?}");
        let said = serde_json::to_string(&outcome).expect("JSON");
        assert!(!said.contains("观察膜层断面"), "{said}");
        check_quotes(&test, &outcome).await;
    });
}

#[test]
fn every_sample_demand_gets_an_eligible_policy_and_none_meant_for_others() {
    block_on(async {
        let test = crate::samples::sample_engine().await;
        let store = test.engine.store();
        let policies = store.records_of_source(Library::Policy, sample::SOURCE).await;
        let ids: Vec<_> = policies.expect("policies").into_iter().map(|(_, id)| id).collect();
        let policies = store.records(&ids).await.expect("policies");
        let today = clock::now().china_date();
        let mut served = 0;
        for (key, id) in crate::samples::sample_demands(&test).await {
            let outcome = found(&test, MatchSource::Record(id)).await;
            let (region, chain) = (outcome.source.region, &outcome.source.chain);
            let is_ours = |content: &Content| {
                let here = match (content.region, region) {
                    // A demand of the city may come from any of its counties: to be checked by a person.
                    (Some(applies), Some(sits)) => applies.contains(sits) || sits.contains(applies),
                    _ => true,
                };
                let same_chain = content.chain.is_none() || content.chain == *chain;
                let details = content.details();
                let ended = details.date(Fact::EffectiveUntil).is_some_and(|day| day < today);
                here && same_chain && !ended && details.text(Fact::Validity) != Some("废止")
            };
            for policy in &outcome.policies {
                let stored = policies.iter().find(|one| one.record.id == policy.record);
                let content = &stored.expect("a sample").record.content;
                assert!(is_ours(content), "{key}: {} is for others", policy.title);
                assert!(policy.clause.is_some(), "{key}: {}", policy.title);
            }
            let exists = policies.iter().any(|one| is_ours(&one.record.content));
            assert!(!exists || !outcome.policies.is_empty(), "{key} has no policy");
            served += usize::from(outcome.equipment.iter().any(|one| !one.serves.is_empty()));
            check_quotes(&test, &outcome).await;
        }
        assert!(served >= 15, "{served} demands have equipment for what they need");
    });
}

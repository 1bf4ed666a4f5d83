//! Lists: facets, orders, pages and what does not hold any more, over the API and on the page.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    ChainCode, Content, Details, Fact, FactValue, Library, Region, TextField, Tier, TieredText,
};
use kechuang_store::RecordDraft;
use kechuang_tests::{App, block_on, draft};
use reqwest::Method;
use serde_json::{Value, json};

use crate::index::Random;

/// A draft with facts, some of which only some may see.
fn with_facts(
    library: Library,
    key: &str,
    title: &str,
    facts: &[(Fact, FactValue, Tier)],
) -> RecordDraft {
    let details =
        Details::new(library, facts.iter().map(|(fact, value, _)| (*fact, value.clone())));
    let tiers = facts.iter().map(|(fact, _, tier)| (*fact, *tier));
    let details = details.expect("facts that are fine").with_tiers(tiers);
    let texts = [(TextField::Title, TieredText { text: title.to_owned(), tier: Tier::Public })];
    let content = Content::new(texts, details).expect("content that is fine");
    RecordDraft { content, ..draft(library, key, title, "") }
}

fn public(fact: Fact, value: &str) -> (Fact, FactValue, Tier) {
    let value = fact.parse_cell(value).expect("a value that is fine").expect("not blank");
    (fact, value, Tier::Public)
}

async fn page(app: &App, query: &str) -> Value {
    let answer = app.get(&format!("/api/v1/records?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.json()
}

fn titles(page: &Value) -> Vec<&str> {
    let records = page["records"].as_array().expect("records");
    records.iter().map(|record| record["title"].as_str().expect("a title")).collect()
}

/// The counts of one facet by value.
fn counts(page: &Value, facet: &str) -> BTreeMap<String, u64> {
    let facets = page["facets"].as_array().expect("facets");
    let of_facet = facets.iter().find(|part| part["facet"] == facet).expect("the facet");
    let values = of_facet["values"].as_array().expect("values");
    let count = |value: &Value| {
        (
            value["value"].as_str().expect("a value").to_owned(),
            value["count"].as_u64().expect("a count"),
        )
    };
    values.iter().map(count).collect()
}

/// What a record was made of, for counting by hand.
struct Made {
    chain: &'static str,
    stage: &'static str,
    year: &'static str,
    has_word: bool,
}

const CHAINS: [&str; 4] = ["hydrogen", "solid-waste", "high-end-metals", ""];
const STAGES: [&str; 4] = ["初期", "中期", "成熟应用", ""];
const YEARS: [&str; 3] = ["2023", "2024", "2025"];

fn made(random: &mut Random, number: usize) -> (RecordDraft, Made) {
    let made = Made {
        chain: random.pick(&CHAINS),
        stage: random.pick(&STAGES),
        year: random.pick(&YEARS),
        has_word: random.below(2) == 0,
    };
    let title = format!("{}之{number}", if made.has_word { "赤泥脱碱" } else { "煤矸石充填" });
    let mut facts = vec![public(Fact::Year, made.year)];
    if !made.stage.is_empty() {
        facts.push(public(Fact::Stage, made.stage));
    }
    let mut draft = with_facts(Library::Achievement, &number.to_string(), &title, &facts);
    draft.content.chain = made.chain.parse::<ChainCode>().ok();
    (draft, made)
}

#[test]
fn counts_are_those_of_somebody_who_looks_at_every_record() {
    block_on(async {
        let mut random = Random(7);
        let (drafts, made): (Vec<_>, Vec<_>) =
            (0..120).map(|number| made(&mut random, number)).unzip();
        let app = App::new(&drafts).await;
        for round in 0..24 {
            let mut query = "library=achievement&limit=1".to_owned();
            let mut chosen: [BTreeSet<&str>; 3] = Default::default();
            for _ in 0..random.below(4) {
                let (place, value) = match random.below(3) {
                    0 => (0, random.pick(&CHAINS[..3])),
                    1 => (1, random.pick(&STAGES[..3])),
                    _ => (2, random.pick(&YEARS)),
                };
                chosen[place].insert(value);
                query.push_str(&format!("&{}={value}", ["chain", "stage", "year"][place]));
            }
            let by_word = round % 2 == 1;
            if by_word {
                query.push_str("&q=赤泥");
            }
            let page = page(&app, &query).await;
            let values = |one: &Made| [one.chain, one.stage, one.year];
            let passes = |one: &Made, but: usize| {
                let fits = |place: usize| {
                    place == but
                        || chosen[place].is_empty()
                        || chosen[place].contains(values(one)[place])
                };
                (!by_word || one.has_word) && (0..3).all(fits)
            };
            let total = made.iter().filter(|one| passes(one, 3)).count();
            assert_eq!(page["total"], json!(total), "{query}");
            for (place, facet) in ["chain", "stage", "year"].into_iter().enumerate() {
                let mut expected: BTreeMap<String, u64> =
                    chosen[place].iter().map(|value| ((*value).to_owned(), 0)).collect();
                for one in made.iter().filter(|one| passes(one, place)) {
                    if !values(one)[place].is_empty() {
                        *expected.entry(values(one)[place].to_owned()).or_insert(0) += 1;
                    }
                }
                assert_eq!(counts(&page, facet), expected, "{query}: {facet}");
            }
        }
    });
}

#[test]
fn pages_hold_while_records_are_added() {
    block_on(async {
        let amount = |number: usize| public(Fact::Budget, &(number % 5).to_string());
        let make = |number: usize, facts: &[_]| {
            with_facts(Library::Demand, &number.to_string(), &format!("赤泥之{number}"), facts)
        };
        let first: Vec<_> = (0..30).map(|number| make(number, &[amount(number)])).collect();
        let before: BTreeSet<String> = (0..30).map(|number| format!("赤泥之{number}")).collect();
        let mut app = App::new(&first).await;
        let mut added = 100;
        for query in [
            "sort=newest",
            "sort=updated",
            "sort=confirmed",
            "sort=deadline",
            "sort=amount",
            "q=赤泥&sort=amount",
            "q=赤泥",
        ] {
            let mut seen: Vec<String> = Vec::new();
            let mut cursor = String::new();
            loop {
                let asked = format!("library=demand&limit=7&{query}{cursor}");
                let page = page(&app, &asked).await;
                seen.extend(titles(&page).into_iter().map(str::to_owned));
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
                // One that comes before everything seen, one that comes behind.
                app.test
                    .save(&[make(added, &[public(Fact::Budget, "999")]), make(added + 1, &[])])
                    .await;
                added += 2;
                assert!(added < 300, "{query} does not end");
            }
            let distinct: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(distinct.len(), seen.len(), "{query} shows a record twice");
            assert!(distinct.is_superset(&before), "{query} leaves records out");
        }
    });
}

#[test]
fn facts_that_are_hidden_shape_no_count_and_no_order() {
    let said = async |tier: Tier| {
        let hidden = |fact, value| {
            let (fact, value, _) = public(fact, value);
            (fact, value, tier)
        };
        let app = App::new(&[
            with_facts(
                Library::Demand,
                "1",
                "一",
                &[
                    public(Fact::Category, "检测"),
                    public(Fact::Budget, "5"),
                    public(Fact::Deadline, "2099-01-01"),
                ],
            ),
            with_facts(
                Library::Demand,
                "2",
                "二",
                &[
                    hidden(Fact::Category, "中试"),
                    hidden(Fact::Budget, "900"),
                    hidden(Fact::Deadline, "2020-01-01"),
                    hidden(Fact::ExpectedTrl, "8"),
                    hidden(Fact::Industry, "C39"),
                ],
            ),
        ])
        .await;
        let mut said = Vec::new();
        for query in
            ["", "&sort=amount", "&sort=deadline", "&current=only", "&kind=中试", "&stage=7-9"]
        {
            let page = page(&app, &format!("library=demand{query}")).await;
            let counts: Vec<_> =
                ["industry", "stage", "kind", "year"].map(|facet| counts(&page, facet)).into();
            said.push(format!(
                "{:?} {} {} {counts:?}",
                titles(&page),
                page["total"],
                page["lapsed"]
            ));
        }
        said
    };
    block_on(async {
        let registered = said(Tier::Registered).await;
        assert_eq!(registered, said(Tier::Agreement).await);
        assert_eq!(
            registered[1],
            registered[1].replace("\"二\", \"一\"", ""),
            "the hidden amount is last"
        );
        assert!(
            !registered[0].contains("2020") && registered[0].contains("2 0 "),
            "{registered:?}"
        );
        assert!(registered[4].starts_with("[] 0"), "{registered:?}");
        let public = said(Tier::Public).await;
        for (public, hidden) in public.iter().zip(&registered).take(5) {
            assert_ne!(public, hidden, "the same in public must count, or this test shows nothing");
        }
    });
}

#[test]
fn what_does_not_hold_any_more_is_told_and_can_be_left_out() {
    block_on(async {
        let policy =
            |key: &str, facts: &[_]| with_facts(Library::Policy, key, &format!("办法{key}"), facts);
        let app = App::new(&[
            policy(
                "1",
                &[
                    public(Fact::EffectiveFrom, "2020-01-01"),
                    public(Fact::EffectiveUntil, "2021-01-01"),
                ],
            ),
            policy("2", &[public(Fact::Validity, "废止")]),
            policy(
                "3",
                &[public(Fact::EffectiveUntil, "2099-01-01"), public(Fact::Validity, "有效")],
            ),
            policy("4", &[public(Fact::EffectiveFrom, "2098-01-01")]),
            with_facts(Library::Demand, "5", "过期需求", &[public(Fact::Deadline, "2020-06-30")]),
            with_facts(Library::Demand, "6", "内部需求", &[public(Fact::Publicity, "不公开")]),
        ])
        .await;
        let usual = page(&app, "library=policy").await;
        assert_eq!(
            (titles(&usual), &usual["lapsed"], &usual["current"]),
            (vec!["办法4", "办法3"], &json!(2), &json!("only"))
        );
        let all = page(&app, "library=policy&current=all").await;
        assert_eq!((all["total"].clone(), all["lapsed"].clone()), (json!(4), json!(2)));
        let lapses: Vec<_> = all["records"]
            .as_array()
            .expect("records")
            .iter()
            .map(|one| one["lapse"].clone())
            .collect();
        assert_eq!(lapses, [Value::Null, Value::Null, json!("expired"), json!("expired")]);
        // Nor does a record taken by itself look as if it held.
        let expired = all["records"][3]["id"].as_str().expect("an id");
        let shown = app.get(&format!("/records/{expired}")).await.body;
        assert!(shown.contains("已失效（2021-01-01），仅供查阅"), "{shown}");
        assert!(!shown.contains("· 有效"), "{shown}");
        let read = app.get(&format!("/api/v1/records/{expired}")).await.json();
        assert_eq!(read["lapse"], "expired");
        let demands = page(&app, "library=demand").await;
        assert_eq!(
            (titles(&demands), &demands["records"][0]["lapse"]),
            (vec!["过期需求"], &json!("overdue"))
        );
        assert_eq!(page(&app, "library=demand&current=only").await["total"], 0);

        let shown = app.get("/search?library=policy").await.body;
        for words in ["另有 2 条已失效", "/search?library=policy&#38;current=all", "尚未施行"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(app.get("/search?library=demand").await.body.contains("已截止"));
    });
}

#[test]
fn orders_go_by_what_they_say() {
    block_on(async {
        let policy = |key: &str, from: &str, until: &str, cap: &str| {
            let all =
                [(Fact::EffectiveFrom, from), (Fact::EffectiveUntil, until), (Fact::Cap, cap)];
            let facts: Vec<_> = all
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(fact, value)| public(*fact, value))
                .collect();
            with_facts(Library::Policy, key, key, &facts)
        };
        let mut app = App::new(&[
            policy("甲办法", "2024-01-01", "2098-01-01", "50"),
            policy("乙办法", "2025-01-01", "2097-01-01", ""),
            policy("丙办法", "", "", "800"),
        ])
        .await;
        let changed = policy("乙办法", "2025-01-01", "2097-01-01", "20");
        app.test.save(&[changed]).await;
        for (query, expected) in [
            ("", ["丙办法", "乙办法", "甲办法"]),
            ("&sort=updated", ["乙办法", "丙办法", "甲办法"]),
            ("&sort=effective_from", ["乙办法", "甲办法", "丙办法"]),
            ("&sort=effective_until", ["乙办法", "甲办法", "丙办法"]),
            ("&sort=amount", ["丙办法", "甲办法", "乙办法"]),
            ("&q=办法&sort=amount", ["丙办法", "甲办法", "乙办法"]),
        ] {
            let page = page(&app, &format!("library=policy{query}")).await;
            assert_eq!(titles(&page), expected, "{query}");
        }
    });
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_can() {
    block_on(async {
        let drafts: Vec<_> =
            (0..3).map(|number| draft(Library::Policy, &number.to_string(), "办法", "")).collect();
        let app = App::new(&drafts).await;
        let next =
            page(&app, "library=policy&limit=1").await["next"].as_str().expect("more").to_owned();
        for (query, told) in [
            (format!("library=policy&sort=updated&cursor={next}"), "另一次检索"),
            (format!("library=policy&chain=hydrogen&cursor={next}"), "另一次检索"),
            (format!("library=policy&cursor=ff{}", &next[2..]), "cursor 无效"),
            (format!("library=policy&cursor={}", &next[1..]), "cursor 无效"),
            ("library=equipment&stage=初期".to_owned(), "设备库没有 stage"),
            ("library=policy&sort=deadline".to_owned(), "effective_until"),
            ("sort=best".to_owned(), "没有名为「best」"),
            ("current=perhaps".to_owned(), "only（仅现行）"),
            ("region=141181&region=7".to_owned(), "「7」"),
            ("chain=氢能".to_owned(), "产业链代码"),
            ("owner=示例大学".to_owned(), "单位编号"),
            ("year=26".to_owned(), "四位年份"),
        ] {
            let answer = app.get(&format!("/api/v1/records?{query}")).await;
            let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
            assert_eq!(
                (answer.status, &answer.json()["code"]),
                (400, &json!("invalid_parameter")),
                "{query}"
            );
            assert!(detail.contains(told), "{query}: {detail}");
        }
        // One of the same search holds, whatever the length of its page.
        assert_eq!(
            titles(&page(&app, &format!("library=policy&limit=9&cursor={next}")).await).len(),
            2
        );
    });
}

#[test]
fn the_page_narrows_and_widens_by_links_alone() {
    block_on(async {
        let mut drafts: Vec<_> = (0..25)
            .map(|number| {
                with_facts(
                    Library::Achievement,
                    &number.to_string(),
                    "赤泥",
                    &[public(Fact::Stage, "中期")],
                )
            })
            .collect();
        drafts.push(with_facts(Library::Achievement, "x", "赤泥", &[public(Fact::Stage, "初期")]));
        for draft in &mut drafts {
            draft.content.region = "141181".parse::<Region>().ok();
        }
        let app = App::new(&drafts).await;
        let follow = async |body: &str, text: &str| {
            let at = body.find(text).unwrap_or_else(|| panic!("{text}: {body}"));
            let from = body[..at].rfind("href=\"").expect("a link") + 6;
            let href: String = body[from..].chars().take_while(|c| *c != '"').collect();
            let answer = app.get(&href.replace("&#38;", "&")).await;
            assert_eq!(answer.status, 200, "{href}");
            answer.body
        };
        let all = app.get("/search?library=achievement&q=赤泥").await.body;
        assert!(
            all.contains("<strong>26</strong> 条")
                && all.contains("孝义市")
                && all.contains("吕梁市")
        );
        let narrow = follow(&all, "中期<span").await;
        assert!(
            narrow.contains("<strong>25</strong> 条") && narrow.contains("取消 所处阶段：中期"),
            "{narrow}"
        );
        assert!(
            narrow.contains("name=\"stage\" value=\"中期\""),
            "a new search keeps what is chosen"
        );
        let second = follow(&narrow, "下一页</a>").await;
        assert_eq!(second.matches("<li class=\"card\">").count(), 5);
        let first = follow(&second, "回到第一页").await;
        assert_eq!(first, narrow);
        let wide = follow(&narrow, "aria-label=\"取消 所处阶段").await;
        assert_eq!(wide, all);
        let gone = app.send(app.request(Method::GET, "/search?library=policy&cursor=x")).await;
        assert_eq!(gone.status, 400);
        assert!(gone.body.contains("cursor 无效"), "{}", gone.body);
    });
}

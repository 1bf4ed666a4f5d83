//! throw-away
use std::{collections::BTreeMap, sync::Arc};
use kechuang_domain::{Library, MatchRequest, MatchSource, Watch};
use kechuang_lab::{Bench, Scratch, evaluate};
use kechuang_matching::clock;
use kechuang_ranking::Profiles;
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let base = std::fs::read_to_string("data/profiles/lexical.toml")?;
    let variants: Vec<Vec<(String, String)>> = std::env::args().nth(1).unwrap().split(';').map(|v| v.split(',').filter(|x| !x.is_empty()).map(|kv| { let (k, v) = kv.split_once('=').unwrap(); (k.to_owned(), v.to_owned()) }).collect()).collect();
    let mut files: Vec<(String, String)> = vec![("default".into(), base.clone())];
    for (i, v) in variants.iter().enumerate() {
        let mut value: toml::Value = toml::from_str(&base)?;
        for (k, x) in v {
            let parts: Vec<&str> = k.split('.').collect();
            let mut at = &mut value;
            for p in &parts[..parts.len() - 1] { at = at.get_mut(*p).unwrap_or_else(|| panic!("{p}")); }
            let key = parts[parts.len() - 1];
            assert!(at.get(key).is_some(), "{k}");
            let new = if x.contains('.') { toml::Value::Float(x.parse()?) } else { toml::Value::Integer(x.parse()?) };
            at.as_table_mut().unwrap().insert(key.to_owned(), new);
        }
        files.push((format!("v{i:03}"), toml::to_string(&value)?));
    }
    let mut rules = kechuang_cli::assets::rules()?;
    rules.profiles = Arc::new(Profiles::parse(files.iter().map(|(a, b)| (a.as_str(), b.as_str())))?);
    let names: Vec<String> = files.iter().map(|f| f.0.clone()).collect();
    let bench = Bench::open(std::path::Path::new("../shared/bench/ccf-bdci-2019/dev"))?;
    let sums = evaluate(&bench, &rules, &names, |_| {}).await?;
    let mut scratch = Scratch::new(&rules, Watch::nobody()).await?;
    let ach = scratch.take_in(Library::Achievement, &std::fs::read("data/sample/achievements.jsonl")?).await?;
    let dem = scratch.take_in(Library::Demand, &std::fs::read("data/sample/demands.jsonl")?).await?;
    scratch.index().await?;
    let mut answers: BTreeMap<String, Vec<(String, u8)>> = BTreeMap::new();
    for l in std::fs::read_to_string("data/sample/answers.tsv")?.lines().filter(|l| !l.starts_with('#')) {
        let c: Vec<&str> = l.split('\t').collect();
        answers.entry(c[0].into()).or_default().push((c[1].into(), c[2].parse()?));
    }
    for name in &names {
        let (mut mrr, mut top1, mut n, mut part) = (0.0, 0, 0, 0.0);
        for (d, a) in &answers {
            let req = MatchRequest { profile: Some(name.clone()), ..MatchRequest::new(MatchSource::Record(dem[d])) };
            let f = scratch.engine.find(&req, clock::now()).await?;
            let rank = |g: u8| a.iter().filter(|x| x.1 == g).filter_map(|x| f.order.iter().position(|o| o.0 == ach[&x.0])).min();
            n += 1;
            if let Some(r) = rank(2) { mrr += 1.0 / (r as f64 + 1.0); if r == 0 { top1 += 1; } }
            if let Some(r) = rank(1) { part += 1.0 / (r as f64 + 1.0); }
        }
        let s = &sums[name];
        let v = name.strip_prefix('v').map(|i| variants[i.parse::<usize>().unwrap()].iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",")).unwrap_or_default();
        println!("{:.4} {:.4} {:.4} {:.4} | mrr {:.3} top1 {top1}/{n} part {:.3} {v}", s.ndcg_at_10, s.mrr, s.auc, s.recall_at_100, mrr / n as f64, part / n as f64);
    }
    Ok(())
}

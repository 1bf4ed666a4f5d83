//! `reindex`: the index anew from the store.

use kechuang_domain::Watch;
use kechuang_index::{ExactIndex, LexicalIndex};
use kechuang_matching::Generations;
use serde_json::json;

use crate::{
    config::Config,
    output::{Exit, Output},
    parts::{Parts, make_folder},
};

pub(super) async fn run(config: &Config, output: Output, watch: &Watch) -> anyhow::Result<Exit> {
    make_folder(&config.data)?;
    let folder = config.index_folder();
    tokio::task::block_in_place(|| LexicalIndex::clear(&folder))
        .map_err(kechuang_matching::MatchError::from)?;
    // What is encoded stays in the cache, so that only the index of vectors is made again.
    if let Some(key) = Generations::in_folder(config.vectors_folder()).current() {
        let folder = Generations::in_folder(config.vectors_folder()).index_of(&key);
        tokio::task::block_in_place(|| ExactIndex::clear(&folder))
            .map_err(kechuang_matching::MatchError::from)?;
    }
    let mut parts = Parts::open(config, output, watch).await?;
    parts.catch_up().await?;
    parts.encode().await?;
    if let Some(upkeep) = &mut parts.upkeep {
        upkeep.compact()?;
    }
    let snapshot = parts.engine.index().snapshot();
    let records = snapshot.records().count();
    let value = json!({ "records": records, "applied_seq": snapshot.applied_seq() });
    output.answer(&value, || format!("索引已重建：{records} 条记录"))?;
    Ok(Exit::Done)
}

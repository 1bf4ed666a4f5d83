//! `reindex`: the index anew from the store.

use kechuang_domain::Watch;
use kechuang_index::{ClusterIndex, ExactIndex, LexicalIndex};
use kechuang_inference::ModelKind;
use kechuang_matching::{Generations, MatchError};
use serde_json::json;

use crate::{
    config::Config,
    explain::Failed,
    output::{Exit, Output},
    parts::{Parts, make_folder},
    shelf::Shelf,
};

pub(super) async fn run(config: &Config, output: Output, watch: &Watch) -> anyhow::Result<Exit> {
    make_folder(&config.data)?;
    let folder = config.index_folder();
    tokio::task::block_in_place(|| LexicalIndex::clear(&folder)).map_err(MatchError::from)?;
    clear_vectors(config).await?;
    let mut parts = Parts::open(config, output, watch).await?;
    parts.catch_up().await?;
    let not_encoded = parts.encode().await?;
    if let Some(upkeep) = &mut parts.upkeep {
        upkeep.compact()?;
    }
    let snapshot = parts.engine.index().snapshot();
    let records = snapshot.records().count();
    let value = json!({ "records": records, "applied_seq": snapshot.applied_seq() });
    output.answer(&value, || format!("索引已重建：{records} 条记录"))?;
    if let Some(error) = not_encoded {
        let what = error.problem();
        return Err(Failed(format!("字词索引已重建，向量没有重建：{what}；原因见日志")).into());
    }
    Ok(Exit::Done)
}

/// Empties the vectors of the encoder in use. What is encoded stays in the cache.
async fn clear_vectors(config: &Config) -> anyhow::Result<()> {
    let shelf = Shelf::of(&config.models);
    // Without a model there are no vectors to be made, which opening will tell.
    let in_use = shelf.in_use(ModelKind::Encoder);
    let Some(Ok(model)) = in_use.map(|name| shelf.model(&name)) else { return Ok(()) };
    let key = model.manifest.key();
    let cleared = match &config.vectors {
        Some(server) => match ClusterIndex::new(server, &key, 1) {
            Ok(index) => index.delete().await,
            Err(error) => Err(error),
        },
        None => {
            let folder = Generations::in_folder(config.vectors_folder()).index_of(&key);
            tokio::task::block_in_place(|| ExactIndex::clear(&folder))
        }
    };
    Ok(cleared.map_err(MatchError::from)?)
}

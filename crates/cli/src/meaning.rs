//! Wiring of meaning: the encoder in use, its vectors, and the switch from one encoder to another.

use std::sync::Arc;

use kechuang_index::{ClusterIndex, VectorIndex};
use kechuang_inference::{Encoder, InferenceError, ModelFolder, ModelKind};
use kechuang_matching::{
    Encoders, Engine, Generations, MatchError, Meaning, MeaningState, open_vectors,
};
use tokio::task::block_in_place;

use crate::{
    assets,
    config::Config,
    output::Output,
    shelf::{CONTEXTUAL, Shelf},
};

/// Gives the engine its sense of meaning. Where that cannot be had, the engine goes by words, says so in
/// its answers, and a note tells why: a missing model must not keep a site from starting.
///
/// What is returned is kept up by whoever owns the engine's index, and followed by all others.
///
/// # Errors
/// What the store or the data folder says.
pub async fn open(
    config: &Config,
    engine: &Arc<Engine>,
    output: Output,
) -> anyhow::Result<Option<(Arc<Meaning>, Generations)>> {
    let shelf = Shelf::of(&config.models);
    let absent = |why: String| engine.set_meaning(MeaningState::Absent(why.into()));
    let Some(name) = shelf.in_use(ModelKind::Encoder) else {
        absent("语义比较已关闭（models.encoder = \"off\"）".to_owned());
        return Ok(None);
    };
    let encoders = match encoders(&shelf, &name) {
        Ok(encoders) => encoders,
        Err(error) => {
            tracing::warn!(model = name, %error, "the encoder cannot be used");
            output.note(&format!("语义比较不可用：{error}；本次只按字词匹配"));
            absent(format!("编码模型「{name}」不可用"));
            return Ok(None);
        }
    };
    let generations = Generations::in_folder(config.vectors_folder());
    let (meaning, anew) = vectors_of(config, &generations, encoders, engine).await?;
    if let Some(why) = anew {
        output.note(&format!("向量索引不能用（{why}），正在重建；记录没有丢失"));
    }
    let meaning = Arc::new(meaning);
    // A server that is away is told of in the answers.
    drop(meaning.vectors.applied().await);
    let key = meaning.encoder.key();
    match generations.current() {
        Some(current) if current == key => {
            engine.set_meaning(MeaningState::Present(Arc::clone(&meaning)));
        }
        Some(former) => match former_meaning(&shelf, &former, config, &generations, engine).await {
            Some(former) => {
                let name = &former.encoder.manifest().name;
                output.note(&format!("编码模型已更换，新向量完成之前仍用「{name}」"));
                engine.set_meaning(MeaningState::Present(former));
            }
            None => absent("编码模型已更换，库中记录尚未重新编码完".to_owned()),
        },
        None => absent("库中记录尚未编码完".to_owned()),
    }
    Ok(Some((meaning, generations)))
}

/// Loads an encoder from the shelf.
///
/// # Errors
/// Why it cannot be used.
pub fn load(shelf: &Shelf, name: &str) -> Result<Arc<Encoder>, InferenceError> {
    let model = shelf.model(name)?;
    block_in_place(|| Encoder::load(&model)).map(Arc::new)
}

/// The encoder of this name for recall, with the bundled one for the learned order.
///
/// # Errors
/// Why one of them cannot be used.
pub fn encoders(shelf: &Shelf, name: &str) -> Result<Encoders, InferenceError> {
    let recall = load(shelf, name)?;
    let order = if name == CONTEXTUAL { Arc::clone(&recall) } else { load(shelf, CONTEXTUAL)? };
    Ok(Encoders { recall, order: Some(order) })
}

/// The encoders that the program carries.
///
/// # Errors
/// Files that differ from their manifests; a build whose tests passed has fine ones.
pub fn bundled() -> Result<Encoders, InferenceError> {
    let load = |model| Encoder::load(&model).map(Arc::new);
    let recall = load(assets::compact_encoder()?)?;
    Ok(Encoders { recall, order: Some(load(assets::contextual_encoder()?)?) })
}

/// The encoder with its vectors, and why these begin anew, if they do.
async fn vectors_of(
    config: &Config,
    generations: &Generations,
    encoders: Encoders,
    engine: &Engine,
) -> anyhow::Result<(Meaning, Option<String>)> {
    let (vectors, anew) = match &config.vectors {
        Some(server) => {
            let encoder = &encoders.recall;
            let cluster = ClusterIndex::new(server, encoder.key(), encoder.width());
            (VectorIndex::Cluster(cluster.map_err(MatchError::from)?), None)
        }
        None => {
            let folder = generations.index_of(encoders.recall.key());
            open_vectors(&folder, &encoders.recall, engine.store()).await?
        }
    };
    Ok((Meaning::new(encoders, vectors), anew))
}

/// What the engine went by before its encoder was changed, if that can still be loaded.
async fn former_meaning(
    shelf: &Shelf,
    key: &str,
    config: &Config,
    generations: &Generations,
    engine: &Engine,
) -> Option<Arc<Meaning>> {
    let is_it = |model: &ModelFolder| model.manifest.key() == key;
    let models = shelf.models().ok()?;
    let (name, _) = models.into_iter().find(|(_, model)| model.as_ref().is_ok_and(is_it))?;
    let encoders = encoders(shelf, &name).ok()?;
    let (former, _) = vectors_of(config, generations, encoders, engine).await.ok()?;
    Some(Arc::new(former))
}

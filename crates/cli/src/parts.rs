//! Wiring: a configuration becomes an engine that owns, or shares, its index folder.

use std::{fs, path::Path, sync::Arc, time::Duration};

use kechuang_domain::Watch;
use kechuang_index::IndexError;
use kechuang_matching::{
    Encoding, Engine, Generations, MatchError, Meaning, Token, Upkeep, clock, open_index,
};
use kechuang_store::Store;

use crate::{
    config::Config,
    explain::Failed,
    fitted, meaning,
    output::Output,
    progress::{Progress, advancing, changes_encoded, changes_indexed},
};

/// How long a command waits for the process that owns the index to take up a change.
const OTHERS_PATIENCE: Duration = Duration::from_secs(30);

/// The open parts of the product.
#[derive(Debug)]
pub struct Parts {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The right to change the index; `None` while another process has it.
    pub upkeep: Option<Upkeep>,
    /// The right to change the vectors; `None` where there are none, or another process has it.
    pub encoding: Option<Encoding>,
    /// The sense of meaning that another process keeps up.
    pub followed: Option<(Arc<Meaning>, Generations)>,
    /// Shown while the index is brought up to date.
    progress: Progress,
    /// Shown while records are encoded.
    encoded: Progress,
}

impl Parts {
    /// Opens the store and the index, made where they are missing and rebuilt where they cannot be
    /// used.
    ///
    /// # Errors
    /// What the data folder, the database or the index says.
    pub async fn open(config: &Config, output: Output, watch: &Watch) -> anyhow::Result<Self> {
        make_folder(&config.data)?;
        let store = Store::open(&config.store).await?;
        let rules = fitted::rules(config)?;
        let (index, rebuilt) = open_index(&config.index_folder(), &rules.lexicon, &store).await?;
        if let Some(why) = rebuilt {
            output.note(&format!("索引不能用（{why}），正从数据库重建；记录没有丢失"));
        }
        let engine = Arc::new(Engine::new(store, index, rules));
        let progress = Progress::idle(output, "建立索引");
        let told = advancing(watch, &progress, changes_indexed);
        let upkeep = match Upkeep::new(Arc::clone(&engine), told) {
            Ok(upkeep) => Some(upkeep),
            Err(MatchError::Index(IndexError::Owned)) => None,
            Err(error) => return Err(error.into()),
        };
        let encoded = Progress::idle(output, "编码");
        let watch = advancing(watch, &encoded, changes_encoded);
        // Whoever owns the index owns the vectors.
        let (mut encoding, mut followed) = (None, None);
        match meaning::open(config, &engine, output).await? {
            Some((meaning, generations)) if upkeep.is_some() => {
                let owned = Arc::clone(&meaning);
                match Encoding::new(Arc::clone(&engine), owned, generations.clone(), watch) {
                    Ok(upkept) => encoding = Some(upkept),
                    // Another process has the cache for a moment yet, or its folder cannot be used.
                    Err(MatchError::Inference(error)) => {
                        output.note(&error.to_string());
                        followed = Some((meaning, generations));
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            other => followed = other,
        }
        Ok(Self { engine, upkeep, encoding, followed, progress, encoded })
    }

    /// Encodes what has no vector yet. Where vectors are another process's work, or a server does not answer,
    /// answers say what they lack.
    ///
    /// Tells why it could not be done.
    ///
    /// # Errors
    /// What the store says.
    pub async fn encode(&mut self) -> anyhow::Result<Option<MatchError>> {
        let Some(encoding) = &mut self.encoding else { return Ok(None) };
        let behind = encoding.behind().await;
        if let Ok(behind @ 1..) = behind {
            self.encoded.begin(behind.unsigned_abs());
        }
        let caught_up = encoding.catch_up().await;
        self.encoded.end();
        match caught_up {
            Err(error @ (MatchError::Index(_) | MatchError::Inference(_))) => {
                tracing::warn!(%error, "records could not be encoded");
                Ok(Some(error))
            }
            other => Ok(other.map(|_| None)?),
        }
    }

    /// Brings the index up to date, or waits until the process that owns it has done so.
    ///
    /// # Errors
    /// What the store or the index says; [`Failed`] where the owner does not keep up.
    pub async fn catch_up(&mut self) -> anyhow::Result<()> {
        if let Some(upkeep) = &mut self.upkeep {
            let behind = behind(&self.engine).await?;
            if behind > 0 {
                self.progress.begin(behind.unsigned_abs());
            }
            let caught_up = upkeep.catch_up().await;
            self.progress.end();
            caught_up?;
            return Ok(());
        }
        let waited = async {
            while behind(&self.engine).await? > 0 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                self.engine.reload_index()?;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(OTHERS_PATIENCE, waited).await.unwrap_or_else(|_| {
            Err(Failed(
                "索引由另一个进程维护，但迟迟没有跟上；数据已保存，请检查那个进程的日志".to_owned(),
            )
            .into())
        })
    }
}

/// Changes that the index has yet to take up.
async fn behind(engine: &Engine) -> anyhow::Result<i64> {
    Ok(engine.store().change_head().await? - engine.index().snapshot().applied_seq())
}

/// Makes the data folder and sees that it can be written.
///
/// # Errors
/// [`Failed`] with the remedy.
pub fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&probe, b""));
    written.and_then(|()| fs::remove_file(&probe)).map_err(|error| {
        let folder = folder.display();
        Failed(format!(
            "数据目录 {folder} 不可写（{error}）；请检查目录权限和磁盘空间，或用 --data 换一个"
        ))
        .into()
    })
}

/// The first write token of a new store, to be shown this once: only its hash is kept.
///
/// # Errors
/// What the store says.
pub async fn first_token(engine: &Engine) -> anyhow::Result<Option<Token>> {
    let token = Token::new();
    let is_first = engine.store().keep_first_token(&token.hash(), "首次启动", clock::now()).await?;
    Ok(is_first.then_some(token))
}

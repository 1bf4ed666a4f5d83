//! Making, naming and deleting an encoder's collection.

use std::sync::atomic::Ordering;

use qdrant_client::qdrant::{
    CreateAliasBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, Distance,
    FieldType, VectorParamsBuilder, vectors_config::Config,
};

use super::{
    ClusterIndex, failed,
    point::{LIBRARY, REGION},
};
use crate::{IndexError, Result};

impl ClusterIndex {
    /// Sees that the collection is there, with the indexes that filters need.
    pub(super) async fn make_collection(&self) -> Result<()> {
        let name = &self.collection;
        if self.client.collection_exists(name).await.map_err(failed)? {
            let info = self.client.collection_info(name).await.map_err(failed)?;
            let width = info
                .result
                .and_then(|info| info.config?.params?.vectors_config?.config)
                .and_then(|config| match config {
                    Config::Params(params) => Some(params.size),
                    Config::ParamsMap(_) => None,
                });
            if width != Some(self.width as u64) {
                return Err(IndexError::Outdated(format!("collection {name} is of another width")));
            }
        } else {
            // Vectors have length 1, so that their product is the cosine.
            let vectors = VectorParamsBuilder::new(self.width as u64, Distance::Dot).on_disk(true);
            let collection = CreateCollectionBuilder::new(name).vectors_config(vectors);
            self.client.create_collection(collection).await.map_err(failed)?;
        }
        // Also where the collection is there: whoever made it may not have come to these.
        for (field, kind) in [(LIBRARY, FieldType::Keyword), (REGION, FieldType::Integer)] {
            let index = CreateFieldIndexCollectionBuilder::new(name, field, kind).wait(true);
            self.client.create_field_index(index).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Makes the alias name this collection, and deletes this installation's collections of other
    /// encoders but the one the alias named before: another node may still answer from it.
    ///
    /// # Errors
    /// [`IndexError::Server`].
    pub async fn make_current(&self) -> Result<()> {
        let prefix = &self.settings.prefix;
        let aliases = self.client.list_aliases().await.map_err(failed)?.aliases;
        let former = aliases.into_iter().find(|alias| alias.alias_name == *prefix);
        let former = former.map(|alias| alias.collection_name);
        if former.as_ref() == Some(&self.collection) {
            return Ok(());
        }
        // The server lets a new alias take the place of one of the same name at once.
        let alias = CreateAliasBuilder::new(&self.collection, prefix);
        self.client.create_alias(alias).await.map_err(failed)?;
        let collections = self.client.list_collections().await.map_err(failed)?.collections;
        for other in collections.into_iter().map(|one| one.name) {
            let is_kept = other == self.collection || Some(&other) == former.as_ref();
            if is_generation(prefix, &other) && !is_kept {
                self.client.delete_collection(other).await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Deletes the collection with all that is in it.
    ///
    /// # Errors
    /// [`IndexError::Server`].
    pub async fn delete(&self) -> Result<()> {
        let mut made = self.made.lock().await;
        self.client.delete_collection(&self.collection).await.map_err(failed)?;
        self.known_seq.store(0, Ordering::Relaxed);
        *made = false;
        Ok(())
    }
}

/// Whether a collection is one of this installation's: its prefix and an encoder's key. Others share the
/// server, perhaps with a prefix that begins like this one.
fn is_generation(prefix: &str, collection: &str) -> bool {
    let key = collection.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    key.is_some_and(|key| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

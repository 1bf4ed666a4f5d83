//! The models of an installation: the bundled ones, and those in the models folder.

use std::{fs, io, path::PathBuf};

use kechuang_inference::{InferenceError, ModelFolder, ModelKind};

use crate::{
    assets,
    config::{ModelChoice, Models},
};

/// The bundled encoder that records are found by, where no other is in use.
pub const COMPACT: &str = "compact";

/// The bundled encoder that reads the titles of the first again, for the learned order.
pub const CONTEXTUAL: &str = "contextual";

/// The models folder.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    encoder: ModelChoice,
    cross_encoder: ModelChoice,
}

impl Shelf {
    /// The shelf of a configuration.
    #[must_use]
    pub fn of(models: &Models) -> Self {
        Self {
            folder: models.folder.clone(),
            encoder: models.encoder.clone(),
            cross_encoder: models.cross_encoder.clone(),
        }
    }

    /// Where the model of this name lies, or would lie.
    #[must_use]
    pub fn place_of(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The model of this name.
    ///
    /// # Errors
    /// [`InferenceError::NoModel`] and what its manifest says.
    pub fn model(&self, name: &str) -> Result<ModelFolder, InferenceError> {
        match name {
            COMPACT => assets::compact_encoder(),
            CONTEXTUAL => assets::contextual_encoder(),
            name => ModelFolder::open(&self.place_of(name)),
        }
    }

    /// All models, by name, the bundled ones first; those that cannot be read with the reason.
    ///
    /// # Errors
    /// What the folder says, but for one that is not there.
    pub fn models(&self) -> io::Result<Vec<(String, Result<ModelFolder, InferenceError>)>> {
        let mut names = Vec::new();
        match fs::read_dir(&self.folder) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry?;
                    let name = entry.file_name().to_string_lossy().into_owned();
                    // What is being fetched is no model yet.
                    if entry.path().is_dir() && !name.ends_with(".partial") {
                        names.push(name);
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        names.sort();
        names.splice(0..0, [COMPACT, CONTEXTUAL].map(str::to_owned));
        Ok(names.into_iter().map(|name| (name.clone(), self.model(&name))).collect())
    }

    /// What the configuration says of the model of this kind.
    #[must_use]
    pub const fn choice(&self, kind: ModelKind) -> &ModelChoice {
        match kind {
            ModelKind::Encoder => &self.encoder,
            ModelKind::CrossEncoder => &self.cross_encoder,
        }
    }

    /// The name of the model of this kind in use; `None` where there is to be none.
    #[must_use]
    pub fn in_use(&self, kind: ModelKind) -> Option<String> {
        match self.choice(kind) {
            ModelChoice::Off => None,
            ModelChoice::Named(name) => Some(name.clone()),
            ModelChoice::Usual => {
                let kept = fs::read_to_string(self.note(kind)).unwrap_or_default();
                let kept = Some(kept.trim().to_owned()).filter(|kept| !kept.is_empty());
                let bundled = (kind == ModelKind::Encoder).then(|| COMPACT.to_owned());
                kept.or(bundled)
            }
        }
    }

    /// Makes the model of this name the one of its kind in use, from the next start on.
    ///
    /// # Errors
    /// What the folder says.
    pub fn put_in_use(&self, kind: ModelKind, name: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let note = self.note(kind);
        let new = note.with_extension("new");
        fs::write(&new, name)?;
        fs::rename(new, note)
    }

    /// Makes no model of this kind the one in use but the bundled one, if there is one.
    ///
    /// # Errors
    /// What the folder says.
    pub fn retire(&self, kind: ModelKind) -> io::Result<()> {
        match fs::remove_file(self.note(kind)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The file that names the model of this kind in use.
    fn note(&self, kind: ModelKind) -> PathBuf {
        self.folder.join(match kind {
            ModelKind::Encoder => "encoder-in-use",
            ModelKind::CrossEncoder => "cross-encoder-in-use",
        })
    }
}

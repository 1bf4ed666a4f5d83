//! The models of an installation: the bundled one, and those in the models folder.

use std::{fs, io, path::PathBuf};

use kechuang_inference::{InferenceError, ModelFolder};

use crate::{
    assets,
    config::{EncoderChoice, Models},
};

/// The name of the bundled encoder.
pub const BUNDLED: &str = "compact";
/// The file that names the encoder in use.
const IN_USE: &str = "encoder-in-use";

/// The models folder.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    choice: EncoderChoice,
}

impl Shelf {
    /// The shelf of a configuration.
    #[must_use]
    pub fn of(models: &Models) -> Self {
        Self { folder: models.folder.clone(), choice: models.encoder.clone() }
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
        if name == BUNDLED {
            assets::bundled_encoder()
        } else {
            ModelFolder::open(&self.place_of(name))
        }
    }

    /// All models, by name, the bundled one first; those that cannot be read with the reason.
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
        names.insert(0, BUNDLED.to_owned());
        Ok(names.into_iter().map(|name| (name.clone(), self.model(&name))).collect())
    }

    /// The name of the encoder in use; `None` where there is to be none.
    #[must_use]
    pub fn in_use(&self) -> Option<String> {
        match &self.choice {
            EncoderChoice::Off => None,
            EncoderChoice::Named(name) => Some(name.clone()),
            EncoderChoice::Usual => {
                let kept = fs::read_to_string(self.folder.join(IN_USE)).unwrap_or_default();
                let kept = kept.trim();
                Some(if kept.is_empty() { BUNDLED.to_owned() } else { kept.to_owned() })
            }
        }
    }

    /// Makes the encoder of this name the one in use from the next start on.
    ///
    /// # Errors
    /// What the folder says.
    pub fn put_in_use(&self, name: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let new = self.folder.join(format!("{IN_USE}.new"));
        fs::write(&new, name)?;
        fs::rename(new, self.folder.join(IN_USE))
    }
}

//! Weights from a model folder: safetensors, in one file or several, or a PyTorch archive.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor, pickle, safetensors};
use candle_nn::VarBuilder;

use crate::{
    InferenceError, ModelFolder, Result,
    catalogue::{PYTORCH, SAFETENSORS},
};

/// What checkpoints put before the names of a network's own tensors, by what they were saved as.
const PREFIXES: [&str; 3] = ["bert.", "roberta.", "model."];

/// All tensors in 32 bits, with the names that the network itself gives them, whatever head the
/// checkpoint was saved with.
///
/// # Errors
/// [`InferenceError::File`] for a file that is no checkpoint, and what [`ModelFolder::read`] says.
pub(crate) fn load(model: &ModelFolder) -> Result<VarBuilder<'static>> {
    let device = Device::Cpu;
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    for file in &model.manifest.files {
        let broken = |error: candle_core::Error| {
            model.wrong(&file.name, format!("不是可用的权重文件（{}）", first_line(&error)))
        };
        let loaded: Vec<(String, Tensor)> = if file.name.ends_with(SAFETENSORS) {
            let content = model.read(&file.name)?;
            safetensors::load_buffer(&content, &device).map_err(broken)?.into_iter().collect()
        } else if file.name == PYTORCH && !has_safetensors(model) {
            let folder =
                model.path().ok_or_else(|| model.unsupported("内置模型须为 safetensors"))?;
            pickle::read_all(folder.join(PYTORCH)).map_err(broken)?
        } else {
            continue;
        };
        for (name, tensor) in loaded {
            let bare = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
            let name = bare.unwrap_or(&name).to_owned();
            let tensor = laid_out(&name, tensor.to_dtype(DType::F32)?)?;
            tensors.insert(name, tensor);
        }
    }
    if tensors.is_empty() {
        return Err(model.unsupported(format!("没有 .safetensors 或 {PYTORCH} 权重文件")));
    }
    Ok(VarBuilder::from_tensors(tensors, DType::F32, &device))
}

/// Matrices that inputs are multiplied with, turned in memory but not in shape. Products take their transpose, which then
/// lies as it is read: for a short text, most of the time went into copying it into order, again at every call.
/// Tables of which rows are taken stay as they are.
fn laid_out(name: &str, tensor: Tensor) -> Result<Tensor> {
    if tensor.rank() != 2 || name.contains("embed") {
        return Ok(tensor);
    }
    Ok(tensor.t()?.contiguous()?.t()?)
}

fn has_safetensors(model: &ModelFolder) -> bool {
    model.manifest.files.iter().any(|file| file.name.ends_with(SAFETENSORS))
}

/// The same builder for a network that asks for its tensors behind `prefix`.
pub(crate) fn behind(weights: VarBuilder<'static>, prefix: &'static str) -> VarBuilder<'static> {
    weights.rename_f(move |name: &str| name.strip_prefix(prefix).unwrap_or(name).to_owned())
}

/// A missing or misshapen tensor is the checkpoint's fault, and said of it.
pub(crate) fn misfit(model: &ModelFolder, error: &candle_core::Error) -> InferenceError {
    model.unsupported(format!("权重与 config.json 不符（{}）", first_line(error)))
}

fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

//! `models`: which models there are and may be fetched, whether their files are whole, and which one is in
//! use.

use kechuang_inference::{
    FetchStep, InferenceError, KnownModel, Manifest, ModelFolder, ModelKind, USUAL_SOURCE, fetch,
};
use serde_json::{Value, json};

use crate::{
    args::ModelsAction,
    assets,
    config::{Config, ModelChoice},
    explain::{Failed, Usage},
    meaning,
    output::{Exit, Output},
    progress::Progress,
    reranker,
    shelf::{COMPACT, CONTEXTUAL, Shelf},
};

pub(super) async fn run(
    config: &Config,
    output: Output,
    action: ModelsAction,
) -> anyhow::Result<Exit> {
    let shelf = Shelf::of(&config.models);
    match action {
        ModelsAction::List => list(&shelf, output),
        ModelsAction::Fetch { name } => fetch_one(config, &shelf, output, &name).await,
        ModelsAction::Adopt { name } => adopt(&shelf, output, &name),
        ModelsAction::Verify { name } => verify(&shelf, output, name.as_deref()),
        ModelsAction::Use { name } => put_in_use(&shelf, output, &name),
        ModelsAction::Retire { name } => retire(&shelf, output, &name),
    }
}

type Found = (String, Result<ModelFolder, InferenceError>);

fn models(shelf: &Shelf) -> anyhow::Result<Vec<Found>> {
    let wrong = |error| Failed(format!("模型目录读取失败（{error}）；请检查目录权限"));
    Ok(shelf.models().map_err(wrong)?)
}

fn list(shelf: &Shelf, output: Output) -> anyhow::Result<Exit> {
    let kinds = [ModelKind::Encoder, ModelKind::CrossEncoder];
    let [encoder, cross_encoder] = kinds.map(|kind| shelf.in_use(kind));
    // The learned order reads titles only where meanings are compared.
    let order_encoder = encoder.as_ref().map(|_| CONTEXTUAL.to_owned());
    let in_use = [&encoder, &order_encoder, &cross_encoder];
    let is_used = |name: &String| in_use.iter().any(|used| used.as_ref() == Some(name));
    let models = models(shelf)?;
    let value: Vec<Value> = models
        .iter()
        .map(|(name, model)| match model {
            Ok(model) => json!({
                "name": name, "kind": model.manifest.kind, "bytes": model.manifest.bytes(),
                "licence": model.manifest.licence, "origin": model.manifest.origin,
                "key": model.manifest.key(), "in_use": is_used(name),
            }),
            Err(error) => json!({ "name": name, "error": error.to_string() }),
        })
        .collect();
    let is_here = |known: &&KnownModel| models.iter().any(|(name, _)| *name == known.name);
    let catalogue = assets::catalogue()?;
    let fetchable: Vec<_> = catalogue.models().filter(|known| !is_here(known)).collect();
    let offered: Vec<Value> = fetchable
        .iter()
        .map(|known| {
            json!({
                "name": known.name, "kind": known.kind, "licence": known.licence,
                "origin": known.repository, "about": known.about,
            })
        })
        .collect();
    let answer = json!({
        "models": value, "in_use": encoder, "order_encoder_in_use": order_encoder,
        "cross_encoder_in_use": cross_encoder, "fetchable": offered,
    });
    output.answer(&answer, || {
        let mut lines: Vec<_> =
            models.iter().map(|(name, model)| line(name, model, is_used(name))).collect();
        if !fetchable.is_empty() {
            lines.push("可下载（kechuang models fetch 名称）：".to_owned());
        }
        lines.extend(fetchable.iter().map(|known| {
            let (kind, licence) = (known.kind.label(), &known.licence);
            format!("  {}　{kind}　{licence}　{}", known.name, known.about)
        }));
        if encoder.is_none() {
            lines.push("配置关闭了语义比较（models.encoder = \"off\"）".to_owned());
        }
        lines.join("\n")
    })?;
    Ok(Exit::Done)
}

fn line(name: &str, model: &Result<ModelFolder, InferenceError>, is_used: bool) -> String {
    let mark = if is_used { "*" } else { " " };
    match model {
        Ok(model) => {
            let manifest = &model.manifest;
            let megabytes = manifest.bytes() as f64 / 1e6;
            let (kind, licence) = (manifest.kind.label(), &manifest.licence);
            let role = if name == CONTEXTUAL { "（供学习排序）" } else { "" };
            format!(
                "{mark} {name}　{kind}{role}　{megabytes:.1} MB　{licence}　{}",
                manifest.origin
            )
        }
        Err(error) => format!("{mark} {name}　不可用：{error}"),
    }
}

fn verify(shelf: &Shelf, output: Output, name: Option<&str>) -> anyhow::Result<Exit> {
    let models = match name {
        Some(name) => vec![(name.to_owned(), shelf.model(name))],
        None => models(shelf)?,
    };
    let checked: Vec<(String, Option<String>)> = models
        .into_iter()
        .map(|(name, model)| {
            let checked = model.and_then(|model| model.verify());
            (name, checked.err().map(|error| error.to_string()))
        })
        .collect();
    let fine = checked.iter().all(|(_, error)| error.is_none());
    let value: Vec<_> =
        checked.iter().map(|(name, error)| json!({ "name": name, "error": error })).collect();
    output.answer(&json!({ "fine": fine, "models": value }), || {
        let lines = checked.iter().map(|(name, error)| match error {
            None => format!("✓ {name}：各文件与清单相符"),
            Some(error) => format!("✗ {name}：{error}"),
        });
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(if fine { Exit::Done } else { Exit::Failed })
}

async fn fetch_one(
    config: &Config,
    shelf: &Shelf,
    output: Output,
    name: &str,
) -> anyhow::Result<Exit> {
    let known = known(name)?;
    let source = config.models.mirror.as_deref().unwrap_or(USUAL_SOURCE);
    let progress = Progress::idle(output, "下载");
    let fetched = fetch(&known, source, &config.models.folder, |step| match step {
        FetchStep::File { name, bytes, here } => {
            progress.end();
            output.note(&format!("{name}　{:.1} MB", bytes as f64 / 1e6));
            progress.begin(bytes);
            progress.advance(here);
        }
        FetchStep::Received(bytes) => progress.advance(bytes),
    })
    .await;
    progress.end();
    let manifest = fetched.map_err(|error| {
        let (folder, repository) = (shelf.place_of(name), &known.repository);
        Failed(format!(
            "{error}\n不能联网时：在别的机器上下载 {repository} 的 config.json、tokenizer.json 和权重文件，放进 {}，再运行 kechuang models adopt {name}",
            folder.display()
        ))
    })?;
    told(output, &manifest, "已下载并核对")
}

fn adopt(shelf: &Shelf, output: Output, name: &str) -> anyhow::Result<Exit> {
    let manifest = known(name)?.adopt(&shelf.place_of(name), "");
    told(output, &manifest.map_err(|error| Failed(error.to_string()))?, "已登记")
}

fn told(output: Output, manifest: &Manifest, what: &str) -> anyhow::Result<Exit> {
    let name = &manifest.name;
    let value = json!({ "name": name, "key": manifest.key(), "bytes": manifest.bytes() });
    output.answer(&value, || {
        let megabytes = manifest.bytes() as f64 / 1e6;
        format!("{what}「{name}」，{megabytes:.1} MB；启用：kechuang models use {name}")
    })?;
    Ok(Exit::Done)
}

/// A model of the catalogue.
fn known(name: &str) -> anyhow::Result<KnownModel> {
    let catalogue = assets::catalogue()?;
    catalogue.get(name).cloned().ok_or_else(|| {
        let names: Vec<_> = catalogue.models().map(|known| known.name.as_str()).collect();
        Usage(format!("目录里没有名为「{name}」的模型；可用：{}", names.join("、"))).into()
    })
}

/// Loads the model before it is put in use: a site must not find out at its next start.
fn put_in_use(shelf: &Shelf, output: Output, name: &str) -> anyhow::Result<Exit> {
    let model = shelf.model(name).map_err(|error| Failed(error.to_string()))?;
    let kind = model.manifest.kind;
    check_choice(shelf, kind)?;
    let loaded = match kind {
        ModelKind::Encoder => meaning::load(shelf, name).map(drop),
        ModelKind::CrossEncoder => reranker::load(shelf, name).map(drop),
    };
    loaded.map_err(|error| Failed(error.to_string()))?;
    shelf.put_in_use(kind, name).map_err(unwritable)?;
    let value = json!({ "in_use": name, "kind": kind, "key": model.manifest.key() });
    output.answer(&value, || match kind {
        ModelKind::Encoder => format!(
            "已启用「{name}」；重启网站后在后台重新编码（已编码过的不重复），完成后自动切换"
        ),
        ModelKind::CrossEncoder => {
            format!("已启用「{name}」；重启网站后，它把每次匹配的前列结果与需求逐条对读")
        }
    })?;
    Ok(Exit::Done)
}

fn retire(shelf: &Shelf, output: Output, name: &str) -> anyhow::Result<Exit> {
    let kinds = [ModelKind::Encoder, ModelKind::CrossEncoder];
    let Some(kind) = kinds.into_iter().find(|kind| shelf.in_use(*kind).as_deref() == Some(name))
    else {
        if name == CONTEXTUAL {
            let told = "随程序附带的排序编码模型不能停用；不要语义比较，请在配置中写 models.encoder = \"off\"";
            return Err(Usage(told.to_owned()).into());
        }
        return Err(Failed(format!("「{name}」没有启用；启用中的见 kechuang models list")).into());
    };
    check_choice(shelf, kind)?;
    if name == COMPACT {
        let told =
            "随程序附带的编码模型不能停用；不要语义比较，请在配置中写 models.encoder = \"off\"";
        return Err(Usage(told.to_owned()).into());
    }
    shelf.retire(kind).map_err(unwritable)?;
    let now = shelf.in_use(kind);
    output.answer(&json!({ "retired": name, "in_use": now, "kind": kind }), || {
        let label = kind.label();
        let now = now.as_deref().map_or("（无）".to_owned(), |now| format!("「{now}」"));
        format!("已停用「{name}」；重启网站后{label}为{now}")
    })?;
    Ok(Exit::Done)
}

/// What the configuration names goes before what a command has put in use.
fn check_choice(shelf: &Shelf, kind: ModelKind) -> anyhow::Result<()> {
    if *shelf.choice(kind) == ModelChoice::Usual {
        return Ok(());
    }
    let (key, label) = match kind {
        ModelKind::Encoder => ("encoder", kind.label()),
        ModelKind::CrossEncoder => ("cross_encoder", kind.label()),
    };
    Err(Usage(format!(
        "配置文件的 models.{key} 已指定{label}，优先于本命令；请改那里，或删去那一项"
    ))
    .into())
}

fn unwritable(error: std::io::Error) -> Failed {
    Failed(format!("模型目录不可写（{error}）；请检查目录权限"))
}

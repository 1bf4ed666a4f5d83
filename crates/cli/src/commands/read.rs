//! `read`: a document or text as fields of a record.

use std::{fs, io::Read as _, path::Path};

use kechuang_assist::{Assistant, Caller, Listener, Log, read::read};
use kechuang_domain::{Library, Viewer};
use kechuang_ingest::read::text_of_file;
use kechuang_matching::clock;
use kechuang_reading::record::{ReadBy, ReadField, ReadValue, read_record, together};
use kechuang_store::Store;
use kechuang_text::Lexicon;
use serde_json::json;

use crate::{
    assets, assist,
    config::Config,
    explain::{Failed, Usage},
    output::{Exit, Output},
    progress::Progress,
};

pub(super) async fn run(
    config: &Config,
    output: Output,
    file: Option<&Path>,
    library: &str,
    is_assisted: bool,
) -> anyhow::Result<Exit> {
    let library = library.parse().ok().filter(|library| !ReadField::of(*library).is_empty());
    let library: Library =
        library.ok_or_else(|| Usage("--library 应为 demand 或 achievement".to_owned()))?;
    if is_assisted && config.assist.is_none() {
        return Err(Usage("--assist 需要在配置的 [assist] 一节写明大模型".to_owned()).into());
    }
    let text = match file.filter(|file| *file != Path::new("-")) {
        Some(file) => text_of(file, library)?,
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
    };
    let lexicon = assets::lexicon()?;
    let ruled = read_record(&lexicon, library, &text);
    let modelled = match is_assisted {
        true => Some(by_model(config, output, &lexicon, library, &text).await?),
        false => None,
    };
    let values = together(&lexicon, library, ruled, modelled.unwrap_or_default());
    tell(output, &text, &values)?;
    Ok(Exit::Done)
}

/// The values with their words, as a list or as JSON.
fn tell(output: Output, text: &str, values: &[(ReadValue, ReadBy)]) -> anyhow::Result<()> {
    let quote = |read: &ReadValue| read.quote.of(text).unwrap_or_default().to_owned();
    let json = values.iter().map(|(read, by)| {
        let by = match by {
            ReadBy::First => "rules",
            ReadBy::Second => "model",
            ReadBy::Both => "both",
        };
        json!({
            "field": read.field.code(), "label": read.field.label(), "value": read.value,
            "quote": quote(read), "by": by,
        })
    });
    output.answer(&json!({ "values": json.collect::<Vec<_>>() }), || {
        if values.is_empty() {
            return "没有读到任何栏目。".to_owned();
        }
        let line = |(read, by): &(ReadValue, ReadBy)| {
            let by = if *by == ReadBy::Second { "（由模型生成）" } else { "" };
            format!("{}：{}{by}\n    “{}”", read.field.label(), read.value, quote(read))
        };
        values.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(())
}

fn text_of(file: &Path, library: Library) -> anyhow::Result<String> {
    let bytes =
        fs::read(file).map_err(|error| Failed(format!("读不到 {}：{error}", file.display())))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(text_of_file(library, &name, &bytes, Some(&assets::pdf_reader()?))?)
}

async fn by_model(
    config: &Config,
    output: Output,
    lexicon: &Lexicon,
    library: Library,
    text: &str,
) -> anyhow::Result<Vec<ReadValue>> {
    let Some(assist) = &config.assist else { return Ok(Vec::new()) };
    fs::create_dir_all(&config.data)?;
    let store = Store::open(&config.store).await?;
    // Somebody waits: how much has been written is shown as it comes.
    let progress = Progress::begun(output, "大模型读取（字）", 0);
    let heard = progress.clone();
    let listener = Listener::new(move |words| heard.advance(words.chars().count() as u64));
    let assistant = Assistant::new(assist::generator(assist)?, store, assist.settings);
    let assistant = assistant.listened_by(listener);
    let caller = Caller { name: "命令行".to_owned(), viewer: Viewer::Public, log: Log::Hashes };
    let reading = read(&assistant, lexicon, &caller, library, text, clock::now()).await;
    progress.end();
    let reading = reading.map_err(|error| Failed(format!("大模型没有读成：{error}")))?;
    if reading.removed > 0 {
        let removed = reading.removed;
        output.note(&format!(
            "大模型另有 {removed} 个值没有采用：原文中没有依据，或该栏目已有一个值"
        ));
    }
    if reading.is_cut {
        output.note("原文较长，大模型只读了开头");
    }
    Ok(reading.values)
}

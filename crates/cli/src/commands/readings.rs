//! How well free texts are read into fields, by rules and by a large model, for `eval` on labelled texts.

use std::{collections::BTreeMap, path::Path};

use kechuang_assist::{Assistant, AssistantSettings, Caller, Log, read::read};
use kechuang_domain::Viewer;
use kechuang_lab::{LabelledText, Readings, Tally, readings::tally};
use kechuang_matching::clock;
use kechuang_reading::record::{ReadField, ReadValue, read_record};
use kechuang_store::{DailyCaps, Store};
use kechuang_text::Lexicon;
use serde_json::{Map, Value, json};

use crate::{
    assets, assist,
    config::{Assist, Config},
    explain::{Failed, Usage},
    output::{Exit, Output},
    progress::Progress,
};

/// What a reader has found of each field, and of all together.
struct Reader {
    /// Who reads.
    name: String,
    fields: BTreeMap<ReadField, Tally>,
    all: Tally,
    /// Values that were taken out, because the text does not say them.
    removed: usize,
    tokens: u64,
}

impl Reader {
    fn named(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, fields: BTreeMap::new(), all: Tally::default(), removed: 0, tokens: 0 }
    }

    fn count(&mut self, lexicon: &Lexicon, text: &LabelledText, read: &[ReadValue]) {
        let given = read.iter().map(|read| (read.field, read.value.as_str()));
        for (field, found) in tally(lexicon, text, given) {
            self.fields.entry(field).or_default().add(found);
            self.all.add(found);
        }
    }
}

/// What is asked for.
pub(super) struct Asked<'a> {
    /// A folder of labelled texts.
    pub(super) folder: &'a Path,
    /// Whether something is asked for that only rankings have.
    pub(super) is_ranking: bool,
    /// Whether a large model is measured, too.
    pub(super) is_assisted: bool,
}

/// Reads the labelled texts of a folder by rules and, where one is named, by a large model.
pub(super) async fn run(
    config: &Config,
    output: Output,
    Asked { folder, is_ranking, is_assisted }: Asked<'_>,
) -> anyhow::Result<Exit> {
    if is_ranking {
        let why = "这个目录是带标注的文字（texts.jsonl），量的是读取，没有排序方案和报告；请去掉 --profile 和 --report";
        return Err(Usage(why.to_owned()).into());
    }
    let readings = Readings::open(folder)?;
    let lexicon = assets::lexicon()?;
    let mut rules = Reader::named("规则");
    for text in &readings.texts {
        rules.count(&lexicon, text, &read_record(&lexicon, text.library, &text.text));
    }
    let mut readers = vec![rules];
    if let Some(assist) = config.assist.as_ref().filter(|_| is_assisted) {
        readers.push(by_model(output, assist, &lexicon, &readings).await?);
    }
    let json = json!({
        "dataset": readings.name,
        "texts": readings.texts.len(),
        "readers": readers.iter().map(as_json).collect::<Vec<_>>(),
    });
    output.answer(&json, || {
        let texts = format!("{}：{} 篇带标注的文字。", readings.name, readings.texts.len());
        std::iter::once(texts).chain(readers.iter().map(as_table)).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Done)
}

async fn by_model(
    output: Output,
    assist: &Assist,
    lexicon: &Lexicon,
    readings: &Readings,
) -> anyhow::Result<Reader> {
    let folder = tempfile::tempdir()?;
    let store = Store::open_embedded(folder.path()).await?;
    // Whoever measures has decided to spend: what it costs is told.
    let caps = DailyCaps { caller: u64::MAX, all: u64::MAX };
    let settings = AssistantSettings { caps, ..assist.settings };
    let assistant = Assistant::new(assist::generator(assist)?, store, settings);
    let caller = Caller { name: "eval".to_owned(), viewer: Viewer::Public, log: Log::Hashes };
    let mut reader = Reader::named(assistant.generator().model());
    let progress = Progress::begun(output, "读取", readings.texts.len() as u64);
    let mut unread = 0;
    for text in &readings.texts {
        let asked =
            read(&assistant, lexicon, &caller, text.library, &text.text, clock::now()).await;
        match asked {
            Ok(reading) => {
                reader.count(lexicon, text, &reading.values);
                reader.removed += reading.removed;
                reader.tokens += reading.usage.tokens();
            }
            // An answer of no use is one that found nothing.
            Err(kechuang_assist::AskError::Unusable(_)) => {
                unread += 1;
                reader.count(lexicon, text, &[]);
            }
            Err(error) => return Err(Failed(format!("读取中止：{error}")).into()),
        }
        progress.advance(1);
    }
    progress.done(&format!("{} 篇，其中 {unread} 篇的回答不合要求", readings.texts.len()));
    Ok(reader)
}

fn as_json(reader: &Reader) -> Value {
    let figures = |tally: &Tally| {
        json!({
            "labelled": tally.labelled, "given": tally.given, "right": tally.right,
            "precision": tally.precision(), "recall": tally.recall(), "f1": tally.f1(),
        })
    };
    let fields =
        reader.fields.iter().map(|(field, tally)| (field.code().to_owned(), figures(tally)));
    json!({
        "reader": reader.name, "all": figures(&reader.all), "fields": fields.collect::<Map<_, _>>(),
        "removed": reader.removed, "tokens": reader.tokens,
    })
}

fn as_table(reader: &Reader) -> String {
    let row = |name: &str, tally: &Tally| {
        let (precision, recall, f1) = (tally.precision(), tally.recall(), tally.f1());
        let Tally { labelled, given, right } = tally;
        format!(
            "  {labelled:>4}  {given:>4}  {right:>4}  {precision:>6.3}  {recall:>6.3}  {f1:>6.3}  {name}"
        )
    };
    let mut lines = vec![
        format!("由{}读出：", reader.name),
        "  标注  读出  正确  准确率  召回率      F1  栏目".to_owned(),
    ];
    lines.extend(reader.fields.iter().map(|(field, tally)| row(field.label(), tally)));
    lines.push(row("合计", &reader.all));
    if reader.tokens > 0 || reader.removed > 0 {
        lines.push(format!(
            "  另有 {} 个值在原文中没有依据，已删去；共用 {} 个词元",
            reader.removed, reader.tokens
        ));
    }
    lines.join("\n")
}

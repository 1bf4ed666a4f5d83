//! Configuration: a TOML file, then the environment, then flags. Every mistake is reported together.

mod assist;
mod feeds;
mod freshness;
mod models;

use std::{
    collections::BTreeMap,
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use kechuang_domain::FreshnessRules;
use kechuang_index::ClusterSettings;
use kechuang_ingest::Feeds;
use kechuang_store::Location;
use kechuang_web::Settings;
use serde::Deserialize;

use self::freshness::FreshnessChoice;
pub use self::{
    assist::{Assist, ModelPlace},
    models::{ModelChoice, Models},
};
use crate::{
    args::{Arguments, Command},
    explain::Usage,
};

const DEFAULT_DATA: &str = "var";
const DEFAULT_FILE: &str = "kechuang.toml";
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Where the store lies.
    pub store: Location,
    /// Where the site answers.
    pub listen: SocketAddr,
    /// How the site behaves.
    pub site: Settings,
    /// How long the records of each library stand unconfirmed.
    pub freshness: FreshnessRules,
    /// Which feeds may be asked, and which are followed.
    pub feeds: Feeds,
    /// Which models are used.
    pub models: Models,
    /// The server of vectors; `None` where they lie in a file.
    pub vectors: Option<ClusterSettings>,
    /// The large model; `None` where there is none.
    pub assist: Option<Assist>,
}

/// The file's form.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    matches_per_minute: Option<u32>,
    requests_per_minute: Option<u32>,
    #[serde(default)]
    freshness: BTreeMap<String, FreshnessChoice>,
    #[serde(default)]
    feeds: feeds::Section,
    #[serde(default)]
    models: models::Section,
    #[serde(default)]
    vectors: models::VectorSection,
    #[serde(default)]
    assist: assist::Section,
}

impl Config {
    /// Puts the three sources together.
    ///
    /// # Errors
    /// [`Usage`] with all mistakes, one a line.
    pub fn read(arguments: &Arguments) -> anyhow::Result<Self> {
        let file = file(arguments.config.as_deref())?;
        let mut mistakes = Vec::new();
        let data = arguments.data.clone().or(file.data).unwrap_or_else(|| DEFAULT_DATA.into());
        let store = match arguments.database.clone().or(file.database) {
            None => Location::Embedded(data.join("kechuang.sqlite")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Location::Postgres(url)
            }
            Some(_) => {
                mistakes.push("database 应以 postgres:// 开头；用内置 SQLite 则不必写".to_owned());
                Location::Embedded(data.join("kechuang.sqlite"))
            }
        };
        let listen = match (listen_flag(&arguments.command), file.listen) {
            (Some(flag), _) => flag,
            (None, None) => DEFAULT_LISTEN,
            (None, Some(text)) => text.parse().unwrap_or_else(|_| {
                mistakes.push(format!("listen「{text}」有误；应形如 127.0.0.1:8080"));
                DEFAULT_LISTEN
            }),
        };
        let mut site = Settings::default();
        for (name, given, kept) in [
            ("matches_per_minute", file.matches_per_minute, &mut site.matches_per_minute),
            ("requests_per_minute", file.requests_per_minute, &mut site.requests_per_minute),
        ] {
            match given.map(NonZeroU32::new) {
                None => {}
                Some(Some(number)) => *kept = number,
                Some(None) => mistakes.push(format!("{name} 须大于 0")),
            }
        }
        let freshness = freshness::read(file.freshness, &mut mistakes);
        let feeds = feeds::read(file.feeds, &mut mistakes);
        let models = models::read(file.models, &data, &mut mistakes);
        let vectors = models::read_vectors(file.vectors, &mut mistakes);
        let assist = match &arguments.command {
            Command::Eval { assist: Some(url), assist_model, .. } => {
                Some(assist::named(url.clone(), assist_model.clone(), file.assist, &mut mistakes))
            }
            _ => assist::read(file.assist, &mut mistakes),
        };
        if mistakes.is_empty() {
            Ok(Self { data, store, listen, site, freshness, feeds, models, vectors, assist })
        } else {
            Err(Usage(format!("配置有误：\n{}", mistakes.join("\n"))).into())
        }
    }

    /// The folder of the lexical index.
    #[must_use]
    pub fn index_folder(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The folder of vectors and of what has been encoded before.
    #[must_use]
    pub fn vectors_folder(&self) -> PathBuf {
        self.data.join("vectors")
    }
}

const fn listen_flag(command: &Command) -> Option<SocketAddr> {
    match command {
        Command::Demo { listen, .. } | Command::Serve { listen } | Command::Doctor { listen } => {
            *listen
        }
        _ => None,
    }
}

fn file(named: Option<&Path>) -> anyhow::Result<File> {
    let path = named.unwrap_or_else(|| Path::new(DEFAULT_FILE));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok(File::default());
        }
        Err(error) => {
            return Err(Usage(format!("读不到配置文件 {}：{error}", path.display())).into());
        }
    };
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        let known =
            "data、database、listen、matches_per_minute、requests_per_minute、freshness、feeds、models、vectors、assist";
        let what = error.message();
        let shown = path.display();
        Usage(format!("配置文件 {shown} 第 {line} 行有误（{what}）；可用的项：{known}")).into()
    })
}

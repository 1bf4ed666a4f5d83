//! `[feeds]`: which hosts may be asked for feeds, and which feeds are followed.

use std::collections::BTreeSet;

use kechuang_domain::Library;
use kechuang_ingest::{FeedRules, Feeds, FollowedFeed};
use serde::Deserialize;

/// How often a feed is asked that does not say.
const USUAL_MINUTES: u32 = 60;

/// The section as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// Hosts that may be asked.
    #[serde(default)]
    hosts: Vec<String>,
    /// The sentence that lets them lie within our own network.
    private_addresses: Option<String>,
    /// Feeds that are followed.
    #[serde(default)]
    follow: Vec<Follow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Follow {
    name: String,
    library: String,
    url: String,
    every_minutes: Option<u32>,
}

/// The rules and the feeds, and what is wrong with them.
pub(super) fn read(section: Section, mistakes: &mut Vec<String>) -> Feeds {
    let mut rules = FeedRules::new(section.hosts);
    if let Some(sentence) = section.private_addresses {
        match rules.clone().with_private_addresses(&sentence) {
            Ok(wider) => rules = wider,
            Err(what) => mistakes.push(format!("feeds.private_addresses：{what}")),
        }
    }
    let mut names = BTreeSet::new();
    let mut followed = Vec::new();
    for (place, feed) in (1..).zip(section.follow) {
        let at = format!("feeds.follow 第 {place} 项");
        if feed.name.trim().is_empty() || !names.insert(feed.name.clone()) {
            mistakes.push(format!("{at}：name 为空或重复；它是这些记录的来源名称"));
            continue;
        }
        if let Err(what) = rules.allows(&feed.url) {
            mistakes.push(format!("{at}：{what}"));
        }
        let minutes = feed.every_minutes.unwrap_or(USUAL_MINUTES);
        if minutes == 0 {
            mistakes.push(format!("{at}：every_minutes 须大于 0"));
        }
        match feed.library.parse::<Library>() {
            Ok(library) => followed.push(FollowedFeed {
                name: feed.name,
                library,
                url: feed.url,
                every_seconds: i64::from(minutes) * 60,
            }),
            Err(error) => mistakes.push(format!("{at}：{error}")),
        }
    }
    Feeds { rules, followed }
}

//! Which addresses may be asked.

use std::time::Duration;

use reqwest::Url;

/// Whoever lets feeds reach private addresses has to say that they know what this means.
pub const PRIVATE_ADDRESSES_WARNING: &str = "我知道：允许内网地址后，数据源可被用来访问内部系统";

/// What holds for all feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRules {
    hosts: Vec<String>,
    pub(super) allow_private: bool,
    /// How long one request may take.
    pub time_limit: Duration,
}

impl FeedRules {
    /// Only these hosts may be asked, each by its full name.
    #[must_use]
    pub fn new(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let lower = |host: String| host.trim().trim_end_matches('.').to_lowercase();
        let hosts = hosts.into_iter().map(|host| lower(host.into())).collect();
        Self { hosts, allow_private: false, time_limit: Duration::from_secs(30) }
    }

    /// The same rules, but for hosts within our own network, too. For offices whose feeds lie there,
    /// and for tests.
    ///
    /// # Errors
    /// What has to be given, where `confirmation` is not [`PRIVATE_ADDRESSES_WARNING`].
    pub fn with_private_addresses(self, confirmation: &str) -> Result<Self, String> {
        if confirmation != PRIVATE_ADDRESSES_WARNING {
            return Err(format!("要允许内网地址，请写明：{PRIVATE_ADDRESSES_WARNING}"));
        }
        Ok(Self { allow_private: true, ..self })
    }

    /// Whether an address may be asked.
    ///
    /// # Errors
    /// Why not, in Chinese.
    pub fn allows(&self, url: &str) -> Result<(), String> {
        self.check(url).map(drop)
    }

    /// An address that may be asked.
    pub(super) fn check(&self, url: &str) -> Result<Url, String> {
        let parsed = Url::parse(url).map_err(|_| format!("「{url}」不是网址；应形如 https://…"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(format!("数据源只支持 http 和 https，不支持 {}", parsed.scheme()));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("数据源的网址不能带用户名和密码".to_owned());
        }
        let host = parsed.host_str().unwrap_or_default().trim_end_matches('.').to_lowercase();
        if !self.hosts.contains(&host) {
            return Err(format!(
                "主机 {host} 不在允许的数据源名单里；请管理员加到配置的 feeds.hosts"
            ));
        }
        Ok(parsed)
    }
}

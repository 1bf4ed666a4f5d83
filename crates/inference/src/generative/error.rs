//! What can go wrong with a model that writes, by what the caller can do about it. Messages are for people.

use std::time::Duration;

/// A failure to get an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// It has failed so often that it is left alone for a while.
    #[error("大模型服务连续失败，已暂停调用，约 {} 秒后再试", .0.as_secs().max(1))]
    Resting(Duration),
    /// The time that was given is up.
    #[error("大模型没有在限定的时间内答完")]
    Deadline,
    /// There is no connection.
    #[error("连不上大模型服务；请检查 assist.url 和网络")]
    Unreachable,
    /// The connection broke off, or nothing came over it in time.
    #[error("大模型服务的连接中断（{0}）")]
    Broken(&'static str),
    /// It asks to be asked less often.
    #[error("大模型服务请求过多（HTTP 429）")]
    Busy {
        /// When to come again, where it says so.
        retry_after: Option<Duration>,
    },
    /// It refuses.
    #[error("大模型服务返回 HTTP {status}；{}", remedy(*.status))]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// What it answers is not of the protocol.
    #[error("大模型服务的回答不合约定（{0}）")]
    Garbage(String),
    /// It goes on and on.
    #[error("大模型服务的回答过长（超过 {0} 字节），已停止接收")]
    Endless(usize),
}

impl GenerateError {
    /// Whether asking again may help.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable | Self::Broken(_) | Self::Busy { .. } | Self::Garbage(_) => true,
            Self::Refused { status } => *status >= 500 || *status == 408,
            Self::Resting(_) | Self::Deadline | Self::Endless(_) => false,
        }
    }

    /// Whether the server may have computed, and counted, all the same.
    #[must_use]
    pub const fn may_have_cost(&self) -> bool {
        match self {
            Self::Broken(_) | Self::Garbage(_) | Self::Deadline | Self::Endless(_) => true,
            Self::Refused { status } => *status >= 500,
            Self::Resting(_) | Self::Unreachable | Self::Busy { .. } => false,
        }
    }

    /// How long to wait at least before asking again.
    pub(super) fn rest(&self) -> Duration {
        match self {
            Self::Busy { retry_after: Some(rest) } => *rest,
            _ => Duration::ZERO,
        }
    }

    /// Its stable name, for counting.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Resting(_) => "resting",
            Self::Deadline => "deadline",
            Self::Unreachable => "unreachable",
            Self::Broken(_) => "broken",
            Self::Busy { .. } => "busy",
            Self::Refused { .. } => "refused",
            Self::Garbage(_) => "garbage",
            Self::Endless(_) => "endless",
        }
    }
}

const fn remedy(status: u16) -> &'static str {
    match status {
        401 | 403 => "请检查密钥（assist.key_file）",
        404 => "请检查 assist.url 与 assist.model",
        400..=499 => "请检查 assist 的配置",
        _ => "请稍后再试",
    }
}

//! Problem codes: the one list of what can go wrong for a user, with the Chinese title of each.
//! `web` adds the HTTP status; the code is stable, the wording is not.

use std::fmt;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)+) => {
        /// A stable code for something that went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code, as it stands in `type` and `code` of a problem document.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The Chinese title.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

problem_codes! {
    /// The body is not JSON, or not of the described shape.
    InvalidJson = "invalid_json", "请求内容不是所要求的 JSON";
    /// A field has a value that can never be right.
    InvalidField = "invalid_field", "字段取值有误";
    /// A parameter of the address is wrong.
    InvalidParameter = "invalid_parameter", "请求参数有误";
    /// The content type is not JSON.
    UnsupportedMediaType = "unsupported_media_type", "不支持的内容类型";
    /// The body is larger than allowed.
    BodyTooLarge = "body_too_large", "请求内容过大";
    /// There is no text to match.
    EmptyText = "empty_text", "没有可匹配的文字";
    /// The text is longer than allowed.
    TextTooLong = "text_too_long", "文字过长";
    /// There is no such page or path.
    NotFound = "not_found", "没有这个地址";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", "该地址不支持这种请求方法";
    /// There is no such record, or the viewer may not see it.
    UnknownRecord = "unknown_record", "没有这条记录";
    /// There is no such run, its token is wrong, or it has expired.
    UnknownRun = "unknown_run", "没有这次匹配，或链接已过期";
    /// There is no such import.
    UnknownImport = "unknown_import", "没有这次导入";
    /// A file that cannot be taken in.
    InvalidFile = "invalid_file", "文件不能导入";
    /// The import is not waiting for this.
    ImportNotWaiting = "import_not_waiting", "这次导入不在等待核对";
    /// There is no such rank profile.
    UnknownProfile = "unknown_profile", "没有这个排序方案";
    /// Records of this library cannot be the source of a match.
    NotMatchable = "not_matchable", "这类记录不能发起匹配";
    /// A write without a valid bearer token.
    Unauthorized = "unauthorized", "需要有效的访问令牌";
    /// The record changed since the caller read it.
    RevisionConflict = "revision_conflict", "记录已被他人修改";
    /// An update without If-Match.
    PreconditionRequired = "precondition_required", "更新须带上所读版本";
    /// Too many requests from one address.
    RateLimited = "rate_limited", "请求过于频繁";
    /// The service is starting, or a part of it does not answer.
    Unavailable = "unavailable", "服务暂不可用";
    /// The data folder or database cannot be written.
    ReadOnly = "read_only", "数据目录不可写";
    /// Something on our side went wrong.
    Internal = "internal", "服务内部错误";
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Something that went wrong, told to a person: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}：{detail}", code.title())]
pub struct Problem {
    /// The stable code.
    pub code: ProblemCode,
    /// What is wrong, where, and what to do, in Chinese.
    pub detail: String,
    /// After how many seconds it makes sense to try again, where that is known.
    pub retry_after_seconds: Option<u64>,
}

impl Problem {
    /// A problem with its detail in Chinese.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_seconds: None }
    }
}

//! A file that somebody hands in, as a multipart form.

use axum::extract::{FromRequest, Multipart, Request, multipart::MultipartError};
use kechuang_domain::{Library, Problem, ProblemCode};
use kechuang_ingest::{ImportFile, Mapping};

use crate::problem::Refusal;

/// The largest file that is taken over HTTP, in bytes; larger ones go through the command line.
pub const UPLOAD_LIMIT_BYTES: usize = 64 << 20;
/// What surrounds the file in a form, in bytes.
pub const FORM_LIMIT_BYTES: usize = UPLOAD_LIMIT_BYTES + (1 << 20);
/// The longest name of a source, in characters.
const SOURCE_LIMIT_CHARS: usize = 200;

/// A file with what was said about it.
#[derive(Debug)]
pub struct Upload(pub ImportFile);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let form = Multipart::from_request(request, state).await.map_err(|_| {
            Refusal::new(
                ProblemCode::UnsupportedMediaType,
                "请以 multipart/form-data 发送，含 file（文件）和 library（目标库）两项",
            )
        })?;
        read(form).await.map(Self)
    }
}

#[derive(Default)]
struct Parts {
    library: Option<Library>,
    source: Option<String>,
    file: Option<(String, Vec<u8>)>,
    sample: bool,
    asks_mapping: bool,
    mapping: Option<Mapping>,
}

async fn read(mut form: Multipart) -> Result<ImportFile, Refusal> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file = field.file_name().unwrap_or_default();
            let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| broken(&error))?;
            parts.file = Some((file, bytes.into()));
        } else {
            let text = field.text().await.map_err(|error| broken(&error))?;
            parts.take(&name, text.trim())?;
        }
    }
    parts.whole()
}

impl Parts {
    fn take(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let wrong =
            |why: String| Problem::new(ProblemCode::InvalidField, format!("字段 {name}：{why}"));
        match name {
            "library" => {
                let library = text.parse().map_err(|error| wrong(format!("{error}")))?;
                self.library = Some(library);
            }
            "source" if text.chars().count() > SOURCE_LIMIT_CHARS => {
                return Err(wrong(format!("超过 {SOURCE_LIMIT_CHARS} 个字符；请缩短")));
            }
            "source" => self.source = Some(text.to_owned()).filter(|text| !text.is_empty()),
            "sample" => self.sample = is_yes(text),
            "preview" => self.asks_mapping = is_yes(text),
            "mapping" if text.is_empty() => {}
            "mapping" => {
                let mapping = serde_json::from_str(text);
                let shape = "应形如 {\"项目名称\": \"title\"}，不取用的列写空串";
                self.mapping = Some(mapping.map_err(|_| wrong(shape.to_owned()))?);
            }
            _ => {
                let known = "file、library、source、sample、preview、mapping";
                return Err(wrong(format!("不认识；可用：{known}")));
            }
        }
        Ok(())
    }

    fn whole(self) -> Result<ImportFile, Refusal> {
        let missing = |what: &str| {
            Refusal::new(ProblemCode::InvalidField, format!("缺少{what}；请选好后重新提交"))
        };
        let (name, bytes) = self.file.ok_or_else(|| missing("文件（file）"))?;
        if name.is_empty() || bytes.is_empty() {
            return Err(missing("文件（file），或文件是空的"));
        }
        let library = self.library.ok_or_else(|| missing("目标库（library）"))?;
        if let Some((header, code)) =
            self.mapping.as_ref().and_then(|mapping| mapping.mistakes(library).next())
        {
            let label = library.record_label();
            let why = format!("字段 mapping：{label}没有“{header}”对应的字段「{code}」");
            return Err(Refusal::new(ProblemCode::InvalidField, why));
        }
        Ok(ImportFile {
            library,
            source: self.source.unwrap_or_else(|| name.clone()),
            name,
            bytes,
            sample: self.sample,
            asks_mapping: self.asks_mapping,
            mapping: self.mapping,
        })
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text, "true" | "1" | "on" | "是")
}

fn broken(error: &MultipartError) -> Refusal {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let limit = UPLOAD_LIMIT_BYTES >> 20;
        return Refusal::new(
            ProblemCode::BodyTooLarge,
            format!("文件超过上限 {limit} MB；请拆成几个文件，或用命令 kechuang ingest 导入"),
        );
    }
    Refusal::new(ProblemCode::InvalidFile, "文件没有收全；请重新上传")
}

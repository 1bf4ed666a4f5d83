//! From a PDF to pieces of text with their places on the page.

use std::{collections::BTreeMap, rc::Rc};

use lopdf::{
    Dictionary, Document, LoadOptions, Object, ObjectId,
    content::{Content, Operation},
};

use super::{
    PDF_LIMIT_BYTES, PdfText,
    font::{Font, Fonts},
    layout::{self, Piece},
    matrix::Matrix,
};
use crate::{
    IngestError, Result,
    rows::limits::{DOCUMENT_TEXT_BYTES, over},
};

/// The most that one stream may inflate to while the file is opened.
const STREAM_LIMIT_BYTES: usize = 16 << 20;
/// The most that the content of all pages may inflate to; a text of 1,000 pages has some 20 MB.
const CONTENT_LIMIT_BYTES: usize = 64 << 20;
/// The most operations on all pages. A page of text has some 1,000, rarely 10,000.
const OPERATION_LIMIT: usize = 3_000_000;
/// The most pages.
const PAGE_LIMIT: usize = 5_000;
/// The most pieces of text of one page.
const PIECE_LIMIT: usize = 200_000;
/// How deep drawings may lie in drawings, and saved states in saved states.
const DRAWING_DEPTH: usize = 4;
const STATE_DEPTH: usize = 64;
/// How deep marked content may lie in marked content; what lies deeper is read as it is drawn.
const MARKED_LIMIT: usize = 10_000;
/// With fewer characters a page, pages are pictures.
const SCANNED_CHARS_PER_PAGE: usize = 5;

/// The text of a PDF. This is what the child runs; nothing else should, since a hostile file can make
/// the parser take all memory or panic.
///
/// # Errors
/// [`IngestError::File`] for a PDF that is encrypted, scanned, damaged or too large.
pub fn extract(bytes: &[u8]) -> Result<PdfText> {
    if bytes.len() > PDF_LIMIT_BYTES {
        return Err(over("PDF 文件", &format!("{} MB", PDF_LIMIT_BYTES >> 20)));
    }
    let options =
        LoadOptions { max_decompressed_size: Some(STREAM_LIMIT_BYTES), ..LoadOptions::default() };
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| match error {
            lopdf::Error::Decompress(_) => {
                over("PDF 内单个数据流解压后的大小", &format!("{} MB", STREAM_LIMIT_BYTES >> 20))
            }
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => encrypted(),
            _ => damaged(),
        })?;
    if document.is_encrypted() {
        return Err(encrypted());
    }
    let ids: Vec<ObjectId> = document.page_iter().take(PAGE_LIMIT + 1).collect();
    if ids.len() > PAGE_LIMIT {
        return Err(over("PDF 页数", &PAGE_LIMIT.to_string()));
    }
    if ids.is_empty() {
        return Err(damaged());
    }
    let mut walk = Walk::new(&document);
    let mut pages = Vec::with_capacity(ids.len());
    for id in ids {
        pages.push(layout::lines(walk.page(id)?));
    }
    let unread = walk.unread_strings;
    let text = layout::joined(&pages);
    let characters = text.text.chars().filter(|c| !c.is_whitespace()).count();
    if characters >= SCANNED_CHARS_PER_PAGE * pages.len() {
        return Ok(text);
    }
    Err(IngestError::File(if unread > characters {
        "PDF 的字体没有文字对应表，取不出文字；请导入原来的 Word 文档，或先做文字识别（OCR）"
            .to_owned()
    } else {
        "扫描件没有文字；请先做文字识别（OCR），再导入识别后的文件".to_owned()
    }))
}

/// What holds for the whole file.
struct Walk<'a> {
    document: &'a Document,
    fonts: Fonts<'a>,
    content_left: usize,
    operations_left: usize,
    text_left: usize,
    /// Strings in fonts that cannot be read.
    unread_strings: usize,
}

/// What holds while one page is drawn.
struct State {
    pieces: Vec<Piece>,
    transform: Matrix,
    saved: Vec<Matrix>,
    text: Matrix,
    line: Matrix,
    leading: f32,
    size: f32,
    font: Vec<u8>,
    /// Marked content that lies around: what its writer says that it reads as, until that was shown.
    marked: Vec<Option<String>>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            fonts: Fonts::default(),
            content_left: CONTENT_LIMIT_BYTES,
            operations_left: OPERATION_LIMIT,
            text_left: DOCUMENT_TEXT_BYTES,
            unread_strings: 0,
        }
    }

    fn page(&mut self, id: ObjectId) -> Result<Vec<Piece>> {
        // A page without resources, or with a circle of them, has no text that could be read.
        let Ok((own, shared)) = self.document.get_page_resources(id) else { return Ok(Vec::new()) };
        let shared = shared.into_iter().filter_map(|id| self.document.get_dictionary(id).ok());
        let resources: Vec<&Dictionary> = own.into_iter().chain(shared).collect();
        let content = self.document.get_page_content_with_limit(id, self.content_left);
        let content = content.map_err(|_| too_much_content())?;
        let mut state = State {
            pieces: Vec::new(),
            transform: Matrix::IDENTITY,
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            leading: 0.0,
            size: 1.0,
            font: Vec::new(),
            marked: Vec::new(),
        };
        self.draw(&content, &resources, &mut state, DRAWING_DEPTH)?;
        Ok(state.pieces)
    }

    fn draw(
        &mut self,
        content: &[u8],
        resources: &[&'a Dictionary],
        state: &mut State,
        depth: usize,
    ) -> Result<()> {
        self.content_left =
            self.content_left.checked_sub(content.len()).ok_or_else(too_much_content)?;
        let mut named = BTreeMap::new();
        for resources in resources {
            self.fonts.add(self.document, resources, &mut named);
        }
        // What cannot be understood ends the page; its beginning is kept.
        for operation in Content::decode_iter(content).map_while(std::result::Result::ok) {
            self.operations_left = self
                .operations_left
                .checked_sub(1)
                .ok_or_else(|| over("PDF 绘制指令的条数", &OPERATION_LIMIT.to_string()))?;
            if operation.operator == "Do" && depth > 0 {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                self.drawing(name.unwrap_or_default(), resources, state, depth - 1)?;
            } else {
                self.step(&operation, &named, state)?;
            }
        }
        Ok(())
    }

    /// A drawing within the page; many programs put whole pages into one.
    fn drawing(
        &mut self,
        name: &[u8],
        resources: &[&'a Dictionary],
        state: &mut State,
        depth: usize,
    ) -> Result<()> {
        let document = self.document;
        let found = resources.iter().find_map(|resources| {
            let drawings =
                resources.get_deref(b"XObject", document).and_then(Object::as_dict).ok()?;
            drawings.get_deref(name, document).and_then(Object::as_stream).ok()
        });
        let is_form = |subtype: &[u8]| subtype == b"Form";
        let Some(stream) = found.filter(|stream| {
            stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(is_form)
        }) else {
            return Ok(());
        };
        let content = stream.get_plain_content_with_limit(self.content_left);
        let content = content.map_err(|_| too_much_content())?;
        let own = stream.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let before = (state.transform, state.saved.len());
        if let Ok(numbers) = stream.dict.get_deref(b"Matrix", document).and_then(Object::as_array)
            && let Some(matrix) = matrix(numbers)
        {
            state.transform = matrix.within(state.transform);
        }
        let own: Vec<&Dictionary> = own.map_or_else(|| resources.to_vec(), |own| vec![own]);
        self.draw(&content, &own, state, depth)?;
        state.saved.truncate(before.1);
        state.transform = before.0;
        Ok(())
    }

    fn step(
        &mut self,
        operation: &Operation,
        fonts: &BTreeMap<Vec<u8>, Rc<Font<'_>>>,
        state: &mut State,
    ) -> Result<()> {
        let operands = operation.operands.as_slice();
        let number = |at: usize| operands.get(at).and_then(|it| it.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" if state.saved.len() < STATE_DEPTH => state.saved.push(state.transform),
            "Q" => state.transform = state.saved.pop().unwrap_or(state.transform),
            "cm" => {
                let inner = matrix(operands).unwrap_or(Matrix::IDENTITY);
                state.transform = inner.within(state.transform);
            }
            "BT" => (state.text, state.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            "Tm" => {
                state.line = matrix(operands).unwrap_or(Matrix::IDENTITY);
                state.text = state.line;
            }
            "Td" => state.move_line(number(0), number(1)),
            "TD" => {
                state.leading = -number(1);
                state.move_line(number(0), number(1));
            }
            "TL" => state.leading = number(0),
            "T*" => state.move_line(0.0, -state.leading),
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                state.font = name.unwrap_or_default().to_vec();
                state.size = number(1);
            }
            "BMC" | "BDC" if state.marked.len() < MARKED_LIMIT => state.marked.push(said(operands)),
            "EMC" => drop(state.marked.pop()),
            "Tj" | "TJ" => self.show(operands, fonts, state)?,
            "'" | "\"" => {
                state.move_line(0.0, -state.leading);
                self.show(operands, fonts, state)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows strings; numbers between them move on by thousandths of the size.
    fn show(
        &mut self,
        operands: &[Object],
        fonts: &BTreeMap<Vec<u8>, Rc<Font<'_>>>,
        state: &mut State,
    ) -> Result<()> {
        let Some(font) = fonts.get(&state.font) else {
            self.unread_strings += 1;
            return Ok(());
        };
        for operand in operands {
            match operand {
                Object::Array(parts) => self.show(parts, fonts, state)?,
                Object::String(bytes, _) => {
                    let Some(text) = font.text(bytes) else {
                        self.unread_strings += 1;
                        continue;
                    };
                    let width = font.width(bytes, &text) * state.size;
                    let text = state
                        .marked
                        .iter_mut()
                        .find_map(Option::as_mut)
                        .map_or(text, std::mem::take);
                    let left = self.text_left.checked_sub(text.len());
                    self.text_left = left.ok_or_else(|| {
                        over("PDF 的文字", &format!("{} MB", DOCUMENT_TEXT_BYTES >> 20))
                    })?;
                    state.put(text, width)?;
                }
                number => {
                    let back = number.as_float().unwrap_or(0.0) / 1000.0 * state.size;
                    state.text = Matrix::shift(-back, 0.0).within(state.text);
                }
            }
        }
        Ok(())
    }
}

impl State {
    fn move_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::shift(x, y).within(self.line);
        self.text = self.line;
    }

    fn put(&mut self, text: String, width: f32) -> Result<()> {
        let at = self.text.within(self.transform);
        self.text = Matrix::shift(width, 0.0).within(self.text);
        let end = self.text.within(self.transform);
        if text.is_empty() {
            return Ok(());
        }
        if self.pieces.len() >= PIECE_LIMIT {
            return Err(over("PDF 一页内的文字段数", &PIECE_LIMIT.to_string()));
        }
        let size = (at.c.hypot(at.d) * self.size).abs();
        self.pieces.push(Piece { x: at.e, y: at.f, end: end.e, size, text });
        Ok(())
    }
}

/// What marked content reads as (ISO 32000-1, 14.9.4), where its writer says so.
fn said(operands: &[Object]) -> Option<String> {
    let properties = operands.get(1)?.as_dict().ok()?;
    lopdf::decode_text_string(properties.get(b"ActualText").ok()?).ok()
}

fn matrix(numbers: &[Object]) -> Option<Matrix> {
    let mut numbers = numbers.iter().map(|number| number.as_float().ok());
    let mut next = || numbers.next().flatten();
    Some(Matrix { a: next()?, b: next()?, c: next()?, d: next()?, e: next()?, f: next()? })
}

fn too_much_content() -> IngestError {
    over("PDF 页面内容解压后的大小", &format!("{} MB", CONTENT_LIMIT_BYTES >> 20))
}

fn encrypted() -> IngestError {
    IngestError::File("PDF 有密码；请取消密码保护、另存后再导入".to_owned())
}

fn damaged() -> IngestError {
    IngestError::File("PDF 不完整或已损坏；请重新下载，或打开后另存一份再导入".to_owned())
}

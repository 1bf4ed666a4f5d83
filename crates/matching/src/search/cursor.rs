//! Cursors: where a page ended, so that the next one goes on there whatever has been added meanwhile.
//!
//! 82 hexadecimal digits: version, fingerprint of the search, key, revision and id of the last record.

use kechuang_domain::RecordId;
use kechuang_index::Position;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{SearchRequest, request::wrong};
use crate::Result;

/// Counts up when cursors of an earlier version mean something else.
const VERSION: u8 = 1;
const LENGTH: usize = 1 + 8 + 8 + 8 + 16;

/// The cursor behind a record.
pub(super) fn write(request: &SearchRequest, last: Position) -> String {
    let mut bytes = Vec::with_capacity(LENGTH);
    bytes.push(VERSION);
    bytes.extend(fingerprint(request));
    bytes.extend(last.key.to_be_bytes());
    bytes.extend(last.revision.to_be_bytes());
    bytes.extend(last.id.uuid().into_bytes());
    kechuang_domain::hex(&bytes)
}

/// Where the request's page starts.
pub(super) fn read(request: &SearchRequest) -> Result<Option<Position>> {
    let Some(cursor) = request.cursor.as_deref() else { return Ok(None) };
    let bytes = bytes_of(cursor)
        .filter(|bytes| bytes[0] == VERSION)
        .ok_or_else(|| wrong("cursor 无效；请用上一页返回的 next，或从第一页开始"))?;
    let part = |from: usize| -> [u8; 8] { std::array::from_fn(|at| bytes[from + at]) };
    if part(1) != fingerprint(request) {
        return Err(wrong("cursor 属于另一次检索；检索词、条件或排序改变后，请从第一页开始"));
    }
    Ok(Some(Position {
        key: i64::from_be_bytes(part(9)),
        revision: i64::from_be_bytes(part(17)),
        id: RecordId::from_uuid(Uuid::from_bytes(std::array::from_fn(|at| bytes[25 + at]))),
    }))
}

fn bytes_of(cursor: &str) -> Option<[u8; LENGTH]> {
    if cursor.len() != LENGTH * 2 || !cursor.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; LENGTH];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(cursor.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Tells a search from every other; pages of different lengths belong together.
fn fingerprint(request: &SearchRequest) -> [u8; 8] {
    let mut sha = Sha256::new();
    let mut add = |part: &str| {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    };
    add(request.library.code());
    add(request.text.trim());
    add(request.sort().code());
    add(request.currency().code());
    add(request.status.map_or("", |status| status.code()));
    for (facet, values) in request.facets.iter().filter(|(_, values)| !values.is_empty()) {
        add(facet.code());
        values.iter().for_each(|value| add(value));
        add("");
    }
    let hash = sha.finalize();
    std::array::from_fn(|at| hash[at])
}

#[cfg(test)]
mod tests {
    use kechuang_domain::{Facet, Library, Sort};

    use super::*;

    fn position() -> Position {
        Position { key: -7, id: RecordId::from_uuid(Uuid::from_u128(9)), revision: 3 }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_in_the_same_search_only() {
        let mut request = SearchRequest::new(Library::Demand);
        let cursor = write(&request, position());
        assert_eq!(cursor.len(), LENGTH * 2);
        request.cursor = Some(cursor.clone());
        request.limit = 7;
        assert_eq!(read(&request).expect("a place"), Some(position()));
        let others = [
            SearchRequest { library: Library::Policy, ..request.clone() },
            SearchRequest { text: "赤泥".to_owned(), ..request.clone() },
            SearchRequest { sort: Some(Sort::Updated), ..request.clone() },
            SearchRequest {
                facets: [(Facet::Chain, ["hydrogen".to_owned()].into())].into(),
                ..request.clone()
            },
        ];
        for other in others {
            let refused = read(&other).expect_err("refused").problem().detail;
            assert!(refused.contains("另一次检索"), "{refused}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let mut request = SearchRequest::new(Library::Demand);
        let fine = write(&request, position());
        let odd = ["x".to_owned(), "20".to_owned(), fine[1..].to_owned(), fine.replace('0', "é")];
        for cursor in odd.into_iter().chain([format!("ff{}", &fine[2..])]) {
            request.cursor = Some(cursor);
            let refused = read(&request).expect_err("refused").problem().detail;
            assert!(refused.contains("cursor 无效"), "{refused}");
        }
    }
}

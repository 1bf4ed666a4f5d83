//! Server-sent events, of which only the data matters here.

/// The line that ends a stream.
const DONE: &[u8] = b"[DONE]";

/// Cuts a stream of bytes into the data of its events.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    /// Whether the stream has said that it is over.
    pub(super) is_over: bool,
}

impl Events {
    /// Takes in bytes and gives the data of the events that they complete. A line of data is an event: chat servers
    /// write none that go on.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut data = Vec::new();
        for byte in bytes {
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let Some(said) = line.strip_prefix(b"data:") else { continue };
            let said = said.trim_ascii();
            self.is_over |= said == DONE;
            if !self.is_over && !said.is_empty() {
                data.push(said.to_vec());
            }
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_cut_wherever_the_bytes_are() {
        let stream =
            "data: {\"一\":1}\r\n\r\n: warten\nevent: x\ndata:{}\n\ndata: [DONE]\n\ndata: 2\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let pieces = stream.as_bytes().chunks(size);
            let data: Vec<Vec<u8>> = pieces.flat_map(|piece| events.take(piece)).collect();
            assert_eq!(data, ["{\"一\":1}".as_bytes(), b"{}"], "{size}");
            assert!(events.is_over);
        }
    }
}

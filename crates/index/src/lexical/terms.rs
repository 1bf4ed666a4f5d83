//! Terms on their way into the engine. They come ready from our own analyser, joined into one string,
//! and are taken apart again here: handing over lists of tokens costs the engine a round of JSON.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Stands before each term. The analyser never gives it: it is neither letter nor digit.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// The name under which indexes know [`ReadyTerms`].
pub(crate) const READY_TERMS: &str = "ready_terms";

/// Takes joined terms apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadyTerms {
    token: Token,
}

/// Joined terms, taken apart from the front.
pub(crate) struct TermStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for ReadyTerms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        TermStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(rest) = self.rest.strip_prefix(SEPARATOR) else { return false };
        let end = rest.find(SEPARATOR).unwrap_or(rest.len());
        self.token.text.clear();
        self.token.text.push_str(&rest[..end]);
        // Counts up from the usize::MAX that `reset` leaves.
        self.token.position = self.token.position.wrapping_add(1);
        self.rest = &rest[end..];
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

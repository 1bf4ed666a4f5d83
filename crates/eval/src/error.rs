use crate::metrics::Metric;

/// Why something could not be read, joined or measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvalError {
    /// A line of a judgement file is wrong; the person who wrote the file can mend it, so it is
    /// told in Chinese.
    #[error("第 {line} 行：{message}")]
    BadLine {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// A score is infinite or not a number.
    #[error("query {query}: document {document} has the score {score}")]
    NonFiniteScore {
        /// The query whose list holds the score.
        query: String,
        /// The document with the score.
        document: String,
        /// The score.
        score: f64,
    },

    /// A list names a document twice.
    #[error("query {query}: document {document} is listed twice")]
    RepeatedDocument {
        /// The query whose list repeats the document.
        query: String,
        /// The repeated document.
        document: String,
    },

    /// A judged query has no list in the run; counting it as zero would hide the mistake.
    #[error("query {query} is judged but absent from the run")]
    MissingQuery {
        /// The absent query.
        query: String,
    },

    /// The run ranks a query that nobody judged; leaving it out would hide the mistake.
    #[error("query {query} is in the run but not judged")]
    UnjudgedQuery {
        /// The query without judgements.
        query: String,
    },

    /// A closed run leaves out one of the query's judged documents.
    #[error("query {query}: judged document {document} is absent from the closed run")]
    MissingDocument {
        /// The query whose list is short.
        query: String,
        /// The absent document.
        document: String,
    },

    /// A closed run ranks a document that was not judged for the query.
    #[error("query {query}: document {document} is in the closed run but not judged")]
    UnjudgedDocument {
        /// The query whose list is too long.
        query: String,
        /// The document without a level.
        document: String,
    },

    /// No query meets the metric's condition, so there is no mean.
    #[error("no query can be scored for {}", .metric.name())]
    NothingScored {
        /// The metric without a mean.
        metric: Metric,
    },

    /// Two evaluations score different queries and cannot be paired.
    #[error("the two evaluations score different queries for {}", .metric.name())]
    DifferentQueries {
        /// The metric to be compared.
        metric: Metric,
    },

    /// Two lists of values differ in length and cannot be paired.
    #[error("cannot pair {left} values with {right}")]
    UnequalLists {
        /// The length of the first list.
        left: usize,
        /// The length of the second list.
        right: usize,
    },

    /// Resampling so few values says nothing about chance.
    #[error("a bootstrap needs at least {needed} values, got {given}")]
    TooFewValues {
        /// The smallest usable number of values.
        needed: usize,
        /// The number of values given.
        given: usize,
    },

    /// A value to resample is infinite or not a number.
    #[error("value {position} of a bootstrap is {value}")]
    NonFiniteValue {
        /// Where the value stands, counted from 0.
        position: usize,
        /// The value.
        value: f64,
    },
}

//! What is read of a record for coverage, evidence and figures.

use kechuang_domain::{TextField, fact::MeasuredIndicator};

/// What of one record the viewer may read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordText<'a> {
    /// Its texts, in page order.
    pub texts: Vec<(TextField, &'a str)>,
    /// Its figures that stand in a table of their own.
    pub measured: &'a [MeasuredIndicator],
}

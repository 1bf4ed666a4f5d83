//! How documents write lines, numbers, days and amounts of money.

pub(crate) mod amount;
pub(crate) mod date;
pub(crate) mod line;
pub(crate) mod numeral;

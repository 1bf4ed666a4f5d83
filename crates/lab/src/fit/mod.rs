//! Fitting of linear models: least squares and likelihood, in closed form or by Newton's method.

pub mod logistic;
pub mod ridge;

pub use logistic::logistic;
pub use ridge::ridge;

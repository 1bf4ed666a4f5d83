//! One contract for both arms of the vector index, and what the file of the exact one withstands.

mod contract;
mod exact;
mod support;

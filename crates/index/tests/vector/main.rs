//! One contract for both arms of the vector index, and what each withstands on its own.

mod cluster;
mod contract;
mod exact;
mod support;

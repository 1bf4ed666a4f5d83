//! The product's binary: configuration, wiring, commands

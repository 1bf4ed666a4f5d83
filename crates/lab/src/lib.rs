//! Evaluation runs through the real engine

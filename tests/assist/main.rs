//! The large model as assistant: a server that does what a script says stands for it.

mod clarify;
mod endpoint;
mod injection;
mod judge;
mod read;
mod real;
mod refine;
mod support;

//! Files as people have them, and files that mean harm: what is read, what is refused and with which
//! words.

mod documents;
mod folders;
mod hostile;
mod support;
mod workbooks;

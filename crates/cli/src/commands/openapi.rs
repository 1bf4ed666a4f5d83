//! `openapi`: the API's description.

use crate::output::{Exit, line};

pub(super) fn run() -> anyhow::Result<Exit> {
    line(&kechuang_web::openapi().to_pretty_json()?)?;
    Ok(Exit::Done)
}

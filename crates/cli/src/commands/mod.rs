//! One file for each command.

mod assisted;
mod demo;
mod doctor;
mod eval;
mod export;
mod figures;
mod file;
mod find;
mod fsck;
mod ingest;
mod models;
mod openapi;
mod read;
mod readings;
mod reindex;
mod report;
mod serve;
mod template;
mod train;
mod work;

use std::future::Future;

use kechuang_domain::Watch;
use kechuang_lab::{Readings, TrainRule};

use crate::{
    args::{Arguments, Command},
    config::Config,
    output::{Exit, Output},
};

/// Runs the command.
///
/// # Errors
/// Whatever kept it from being done; [`crate::explain`] tells it.
pub fn run(
    arguments: Arguments,
    config: Config,
    output: Output,
    watch: &Watch,
) -> anyhow::Result<Exit> {
    match arguments.command {
        Command::Demo { once, .. } => block_on(demo::run(&config, output, watch, once)),
        Command::Serve { .. } => block_on(serve::run(&config, output, watch)),
        Command::Work { once } => block_on(work::run(&config, output, watch, once)),
        Command::Ingest { files, library, source, sample, ids, errors, keep_sources } => {
            let asked = ingest::Asked { files, library, source, sample, ids, errors, keep_sources };
            block_on(ingest::run(&config, output, watch, &asked))
        }
        Command::Template { library, output: to } => template::run(output, &library, to.as_deref()),
        Command::Export { library, format, output: to } => {
            block_on(export::run(&config, output, &library, &format, to.as_deref()))
        }
        Command::Match { text, demand, top, neighbours, profile, applicant } => {
            let asked = find::Asked { text, demand, top, neighbours, profile, applicant };
            block_on(find::run(&config, output, watch, asked))
        }
        Command::Read { file, library, assist } => {
            block_on(read::run(&config, output, file.as_deref(), &library, assist))
        }
        Command::Eval { folder, profiles, reports, assist, assist_model: _ } => {
            let is_assisted = assist.is_some();
            if Readings::are_in(&folder) {
                let is_ranking = !profiles.is_empty() || !reports.is_empty();
                let asked = readings::Asked { folder: &folder, is_ranking, is_assisted };
                return block_on(readings::run(&config, output, asked));
            }
            let asked = eval::Asked { folder: &folder, profiles, reports, is_assisted };
            block_on(eval::run(&config, output, asked))
        }
        Command::Train { folder, events: _, folds, seed, penalty, dry_run, replace } => {
            let rule = TrainRule { folds, seed, penalty };
            let asked = train::Asked { folder: folder.as_deref(), rule, dry_run, replace };
            block_on(train::run(&config, output, asked))
        }
        Command::Models { action } => block_on(models::run(&config, output, action)),
        Command::Reindex => block_on(reindex::run(&config, output, watch)),
        Command::Fsck => block_on(fsck::run(&config, output, watch)),
        Command::ReadPdf => {
            kechuang_ingest::rows::pdf::child_main(
                std::io::stdin().lock(),
                std::io::stdout().lock(),
            )?;
            Ok(Exit::Done)
        }
        Command::Openapi => openapi::run(),
        Command::Doctor { .. } => block_on(doctor::run(&config, output)),
    }
}

/// Several threads: indexing and segmenting block the one they run on.
fn block_on(work: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

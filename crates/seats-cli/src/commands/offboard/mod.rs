//! The commands that off-board people.

mod apply;
mod config;
mod confirm;
mod failure;
mod one;
mod paths;
mod plan;
mod plan_file;
mod plan_table;
mod settings;
mod status;
mod undo;
mod vendors;

use crate::arguments;

use self::failure::finish;

/// `seats plan`.
pub async fn plan(arguments: &arguments::Plan) -> u8 {
    finish(plan::run(arguments).await)
}

/// `seats apply`.
pub async fn apply(arguments: &arguments::Apply) -> u8 {
    finish(apply::run(&arguments.plan, &arguments.run).await)
}

/// `seats status`.
pub fn status(arguments: &arguments::Status) -> u8 {
    finish(status::run(arguments))
}

/// `seats undo`.
pub async fn undo(arguments: &arguments::Undo) -> u8 {
    finish(undo::run(arguments).await)
}

/// `seats offboard`.
pub async fn offboard(arguments: &arguments::Offboard) -> u8 {
    finish(one::run(arguments).await)
}

/// `seats config`.
pub async fn config(arguments: &arguments::Config) -> u8 {
    let arguments::Config::Check(options) = arguments;
    finish(config::check(options).await)
}

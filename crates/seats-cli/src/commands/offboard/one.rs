//! `seats offboard`: plans and applies for one person.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use seats_offboard::{People, read_plan};

use super::apply::apply;
use super::failure::Failure;
use super::plan::make;
use super::plan_file::PlanFile;
use super::plan_table;
use super::settings::Settings;
use super::vendors::{Needed, connect};
use crate::arguments;
use crate::output::printable::quoted;
use crate::run::start_log;

/// Plans the person's seats, and takes them back after asking.
///
/// # Errors
/// An identity is none, a vendor cannot be read, or applying the plan fails.
pub async fn run(arguments: &arguments::Offboard) -> Result<u8, Failure> {
    start_log(arguments.run.settings.verbose);
    let settings = Settings::of(&arguments.run.settings)?;
    let people = People::of_one(arguments.identities.iter().cloned()).map_err(|text| {
        let rule = "must be an email address, a user principal name or a UUID; for a list of people, use `seats plan`";
        Failure::input(format!("{}: {rule}", quoted(&text)))
    })?;
    let vendors = connect(&settings, Needed::Products)?;
    let path = arguments.out.clone().unwrap_or_else(default_path);
    let file = PlanFile::begin(Some(&path))?;
    make(&people, None, vendors.clone(), &file).await?;
    plan_table::print(|| file.read(), settings.prices())?;
    let end = read_plan(file.read()?, &mut |_| Ok(()))?;
    if end.totals.seats == 0 {
        return Ok(0);
    }
    file.keep(&path)?;
    apply(&path, &arguments.run, &settings, vendors).await
}

/// A name that no other plan has.
fn default_path() -> PathBuf {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    PathBuf::from(format!("offboard-{}.json", since.as_millis()))
}

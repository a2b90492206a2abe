//! `seats plan`: finds the seats of people, and writes a plan. It only reads.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use seats_offboard::{Basis, People, PlanBuilder, PlanProgress, ReadOptions, RowSink, Vendor};

use super::failure::Failure;
use super::plan_file::PlanFile;
use super::plan_table;
use super::settings::Settings;
use super::vendors::{self, Needed, connect};
use crate::arguments::{self, PlanFormat};
use crate::output::streams;
use crate::run::{PlanningBar, start_log};

/// Makes a plan, prints it, and keeps it if a file is named.
///
/// # Errors
/// The list or a vendor cannot be read, or the plan cannot be written.
pub async fn run(arguments: &arguments::Plan) -> Result<u8, Failure> {
    start_log(arguments.settings.verbose);
    let settings = Settings::of(&arguments.settings)?;
    let list = arguments
        .everyone_except
        .as_deref()
        .or(arguments.list.as_deref());
    let people = read_list(list.unwrap_or(Path::new("-")), &arguments.column)?;
    let vendors = connect(&settings, Needed::Products)?;
    let file = PlanFile::begin(arguments.out.as_deref())?;
    note_vendors(&settings, &vendors);
    let most = arguments
        .everyone_except
        .as_ref()
        .map(|_| arguments.max_share.unwrap_or_default());
    make(&people, most, vendors, &file).await?;
    match arguments.format {
        PlanFormat::Table => plan_table::print(|| file.read(), settings.prices())?,
        PlanFormat::Json => print_document(&file)?,
    }
    match &arguments.out {
        Some(path) => {
            file.keep(path)?;
            streams::note(&format!(
                "written to {0}; apply it with `seats apply {0}`",
                path.display()
            ));
        }
        None => streams::note("this plan was not kept; name a file with -o to apply it"),
    }
    Ok(0)
}

/// Plans the seats of the listed people, or of all other holders.
///
/// # Errors
/// A vendor cannot be read, or the plan cannot be written.
pub async fn make(
    people: &People,
    everyone_except: Option<seats_offboard::MaxShare>,
    vendors: Vec<Arc<dyn Vendor>>,
    file: &PlanFile,
) -> Result<(), Failure> {
    let builder = PlanBuilder::new(vendors);
    let bar = PlanningBar::start();
    let mut progress = |progress: PlanProgress| bar.show(&progress);
    let basis = match everyone_except {
        Some(most) => Basis::EveryoneExcept {
            max_share: most.get(),
        },
        None => Basis::Leavers,
    };
    let mut writer = file.writer(builder.head(basis).await?)?;
    let sink: &mut dyn RowSink = &mut writer;
    match everyone_except {
        Some(most) => {
            builder
                .everyone_except_into(people, most, sink, &mut progress)
                .await?
        }
        None => builder.leavers_into(people, sink, &mut progress).await?,
    }
    writer.finish()?;
    Ok(())
}

fn read_list(path: &Path, columns: &[String]) -> Result<People, Failure> {
    let options = ReadOptions {
        columns: columns.to_vec(),
    };
    let list: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let file = File::open(path)
            .map_err(|error| Failure::input(format!("cannot open {}: {error}", path.display())))?;
        Box::new(file)
    };
    let shown = path.display();
    People::read(list, &options).map_err(|error| Failure::input(format!("{shown}: {error}")))
}

/// Returns a note for each vendor that the plan leaves out.
fn note_vendors(settings: &Settings, vendors: &[Arc<dyn Vendor>]) {
    let has = |name: &str| {
        vendors
            .iter()
            .any(|it| it.account().vendor.as_str() == name)
    };
    if !has("datadog") && vendors::has_datadog_credentials() {
        streams::note(
            "note: Datadog is not looked at; name its products with --datadog-product or in seats.toml",
        );
    }
    if !has("store") && settings.store.value.is_none() {
        streams::note("note: the Store is not looked at; there are no credentials for it");
    }
}

fn print_document(file: &PlanFile) -> Result<(), Failure> {
    let mut document = file.read()?;
    match io::copy(&mut document, &mut io::stdout().lock()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        copied => Ok(copied.map(drop)?),
    }
}

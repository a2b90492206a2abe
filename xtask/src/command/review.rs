//! Both sides from git and from disk, the review to a terminal or a pull request, and the exit code.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use review::git::{self, Repository};
use review::{Review, Side, snapshots};
use spec::{Diagnostic, Source};

/// How the review is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a pull request
    Markdown,
}

/// What to review, and how to write it.
#[derive(Args)]
pub(super) struct Arguments {
    /// The commit to compare the working tree with [default: where this branch left main]
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// How to write the review
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The workspace to work in [default: this one]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// Why there is no review.
enum Error {
    Git(git::Error),
    Specs(Vec<Diagnostic>),
    Disk(String, io::Error),
}

/// The exit code where there is no review.
const NO_REVIEW: u8 = 2;

/// Reviews what the working tree changes of the base. The exit code is 1 where a crate's version is
/// not what the change asks for, and 2 where there is no review.
///
/// # Errors
/// What it says cannot be written.
pub(super) fn run(
    arguments: Arguments,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let root = arguments.root.unwrap_or_else(crate::workspace_root);
    match both_sides(&root, arguments.base.as_deref()) {
        Ok(review) => {
            let words = match arguments.format {
                Format::Text => ::review::text(&review, styled),
                Format::Markdown => ::review::markdown(&review),
            };
            out.write_all(words.as_bytes())?;
            Ok(u8::from(!review.versions_are_right()))
        }
        Err(error) => {
            report(&error, styled, err)?;
            Ok(NO_REVIEW)
        }
    }
}

fn both_sides(root: &Path, base: Option<&str>) -> Result<Review, Error> {
    let repository = Repository::of(root).map_err(Error::Git)?;
    let revision = repository.base(base).map_err(Error::Git)?;
    let new = Side {
        specs: spec::read_all(root).map_err(Error::Specs)?,
        snapshots: on_disk(root)?,
    };
    let mut old = Side::default();
    let mut troubles = Vec::new();
    for (file, text) in repository
        .files(&revision, "specs", ".yaml")
        .map_err(Error::Git)?
    {
        let name = file.strip_suffix(".yaml").unwrap_or(&file);
        let path = format!("{}:specs/{file}", revision.name);
        match Source::parse(name, &path, text) {
            Ok(source) => old.specs.push(source),
            Err(errors) => troubles.extend(errors),
        }
    }
    if !troubles.is_empty() {
        return Err(Error::Specs(troubles));
    }
    old.snapshots = repository
        .files(&revision, snapshots::FOLDER, snapshots::ENDING)
        .map_err(Error::Git)?
        .into_iter()
        .collect();
    ::review::review(&revision.name, &old, &new).map_err(Error::Specs)
}

fn on_disk(root: &Path) -> Result<review::Snapshots, Error> {
    let folder = root.join(snapshots::FOLDER);
    let trouble = |error| Error::Disk(snapshots::FOLDER.to_owned(), error);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(error) => return Err(trouble(error)),
    };
    let mut files = review::Snapshots::new();
    for entry in entries {
        let path = entry.map_err(trouble)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(snapshots::ENDING) {
            let text = fs::read_to_string(&path)
                .map_err(|error| Error::Disk(format!("{}/{name}", snapshots::FOLDER), error))?;
            files.insert(name, text);
        }
    }
    Ok(files)
}

fn report(error: &Error, styled: bool, err: &mut impl Write) -> io::Result<()> {
    match error {
        Error::Git(error) => {
            writeln!(err, "error: {error}")?;
            if let Some(help) = error.help() {
                writeln!(err, "help: {help}")?;
            }
            Ok(())
        }
        Error::Specs(diagnostics) => {
            for diagnostic in diagnostics {
                writeln!(err, "{}\n", diagnostic.render(styled))?;
            }
            writeln!(err, "nothing was reviewed")
        }
        Error::Disk(path, error) => writeln!(err, "error: {path}: {error}"),
    }
}

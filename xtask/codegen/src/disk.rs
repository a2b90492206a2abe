//! What the specs make, and the files on disk: written, or checked.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fidelity;
use crate::files::{FOLDER, Files};
use crate::generate;
use spec::{Diagnostic, Source, stack};

/// What came of reading, linting and generating specs.
#[derive(Default)]
pub struct Plan {
    /// The generated files; None where a spec has an error.
    pub files: Option<Files>,
    /// Everything that was found, file by file.
    pub diagnostics: Vec<Diagnostic>,
    /// How many specs were looked at.
    pub specs: usize,
    /// How many operations they have.
    pub operations: usize,
}

/// Reads, lints and generates these specs, or all below `root`. Nothing is written.
pub fn plan(root: &Path, files: Option<&[PathBuf]>) -> Plan {
    let all;
    let files = match files {
        Some(files) => files,
        None => match spec::spec_files(root) {
            Ok(files) => {
                all = files;
                &all
            }
            Err(diagnostics) => {
                return Plan {
                    diagnostics,
                    ..Plan::default()
                };
            }
        },
    };
    let mut plan = Plan {
        files: Some(Files::new()),
        ..Plan::default()
    };
    let read_and_run = |file: &PathBuf| {
        let read = spec::read(root, file);
        let outcome = generate::run(read.source.as_slice());
        (read, outcome)
    };
    let mut sources = Vec::new();
    for (read, outcome) in stack::large_each(files, read_and_run) {
        plan.specs += 1;
        plan.operations += read.source.iter().flat_map(Source::operations).count();
        if !read.troubles.is_empty() {
            plan.files = None;
        }
        plan.diagnostics.extend(read.troubles);
        plan.diagnostics.extend(outcome.diagnostics);
        match (&mut plan.files, outcome.files) {
            (Some(files), Some(more)) => files.extend(more),
            (files, _) => *files = None,
        }
        sources.extend(read.source);
    }
    if let Some(files) = &mut plan.files {
        files.insert(fidelity::PATH.to_owned(), fidelity::render(&sources));
    }
    plan
}

/// What departed on disk, and what the lint warns of.
#[derive(Debug)]
pub struct Outcome {
    /// How the disk departs, or departed before it was mended.
    pub departures: Vec<Departure>,
    /// What was found in the specs, and stops nothing.
    pub warnings: Vec<Diagnostic>,
}

/// How one file on disk departs from what the specs say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Departure {
    /// The file's text is another one.
    Differs(String),
    /// The file is not there.
    Missing(String),
    /// The file is there, and no spec asks for it.
    Orphaned(String),
}

impl Departure {
    fn path(&self) -> &str {
        match self {
            Self::Differs(path) | Self::Missing(path) | Self::Orphaned(path) => path,
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Differs(_) => "differs",
            Self::Missing(_) => "is missing",
            Self::Orphaned(_) => "is orphaned (no spec asks for it)",
        };
        write!(f, "{} {word}", self.path())
    }
}

/// Why there is nothing to write or to compare.
#[derive(Debug)]
pub enum Error {
    /// The specs cannot be generated: the errors, and the warnings beside them.
    Specs(Vec<Diagnostic>),
    /// The disk does not do what it was asked.
    Disk {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Specs(diagnostics) => {
                for (n, diagnostic) in diagnostics.iter().enumerate() {
                    let gap = if n == 0 { "" } else { "\n\n" };
                    write!(f, "{gap}{diagnostic}")?;
                }
                Ok(())
            }
            Self::Disk { path, source } => write!(f, "{path}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Specs(_) => None,
            Self::Disk { source, .. } => Some(source),
        }
    }
}

/// What on disk departs from the specs below `root`; nothing, where all is as it should be.
///
/// # Errors
/// The specs cannot be generated, or the files cannot be read.
pub fn check(root: &Path) -> Result<Outcome, Error> {
    let (files, warnings) = expected(root)?;
    Ok(Outcome {
        departures: departures(root, &files)?,
        warnings,
    })
}

/// Makes the files below `root` what the specs say, and tells what it changed.
///
/// # Errors
/// The specs cannot be generated: then nothing is written. Or a file cannot be written.
pub fn write(root: &Path) -> Result<Outcome, Error> {
    let (files, warnings) = expected(root)?;
    let departures = departures(root, &files)?;
    for departure in &departures {
        let path = departure.path();
        let file = root.join(path);
        let outcome = match files.get(path) {
            Some(text) => file
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&file, text)),
            None if path.ends_with('/') => fs::remove_dir(&file),
            None => fs::remove_file(&file),
        };
        outcome.map_err(|source| Error::Disk {
            path: path.to_owned(),
            source,
        })?;
    }
    remove_empty_folders(&root.join(FOLDER)).map_err(|source| Error::Disk {
        path: FOLDER.to_owned(),
        source,
    })?;
    Ok(Outcome {
        departures,
        warnings,
    })
}

fn expected(root: &Path) -> Result<(Files, Vec<Diagnostic>), Error> {
    let plan = plan(root, None);
    match plan.files {
        Some(files) => Ok((files, plan.diagnostics)),
        None => Err(Error::Specs(plan.diagnostics)),
    }
}

fn departures(root: &Path, files: &Files) -> Result<Vec<Departure>, Error> {
    let mut on_disk = BTreeSet::new();
    list(root, FOLDER, &mut on_disk)?;
    if root.join(fidelity::PATH).exists() {
        on_disk.insert(fidelity::PATH.to_owned());
    }
    let mut found: Vec<Departure> = on_disk
        .iter()
        .filter(|path| !files.contains_key(*path))
        .cloned()
        .map(Departure::Orphaned)
        .collect();
    for (path, text) in files {
        if !on_disk.contains(path) {
            found.push(Departure::Missing(path.clone()));
            continue;
        }
        let bytes = fs::read(root.join(path)).map_err(|source| Error::Disk {
            path: path.clone(),
            source,
        })?;
        if bytes != text.as_bytes() {
            found.push(Departure::Differs(path.clone()));
        }
    }
    found.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(found)
}

/// Every file below a folder, as a path from the root. A folder that is not there has none.
fn list(root: &Path, folder: &str, found: &mut BTreeSet<String>) -> Result<(), Error> {
    let trouble = |source| Error::Disk {
        path: folder.to_owned(),
        source,
    };
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(trouble(error)),
    };
    let before = found.len();
    for entry in entries {
        let entry = entry.map_err(trouble)?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(trouble)?.is_dir() {
            list(root, &path, found)?;
        } else {
            found.insert(path);
        }
    }
    if found.len() == before && folder != FOLDER {
        // An empty folder would be taken for a crate without a manifest.
        found.insert(format!("{folder}/"));
    }
    Ok(())
}

/// A crate's folder without its files would still be taken for a member of the workspace.
fn remove_empty_folders(folder: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty_folders(&entry.path())?;
            if fs::read_dir(entry.path())?.next().is_none() {
                fs::remove_dir(entry.path())?;
            }
        }
    }
    Ok(())
}

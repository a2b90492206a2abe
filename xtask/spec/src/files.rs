//! The files in `specs/`, read one by one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::node::Place;
use crate::rule::Rule;
use crate::source::Source;

/// What came of reading one file.
pub struct Read {
    /// The file, relative to the workspace's root where it stands there.
    pub path: String,
    /// The spec, where the file is YAML.
    pub source: Option<Source>,
    /// What is wrong with the file.
    pub troubles: Vec<Diagnostic>,
}

/// Reads every spec in `specs/` below `root`, in the order of their names.
///
/// # Errors
/// A file cannot be read, has another ending than `.yaml`, or is not YAML; each file's troubles
/// are in the list.
pub fn read_all(root: &Path) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let mut sources = Vec::new();
    let mut troubles = Vec::new();
    for file in spec_files(root)? {
        let read = read(root, &file);
        sources.extend(read.source);
        troubles.extend(read.troubles);
    }
    if troubles.is_empty() {
        Ok(sources)
    } else {
        Err(troubles)
    }
}

/// Every file in `specs/` below `root`, in the order of their names.
///
/// # Errors
/// The folder cannot be read.
pub fn spec_files(root: &Path) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let folder = root.join("specs");
    let trouble = |error: std::io::Error| {
        let message = format!("cannot read the folder: {error}");
        let place = Place::default();
        vec![Diagnostic::error(
            Rule::SpecFile,
            "specs",
            "",
            place,
            message,
        )]
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(trouble)? {
        files.push(entry.map_err(trouble)?.path());
    }
    files.sort();
    Ok(files)
}

/// Reads one file; the outcome reports what is wrong with it.
pub fn read(root: &Path, file: &Path) -> Read {
    let file_name = file.file_name().unwrap_or_default().to_string_lossy();
    let below_root = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
    let path = below_root.replace(std::path::MAIN_SEPARATOR, "/");
    let trouble =
        |message: String| Diagnostic::error(Rule::SpecFile, &path, "", Place::default(), message);
    let mut read = Read {
        path: path.clone(),
        source: None,
        troubles: Vec::new(),
    };
    let Some(name) = file_name.strip_suffix(".yaml") else {
        let message = if path.starts_with("specs/") {
            "a file in specs/ that is no spec"
        } else {
            "this is no spec"
        };
        read.troubles.push(
            trouble(message.to_owned())
                .help("end the name of a spec in `.yaml`, or move the file elsewhere"),
        );
        return read;
    };
    if is_taken(root, name) {
        let message = format!("a package of this workspace is called `{name}` already");
        read.troubles
            .push(trouble(message).help("choose another name for the file; it names the crate"));
    }
    match fs::read_to_string(file) {
        Ok(text) => match Source::parse(name, &path, text) {
            Ok(source) => read.source = Some(source),
            Err(errors) => read.troubles.extend(errors),
        },
        Err(error) => read
            .troubles
            .push(trouble(format!("cannot read the file: {error}"))),
    }
    read
}

/// Whether a hand-written package has the name: those of crates/, and the one beside it.
fn is_taken(root: &Path, name: &str) -> bool {
    name == "seats-tests" || root.join("crates").join(name).join("Cargo.toml").exists()
}

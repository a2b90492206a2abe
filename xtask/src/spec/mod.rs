//! The specs: hand-written OpenAPI documents, read together with the place of everything in them.

mod node;
mod structure;

use std::fs;
use std::path::{Path, PathBuf};

use openapiv3::OpenAPI;

pub use node::{Content, Key, Node, Place};

use crate::diagnostic::{Diagnostic, Rule};

/// The text of a spec, and its tree.
#[derive(Clone, Debug)]
pub struct Source {
    /// The crate that is generated from it: the file's stem.
    pub name: String,
    /// The file, relative to the workspace's root, with `/` between its parts.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// The text as a tree.
    pub root: Node,
}

/// A spec that was read as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The text it came from.
    pub source: Source,
    /// The document as the generator takes it.
    pub openapi: OpenAPI,
}

/// One operation of a spec, as it stands in the tree.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'a> {
    /// The path template.
    pub path: &'a Key,
    /// The whole path item.
    pub item: &'a Node,
    /// The HTTP method, in lower case as in the spec.
    pub method: &'a Key,
    /// The operation.
    pub node: &'a Node,
}

impl<'a> OperationNode<'a> {
    /// The `operationId`, where there is one.
    pub fn id(&self) -> Option<&'a str> {
        self.node.get("operationId").and_then(Node::as_str)
    }
}

/// The methods that a path item can hold, in the order in which the generator takes them.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Source {
    /// Reads the text of one spec.
    ///
    /// # Errors
    /// The text is not YAML, or the name cannot be a crate's name.
    pub fn parse(name: &str, path: &str, text: String) -> Result<Self, Vec<Diagnostic>> {
        // A parser's own excerpt of the text would stand inside our message.
        let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
        let root = serde_saphyr::from_str_with_options(&text, options).map_err(|error| {
            let (line, column) = error
                .location()
                .map_or((1, 1), |at| (at.line(), at.column()));
            let place = Place::at(&text, line, column);
            let message = format!("this is not YAML: {}", without_location(&error.to_string()));
            vec![
                Diagnostic::error(Rule::Yaml, path, &text, place, message)
                    .help("see https://yaml.org/spec/1.2.2/ for the syntax"),
            ]
        })?;
        let source = Self {
            name: name.to_owned(),
            path: path.to_owned(),
            text,
            root,
        };
        if is_crate_name(name) {
            Ok(source)
        } else {
            let message =
                format!("the file's stem `{name}` names the crate, and cannot be its name");
            Err(vec![source
                .error(Rule::SpecName, &Place { line: 1, column: 1, bytes: 0..0 }, message)
                .help("use lower-case letters, digits and single hyphens, and begin with a letter")])
        }
    }

    /// An error about a place in this spec.
    pub fn error(&self, rule: Rule, place: &Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(rule, &self.path, &self.text, place.clone(), message)
    }

    /// Every operation, in the order in which the generator makes methods of them.
    pub fn operations(&self) -> Vec<OperationNode<'_>> {
        let paths = self
            .root
            .get("paths")
            .map(Node::entries)
            .unwrap_or_default();
        paths
            .iter()
            .flat_map(|(path, item)| {
                METHODS.iter().filter_map(move |method| {
                    let (method, node) = item.entry(method)?;
                    Some(OperationNode {
                        path,
                        item,
                        method,
                        node,
                    })
                })
            })
            .collect()
    }

    /// Follows `$ref`s within this document, until something else stands there.
    ///
    /// None where a reference leads nowhere, out of the document, or in a circle.
    pub fn resolve<'a>(&'a self, mut node: &'a Node) -> Option<&'a Node> {
        // Longer than any honest chain of references.
        for _ in 0..32 {
            match node.get("$ref").and_then(Node::as_str) {
                None => return Some(node),
                Some(reference) => node = self.at_pointer(reference.strip_prefix('#')?)?,
            }
        }
        None
    }

    fn at_pointer(&self, pointer: &str) -> Option<&Node> {
        let steps: Vec<String> = pointer
            .strip_prefix('/')?
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        self.root.at(steps.iter().map(String::as_str))
    }
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
        match read(&file) {
            Ok(source) => sources.push(source),
            Err(errors) => troubles.extend(errors),
        }
    }
    if troubles.is_empty() {
        Ok(sources)
    } else {
        Err(troubles)
    }
}

fn spec_files(root: &Path) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let folder = root.join("specs");
    let trouble = |error: std::io::Error| {
        let message = format!("cannot read the folder: {error}");
        vec![Diagnostic::error(
            Rule::SpecFile,
            "specs",
            "",
            Place::default(),
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

fn read(file: &Path) -> Result<Source, Vec<Diagnostic>> {
    let file_name = file.file_name().unwrap_or_default().to_string_lossy();
    let path = format!("specs/{file_name}");
    let trouble =
        |message: String| Diagnostic::error(Rule::SpecFile, &path, "", Place::default(), message);
    let Some(name) = file_name.strip_suffix(".yaml") else {
        return Err(vec![
            trouble("a file in specs/ that is no spec".to_owned())
                .help("end the name of a spec in `.yaml`, or move the file elsewhere"),
        ]);
    };
    if is_taken(file, name) {
        let taken = trouble(format!(
            "a package of this workspace is called `{name}` already"
        ));
        return Err(vec![
            taken.help("choose another name for the file; it names the crate"),
        ]);
    }
    let text = fs::read_to_string(file)
        .map_err(|error| vec![trouble(format!("cannot read the file: {error}"))])?;
    Source::parse(name, &path, text)
}

/// Whether a hand-written package has the name: those of crates/, and the two beside it.
fn is_taken(file: &Path, name: &str) -> bool {
    let root = file.parent().and_then(Path::parent);
    matches!(name, "seats-tests" | "xtask")
        || root.is_some_and(|root| root.join("crates").join(name).join("Cargo.toml").exists())
}

impl Spec {
    /// Reads a tree as an OpenAPI 3.0 document.
    ///
    /// # Errors
    /// The document is not built as OpenAPI 3.0 has it.
    pub fn from_source(source: Source) -> Result<Self, Vec<Diagnostic>> {
        match serde_json::from_value(source.root.to_json()) {
            Ok(openapi) => Ok(Self { source, openapi }),
            Err(_) => Err(vec![structure::explain(&source)]),
        }
    }
}

fn is_crate_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The parser repeats the line and column, which the diagnostic shows in its own way, and names a
/// setting of its own.
fn without_location(message: &str) -> &str {
    let message = message.lines().next().unwrap_or_default();
    let end = [" at line ", ", set DuplicateKeyPolicy"]
        .iter()
        .filter_map(|part| message.find(part))
        .min();
    end.and_then(|end| message.get(..end))
        .unwrap_or(message)
        .trim_end_matches(',')
}

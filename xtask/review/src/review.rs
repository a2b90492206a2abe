//! Compares two sides, spec by spec.

use std::collections::BTreeSet;

use codegen::FOLDER;
use spec::{Content, Diagnostic, Key, Node, Rule, Severity, Source, stack};

use crate::api::{self, Api};
use crate::compare;
use crate::consequences::{Crates, Placed};
use crate::finding::{Finding, Site};
use crate::pairs::{self, Pair, bare};
use crate::renames::{Renamed, renamed_schemas};
use crate::report::{Fate, Review, SpecReview};
use crate::sections;
use crate::snapshots::{self, Files};
use crate::version::{self, Need};
use crate::words::{Words, say};

/// The specs of one side, and the requests that were recorded of them.
#[derive(Debug, Default)]
pub struct Side {
    /// The specs by their names.
    pub specs: Vec<Source>,
    /// The files of recorded requests by their names.
    pub snapshots: Files,
}

/// Compares two sides.
///
/// # Errors
/// A spec of either side cannot be generated; then the shape of its crate is unknown.
pub fn review(base: &str, old: &Side, new: &Side) -> Result<Review, Vec<Diagnostic>> {
    let names: BTreeSet<&str> = old
        .specs
        .iter()
        .chain(&new.specs)
        .map(|source| source.name.as_str())
        .collect();
    let find =
        |side: &'_ Side, name: &str| side.specs.iter().position(|source| source.name == name);
    let mut specs = Vec::new();
    let mut troubles = Vec::new();
    for name in names {
        let before = find(old, name).and_then(|at| old.specs.get(at));
        let after = find(new, name).and_then(|at| new.specs.get(at));
        let reviewed = match (before, after) {
            (Some(before), Some(after)) => changed(before, after, old, new),
            (None, Some(after)) => added(after),
            (Some(before), None) => Ok(Some(removed(before))),
            (None, None) => Ok(None),
        };
        match reviewed {
            Ok(spec) => specs.extend(spec),
            Err(errors) => troubles.extend(errors),
        }
    }
    if troubles.is_empty() {
        Ok(Review {
            base: base.to_owned(),
            specs,
        })
    } else {
        Err(troubles)
    }
}

fn changed(
    before: &Source,
    after: &Source,
    old: &Side,
    new: &Side,
) -> Result<Option<SpecReview>, Vec<Diagnostic>> {
    let with_version = with_version(before);
    let [(old_api, _), (new_api, lint_errors)] = both([crate_api(&with_version), head(after)])?;
    let operations = pairs::pairs(before, after);
    let schemas = renamed_schemas(before, after);
    let mut findings = compare::compare(before, after, &operations, &schemas);
    let names = rust_names(&operations, &schemas, &old_api, &new_api);
    let crates = Crates {
        operations: &operations,
        schemas: &schemas,
        names: schema_names(before).chain(schema_names(after)).collect(),
        old: &old_api,
        new: &new_api,
    };
    for finding in &mut findings {
        if let (Site::Component("schema", name), true) = (&finding.site, finding.reach.is_empty()) {
            finding.reach = crates.reach(name);
        }
    }
    findings.extend(crates.unexplained(&findings));
    let changes = api::compare(&old_api, &new_api, &names).into_iter();
    let consequences: Vec<Placed> = changes.map(|change| crates.place(change)).collect();
    let mut need = version::need(&findings, &consequences);
    if need == Need::Nothing && old_api.code != new_api.code {
        need = Need::Patch;
        let says = say(
            "the generated code is another one in its checks or its texts",
            &[],
        );
        findings.push(Finding::new(Site::Document, Words::default(), says));
    }
    if findings.is_empty() {
        findings.extend(version::alone(before, after));
    }
    let verdict = version::judge(before, after, need).ok_or_else(|| {
        let message = "nobody can tell the version of the crate";
        vec![after.error(Rule::CrateVersion, &after.root.place, message)]
    })?;
    let snapshots = snapshots::changed(&after.name, &operations, &old.snapshots, &new.snapshots);
    let is_silent = findings.is_empty() && consequences.is_empty();
    let fate = match (before.text == after.text, is_silent) {
        (true, _) => Fate::Same,
        (false, true) => Fate::Rewritten,
        (false, false) => Fate::Changed,
    };
    if fate == Fate::Same && snapshots.is_empty() {
        return Ok(None);
    }
    let (sections, snapshots) = sections::group(&operations, findings, consequences, snapshots);
    Ok(Some(SpecReview {
        name: after.name.clone(),
        fate,
        sections,
        snapshots,
        verdict: Some(verdict),
        lint_errors: lint_errors.len(),
    }))
}

fn added(source: &Source) -> Result<Option<SpecReview>, Vec<Diagnostic>> {
    let (_, lint_errors) = head(source)?;
    Ok(Some(SpecReview {
        lint_errors: lint_errors.len(),
        ..alone(source, &empty(source), source, Fate::Added)
    }))
}

fn removed(source: &Source) -> SpecReview {
    alone(source, source, &empty(source), Fate::Removed)
}

/// That each part of a spec is new or gone goes without saying; what is a matter of security does not.
fn alone(source: &Source, old: &Source, new: &Source, fate: Fate) -> SpecReview {
    let operations = pairs::pairs(old, new);
    let mut findings = compare::compare(old, new, &operations, &Renamed::new());
    findings.retain(|finding| {
        let is_security = finding.security && fate == Fate::Added;
        is_security || matches!(finding.site, Site::Operation(_))
    });
    let (sections, _) = sections::group(&operations, findings, Vec::new(), Vec::new());
    SpecReview {
        name: source.name.clone(),
        fate,
        sections,
        snapshots: Vec::new(),
        verdict: None,
        lint_errors: 0,
    }
}

/// A spec that says nothing at all.
fn empty(source: &Source) -> Source {
    let root = Node::empty();
    Source {
        root,
        text: String::new(),
        ..source.clone()
    }
}

/// The public items of the crate that a spec makes, and the errors that the lint finds in the spec.
/// Those that the generator can do with are the lint's to tell.
fn crate_api(source: &Source) -> Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>> {
    stack::large(|| {
        let reviewed = lint::review(source);
        let mut errors = reviewed.diagnostics.clone();
        errors.retain(|found| found.rule.severity() == Severity::Error);
        let files = codegen::generate_reviewed(reviewed)?;
        Ok((public_items(source, &files)?, errors))
    })
}

/// The same for a spec as it is now: without a version there is nothing to say of its crate's.
fn head(source: &Source) -> Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (api, errors) = crate_api(source)?;
    let (of_the_version, others): (Vec<_>, Vec<_>) = errors
        .into_iter()
        .partition(|found| found.rule == Rule::CrateVersion);
    if of_the_version.is_empty() {
        Ok((api, others))
    } else {
        Err(of_the_version)
    }
}

fn public_items(source: &Source, files: &codegen::Files) -> Result<Api, Vec<Diagnostic>> {
    let text = |file: &str| {
        files
            .get(&format!("{FOLDER}/{}/src/{file}", source.name))
            .map(String::as_str)
            .unwrap_or_default()
    };
    api::read(text("client.rs"), text("lib.rs")).ok_or_else(|| {
        vec![source.error(
            Rule::GeneratorCannotHandle,
            &source.root.place,
            "the generated crate is not Rust",
        )]
    })
}

fn both<T>(results: [Result<T, Vec<Diagnostic>>; 2]) -> Result<[T; 2], Vec<Diagnostic>> {
    match results {
        [Ok(old), Ok(new)] => Ok([old, new]),
        [old, new] => Err([old.err(), new.err()]
            .into_iter()
            .flatten()
            .flatten()
            .collect()),
    }
}

/// A base may be older than the rule that a spec says its crate's version. It is no fault of a
/// change to add it, and no version is asked of such a change.
fn with_version(source: &Source) -> Source {
    let mut source = source.clone();
    let Content::Mapping(root) = &mut source.root.content else {
        return source;
    };
    let info = root.iter_mut().find(|(key, _)| key.name == "info");
    if let Some((
        _,
        Node {
            content: Content::Mapping(info),
            place,
        },
    )) = info
        && !info.iter().any(|(key, _)| key.name == spec::version::KEY)
    {
        let key = Key {
            name: spec::version::KEY.to_owned(),
            place: place.clone(),
        };
        let content = Content::Scalar(serde_json::Value::from("0.0.0"));
        info.push((
            key,
            Node {
                content,
                place: place.clone(),
            },
        ));
    }
    source
}

fn schema_names(source: &Source) -> impl Iterator<Item = String> {
    let schemas = source.root.at(["components", "schemas"]);
    schemas
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .map(|(key, _)| key.name.clone())
}

/// What was renamed, in the names that the generator gave.
fn rust_names(operations: &[Pair<'_>], schemas: &Renamed, old: &Api, new: &Api) -> api::Names {
    let mut names = api::Names::default();
    let find = |known: Vec<&String>, name: &str| -> Option<String> {
        let is_it = |known: &&String| bare(known) == bare(name);
        known.into_iter().find(is_it).cloned()
    };
    for pair in operations {
        let before = find(old.methods.keys().collect(), pair.old_id());
        let after = find(new.methods.keys().collect(), pair.new_id());
        if let (Some(before), Some(after)) = (before, after) {
            names.methods.insert(before, after);
        }
    }
    for (before, after) in schemas {
        let before = find(old.types.keys().collect(), before);
        let after = find(new.types.keys().collect(), after);
        if let (Some(before), Some(after)) = (before, after) {
            names.types.insert(before, after);
        }
    }
    names
}

//! Lints specs and generates their crates: the same specs give the same bytes.

use spec::{Diagnostic, Source, Spec, stack};

use crate::files::{self, FOLDER, Files};
use crate::{client, examples, library, manifest, operations, requests};

/// What the specs make, and what was found on the way.
#[derive(Default)]
pub struct Outcome {
    /// The crates of all specs; None where one of them has an error.
    pub files: Option<Files>,
    /// Everything that was found: errors and warnings, spec by spec.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lints the specs and generates their crates.
pub fn run(sources: &[Source]) -> Outcome {
    stack::large(|| run_here(sources))
}

fn run_here(sources: &[Source]) -> Outcome {
    let mut files = Files::new();
    let mut diagnostics = Vec::new();
    for source in sources {
        let reviewed = lint::review(source);
        diagnostics.extend(reviewed.diagnostics);
        match reviewed.spec.map(|spec| generate_crate(&spec)) {
            Some(Ok(crate_files)) => files.extend(crate_files),
            Some(Err(errors)) => diagnostics.extend(errors),
            None => {}
        }
    }
    Outcome {
        files: (!lint::has_errors(&diagnostics)).then_some(files),
        diagnostics,
    }
}

/// The crates of all specs.
///
/// # Errors
/// What keeps any of the specs from being generated; then there are no files at all.
pub fn generate(sources: &[Source]) -> Result<Files, Vec<Diagnostic>> {
    let outcome = run(sources);
    outcome.files.ok_or(outcome.diagnostics)
}

/// The crate of one spec, where the generator can have it, whatever other rules it breaks.
///
/// For a spec that is older than a rule.
///
/// # Errors
/// What breaks the generator.
pub fn generate_regardless(source: &Source) -> Result<Files, Vec<Diagnostic>> {
    stack::large(|| generate_reviewed(lint::review(source)))
}

/// The crate of a spec that the lint looked at already, whatever it found.
///
/// # Errors
/// What breaks the generator.
pub fn generate_reviewed(mut reviewed: lint::Reviewed) -> Result<Files, Vec<Diagnostic>> {
    match reviewed.spec {
        Some(spec) => generate_crate(&spec),
        None => {
            let breaks = |found: &Diagnostic| found.rule.breaks_the_generator();
            reviewed.diagnostics.retain(breaks);
            Err(reviewed.diagnostics)
        }
    }
}

fn generate_crate(spec: &Spec) -> Result<Files, Vec<Diagnostic>> {
    let source = &spec.source;
    let client = client::generate(spec)?;
    let operations = operations::read(spec, &client.methods);
    let root = format!("{FOLDER}/{}", source.name);
    let mut files = Files::new();
    let mut tests = Vec::new();
    let rendered = [
        ("examples", examples::render(spec, &operations)),
        ("requests", requests::render(spec, &operations)),
    ];
    for (name, text) in rendered {
        if let Some(text) = text {
            tests.push(name);
            files.insert(format!("{root}/tests/{name}.rs"), text);
        }
    }
    files.insert(
        format!("{root}/Cargo.toml"),
        manifest::render(spec, &client.uses, &tests),
    );
    files.insert(
        format!("{root}/src/client.rs"),
        files::header(source, "//") + &client.text,
    );
    files.insert(
        format!("{root}/src/lib.rs"),
        library::render(spec, &operations),
    );
    Ok(files)
}

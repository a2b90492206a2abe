//! Says before the generator runs what the generator would fail on, or would silently get wrong.

mod bodies;
mod operations;
mod parameters;
mod references;
mod security;
pub(crate) mod version;

use crate::diagnostic::{Diagnostic, Rule};
use crate::spec::{Source, Spec};

/// Reads a document as a spec that the generator can take.
///
/// # Errors
/// Everything that keeps it from being generated. What stands later in this list is looked for only
/// where the earlier things are right: the version and the references, the structure, the operations.
pub fn read(source: &Source) -> Result<Spec, Vec<Diagnostic>> {
    let mut found = openapi_version(source);
    found.extend(references::check(source));
    if !found.is_empty() {
        return Err(found);
    }
    let spec = Spec::from_source(source.clone())?;
    found.extend(operations::check(source));
    found.extend(parameters::check(source));
    found.extend(bodies::check(source));
    found.extend(security::check(source));
    found.extend(version::check(source));
    if found.is_empty() {
        Ok(spec)
    } else {
        Err(found)
    }
}

fn openapi_version(source: &Source) -> Vec<Diagnostic> {
    let help =
        "begin the document with `openapi: 3.0.3`; the generator takes no other line of versions";
    match source.root.get("openapi") {
        None => {
            vec![
                source
                    .error(
                        Rule::OpenapiVersion,
                        &source.root.place,
                        "there is no `openapi` version",
                    )
                    .help(help),
            ]
        }
        Some(node)
            if node
                .as_str()
                .is_some_and(|version| version.trim().starts_with("3.0.")) =>
        {
            Vec::new()
        }
        Some(node) => {
            let message = format!(
                "OpenAPI {} is not taken",
                node.to_json().to_string().trim_matches('"')
            );
            vec![
                source
                    .error(Rule::OpenapiVersion, &node.place, message)
                    .help(help),
            ]
        }
    }
}

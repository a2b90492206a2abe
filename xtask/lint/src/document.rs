//! The file names a crate, and the document is one of OpenAPI 3.0.

use spec::{Diagnostic, Place, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    name(source).into_iter().chain(version(source)).collect()
}

/// Whether the document says that it is OpenAPI 3.0.
pub(super) fn is_3_0(source: &Source) -> bool {
    let version = source.root.get("openapi").and_then(|node| node.as_str());
    version.is_some_and(|version| version.trim().starts_with("3.0."))
}

fn version(source: &Source) -> Option<Diagnostic> {
    let (place, message) = match source.root.get("openapi") {
        None => {
            let swagger = source.root.get("swagger");
            let message = match swagger {
                Some(_) => "this is a document of Swagger 2.0",
                None => "there is no `openapi` version",
            };
            let place = swagger.map_or(&source.root.place, |node| &node.place);
            (place, message.to_owned())
        }
        Some(_) if is_3_0(source) => return None,
        Some(node) => {
            let version = node.to_json().to_string();
            let message = format!("OpenAPI {} is not taken", version.trim_matches('"'));
            (&node.place, message)
        }
    };
    Some(source.error(Rule::OpenapiVersion, place, message).help(
        "begin the document with `openapi: 3.0.3`; the generator takes no other line of versions",
    ))
}

fn name(source: &Source) -> Option<Diagnostic> {
    let name = &source.name;
    let is_crate_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_crate_name {
        return None;
    }
    let start = Place {
        line: 1,
        column: 1,
        bytes: 0..0,
    };
    let message = format!("the file's stem `{name}` names the crate, and cannot be its name");
    Some(
        source
            .error(Rule::SpecName, &start, message)
            .help("use lower-case letters, digits and single hyphens, and begin with a letter"),
    )
}

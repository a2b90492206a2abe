//! Every value that a path parameter takes stays in its segment of the path.

use spec::accepts::Accepts;
use spec::{Diagnostic, Node, Place, Rule, Source, segment};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut seen: Vec<*const Node> = Vec::new();
    let mut found = Vec::new();
    for operation in source.operations() {
        for parameter in source.parameters(operation) {
            // Operations share parameters, and trying takes its time.
            let is_new = !seen.contains(&std::ptr::from_ref(parameter));
            if is_new && super::parameters::text(parameter, "in") == "path" {
                seen.push(parameter);
                found.extend(parameter_troubles(source, parameter));
            }
        }
    }
    found
}

fn parameter_troubles(source: &Source, parameter: &Node) -> Vec<Diagnostic> {
    let Some(schema) = parameter.get("schema") else {
        return Vec::new();
    };
    let Some(accepts) = Accepts::new(source, schema, 0) else {
        // Another rule tells that it leads nowhere, or cannot be compiled.
        return Vec::new();
    };
    let place = place(source, schema);
    let name = super::parameters::text(parameter, "name");
    let Some(tried) = segment::in_time(accepts, segment::known(source, parameter, schema)) else {
        let message = "the pattern takes too long to be matched";
        return vec![source.error(Rule::Pattern, place, message).help(
            "a repetition within a repetition, such as `(a+)+`, tries every way to divide a text; the generated code would hang",
        )];
    };
    if !tried.leaving.is_empty() {
        let message = format!(
            "the path parameter `{name}` takes {}",
            listed(&tried.leaving)
        );
        return vec![source.error(Rule::PathSegment, place, message).help(
            "refuse these by a `pattern`: `cargo xtask lint --explain path-segment` shows one; each can make it another call",
        )];
    }
    let mut found = Vec::new();
    if !tried.encoded.is_empty() {
        let message = format!(
            "the path parameter `{name}` takes {}",
            listed(&tried.encoded)
        );
        found.push(
            source
                .error(Rule::PathSegmentEncoded, place, message)
                .help("refuse these in the `pattern` too; something on the way may decode them"),
        );
    }
    if !tried.has_ground {
        let message = format!("no value is known that the path parameter `{name}` takes");
        found.push(source.error(Rule::PathSegmentUntried, place, message).help(
            "give the parameter an `example`; what would leave the path is then tried within it",
        ));
    }
    found
}

/// Where the schema says what it takes: its pattern, its type, or else the schema.
fn place<'a>(source: &'a Source, schema: &'a Node) -> &'a Place {
    let resolved = source.resolve(schema).unwrap_or(schema);
    let says = resolved.get("pattern").or_else(|| resolved.get("type"));
    &says.unwrap_or(resolved).place
}

fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

//! Every pattern can be compiled by what the generated code matches with, and is looked at.

use regress::Regex;

use super::walk::{Kind, walk};
use spec::accepts::NATIVE;
use spec::{Diagnostic, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    walk(source)
        .objects
        .into_iter()
        .filter(|object| object.kind == Kind::Schema)
        .filter_map(|object| fault(source, object.node))
        .collect()
}

fn fault(source: &Source, schema: &Node) -> Option<Diagnostic> {
    let (key, pattern) = schema.entry("pattern")?;
    let text = pattern.as_str()?;
    if let Err(error) = Regex::new(text) {
        let message = format!("the pattern cannot be compiled: {}", error.text);
        return Some(source.error(Rule::Pattern, &pattern.place, message).help(
            "write it as ECMAScript has it; in YAML, put it between single quotes, where `\\` stands for itself",
        ));
    }
    let format = schema.get("format").and_then(Node::as_str)?;
    if NATIVE.contains(&format) {
        let message =
            format!("nobody looks at the pattern: `format: {format}` makes a type of its own");
        return Some(
            source
                .error(Rule::Pattern, &key.place, message)
                .help("keep the one of them that says more"),
        );
    }
    let kind = schema.get("type").and_then(Node::as_str)?;
    (kind != "string").then(|| {
        source
            .error(
                Rule::Pattern,
                &key.place,
                format!("nobody looks at the pattern of a `{kind}`"),
            )
            .help("a pattern is for `type: string`")
    })
}

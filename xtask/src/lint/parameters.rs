//! Every parameter can be sent, and every path template is filled.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule};
use crate::spec::{Node, OperationNode, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for operation in source.operations() {
        let parameters = parameters(source, operation);
        for parameter in &parameters {
            found.extend(kind(source, parameter));
        }
        found.extend(template(source, operation, &parameters));
    }
    // A shared parameter is looked at once for each operation that uses it.
    found.dedup_by(|a, b| a.place == b.place && a.rule == b.rule);
    found
}

/// The parameters of an operation and of its path item; the operation's own win.
fn parameters<'a>(source: &'a Source, operation: OperationNode<'a>) -> Vec<&'a Node> {
    let mut by_name: BTreeMap<(&str, &str), &Node> = BTreeMap::new();
    for owner in [operation.item, operation.node] {
        for parameter in owner.get("parameters").map(Node::items).unwrap_or_default() {
            if let Some(parameter) = source.resolve(parameter) {
                by_name.insert((text(parameter, "in"), text(parameter, "name")), parameter);
            }
        }
    }
    by_name.into_values().collect()
}

fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

fn kind(source: &Source, parameter: &Node) -> Option<Diagnostic> {
    let name = text(parameter, "name");
    let (place, message, help) = if text(parameter, "in") == "cookie" {
        let place = parameter.get("in").unwrap_or(parameter);
        (
            place,
            format!("`{name}` is a cookie"),
            "the generator sends no cookies; use a header, a query or a path parameter",
        )
    } else if let Some(content) = parameter.get("content") {
        (
            content,
            format!("`{name}` has a `content`"),
            "describe the value with `schema`; the generator sends no other form",
        )
    } else if parameter.get("schema").is_none() {
        (
            parameter,
            format!("`{name}` has no schema"),
            "say what the value looks like, such as `schema: {type: string}`",
        )
    } else if text(parameter, "in") == "path"
        && !parameter.get("required").is_some_and(Node::is_true)
    {
        (
            parameter,
            format!("the path parameter `{name}` is not required"),
            "add `required: true`; without it the path has a hole",
        )
    } else {
        let style = parameter.get("style")?;
        let only = match text(parameter, "in") {
            "query" => "form",
            _ => "simple",
        };
        if style.as_str() == Some(only) {
            return None;
        }
        (
            style,
            format!("`{name}` has a style that the generator does not know"),
            "leave `style` out",
        )
    };
    let rule = if text(parameter, "in") == "path" && message.contains("not required") {
        Rule::PathParameter
    } else {
        Rule::ParameterKind
    };
    Some(source.error(rule, &place.place, message).help(help))
}

fn template(
    source: &Source,
    operation: OperationNode<'_>,
    parameters: &[&Node],
) -> Vec<Diagnostic> {
    let path = operation.path;
    let Some(names) = template_names(&path.name) else {
        let message = format!("`{}` is no path template", path.name);
        let help = "begin with `/`; what is between two `/` is a `{parameter}`, each of them once, or plain ASCII that needs no encoding";
        return vec![
            source
                .error(Rule::PathParameter, &path.place, message)
                .help(help),
        ];
    };
    let declared: Vec<&Node> = parameters
        .iter()
        .copied()
        .filter(|node| text(node, "in") == "path")
        .collect();
    let undeclared = names
        .iter()
        .filter(|name| !declared.iter().any(|node| text(node, "name") == **name))
        .map(|name| {
            let message = format!("`{{{name}}}` in the path has no parameter");
            source
                .error(Rule::PathParameter, &path.place, message)
                .help(format!(
                    "add a parameter with `name: {name}`, `in: path` and `required: true`"
                ))
        });
    let unused = declared
        .iter()
        .filter(|node| !names.contains(&text(node, "name")))
        .map(|node| {
            let name = text(node, "name");
            let message = format!(
                "the path parameter `{name}` does not stand in `{}`",
                path.name
            );
            source
                .error(Rule::PathParameter, &node.place, message)
                .help(format!(
                    "put `{{{name}}}` into the path, or take the parameter away"
                ))
        });
    undeclared.chain(unused).collect()
}

/// The names between braces; None where the braces or the first character are not right.
fn template_names(path: &str) -> Option<Vec<&str>> {
    let mut rest = path.strip_prefix('/')?;
    let mut names = Vec::new();
    if path.contains(['?', '#', ' ']) {
        return None;
    }
    while let Some((constant, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        // A parameter fills its segment: the route guard compares segment by segment.
        let is_whole = (constant.is_empty() && names.is_empty() || constant.ends_with('/'))
            && (tail.is_empty() || tail.starts_with('/'));
        if !is_whole || names.contains(&name) {
            return None;
        }
        if constant.contains('}') || name.is_empty() || name.contains(['/', '{']) {
            return None;
        }
        names.push(name);
        rest = tail;
    }
    let constants = path
        .split('/')
        .skip(1)
        .filter(|segment| !segment.starts_with('{'));
    let all_plain = path == "/" || constants.into_iter().all(is_plain_segment);
    (!rest.contains('}') && all_plain).then_some(names)
}

/// Whether a URL parser leaves the segment as it is; the route guard compares it letter by letter.
fn is_plain_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
        && segment
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&b))
}

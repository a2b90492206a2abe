//! Every parameter can be sent, and every path template is filled.

use spec::{Diagnostic, Node, OperationNode, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for operation in source.operations() {
        let parameters = source.parameters(operation);
        for parameter in &parameters {
            found.extend(kind(source, parameter));
        }
        found.extend(template(source, operation, &parameters));
    }
    found
}

pub(super) fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

fn kind(source: &Source, parameter: &Node) -> Option<Diagnostic> {
    let name = text(parameter, "name");
    let place = text(parameter, "in");
    let error = |at: &Node, message: String, help: &str| {
        Some(
            source
                .error(Rule::ParameterKind, &at.place, message)
                .help(help),
        )
    };
    if place == "cookie" {
        let at = parameter.get("in").unwrap_or(parameter);
        let help = "the generator sends no cookies; use a header, a query or a path parameter";
        return error(at, format!("`{name}` is a cookie"), help);
    }
    if let Some(content) = parameter.get("content") {
        let help = "describe the value with `schema`; the generator sends no other form";
        return error(content, format!("`{name}` has a `content`"), help);
    }
    let Some(schema) = parameter.get("schema") else {
        let help = "say what the value looks like, such as `schema: {type: string}`";
        return error(parameter, format!("`{name}` has no schema"), help);
    };
    form(source, parameter).or_else(|| value(source, name, place, schema))
}

/// The fields that change how a value is written, and that the generator does not read.
fn form(source: &Source, parameter: &Node) -> Option<Diagnostic> {
    let name = text(parameter, "name");
    let only = match text(parameter, "in") {
        "query" => "form",
        _ => "simple",
    };
    let style = parameter
        .entry("style")
        .filter(|(_, style)| style.as_str() != Some(only));
    // What OpenAPI has where the field is left out, and what the generator does always.
    let explodes = text(parameter, "in") == "query";
    let explode = parameter
        .entry("explode")
        .filter(|(_, node)| !node.is_bool(explodes));
    let reserved = parameter
        .entry("allowReserved")
        .filter(|(_, node)| !node.is_bool(false));
    let (key, value) = style.or(explode).or(reserved)?;
    let (rule, message) = match key.name.as_str() {
        "explode" => (
            Rule::ParameterForm,
            format!("`{name}` has an `explode` that the generator does not read"),
        ),
        key => (
            Rule::ParameterKind,
            format!("`{name}` has a `{key}` that the generator does not know"),
        ),
    };
    let help = match key.name.as_str() {
        "allowReserved" => {
            "leave it out where an encoded value does as well; the generator encodes every value"
        }
        _ => {
            "describe the value as the one text that is sent, such as `schema: {type: string}` for `a,b`; without this field a list is sent as `name=a&name=b`"
        }
    };
    Some(source.error(rule, &value.place, message).help(help))
}

/// A path and a header hold the text that Rust shows for a value; not every type has one, and that
/// of a time is another than JSON's.
fn value(source: &Source, name: &str, place: &str, schema: &Node) -> Option<Diagnostic> {
    let schema = source.resolve(schema)?;
    if !matches!(place, "path" | "header") {
        return None;
    }
    if let Some((key, _)) = schema.entry("nullable").filter(|(_, node)| node.is_true()) {
        let message = format!("`{name}` may be null, which cannot be written into a {place}");
        return Some(
            source
                .error(Rule::ParameterKind, &key.place, message)
                .help("take `nullable` away; a parameter that need not be there is left out"),
        );
    }
    let (rule, message) = match (text(schema, "type"), text(schema, "format")) {
        (kind @ ("array" | "object"), _) => (
            Rule::ParameterKind,
            format!("`{name}` is an {kind}, which cannot be written into a {place}"),
        ),
        ("string", "date-time") => (
            Rule::ParameterForm,
            format!("`{name}` would be written as `2026-01-31 00:00:00 UTC`"),
        ),
        _ => return None,
    };
    Some(
        source
            .error(rule, &schema.place, message)
            .help("describe it as a string, with a `pattern` for its form"),
    )
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

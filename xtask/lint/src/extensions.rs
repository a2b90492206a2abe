//! Every extension is one that somebody reads, stands where it is read, and holds what it should.

use super::walk::{Kind, Object, walk};
use spec::{Content, Diagnostic, Node, Rule, Source, closest, evidence, version};

/// An extension that the specs may use. [`set_aside`](super::set_aside) reads `x-lint-allow`.
struct Extension {
    name: &'static str,
    /// Where it is read; anywhere, where the list is empty.
    on: &'static [Kind],
    /// What is wrong with the value, given the object that has it.
    fault: fn(&Node, &Node) -> Option<&'static str>,
    help: &'static str,
}

const EXTENSIONS: &[Extension] = &[
    Extension {
        name: "x-rule",
        on: &[Kind::Schema],
        fault: |schema, value| {
            let is_text = value.as_str().is_some() && schema.get("pattern").is_some();
            (!is_text).then_some("`x-rule` is not a text beside a `pattern`")
        },
        help: "`x-rule` says a pattern in words, such as `x-rule: must not be empty`",
    },
    Extension {
        name: "x-idempotent",
        on: &[Kind::Operation],
        fault: |_, value| {
            let is_bool = matches!(value.content, Content::Scalar(serde_json::Value::Bool(_)));
            (!is_bool).then_some("`x-idempotent` is not true or false")
        },
        help: "say whether sending the request twice does the same as sending it once",
    },
    Extension {
        name: "x-permission",
        on: &[Kind::Operation],
        fault: |_, value| {
            let names = value
                .get("permissions")
                .map(Node::items)
                .unwrap_or_default();
            let is_list = value.get("operator").and_then(Node::as_str) == Some("OR")
                && !names.is_empty()
                && names.iter().all(|name| name.as_str().is_some());
            (!is_list).then_some("`x-permission` is not a list of which one is enough")
        },
        help: "write `x-permission: {operator: OR, permissions: [a, b]}`",
    },
    Extension {
        name: "x-env",
        on: &[Kind::SecurityScheme],
        fault: |_, value| {
            let is_variable = value.as_str().is_some_and(|name| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            });
            (!is_variable).then_some("`x-env` is not the name of an environment variable")
        },
        help: "write it with letters, digits and `_`, such as `x-env: VENDOR_API_KEY`",
    },
    Extension {
        name: spec::security::PREFIX,
        on: &[Kind::SecurityScheme],
        fault: |scheme, value| {
            let is_key = scheme.get("type").and_then(Node::as_str) == Some("apiKey");
            let is_plain = |text: &str| text.bytes().all(|b| matches!(b, b' '..=b'~'));
            let is_prefix = is_key && value.as_str().is_some_and(is_plain);
            (!is_prefix).then_some("`x-prefix` is not what stands before a key, in visible ASCII")
        },
        help: "write it with the space at its end, between quotes: `x-prefix: 'SSWS '`",
    },
    Extension {
        name: "x-extensible-enum",
        on: &[Kind::Schema],
        fault: |schema, value| {
            let is_string = schema.get("type").and_then(Node::as_str) == Some("string");
            let values = value.items();
            let is_list = !values.is_empty() && values.iter().all(|value| value.as_str().is_some());
            (!is_string || !is_list)
                .then_some("`x-extensible-enum` is not a list of strings beside `type: string`")
        },
        help: "list the values that are known so far, such as `x-extensible-enum: [active, suspended]`",
    },
    Extension {
        name: version::KEY,
        on: &[Kind::Info],
        // It has a rule of its own.
        fault: |_, _| None,
        help: "it stands in `info`",
    },
    Extension {
        name: evidence::EXTENSION,
        on: &[],
        fault: |_, value| evidence_fault(value),
        help: "its fields are `source`, `date` (2026-02-11, 2026-02, 2026 or undated, as text), `certainty` (certain, likely or unknown), `departs` with `because`, and on the whole document `required`",
    },
    Extension {
        name: "x-lint-allow",
        on: &[],
        fault: |_, _| None,
        help: "put it into the object that it is about",
    },
];

fn evidence_fault(value: &Node) -> Option<&'static str> {
    let fields = value.entries();
    let has = |name: &str| value.get(name).is_some();
    let fits = |name: &str, fits: &dyn Fn(&Node) -> bool| value.get(name).is_none_or(fits);
    let is_known = |node: &Node| {
        let mut known = evidence::CERTAINTIES.iter();
        known.any(|(known, _)| node.as_str() == Some(*known))
    };
    let is_text = |node: &Node| node.as_str().is_some_and(|text| !text.trim().is_empty());
    let is_flag = |node: &Node| matches!(node.content, Content::Scalar(serde_json::Value::Bool(_)));
    if fields.is_empty() {
        Some("`x-evidence` is not a mapping of what is known")
    } else if !fields
        .iter()
        .all(|(key, _)| evidence::FIELDS.contains(&key.name.as_str()))
    {
        Some("`x-evidence` has a field that nobody reads")
    } else if !["source", "departs", "because"]
        .iter()
        .all(|name| fits(name, &is_text))
    {
        Some("`x-evidence` has a field without words")
    } else if !fits("certainty", &is_known) {
        Some("`x-evidence` has a certainty that is none")
    } else if !fits("date", &|node| node.as_str().is_some_and(evidence::is_date)) {
        Some("`x-evidence` has a date that is none")
    } else if !fits("required", &is_flag) {
        Some("`required` in `x-evidence` is not true or false")
    } else if has("departs") != has("because") {
        Some("`x-evidence` departs without saying why, or says why without departing")
    } else {
        None
    }
}

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let walk = walk(source);
    let mut found = Vec::new();
    for object in &walk.objects {
        for (key, value) in object.node.entries() {
            if key.name.starts_with("x-") {
                found.extend(extension(source, *object, key, value));
            }
        }
    }
    // A name of the author's own, such as that of a property, would be read as one.
    for key in walk.names {
        if let Some(extension) = EXTENSIONS.iter().find(|known| known.name == key.name) {
            let message = format!("`{}` would be taken for a name here", key.name);
            found.push(
                source
                    .error(Rule::Extension, &key.place, message)
                    .help(extension.help),
            );
        }
    }
    found
}

fn extension(
    source: &Source,
    object: Object<'_>,
    key: &spec::Key,
    value: &Node,
) -> Option<Diagnostic> {
    let Some(known) = EXTENSIONS.iter().find(|known| known.name == key.name) else {
        let names = EXTENSIONS.iter().map(|known| known.name);
        let message = format!("nobody reads `{}`", key.name);
        let help = match closest(&key.name, names.clone()) {
            Some(name) => format!("write `{name}` if that is meant"),
            None => format!(
                "the extensions are {}",
                names.collect::<Vec<_>>().join(", ")
            ),
        };
        return Some(
            source
                .error(Rule::ExtensionUnknown, &key.place, message)
                .help(help),
        );
    };
    if !known.on.is_empty() && !known.on.contains(&object.kind) {
        let places: Vec<String> = known.on.iter().map(|kind| format!("{kind:?}")).collect();
        let message = format!("nobody reads `{}` here", known.name);
        return Some(
            source
                .error(Rule::Extension, &key.place, message)
                .help(format!(
                    "it is read on an object of the kind {}",
                    places.join(" or ")
                )),
        );
    }
    let fault = (known.fault)(object.node, value)?;
    Some(
        source
            .error(Rule::Extension, &value.place, fault)
            .help(known.help),
    )
}

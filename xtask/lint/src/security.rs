//! Every credential that an operation asks for can be signed with, and goes to the one server.

use super::parameter_names::is_header_name;
use super::parameters;
use heck::ToSnakeCase;
use spec::{Diagnostic, Node, Rule, Source, security};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let owners = std::iter::once(&source.root).chain(
        source
            .operations()
            .into_iter()
            .map(|operation| operation.node),
    );
    for requirement in owners
        .filter_map(|owner| owner.get("security"))
        .flat_map(Node::items)
    {
        for (key, _) in requirement.entries() {
            found.extend(requirement_trouble(source, &key.name, &key.place));
        }
    }
    found.dedup_by(|a, b| a.message == b.message);
    for operation in source.operations() {
        for parameter in source.parameters(operation) {
            found.extend(credential(source, parameter));
        }
    }
    found
}

fn requirement_trouble(source: &Source, name: &str, place: &spec::Place) -> Option<Diagnostic> {
    let schemes = source.root.at(["components", "securitySchemes"]);
    let Some((key, scheme)) = schemes
        .and_then(|schemes| schemes.entry(name))
        .and_then(|(key, node)| Some((key, source.resolve(node)?)))
    else {
        return Some(
            source
                .error(
                    Rule::SecurityScheme,
                    place,
                    format!("there is no security scheme `{name}`"),
                )
                .help("add it under `components/securitySchemes`"),
        );
    };
    match security::header(scheme) {
        Some((header, prefix)) if prefix.is_empty() && scheme.get(security::PREFIX).is_none() && header.eq_ignore_ascii_case("authorization") => {
            let message = format!("the key of `{name}` would stand in `Authorization` without a word before it");
            Some(source.error(Rule::SecurityScheme, &key.place, message).help(
                "say what stands before it, such as `x-prefix: 'SSWS '` or `x-prefix: Token token=`; `x-prefix: ''` where nothing does",
            ))
        }
        Some((header, _)) if is_header_name(header) => None,
        Some((header, _)) => Some(
            source
                .error(Rule::SecurityScheme, &key.place, format!("`{header}` is no name of a header"))
                .help("give the header that carries the credential"),
        ),
        None => Some(
            source
                .error(Rule::SecurityScheme, &key.place, format!("requests cannot be signed with `{name}`"))
                .help("the transport signs with a key in a header, with a bearer token or by HTTP Basic; a key in a query would stand in logs"),
        ),
    }
}

/// Parameters show in `Debug`, and a query in logs; credentials of a scheme in neither.
fn credential(source: &Source, parameter: &Node) -> Option<Diagnostic> {
    let name = parameters::text(parameter, "name");
    let place = parameters::text(parameter, "in");
    let schemes = source.root.at(["components", "securitySchemes"]);
    let is_scheme = schemes
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .any(|(_, scheme)| {
            source.resolve(scheme).is_some_and(|scheme| {
                !name.is_empty() && parameters::text(scheme, "name").eq_ignore_ascii_case(name)
            })
        });
    if place == "cookie" || !is_scheme && !sounds_like_a_credential(name) {
        return None;
    }
    let node = parameter.get("name").unwrap_or(parameter);
    let message = format!("the {place} parameter `{name}` looks like a credential");
    Some(
        source
            .error(Rule::CredentialParameter, &node.place, message)
            .help("describe it under `components/securitySchemes`; a parameter shows in `Debug`, in logs and in recordings"),
    )
}

fn sounds_like_a_credential(name: &str) -> bool {
    // `X-Api-Key`, `apiKey` and `api_key` are the same words.
    let name = name.to_snake_case();
    let words: Vec<&str> = name.split('_').collect();
    let words = match words.as_slice() {
        // A version, and what says that a header is nobody's standard.
        [rest @ .., last] if is_version(last) => rest,
        all => all,
    };
    let words = match words {
        ["x", rest @ ..] => rest,
        all => all,
    };
    match words {
        ["auth" | "key" | "pass" | "sid" | "sig"] => true,
        [
            ..,
            "page" | "next" | "previous" | "continuation" | "cursor" | "sync" | "skip" | "delta"
            | "idempotency",
            "token" | "key",
        ] => false,
        [
            ..,
            "authorization" | "authentication" | "signature" | "pwd" | "sessionid" | "cookie"
            | "password" | "passwd" | "passphrase" | "secret" | "credential" | "credentials"
            | "apikey" | "appkey" | "token" | "accesstoken" | "authtoken" | "jwt" | "bearer",
        ] => true,
        [
            ..,
            "api" | "app" | "application" | "access" | "auth" | "secret" | "private"
            | "subscription" | "functions" | "session",
            "key" | "keys",
        ] => true,
        [.., "session", "id"] => true,
        _ => false,
    }
}

fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

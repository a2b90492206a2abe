//! The errors that a spec is refused for, where one rule has many ways to be broken.
//!
//! One small spec, one small change a case. A case that is missing a defence in the lint ends in a
//! panic of the generator, or in a crate that does not compile. What is said in full, and every rule
//! once, is in `lint_corpus.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use codegen::Files;
use spec::{Diagnostic, Severity, Source};

const BASE: &str = "\
openapi: 3.0.3
info: {title: Vendor, version: '1', x-crate-version: 0.1.0}
paths:
  /seats/{id}:
    get:
      operationId: get_seat
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: fine
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Seat'}
components:
  schemas:
    Seat: {type: object, properties: {holder: {type: string}}}
";

fn generate(text: &str) -> Result<Files, Vec<Diagnostic>> {
    let source = Source::parse("vendor", "specs/vendor.yaml", text.to_owned())?;
    codegen::generate(&[source]).map_err(|mut found| {
        found.retain(|found| found.rule.severity() == Severity::Error);
        found
    })
}

fn changed(from: &str, to: &str) -> String {
    assert!(BASE.contains(from), "the base has no {from:?}");
    BASE.replacen(from, to, 1)
}

/// What is said of the base with one change.
#[track_caller]
fn says(from: &str, to: &str, expected: &str) {
    let said = generate(&changed(from, to)).unwrap_err();
    let said: Vec<String> = said.iter().map(Diagnostic::to_string).collect();
    assert_eq!(
        said.join("\n\n"),
        expected.trim_start_matches('\n').trim_end()
    );
}

/// The rule, line and column of each thing that is said.
#[track_caller]
fn finds(from: &str, to: &str, expected: &[&str]) {
    let found = generate(&changed(from, to)).unwrap_err();
    let found: Vec<String> = found
        .iter()
        .map(|found| {
            format!(
                "{} {}:{}",
                found.rule.name(),
                found.place.line,
                found.place.column
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_base_is_clean() {
    let files = generate(BASE).unwrap();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "crates/generated/vendor/Cargo.toml",
            "crates/generated/vendor/src/client.rs",
            "crates/generated/vendor/src/lib.rs",
            "crates/generated/vendor/tests/requests.rs"
        ]
    );
}

#[test]
fn a_diagnostic_shows_the_place_the_rule_and_what_to_do() {
    says(
        "      operationId: get_seat\n",
        "",
        "
error[operation-id-missing]: GET /seats/{id} has no `operationId`
 --> specs/vendor.yaml:5:5
  |
5 |     get:
  |     ^^^
  |
help: add `operationId: verb_and_noun` in snake case; it becomes the name of the method",
    );
}

#[test]
fn a_text_that_is_not_yaml() {
    says(
        "info: {title: Vendor, version: '1', x-crate-version: 0.1.0}",
        "info: {title: Vendor",
        "
error[yaml]: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}'
 --> specs/vendor.yaml:3:6
  |
3 | paths:
  |      ^
  |
help: see https://yaml.org/spec/1.2.2/ for the syntax",
    );
    finds("info:", "openapi: 3.0.3\ninfo:", &["yaml 2:1"]);
    assert_eq!(generate("").unwrap_err()[0].rule.name(), "openapi-version");
    assert_eq!(
        generate("- a list").unwrap_err()[0].rule.name(),
        "openapi-version"
    );
}

#[test]
fn another_version_of_openapi() {
    finds("3.0.3", "3.1.0", &["openapi-version 1:10"]);
    finds("3.0.3", "3.0", &["openapi-version 1:10"]);
    finds(
        "openapi: 3.0.3",
        "swagger: '2.0'",
        &["openapi-version 1:10"],
    );
}

#[test]
fn a_document_that_is_not_built_as_openapi_has_it() {
    says(
        "{holder: {type: string}}",
        "{holder: null}",
        "
error[openapi-structure]: this is not of type \"object\"
  --> specs/vendor.yaml:17:47
   |
17 |     Seat: {type: object, properties: {holder: null}}
   |                                               ^^^^
   |
help: see https://spec.openapis.org/oas/v3.0.3 for what may stand here",
    );
    finds(
        "info: {title: Vendor, version: '1', x-crate-version: 0.1.0}\n",
        "",
        &["openapi-structure 1:1"],
    );
    finds(
        "          description: fine\n",
        "",
        &["openapi-structure 10:9"],
    );
}

#[test]
fn an_operation_without_a_method_of_its_own() {
    let again =
        "  /other:\n    get: {operationId: getSeat, responses: {'204': {description: fine}}}\n";
    says(
        "components:",
        &format!("{again}components:"),
        "
error[operation-id-duplicate]: `getSeat` names two operations; GET /seats/{id} on line 5 has it too
  --> specs/vendor.yaml:16:24
   |
16 |     get: {operationId: getSeat, responses: {'204': {description: fine}}}
   |                        ^^^^^^^
   |
help: give each operation an `operationId` of its own; case and punctuation do not count",
    );
    finds("get_seat", "new", &["operation-id-duplicate 6:20"]);
    finds(
        "get_seat",
        "newWithClient",
        &["operation-id-duplicate 6:20"],
    );
    finds("get_seat", "'!'", &["operation-id-duplicate 6:20"]);
    finds("    get:", "    gets:", &["openapi-structure 5:5"]);
}

#[test]
fn a_reference_that_leads_nowhere() {
    finds(
        "schemas/Seat'",
        "schemas/Chair'",
        &["reference-unresolved 14:30"],
    );
    finds(
        "'#/components/schemas/Seat'",
        "other.yaml",
        &["reference-unresolved 14:30"],
    );
    finds(
        "    get:",
        "    $ref: '#/components/x'\n    get:",
        &["reference-unresolved 5:5", "reference-unresolved 5:11"],
    );
}

#[test]
fn a_schema_that_is_made_of_itself() {
    let circle = "Seat: {allOf: [{$ref: '#/components/schemas/Chair'}, {type: object}]}
    Chair: {allOf: [{$ref: '#/components/schemas/Seat'}, {type: object}]}";
    finds(
        "Seat: {type: object, properties: {holder: {type: string}}}",
        circle,
        &["schema-circle 17:5", "schema-circle 18:5"],
    );
    let held = changed(
        "{type: string}}}\n",
        "{$ref: '#/components/schemas/Seat'}}}\n",
    );
    generate(&held).unwrap();
}

#[test]
fn a_path_and_its_parameters_that_do_not_agree() {
    finds("/seats/{id}", "/seats", &["path-parameter 8:11"]);
    finds(
        "/seats/{id}",
        "/seats/{id}/{other}",
        &["path-parameter 4:3"],
    );
    finds("required: true, ", "", &["openapi-structure 8:11"]);
    for path in [
        "/sitze/müller/{id}",
        "/a/../{id}",
        "/a//{id}",
        "/a b/{id}",
        "/seats/{id",
        "/seats/id}",
        "/seats/{id}.json",
        "/seats/{id}/{id}",
        "/seats/{id}?a=b",
    ] {
        finds(
            "  /seats/{id}:",
            &format!("  '{path}':"),
            &["path-parameter 4:3"],
        );
    }
}

#[test]
fn a_path_that_begins_with_no_slash() {
    finds(
        "  /seats/{id}:",
        "  seats/{id}:",
        &["openapi-structure 4:3", "path-parameter 4:3"],
    );
}

#[test]
fn a_parameter_that_cannot_be_sent() {
    let cookie = "required: true, schema: {type: integer}}\n        - {name: session, in: cookie, schema: {type: string}}";
    finds(
        "required: true, schema: {type: integer}}",
        cookie,
        &["parameter-kind 9:31"],
    );
    finds(
        "required: true,",
        "required: true, style: matrix,",
        &["parameter-kind 8:55"],
    );
    finds(
        "schema: {type: integer}}",
        "content: {text/plain: {}}}",
        &["parameter-kind 8:57"],
    );
}

#[test]
fn a_body_that_cannot_be_sent_or_read() {
    let body = |content: &str| {
        format!("requestBody: {{required: true, content: {content}}}\n      responses:")
    };
    says(
        "responses:",
        &body("{application/vnd.api+json: {schema: {type: string}}}"),
        "
error[request-media-type]: a request body of `application/vnd.api+json` cannot be generated
 --> specs/vendor.yaml:9:47
  |
9 |       requestBody: {required: true, content: {application/vnd.api+json: {schema: {type: string}}}}
  |                                               ^^^^^^^^^^^^^^^^^^^^^^^^
  |
help: declare `application/json`, with a comment where the vendor says another type",
    );
    let two = "{application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}";
    finds("responses:", &body(two), &["request-media-type 9:91"]);
    finds(
        "responses:",
        &body("{application/json: {}}"),
        &["request-media-type 9:65"],
    );
    finds(
        "application/json:",
        "application/vnd.api+json:",
        &["response-media-type 13:13"],
    );
    finds(
        "schema: {$ref: '#/components/schemas/Seat'}",
        "example: {}",
        &["response-media-type 13:13"],
    );
    finds("'200'", "'2000'", &["openapi-structure 10:9"]);
}

#[test]
fn several_types_of_an_answer() {
    says(
        "        '200':",
        "        '204': {description: none}\n        '200':",
        "
error[response-types]: the operation has several types of success: no body for 204 and `Seat` for 200
  --> specs/vendor.yaml:11:9
   |
11 |         '200':
   |         ^^^^^
   |
help: give every success the same schema; `oneOf` inside it can tell the forms apart",
    );
    let seat = "content: {application/json: {schema: {$ref: '#/components/schemas/Seat'}}}";
    finds(
        "        '200':",
        &format!(
            "        '400': {{description: none}}\n        '404': {{description: no, {seat}}}\n        '200':"
        ),
        &["response-types 11:9"],
    );
    finds(
        "        '200':",
        "        default: {description: none}\n        '200':",
        &["response-types 11:9"],
    );
    let named = format!(
        "        '400': {{description: no, {seat}}}\n        4XX: {{description: no, {seat}}}\n        '200':"
    );
    generate(&changed("        '200':", &named)).unwrap();
}

#[test]
fn two_bodies_without_a_name() {
    let inline = |property: &str| {
        format!(
            "{{application/json: {{schema: {{type: object, properties: {{{property}: {{type: string}}}}}}}}}}"
        )
    };
    let responses = format!(
        "        '400': {{description: no, content: {}}}\n        '200': {{description: fine, content: {}}}\n",
        inline("reason"),
        inline("holder")
    );
    let start = BASE.find("        '200':").unwrap();
    let end = BASE.find("components:").unwrap();
    let text = [&BASE[..start], &responses, &BASE[end..]].concat();
    let found = generate(&text).unwrap_err();
    assert_eq!(
        found[0].message,
        "the bodies of 200 and 400 have no name and would become one type"
    );
    assert_eq!((found.len(), found[0].place.line), (1, 10));
}

#[test]
fn what_the_generator_panics_on_is_a_diagnostic_too() {
    says(
        "{holder: {type: string}}",
        "{holder: {not: {type: string, minLength: 3}}}",
        "
error[generator-cannot-handle]: the generator cannot handle the schema `Seat`: not yet implemented: unhandled not schema Object(
  --> specs/vendor.yaml:17:5
   |
17 |     Seat: {type: object, properties: {holder: {not: {type: string, minLength: 3}}}}
   |     ^^^^
   |
help: describe it in a simpler way: a named schema under `components`, without mixed `allOf`, `oneOf` and `not`",
    );
    finds(
        "schema: {type: integer}}",
        "schema: {type: integer}}\n        - {name: q, in: query, schema: {not: {type: string, minLength: 3}}}",
        &["generator-cannot-handle 6:20"],
    );
    finds(
        "{holder: {type: string}}",
        "{holder: {type: string, pattern: '('}}",
        &["answer-constraint 17:62", "pattern 17:71"],
    );
    let twice =
        "    Seat: {type: object}\n    seat: {type: object, properties: {a: {type: string}}}\n";
    let found = generate(&changed(
        "    Seat: {type: object, properties: {holder: {type: string}}}\n",
        twice,
    ))
    .unwrap_err();
    assert_eq!(
        found[0].message,
        "two parts of this document would both be `Seat` in Rust; the other is on line 17"
    );
}

#[test]
fn an_extension_that_does_not_hold_what_it_should() {
    finds(
        "    get:\n",
        "    get:\n      x-idempotent: perhaps\n",
        &["extension 6:21"],
    );
    finds(
        "    get:\n",
        "    get:\n      x-permission: [a, b]\n",
        &["extension 6:21"],
    );
    finds(
        "{holder: {type: string}}",
        "{holder: {type: string, x-rule: no pattern}}",
        &["extension 17:70"],
    );
}

#[test]
fn a_credential_that_cannot_be_signed_with() {
    let scheme = |scheme: &str| {
        format!("security: [{{key: []}}]\ncomponents:\n  securitySchemes: {{key: {scheme}}}")
    };
    let sign = |text: &str| generate(&changed("components:", &scheme(text)));
    for works in [
        "{type: apiKey, in: header, name: X-Key}",
        "{type: http, scheme: bearer}",
        "{type: http, scheme: basic}",
        "{type: apiKey, in: header, name: Authorization, x-prefix: 'SSWS '}",
        "{type: oauth2, flows: {clientCredentials: {tokenUrl: https://a.example/, scopes: {}}}}",
    ] {
        sign(works).unwrap();
    }
    for (fails, message) in [
        (
            "{type: apiKey, in: query, name: key}",
            "requests cannot be signed with `key`",
        ),
        (
            "{type: apiKey, in: header, name: Authorization}",
            "the key of `key` would stand in `Authorization` without a word before it",
        ),
        (
            "{type: apiKey, in: header, name: X Key}",
            "`X Key` is no name of a header",
        ),
    ] {
        let found = sign(fails).unwrap_err();
        assert_eq!((found.len(), found[0].message.as_str()), (1, message));
        assert_eq!(found[0].place.line, 17);
    }
    finds(
        "paths:",
        "security: [{nobody: []}]\npaths:",
        &["security-scheme 3:13"],
    );
}

#[test]
fn a_server_of_its_own_for_a_part() {
    let server = "servers: [{url: https://elsewhere.example}]";
    finds(
        "    get:",
        &format!("    {server}\n    get:"),
        &["servers 5:5"],
    );
    finds(
        "      operationId",
        &format!("      {server}\n      operationId"),
        &["servers 6:7"],
    );
}

#[test]
fn two_fields_of_one_name() {
    let fields = "{a-b: {type: string}, a_b: {type: string}}";
    let found = generate(&changed("{holder: {type: string}}", fields)).unwrap_err();
    assert_eq!(
        found[0].message,
        "two parts of this document would both be `a_b` in Rust; the other is on line 17"
    );
}

#[test]
fn every_trouble_is_told_in_one_run() {
    finds(
        "        '200':",
        "        '204': {description: none}\n        '2000': {description: none}\n        '200':",
        &["openapi-structure 11:9", "response-types 12:9"],
    );
}

#[test]
fn a_file_that_cannot_name_a_crate() {
    for name in [
        "Vendor",
        "1vendor",
        "vendor_seats",
        "vendor-",
        "vendor--seats",
        "",
    ] {
        let source = Source::parse(name, "specs/x.yaml", BASE.to_owned()).unwrap();
        let found = codegen::generate(&[source]).unwrap_err();
        assert_eq!(found[0].rule.name(), "spec-name", "{name}");
    }
}

#[test]
fn a_crate_without_a_version_of_its_own() {
    let version = "x-crate-version: 0.1.0";
    says(
        ", x-crate-version: 0.1.0",
        "",
        "
error[crate-version]: `info` has no `x-crate-version`
 --> specs/vendor.yaml:2:1
  |
2 | info: {title: Vendor, version: '1'}
  | ^^^^
  |
help: say the generated crate's version beside the API's, such as `x-crate-version: 0.1.0`; see https://semver.org/",
    );
    for other in ["0.1", "1", "v0.1.0", "'0.1'", "0.1.0+2", "[0]", "''"] {
        finds(
            version,
            &format!("x-crate-version: {other}"),
            &["crate-version 2:54"],
        );
    }
    let files = generate(&changed("version: '1'", "version: 'v2 (beta).2026-01'")).unwrap();
    let manifest = &files["crates/generated/vendor/Cargo.toml"];
    assert!(
        manifest.contains("\nversion = \"0.1.0+v2--beta-.2026-01\"\n"),
        "{manifest}"
    );
}

//! `cargo xtask lint` as it is called: its arguments, formats, streams and exit codes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use spec::Rule;
use tempfile::TempDir;

/// A workspace with these specs.
fn workspace(specs: &[(&str, String)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("specs");
    fs::create_dir(&folder).unwrap();
    for (name, text) in specs {
        fs::write(folder.join(name), text).unwrap();
    }
    root
}

fn clean() -> (&'static str, String) {
    ("acme-licences.yaml", corpus::base())
}

/// With one warning and one error.
fn broken() -> (&'static str, String) {
    let text = corpus::base()
        .replacen(
            "          example: [trial]\n",
            "          explode: false\n",
            1,
        )
        .replacen("      x-idempotent: true\n", "", 1);
    ("broken.yaml", text)
}

fn run(arguments: &[&str]) -> (u8, String, String) {
    let arguments = ["xtask"].iter().chain(arguments).map(Into::into);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = xtask::command::run(arguments, false, &mut out, &mut err).unwrap();
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

fn lint(root: &Path, arguments: &[&str]) -> (u8, String, String) {
    run(&[&["lint"], arguments, &["--root", root.to_str().unwrap()]].concat())
}

fn nothing() -> String {
    String::new()
}

const WARNING: &str = "warning[operation-idempotence]: DELETE /v1/licences/{licenceId}/seats/{userName} does not say whether it is idempotent
   --> specs/broken.yaml:191:5
    |
191 |     delete:
    |     ^^^^^^
    |
help: add `x-idempotent: true` where sending it twice is as sending it once, and `false` where not, or where nobody knows
";

const ERROR: &str = "error[parameter-form]: `tags` has an `explode` that the generator does not read
   --> specs/broken.yaml:108:20
    |
108 |           explode: false
    |                    ^^^^^
    |
help: describe the value as the one text that is sent, such as `schema: {type: string}` for `a,b`; without this field a list is sent as `name=a&name=b`
";

#[test]
fn an_error_is_1_a_warning_is_0_and_the_end_counts_them() {
    let root = workspace(&[clean(), broken()]);
    let said = format!("{ERROR}\n{WARNING}\n1 error, 1 warning\n");
    assert_eq!(lint(root.path(), &[]), (1, said, nothing()));
    let (_, text) = broken();
    let text = text.replacen("          explode: false\n", "", 1);
    let root = workspace(&[("broken.yaml", text)]);
    let (code, out, err) = lint(root.path(), &[]);
    assert_eq!((code, err), (0, nothing()));
    assert!(out.ends_with("\n1 warning\n"), "{out}");
}

#[test]
fn json_is_one_object_a_line_and_nothing_else() {
    let root = workspace(&[broken()]);
    let (code, out, err) = lint(root.path(), &["--format", "json"]);
    assert_eq!((code, err), (1, nothing()));
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            json!({
                "severity": "error",
                "rule": "parameter-form",
                "path": "specs/broken.yaml",
                "line": 108, "column": 20, "end_line": 108, "end_column": 25,
                "message": "`tags` has an `explode` that the generator does not read",
                "help": "describe the value as the one text that is sent, such as `schema: {type: string}` for `a,b`; without this field a list is sent as `name=a&name=b`",
                "spec": "broken",
                "operation": "list_seats",
            }),
            json!({
                "severity": "warning",
                "rule": "operation-idempotence",
                "path": "specs/broken.yaml",
                "line": 191, "column": 5, "end_line": 191, "end_column": 11,
                "message": "DELETE /v1/licences/{licenceId}/seats/{userName} does not say whether it is idempotent",
                "help": "add `x-idempotent: true` where sending it twice is as sending it once, and `false` where not, or where nobody knows",
                "spec": "broken",
                "operation": "release_seat",
            }),
        ]
    );
    let root = workspace(&[clean()]);
    assert_eq!(
        lint(root.path(), &["--format=json"]),
        (0, nothing(), nothing())
    );
}

#[test]
fn github_is_a_workflow_command_a_line() {
    let root = workspace(&[broken()]);
    let said = "\
::error file=specs/broken.yaml,line=108,endLine=108,col=20,endColumn=24,title=parameter-form::`tags` has an `explode` that the generator does not read%0Ahelp: describe the value as the one text that is sent, such as `schema: {type: string}` for `a,b`; without this field a list is sent as `name=a&name=b`
::warning file=specs/broken.yaml,line=191,endLine=191,col=5,endColumn=10,title=operation-idempotence::DELETE /v1/licences/{licenceId}/seats/{userName} does not say whether it is idempotent%0Ahelp: add `x-idempotent: true` where sending it twice is as sending it once, and `false` where not, or where nobody knows
1 error, 1 warning
";
    assert_eq!(
        lint(root.path(), &["--format", "github"]),
        (1, said.to_owned(), nothing())
    );
}

/// A line of the spec's own must not end the command, nor begin another.
#[test]
fn github_commands_are_escaped() {
    let text = corpus::base().replacen("  - apiKey: []\n", "  - \"100%\\r\\n::error::\": []\n", 1);
    let root = workspace(&[("broken.yaml", text)]);
    let (_, out, _) = lint(root.path(), &["--format", "github"]);
    let first = out.lines().next().unwrap();
    assert_eq!(
        first,
        "::error file=specs/broken.yaml,line=29,endLine=29,col=5,endColumn=23,title=security-scheme::there is no security scheme `100%25%0D%0A::error::`%0Ahelp: add it under `components/securitySchemes`"
    );
    let root = workspace(&[("a:b,c%.yaml", "openapi: 3.1.0\n".to_owned())]);
    let (_, out, _) = lint(root.path(), &["--format", "github"]);
    assert!(
        out.starts_with("::error file=specs/a%3Ab%2Cc%25.yaml,line=1,"),
        "{out}"
    );
}

#[test]
fn the_run_can_be_restricted_to_some_specs() {
    let root = workspace(&[clean(), broken()]);
    assert_eq!(
        lint(root.path(), &["specs/acme-licences.yaml"]),
        (
            0,
            "specs/acme-licences.yaml is clean: 4 operations in 1 spec\n".to_owned(),
            nothing()
        )
    );
    let whole = root.path().join("specs/broken.yaml");
    let (code, out, _) = lint(root.path(), &[whole.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(out.contains("--> specs/broken.yaml:108:20"), "{out}");
    assert_eq!(
        lint(root.path(), &["specs/none.yaml"]),
        (
            2,
            nothing(),
            "error: there is no spec `specs/none.yaml`\n".to_owned()
        )
    );
}

#[test]
fn a_spec_that_is_named_twice_counts_once() {
    let root = workspace(&[clean(), broken()]);
    let (code, out, err) = lint(root.path(), &["specs/broken.yaml", "specs/broken.yaml"]);
    assert_eq!((code, err), (1, nothing()));
    assert!(out.ends_with("\n1 error, 1 warning\n"), "{out}");
}

#[test]
fn a_file_elsewhere_is_not_said_to_be_in_the_folder() {
    let root = workspace(&[clean()]);
    fs::write(root.path().join("README.md"), "# Acme\n").unwrap();
    fs::write(root.path().join("specs/notes.txt"), "").unwrap();
    for (file, said) in [
        ("README.md", "error[spec-file]: this is no spec\n"),
        (
            "specs/notes.txt",
            "error[spec-file]: a file in specs/ that is no spec\n",
        ),
    ] {
        let (code, out, _) = lint(root.path(), &[file]);
        assert_eq!(code, 1);
        assert!(out.starts_with(said), "{out}");
    }
}

/// What is wrong with one file hides nothing of another's.
#[test]
fn everything_is_told_in_one_run() {
    let root = workspace(&[
        broken(),
        ("1st.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1', x-crate-version: 0.1.0}\npaths: {}\nservers: [{url: https://a.example}]\n".to_owned()),
        ("no-yaml.yaml", "a: [".to_owned()),
        ("notes.txt", nothing()),
        ("seats-tests.yaml", "openapi: 3.1.0\n".to_owned()),
    ]);
    let (code, out, _) = lint(root.path(), &["--format", "json"]);
    assert_eq!(code, 1);
    let said: Vec<String> = out
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {}",
                line["path"].as_str().unwrap(),
                line["rule"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "specs/1st.yaml spec-name",
            "specs/broken.yaml parameter-form",
            "specs/broken.yaml operation-idempotence",
            "specs/no-yaml.yaml yaml",
            "specs/notes.txt spec-file",
            "specs/seats-tests.yaml spec-file",
            "specs/seats-tests.yaml openapi-version",
        ]
    );
    let root = tempfile::tempdir().unwrap();
    let (code, out, _) = lint(root.path(), &[]);
    assert_eq!(code, 1);
    assert!(
        out.starts_with("error[spec-file]: cannot read the folder: "),
        "{out}"
    );
}

#[test]
fn codegen_tells_warnings_and_goes_on_but_stops_at_errors() {
    let (_, text) = clean();
    let warned = text.replacen("      x-idempotent: true\n", "", 1);
    let root = workspace(&[("broken.yaml", warned)]);
    let folder = root.path().to_str().unwrap();
    let (code, out, err) = run(&["codegen", "--root", folder]);
    assert_eq!(code, 0);
    assert!(out.ends_with("files were not as the specs say\n"), "{out}");
    assert_eq!(err, format!("{WARNING}\n"));
    let said = "crates/generated/ and docs/fidelity.md are what the specs say\n";
    assert_eq!(
        run(&["codegen", "--check", "--root", folder]),
        (0, said.to_owned(), format!("{WARNING}\n"))
    );
    let (name, text) = broken();
    fs::write(root.path().join("specs").join(name), text).unwrap();
    let said = format!("{ERROR}\n{WARNING}\nnothing was written\n");
    assert_eq!(
        run(&["codegen", "--root", folder]),
        (1, nothing(), said.clone())
    );
    assert_eq!(
        run(&["codegen", "--check", "--root", folder]),
        (1, nothing(), said)
    );
}

#[test]
fn a_page_explains_a_rule() {
    let (code, out, err) = run(&["lint", "--explain", "list-not-required"]);
    assert_eq!((code, err), (0, nothing()));
    assert!(
        out.starts_with(
            "# list-not-required (error)\n\nA list in the answer of a GET may be missing"
        ),
        "{out}"
    );
    let (_, rest) = out.split_once('\n').unwrap();
    let (_, page) = ::lint::page(Rule::ListNotRequired)
        .split_once('\n')
        .unwrap();
    assert_eq!(rest, page);
}

#[test]
fn a_rule_that_is_not_there_is_told_with_the_one_that_is_meant() {
    let (code, out, err) = run(&["lint", "--explain", "paterns"]);
    assert_eq!((code, out), (2, nothing()));
    assert_eq!(
        err,
        "error: there is no rule `paterns`

  tip: `pattern` is one; `cargo xtask lint --rules` lists them all
"
    );
    let (code, _, err) = run(&["lint", "--explain", "zzz"]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "error: there is no rule `zzz`\n\n  tip: `cargo xtask lint --rules` lists them all\n"
        )
    );
}

#[test]
fn wrong_arguments_are_2() {
    for arguments in [
        &["lint", "--format", "xml"][..],
        &["lint", "--explain"],
        &["lint", "--explain", "yaml", "specs/a.yaml"],
        &["lint", "--rules", "specs/a.yaml"],
        &["lint", "--fix"],
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, out), (2, nothing()), "{arguments:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
    let (code, out, err) = run(&["lint", "--help"]);
    assert_eq!((code, err), (0, nothing()));
    assert!(
        out.contains("found goes to stdout, in every format."),
        "{out}"
    );
}

#[test]
fn the_list_has_every_rule_with_its_severity() {
    let (code, out, err) = run(&["lint", "--rules"]);
    assert_eq!((code, err), (0, nothing()));
    assert_eq!(out.lines().count(), Rule::ALL.len());
    assert!(
        out.contains(
            "\nextension-unknown        warning  An extension is none that anybody here reads.\n"
        ),
        "{out}"
    );
    for (line, rule) in out.lines().zip(Rule::ALL) {
        assert!(line.starts_with(rule.name()), "{line}");
    }
}

/// What is wrong, why, a wrong and a right example, and how to set it aside or why it cannot be.
#[test]
fn every_page_has_the_same_shape() {
    for rule in Rule::ALL {
        let (name, page) = (rule.name(), ::lint::page(*rule));
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            headings,
            [
                &format!("# {name}"),
                "## Why",
                "## Wrong",
                "## Right",
                "## Setting it aside"
            ],
            "{name}"
        );
        assert!(
            ::lint::summary(*rule).ends_with('.') && ::lint::summary(*rule).len() <= 100,
            "{name}"
        );
        assert!(
            page.lines().all(|line| line.chars().count() <= 110),
            "{name}"
        );
        let section = |heading: &str| {
            let (_, rest) = page.split_once(heading).unwrap();
            rest.split("\n## ").next().unwrap().trim()
        };
        assert!(section("## Why").len() > 40, "{name}");
        for example in ["## Wrong", "## Right"] {
            let text = section(example);
            assert!(text.starts_with("```") && text.ends_with("\n```"), "{name}");
        }
        assert_ne!(section("## Wrong"), section("## Right"), "{name}");
        let aside = section("## Setting it aside");
        if rule.can_be_set_aside() {
            assert!(aside.contains("```yaml\n"), "{name}");
            assert!(aside.contains(&format!("  {name}: ")), "{name}");
        } else {
            assert!(aside.starts_with("It cannot be set aside: "), "{name}");
        }
    }
}

/// No page of a rule that is gone.
#[test]
fn every_page_has_its_rule() {
    let folder = xtask::workspace_root().join("xtask/lint/rules");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let rule = name.strip_suffix(".md").and_then(Rule::named);
        assert!(rule.is_some(), "{name}");
    }
}

/// For [`a_panic_of_the_generator_is_silent`], in a process of its own.
#[test]
#[ignore = "a part of another test"]
fn the_generator_panics() {
    let text = corpus::base().replacen("          example: cGFnZS0y\n", "", 1);
    let text = text.replacen(
        "            type: string\n        - name: tags",
        "            not: {type: string, minLength: 3}\n        - name: tags",
        1,
    );
    let root = workspace(&[("acme-licences.yaml", text)]);
    let (code, out, _) = lint(root.path(), &["--format", "json"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("the generator cannot handle the operation `list_seats`: "),
        "{out}"
    );
}

/// It becomes a diagnostic, and leaves no backtrace beside it.
#[test]
fn a_panic_of_the_generator_is_silent() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "the_generator_panics",
            "--ignored",
            "--nocapture",
        ])
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    assert!(child.status.success());
    assert!(String::from_utf8_lossy(&child.stdout).contains("1 passed"));
    assert_eq!(String::from_utf8_lossy(&child.stderr), "");
}

//! `cargo xtask review` in a repository: what it compares with, what it says, how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A clone with the corpus' base and one recorded request, all of it in one commit on `main`.
struct Clone {
    folder: TempDir,
    root: PathBuf,
}

impl Clone {
    fn new() -> Self {
        Self::within("")
    }

    /// The workspace in a folder of the repository.
    fn within(folder: &str) -> Self {
        let clone = Self::empty(folder);
        clone.write(SPEC, &corpus::base());
        clone.write(
            "tests/snapshots/acme-licences.release_seat.one.snap",
            &recorded("DELETE /v1/licences/L-2041/seats/ada HTTP/1.1\n\nseat"),
        );
        clone.commit();
        clone
    }

    fn empty(folder: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join(folder);
        fs::create_dir_all(&root).unwrap();
        let clone = Self {
            folder: temporary,
            root,
        };
        clone.git(&["init", "--quiet", "--initial-branch=main"]);
        clone
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.folder.path())
            .args([
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.com",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "a change",
        ]);
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root.join(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    #[track_caller]
    fn review(&self, arguments: &[&str]) -> Said {
        said(&self.root, arguments)
    }
}

fn recorded(request: &str) -> String {
    format!("---\nsource: tests/product/request_shapes.rs\n---\n{request}\n")
}

struct Said {
    code: u8,
    out: String,
    err: String,
}

#[track_caller]
fn said(root: &Path, arguments: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let root = root.to_str().unwrap();
    let arguments = [&["xtask", "review", "--root", root], arguments].concat();
    let arguments = arguments.into_iter().map(Into::into);
    let code = xtask::command::run(arguments, false, &mut out, &mut err).unwrap();
    Said {
        code,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

const SPEC: &str = "specs/acme-licences.yaml";

/// The path of the corpus' DELETE.
const DELETE: &str = "  /v1/licences/{licenceId}/seats/{userName}:";

/// The corpus' base with its DELETE under another name.
fn renamed(clone: &Clone) {
    clone.change(SPEC, "operationId: release_seat", "operationId: free_seat");
}

#[test]
fn a_renamed_operation_breaks_rust_callers_and_not_the_wire() {
    let clone = Clone::new();
    renamed(&clone);
    let said = clone.review(&[]);
    let base = corpus::base();
    let line = base
        .lines()
        .position(|line| line.contains("x-crate-version"));
    let line = line.unwrap() + 1;
    assert_eq!(
        said.out,
        format!(
            "\
1 operation changed: breaks Rust callers, not the wire; `acme-licences` 0.4.2 -> 0.5.0 needed

specs/acme-licences.yaml
  version `0.4.2` is too small: a break asks for a new minor version before 1.0, and a new major one after; change line {line} of `specs/acme-licences.yaml` to `x-crate-version: 0.5.0`

  `free_seat`: `DELETE /v1/licences/{{licenceId}}/seats/{{userName}}`
    changes          renamed: the `operationId` was `release_seat` and is `free_seat`
    breaks Rust      the method `release_seat` is `free_seat` now
"
        )
    );
    assert_eq!((said.code, said.err.as_str()), (1, ""));

    clone.change(SPEC, "x-crate-version: 0.4.2", "x-crate-version: 0.5.0");
    let said = clone.review(&[]);
    assert_eq!(said.code, 0);
    let first =
        "1 operation changed: breaks Rust callers, not the wire; `acme-licences` 0.4.2 -> 0.5.0\n";
    assert!(said.out.starts_with(first), "{}", said.out);
}

#[test]
fn nothing_changed() {
    let clone = Clone::new();
    let said = clone.review(&[]);
    assert_eq!(said.out, "nothing changed: the specs are those of `HEAD`\n");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        clone.review(&["--format", "markdown"]).out,
        "## Review of the specs\n\nNothing changed: the specs are those of `HEAD`\n"
    );
}

/// The first line of the review of a clone whose operation was renamed since the base.
#[track_caller]
fn is_renamed(said: &Said) {
    assert!(
        said.out
            .starts_with("1 operation changed: breaks Rust callers"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn the_base_is_where_the_branch_left_main() {
    let clone = Clone::new();
    clone.git(&["switch", "--quiet", "--create", "branch"]);
    renamed(&clone);
    clone.commit();
    is_renamed(&clone.review(&[]));
    // What main did since is no change of this branch.
    clone.git(&["switch", "--quiet", "main"]);
    clone.change(SPEC, "summary: Release a seat", "summary: Give a seat back");
    clone.commit();
    clone.git(&["switch", "--quiet", "branch"]);
    is_renamed(&clone.review(&[]));
    assert!(!clone.review(&[]).out.contains("summary"));
    assert!(
        clone
            .review(&["--base", "main"])
            .out
            .contains("`summary` changed")
    );
    assert_eq!(
        clone.review(&["--base", "HEAD"]).out,
        "nothing changed: the specs are those of `HEAD`\n"
    );
    // The remote's main goes before one of our own, which may be old.
    clone.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    assert_eq!(
        clone.review(&[]).out,
        "nothing changed: the specs are those of `HEAD`\n"
    );
}

/// Nothing must pass for unchanged because nobody knows what to compare it with.
#[test]
fn where_the_branch_left_main_has_to_be_known() {
    let help = "error: cannot tell where this branch left main\nhelp: give `--base <revision>`; a shallow clone may have to `git fetch --unshallow origin main` first\n";
    let clone = Clone::new();
    clone.git(&["branch", "--move", "trunk"]);
    renamed(&clone);
    let said = clone.review(&[]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (2, "", help)
    );
    is_renamed(&clone.review(&["--base", "HEAD"]));

    // A main that shares no commit with this branch, as in a shallow clone.
    let clone = Clone::new();
    clone.git(&["switch", "--quiet", "--orphan", "branch"]);
    clone.write(SPEC, &corpus::base());
    clone.commit();
    let said = clone.review(&[]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (2, "", help)
    );

    // In a fresh clone, main is where the remote's is.
    let clone = Clone::new();
    clone.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    assert_eq!(clone.review(&[]).code, 0);
    renamed(&clone);
    is_renamed(&clone.review(&[]));
    clone.git(&["checkout", "--quiet", "--detach"]);
    is_renamed(&clone.review(&[]));
}

#[test]
fn a_head_without_a_version_is_not_reviewed() {
    for (from, to, message) in [
        (
            "  x-crate-version: 0.4.2\n",
            "",
            "`info` has no `x-crate-version`",
        ),
        ("0.4.2", "zero", "`x-crate-version` is no version"),
        ("0.4.2", "0.4.2+3", "`x-crate-version` has build metadata"),
    ] {
        let clone = Clone::new();
        clone.change(SPEC, from, to);
        let said = clone.review(&[]);
        assert_eq!((said.code, said.out.as_str()), (2, ""));
        assert!(
            said.err.starts_with("error[crate-version]: ") && said.err.contains(message),
            "{}",
            said.err
        );
        fs::remove_file(clone.root.join(SPEC)).unwrap();
        clone.commit();
        clone.write(SPEC, &corpus::base().replacen(from, to, 1));
        assert_eq!(clone.review(&[]).code, 2);
    }
}

#[test]
fn what_the_lint_finds_is_told_in_a_line() {
    let clone = Clone::new();
    clone.change(
        SPEC,
        "      x-idempotent: false\n",
        "      x-idempotent: never\n",
    );
    clone.change(SPEC, "summary: Assign a seat", "summary: Assign one seat");
    let line = "  the lint finds 1 error here, and nothing is generated; `cargo xtask lint specs/acme-licences.yaml` shows them\n";
    let said = clone.review(&[]).out;
    assert!(said.contains(line), "{said}");
}

#[test]
fn a_workspace_in_a_folder_of_the_repository() {
    let clone = Clone::within("a folder/below");
    renamed(&clone);
    is_renamed(&clone.review(&[]));
}

#[test]
fn there_is_no_base() {
    let folder = tempfile::tempdir().unwrap();
    let none = said(folder.path(), &[]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(
        none.err
            .starts_with("error: there is no git repository to compare with: not a git repository")
            && none
                .err
                .ends_with("\nhelp: run this in a clone of the repository\n"),
        "{}",
        none.err
    );

    let unborn = Clone::empty("").review(&[]);
    assert_eq!(
        (unborn.code, unborn.err.as_str()),
        (2, "error: there is no commit to compare with yet\n")
    );

    let clone = Clone::new();
    for name in ["no-such-branch", "--all", "--since=2020", "", "HEAD:specs"] {
        let said = clone.review(&[&format!("--base={name}")]);
        assert_eq!(
            said.err,
            format!(
                "error: `{name}` names no commit of this repository\nhelp: give a branch, a tag or a commit; a shallow clone may have to `git fetch` it first\n"
            )
        );
        assert_eq!((said.code, said.out.as_str()), (2, ""));
    }
}

#[test]
fn a_side_that_cannot_be_generated() {
    let clone = Clone::new();
    clone.change(SPEC, "      operationId: release_seat\n", "");
    clone.commit();
    let head = clone.review(&["--base", "HEAD~1"]);
    assert_eq!((head.code, head.out.as_str()), (2, ""));
    assert!(
        head.err.contains("error[operation-id-missing]"),
        "{}",
        head.err
    );
    assert!(
        head.err.contains("--> specs/acme-licences.yaml:"),
        "{}",
        head.err
    );
    assert!(head.err.ends_with("\nnothing was reviewed\n"));

    clone.write(SPEC, &corpus::base());
    let base = clone.review(&[]);
    assert_eq!((base.code, base.out.as_str()), (2, ""));
    assert!(
        base.err.contains("--> HEAD:specs/acme-licences.yaml:"),
        "{}",
        base.err
    );

    clone.write(SPEC, "openapi: [\n");
    clone.commit();
    clone.write(SPEC, &corpus::base());
    let base = clone.review(&[]);
    assert_eq!(base.code, 2);
    assert!(base.err.contains("error[yaml]"), "{}", base.err);
}

#[test]
fn a_base_from_before_crates_had_versions() {
    let clone = Clone::new();
    clone.change(SPEC, "  x-crate-version: 0.4.2\n", "");
    clone.commit();
    clone.write(SPEC, &corpus::base());
    let said = clone.review(&[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out
            .contains("version `0.4.2+3.1.0`: the base said none, so any is right"),
        "{}",
        said.out
    );
}

#[test]
fn a_spec_that_is_new_or_gone() {
    let clone = Clone::new();
    fs::remove_file(clone.root.join(SPEC)).unwrap();
    let said = clone.review(&[]);
    assert_eq!(said.code, 0);
    assert_eq!(
        said.out,
        "\
1 whole spec removed: breaks the wire and Rust callers; the crate `acme-licences` is gone

specs/acme-licences.yaml WAS REMOVED, and its crate with it: breaks the wire and Rust

  4 operations: `assign_seat`, `get_licence`, `list_seats`, `release_seat`
    breaks the wire  the operation was removed
"
    );
    clone.commit();
    clone.write(
        "specs/one.yaml",
        &corpus::base().replace("https://api.eu", "http://api.eu"),
    );
    let said = clone.review(&[]);
    assert_eq!(said.code, 0);
    assert!(
        said.out
            .starts_with("1 spec added: breaks neither the wire nor Rust callers; "),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("the server `http://api.eu.acme.example` is new and has no TLS"),
        "{}",
        said.out
    );
}

#[test]
fn recorded_requests_stand_under_their_operation() {
    let clone = Clone::new();
    let folder = "tests/snapshots/acme-licences";
    clone.change(SPEC, DELETE, &DELETE.replace("v1", "v2"));
    renamed(&clone);
    let said = clone.review(&[]);
    // Another id at another route is another operation.
    assert!(said.out.contains("the operation is new"), "{}", said.out);
    assert!(
        said.out.contains("the operation was removed"),
        "{}",
        said.out
    );

    clone.write(SPEC, &corpus::base());
    clone.change(SPEC, DELETE, &DELETE.replace("v1", "v2"));
    clone.write(
        &format!("{folder}.release_seat.one.snap"),
        &recorded("DELETE /v2/licences/L-2041/seats/ada HTTP/1.1\n\nseat"),
    );
    let said = clone.review(&[]);
    assert!(
        said.out.ends_with(
            "    recorded request acme-licences.release_seat.one
      @@ -1,3 +1,3 @@
      -DELETE /v1/licences/L-2041/seats/ada HTTP/1.1
      +DELETE /v2/licences/L-2041/seats/ada HTTP/1.1

       seat
"
        ),
        "{}",
        said.out
    );
    let markdown = clone.review(&["--format", "markdown"]).out;
    assert!(
        markdown.ends_with(
            "    recorded request acme-licences.release_seat.one
      @@ -1,3 +1,3 @@
      -DELETE /v1/licences/L-2041/seats/ada HTTP/1.1
      +DELETE /v2/licences/L-2041/seats/ada HTTP/1.1

       seat
```
"
        ),
        "{markdown}"
    );
}

#[test]
fn recorded_requests_of_a_renamed_operation_are_renamed() {
    let clone = Clone::new();
    let folder = "tests/snapshots/acme-licences";
    renamed(&clone);
    let old = format!("{folder}.release_seat.one.snap");
    let new = format!("{folder}.free_seat.one.snap");
    fs::rename(clone.root.join(old), clone.root.join(new)).unwrap();
    let said = clone.review(&[]);
    assert!(
        said.out.ends_with("    recorded request acme-licences.free_seat.one (was acme-licences.release_seat.one): the same bytes\n"),
        "{}",
        said.out
    );
}

#[test]
fn recorded_requests_that_change_without_the_spec() {
    let clone = Clone::new();
    let file = "tests/snapshots/acme-licences.release_seat.one.snap";
    clone.change(file, "HTTP/1.1", "HTTP/1.0");
    clone.write(
        "tests/snapshots/acme-licences.nobody.one.snap",
        &recorded("```\nGET /"),
    );
    let said = clone.review(&["--format", "markdown"]);
    assert_eq!(said.code, 0);
    assert!(
        said.out.starts_with(
            "## Review of the specs\n\nRecorded requests changed, the specs did not: requests are other ones than before, and the specs do not say why\n"
        ),
        "{}",
        said.out
    );
    // The fence is longer than any run of backticks in it.
    assert!(
        said.out.contains("\n\n````diff\n")
            && said.out.ends_with(
                "  recorded requests of no operation
    recorded request acme-licences.nobody.one
      @@ -0,0 +1,2 @@
      +```
      +GET /
````
"
            ),
        "{}",
        said.out
    );
}

#[test]
fn a_format_that_there_is_not() {
    // The usage error itself goes where clap writes; the exit code is what scripts see.
    assert_eq!(Clone::new().review(&["--format", "html"]).code, 2);
}

//! `cargo xtask review` in a repository: what it compares with, what it says, how it ends.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const DATADOG: &str = include_str!("../specs/datadog-seats.yaml");
const STORE: &str = include_str!("../specs/store-for-business.yaml");

/// A clone with both specs and one recorded request, all of it in one commit on `main`.
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
        clone.write("specs/datadog-seats.yaml", DATADOG);
        clone.write("specs/store-for-business.yaml", STORE);
        clone.write(
            "tests/snapshots/datadog-seats.unassign_seats_user.one_user.snap",
            &recorded("DELETE /api/v2/seats/users HTTP/1.1\n\nusers"),
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
    format!("---\nsource: tests/request_shapes.rs\n---\n{request}\n")
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

const SPEC: &str = "specs/datadog-seats.yaml";

#[test]
fn a_renamed_operation_breaks_rust_callers_and_not_the_wire() {
    let clone = Clone::new();
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
    let said = clone.review(&[]);
    assert_eq!(
        said.out,
        "\
1 operation changed: breaks Rust callers, not the wire; `datadog-seats` 0.1.0 -> 0.2.0 needed

specs/datadog-seats.yaml
  version `0.1.0` is too small: a break asks for a new minor version before 1.0, and a new major one after; change line 9 of `specs/datadog-seats.yaml` to `x-crate-version: 0.2.0`

  `unassign_users`: `DELETE /api/v2/seats/users`
    breaks Rust, not the wire  renamed: the `operationId` was `unassign_seats_user` and is `unassign_users`
                               Rust: the method `unassign_seats_user` is `unassign_users` now
"
    );
    assert_eq!((said.code, said.err.as_str()), (1, ""));

    clone.change(SPEC, "x-crate-version: 0.1.0", "x-crate-version: 0.2.0");
    let said = clone.review(&[]);
    assert_eq!(said.code, 0);
    assert!(said.out.starts_with(
        "1 operation changed: breaks Rust callers, not the wire; `datadog-seats` 0.1.0 -> 0.2.0\n"
    ));
}

#[test]
fn a_loosened_pattern_of_a_path_parameter_is_a_matter_of_security() {
    let clone = Clone::new();
    // The second alias is that of `Username`.
    let (before, after) = STORE.rsplit_once("pattern: *one-segment\n").unwrap();
    let loosened = format!("{before}pattern: '^[^/]+$'\n{after}");
    clone.write("specs/store-for-business.yaml", &loosened);
    let said = clone.review(&[]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines[0],
        "1 operation changed: breaks neither the wire nor Rust callers; 1 matter of security; `store-for-business` 0.1.0 -> 0.1.1 needed"
    );
    assert_eq!(
        lines[6],
        r"    breaks neither             SECURITY: parameter `username`: loosened: lets values through that it refused and that can change the path, such as `.`, `..`, `\`, `\0`, `\n`, `\r\n`"
    );
    assert!(
        lines[7]
            .starts_with("    breaks neither             schema `Username`: `pattern` was `^(?!")
    );
    assert!(lines[7].ends_with(
        "` and is `^[^/]+$`; `.` is refused no more, and nothing that was tried is refused now"
    ));
    assert_eq!((lines.len(), said.code), (8, 1));
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
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
    clone.commit();
    is_renamed(&clone.review(&[]));
    // What main did since is no change of this branch.
    clone.git(&["switch", "--quiet", "main"]);
    clone.change(SPEC, "Unassign seats from users", "Take seats");
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

#[test]
fn without_a_main_the_base_is_the_last_commit() {
    let clone = Clone::new();
    clone.git(&["branch", "--move", "trunk"]);
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
    is_renamed(&clone.review(&[]));
    clone.git(&["checkout", "--quiet", "--detach"]);
    is_renamed(&clone.review(&[]));
}

#[test]
fn a_workspace_in_a_folder_of_the_repository() {
    let clone = Clone::within("a folder/below");
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
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
    clone.change(SPEC, "      operationId: unassign_seats_user\n", "");
    clone.commit();
    let head = clone.review(&["--base", "HEAD~1"]);
    assert_eq!((head.code, head.out.as_str()), (2, ""));
    assert!(
        head.err.contains("error[operation-id-missing]"),
        "{}",
        head.err
    );
    assert!(
        head.err.contains("--> specs/datadog-seats.yaml:"),
        "{}",
        head.err
    );
    assert!(head.err.ends_with("\nnothing was reviewed\n"));

    clone.write(SPEC, DATADOG);
    let base = clone.review(&[]);
    assert_eq!((base.code, base.out.as_str()), (2, ""));
    assert!(
        base.err.contains("--> HEAD:specs/datadog-seats.yaml:"),
        "{}",
        base.err
    );

    clone.write(SPEC, "openapi: [\n");
    clone.commit();
    clone.write(SPEC, DATADOG);
    let base = clone.review(&[]);
    assert_eq!(base.code, 2);
    assert!(base.err.contains("error[yaml]"), "{}", base.err);
}

#[test]
fn a_base_from_before_crates_had_versions() {
    let clone = Clone::new();
    clone.change(SPEC, "  x-crate-version: 0.1.0\n", "");
    clone.commit();
    clone.write(SPEC, DATADOG);
    let said = clone.review(&[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out
            .contains("version `0.1.0+2.0.0`: the base said none, so any is right"),
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
1 whole spec removed: breaks the wire and Rust callers; the crate `datadog-seats` is gone

specs/datadog-seats.yaml WAS REMOVED, and its crate with it: breaks the wire and Rust

  `unassign_seats_user`: `DELETE /api/v2/seats/users`
    breaks the wire and Rust   the operation was removed
                               wire: requests and answers
"
    );
    clone.commit();
    clone.write(
        "specs/one.yaml",
        &DATADOG.replace("https://api.ddog-gov.com", "http://api.ddog-gov.com"),
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
            .contains("the server `http://api.ddog-gov.com` is new and has no TLS"),
        "{}",
        said.out
    );
}

#[test]
fn recorded_requests_stand_under_their_operation() {
    let clone = Clone::new();
    let folder = "tests/snapshots/datadog-seats";
    clone.change(SPEC, "  /api/v2/seats/users:", "  /api/v3/seats/users:");
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
    let said = clone.review(&[]);
    // Another id at another route is another operation.
    assert!(said.out.contains("the operation is new"), "{}", said.out);
    assert!(
        said.out.contains("the operation was removed"),
        "{}",
        said.out
    );

    clone.write(SPEC, DATADOG);
    clone.change(SPEC, "  /api/v2/seats/users:", "  /api/v3/seats/users:");
    let note = "    note                       no recorded request of `unassign_seats_user` changed: is there a row for it in `tests/request_shapes.rs`?\n";
    assert!(clone.review(&[]).out.contains(note));
    clone.write(
        &format!("{folder}.unassign_seats_user.one_user.snap"),
        &recorded("DELETE /api/v3/seats/users HTTP/1.1\n\nusers"),
    );
    let said = clone.review(&[]);
    assert!(!said.out.contains("    note "), "{}", said.out);
    assert!(
        said.out.ends_with(
            "    recorded request datadog-seats.unassign_seats_user.one_user
      @@ -1,3 +1,3 @@
      -DELETE /api/v2/seats/users HTTP/1.1
      +DELETE /api/v3/seats/users HTTP/1.1

       users
"
        ),
        "{}",
        said.out
    );
    let markdown = clone.review(&["--format", "markdown"]).out;
    assert!(
        markdown.ends_with(
            "Recorded request `datadog-seats.unassign_seats_user.one_user`

```diff
@@ -1,3 +1,3 @@
-DELETE /api/v2/seats/users HTTP/1.1
+DELETE /api/v3/seats/users HTTP/1.1

 users
```
"
        ),
        "{markdown}"
    );
}

#[test]
fn recorded_requests_of_a_renamed_operation_are_renamed() {
    let clone = Clone::new();
    let folder = "tests/snapshots/datadog-seats";
    clone.change(
        SPEC,
        "operationId: unassign_seats_user",
        "operationId: unassign_users",
    );
    let old = format!("{folder}.unassign_seats_user.one_user.snap");
    let new = format!("{folder}.unassign_users.one_user.snap");
    fs::rename(clone.root.join(old), clone.root.join(new)).unwrap();
    let said = clone.review(&[]);
    assert!(
        said.out.ends_with("    recorded request datadog-seats.unassign_users.one_user (was datadog-seats.unassign_seats_user.one_user): the same bytes\n"),
        "{}",
        said.out
    );
}

#[test]
fn recorded_requests_that_change_without_the_spec() {
    let clone = Clone::new();
    let file = "tests/snapshots/datadog-seats.unassign_seats_user.one_user.snap";
    clone.change(file, "HTTP/1.1", "HTTP/1.0");
    clone.write(
        "tests/snapshots/datadog-seats.nobody.one.snap",
        &recorded("```\nGET /"),
    );
    let said = clone.review(&["--format", "markdown"]);
    assert_eq!(said.code, 0);
    assert!(
        said.out.starts_with(
            "## Review of the specs\n\nRecorded requests changed, the specs did not: breaks neither"
        ),
        "{}",
        said.out
    );
    assert!(
        said.out.ends_with(
            "#### Recorded requests of no operation

Recorded request `datadog-seats.nobody.one`

````diff
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

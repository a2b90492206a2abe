//! The recorded requests that a change brings with it: `tests/snapshots/<spec>.<operation>.<variant>.snap`.

use std::collections::BTreeMap;

use crate::pairs::{Pair, bare};

/// The folder of the snapshots, below the root.
pub const FOLDER: &str = "tests/snapshots";

/// What a snapshot's file name ends with.
pub const ENDING: &str = ".snap";

/// The change of one recorded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The file's name without its ending.
    pub name: String,
    /// The name that it had, where it has another now.
    pub former: Option<String>,
    /// The lines that changed, as a unified diff without its head.
    pub diff: String,
}

impl Snapshot {
    /// Whether it was there before, is there now, and is another one.
    pub fn is_another_request(&self) -> bool {
        let head = self.diff.lines().next().unwrap_or_default();
        !head.is_empty() && !head.starts_with("@@ -0,0 ") && !head.ends_with(" +0,0 @@")
    }
}

/// The files of one side, by their names.
pub type Files = BTreeMap<String, String>;

/// The changes of all snapshots of one spec, each with the operation that it is of.
pub(crate) fn changed(
    spec: &str,
    operations: &[Pair<'_>],
    old: &Files,
    new: &Files,
) -> Vec<(Option<usize>, Snapshot)> {
    let mut before = of(spec, old);
    let after = of(spec, new);
    let mut found = Vec::new();
    for (name, text) in &after {
        let operation = owner(operations, name, |pair| pair.new_id());
        let former = operation
            .and_then(|number| operations.get(number))
            .and_then(|pair| renamed(&before, &after, pair, name));
        let known = former.as_ref().unwrap_or(name);
        let was = before.remove(known).unwrap_or_default();
        if was != *text || former.is_some() {
            found.push((operation, snapshot(name, former, &was, text)));
        }
    }
    for (name, text) in before {
        let operation = owner(operations, &name, |pair| pair.old_id());
        found.push((operation, snapshot(&name, None, &text, "")));
    }
    found
}

/// The snapshots of one spec, without the head that the test writes for itself.
fn of(spec: &str, files: &Files) -> BTreeMap<String, String> {
    files
        .iter()
        .filter_map(|(file, text)| {
            let name = file.strip_suffix(ENDING)?;
            name.strip_prefix(spec)?.strip_prefix('.')?;
            let body = text
                .strip_prefix("---\n")
                .and_then(|rest| rest.split_once("\n---\n"))
                .map_or(text.as_str(), |(_, body)| body);
            Some((name.to_owned(), body.to_owned()))
        })
        .collect()
}

fn part(name: &str, number: usize) -> &str {
    name.split('.').nth(number).unwrap_or_default()
}

fn owner(
    operations: &[Pair<'_>],
    name: &str,
    id: impl for<'a, 'b> Fn(&'b Pair<'a>) -> &'a str,
) -> Option<usize> {
    operations.iter().position(|pair| {
        let id = bare(id(pair));
        !id.is_empty() && id == bare(part(name, 1))
    })
}

/// The snapshot of the same variant under the operation's old name.
fn renamed(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    pair: &Pair<'_>,
    name: &str,
) -> Option<String> {
    if before.contains_key(name) {
        return None;
    }
    before
        .keys()
        .find(|known| {
            !after.contains_key(*known)
                && part(known, 2) == part(name, 2)
                && bare(part(known, 1)) == bare(pair.old_id())
        })
        .cloned()
}

fn snapshot(name: &str, former: Option<String>, old: &str, new: &str) -> Snapshot {
    let patch = diffy::create_patch(old, new).to_string();
    // The first two lines name the sides.
    let diff = patch.split_inclusive('\n').skip(2);
    let diff = diff
        .filter(|line| !line.starts_with("\\ No newline"))
        .collect();
    Snapshot {
        name: name.to_owned(),
        former,
        diff,
    }
}

//! Where a document has two names that are one in Rust.

use spec::{Node, Place, Source};

/// The second of two names that both become `name`, and the line of the first; or the one name that
/// the generator has made up a twin for.
pub(super) fn place(source: &Source, name: &str) -> Option<(Place, Option<u64>)> {
    let mut groups = Vec::new();
    collect(&source.root, &letters(name), &mut groups);
    let twins = groups.iter().find_map(|group| match group.as_slice() {
        [first, second, ..] => Some(((*second).clone(), Some(first.line))),
        _ => None,
    });
    twins.or_else(|| Some(((*groups.last()?.last()?).clone(), None)))
}

/// For each mapping or list, the names in it that become the wanted one.
fn collect<'a>(node: &'a Node, wanted: &str, groups: &mut Vec<Vec<&'a Place>>) {
    let is_wanted = |text: &str| letters(text) == wanted;
    let keys = node
        .entries()
        .iter()
        .filter(|(key, _)| is_wanted(&key.name))
        .map(|(key, _)| &key.place);
    // Values of an `enum`, and the parameters of an operation.
    let items = node.items().iter().filter_map(|item| {
        let name = item.get("name").unwrap_or(item);
        name.as_str().is_some_and(is_wanted).then_some(&name.place)
    });
    let group: Vec<&Place> = keys.chain(items).collect();
    if !group.is_empty() {
        groups.push(group);
    }
    for item in node.items() {
        collect(item, wanted, groups);
    }
    for (key, value) in node.entries() {
        if !matches!(key.name.as_str(), "example" | "examples") {
            collect(value, wanted, groups);
        }
    }
}

/// Case and punctuation do not tell names apart.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

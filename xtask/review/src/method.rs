//! What a generated method sends, and how it reads the answer: piece by piece, since what is sent
//! beside the rest takes nothing away.

use std::collections::BTreeMap;

use super::api::Method;

/// Whether a method does something else than it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Another {
    /// A request is another one, also where everything that is new is left out.
    pub sends: bool,
    /// The answer is asked to be of another kind.
    pub accepts: bool,
    /// An answer is read another way.
    pub reads: bool,
}

/// Where a piece of a request begins.
const BEGINNINGS: [&str; 8] = [
    ".query(",
    ".header(",
    ".json(",
    ".body(",
    ".headers(",
    ".build(",
    "if let Some(",
    "header_map.append(",
];

/// What stands between the request and the answer.
const SENT: &str = "let info=OperationInfo{";

pub(super) fn compare(old: &Method, new: &Method) -> Another {
    if old.body == new.body {
        return Another::default();
    }
    let names = |method: &'_ Method| -> Vec<String> {
        let names = method.arguments.iter().map(|(name, _)| name.clone());
        names.collect()
    };
    let (before, after) = (names(old), names(new));
    let gone = before.iter().filter(|name| !after.contains(name));
    let mut added = after.iter().filter(|name| !before.contains(name));
    // The name of an argument is not on the wire; the pieces hold the names that are.
    let renamed: BTreeMap<&str, &str> = gone
        .zip(added.by_ref())
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    let heirs: Vec<&str> = renamed.values().copied().collect();
    let is_new = |name: &str| {
        after.iter().any(|one| one == name)
            && !before.iter().any(|one| one == name)
            && !heirs.contains(&name)
    };
    let (request, answer) = halves(&old.body);
    let (new_request, new_answer) = halves(&new.body);
    let was = pieces(&rename(request, &renamed));
    let is = pieces(new_request);
    let lost = without(&was, &is);
    let gained = without(&is, &was);
    // What an argument sends that was not there before is nobody's who does not give it.
    let gained = gained.into_iter().filter(|piece| !words(piece).any(is_new));
    let (accept, other): (Vec<&str>, Vec<&str>) = lost
        .into_iter()
        .chain(gained)
        .partition(|piece| piece.starts_with(".header(") && piece.contains("::ACCEPT"));
    Another {
        sends: !other.is_empty(),
        accepts: !accept.is_empty(),
        reads: answer != new_answer,
    }
}

fn halves(body: &str) -> (&str, &str) {
    let (request, rest) = body.split_once(SENT).unwrap_or((body, ""));
    // The operation's id comes first; it is for hooks, and goes nowhere.
    let (_, answer) = rest.split_once('}').unwrap_or(("", rest));
    (request, answer)
}

fn pieces(request: &str) -> Vec<String> {
    let mut marked = request.to_owned();
    for beginning in BEGINNINGS {
        marked = marked.replace(beginning, &format!("\u{0}{beginning}"));
    }
    let pieces = marked.split('\u{0}').flat_map(|piece| piece.split(';'));
    pieces
        .map(|piece| match piece.trim_matches(['}', ' ']) {
            // The names of headers have no case.
            header if header.starts_with("header_map.append(") => header.to_lowercase(),
            piece => piece.to_owned(),
        })
        // How many headers there may be.
        .filter(|piece| !piece.contains("::with_capacity("))
        .collect()
}

/// What is in the first list more often than in the second.
fn without<'a>(these: &'a [String], those: &[String]) -> Vec<&'a str> {
    let mut left: Vec<&String> = those.iter().collect();
    let missing = these.iter().filter(|piece| {
        let found = left.iter().position(|other| other == piece);
        if let Some(at) = found {
            left.remove(at);
        }
        found.is_none()
    });
    missing.map(String::as_str).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Replaces the names of arguments where they stand alone, and not within a text.
fn rename(request: &str, names: &BTreeMap<&str, &str>) -> String {
    let mut result = String::new();
    // Every other part is a text.
    for (n, part) in request.split('"').enumerate() {
        if n > 0 {
            result.push('"');
        }
        if n % 2 == 1 {
            result.push_str(part);
            continue;
        }
        let mut rest = part;
        while !rest.is_empty() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let first_is_word = rest.starts_with(is_word);
            let end = rest
                .find(|c: char| is_word(c) != first_is_word)
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            result.push_str(names.get(word).copied().unwrap_or(word));
            rest = after;
        }
    }
    result
}

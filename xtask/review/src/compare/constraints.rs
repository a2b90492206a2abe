//! What a text has to be like, and whether a path parameter still keeps its value in its segment.

use std::collections::HashSet;

use regress::Regex;

use super::super::finding::{Wire, Words, say};
use super::{At, Walk, same, shown, texts};
use spec::{Node, Source};

/// Values that make another path of the one that was meant, or that some server reads so.
const DANGERS: [&str; 18] = [
    "",
    ".",
    "..",
    "/",
    "\\",
    "\u{0}",
    "\n",
    "\r\n",
    "\u{7f}",
    "%2e",
    "%2E%2E",
    "%252e%252e",
    "%2f",
    "%5C",
    "%00",
    "..;",
    "%",
    " ",
];

/// Those that are one for certain.
const CERTAIN: [&str; 9] = ["", ".", "..", "/", "\\", "\u{0}", "\n", "%2e%2e", "%2f"];

/// Harmless characters of every sort.
const LETTERS: &str = "azAFZ0189-_.@+:~ é%(&";

/// What else may begin another part of a URL.
const DELIMITERS: [&str; 3] = ["?", "#", ";"];

/// The constraints of a text, as generated code checks them.
pub(super) struct Text {
    is_text: bool,
    pattern: Option<String>,
    regex: Option<Regex>,
    shortest: Option<u64>,
    longest: Option<u64>,
    members: Option<Vec<String>>,
    /// The parts of `allOf`: each has its say.
    all: Vec<Text>,
    /// The forms of `oneOf` and `anyOf`: one of them is enough.
    any: Vec<Text>,
}

/// How deep parts in parts are looked into; the lint refuses circles.
const DEEPEST: usize = 16;

impl Text {
    pub(super) fn of(source: &Source, schema: Option<&Node>) -> Self {
        Self::at_depth(source, schema, 0)
    }

    fn at_depth(source: &Source, schema: Option<&Node>, depth: usize) -> Self {
        let schema = schema.and_then(|schema| source.resolve(schema));
        let get = |key: &str| schema.and_then(|schema| schema.get(key));
        let number = |key: &str| get(key).and_then(|node| node.to_json().as_u64());
        let pattern = get("pattern").and_then(Node::as_str).map(str::to_owned);
        // Another type has its own form, and a format such as `uuid` has one, too.
        let is_formed = get("format").and_then(Node::as_str).is_some_and(|format| {
            matches!(
                format,
                "uuid" | "date" | "date-time" | "ip" | "ipv4" | "ipv6"
            )
        });
        let kind = get("type").and_then(Node::as_str);
        let parts = |keys: &[&str]| -> Vec<Self> {
            let lists = keys.iter().filter_map(|key| get(key)).flat_map(Node::items);
            lists
                .filter(|_| depth < DEEPEST)
                .map(|part| Self::at_depth(source, Some(part), depth + 1))
                .collect()
        };
        Self {
            is_text: matches!(kind, Some("string") | None) && !is_formed,
            regex: pattern
                .as_deref()
                .and_then(|pattern| Regex::new(pattern).ok()),
            pattern,
            shortest: number("minLength"),
            longest: number("maxLength"),
            members: get("enum").map(|node| texts(Some(node))),
            all: parts(&["allOf"]),
            any: parts(&["oneOf", "anyOf"]),
        }
    }

    /// Everything that it asks, to be compared.
    fn written(&self) -> String {
        let of = |parts: &[Self]| -> Vec<String> { parts.iter().map(Self::written).collect() };
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.is_text,
            self.pattern,
            self.shortest,
            self.longest,
            self.members,
            of(&self.all),
            of(&self.any)
        )
    }

    fn patterns(&self) -> Vec<&String> {
        let inner = self.all.iter().chain(&self.any).flat_map(Self::patterns);
        self.pattern.iter().chain(inner).collect()
    }

    fn takes(&self, value: &str) -> bool {
        let length = value.chars().count() as u64;
        self.is_text
            && self.shortest.is_none_or(|shortest| length >= shortest)
            && self.longest.is_none_or(|longest| length <= longest)
            && self
                .members
                .as_ref()
                .is_none_or(|members| members.iter().any(|one| one == value))
            && self
                .regex
                .as_ref()
                .is_none_or(|regex| regex.find(value).is_some())
            && self.all.iter().all(|part| part.takes(value))
            && (self.any.is_empty() || self.any.iter().any(|form| form.takes(value)))
    }

    /// The values out of [`CERTAIN`] that it takes, as a person can read them.
    pub(super) fn dangers_taken(&self) -> Vec<String> {
        CERTAIN
            .iter()
            .filter(|value| self.takes(value))
            .map(|value| readable(value))
            .collect()
    }

    /// Whether every text that it takes is one that `other` takes, as far as that shows at once.
    fn is_within(&self, other: &Self) -> bool {
        if !self.is_text || self.written() == other.written() {
            return true;
        }
        let is_made_of_parts = |text: &Self| !text.all.is_empty() || !text.any.is_empty();
        if is_made_of_parts(self) || is_made_of_parts(other) {
            return false;
        }
        if let Some(members) = &self.members {
            return members.iter().all(|member| other.takes(member));
        }
        other.is_text
            && other.members.is_none()
            && (other.pattern.is_none() || self.pattern == other.pattern)
            && self.shortest.unwrap_or(0) >= other.shortest.unwrap_or(0)
            && other
                .longest
                .is_none_or(|longest| self.longest.is_some_and(|own| own <= longest))
    }
}

fn readable(value: &str) -> String {
    if value.is_empty() {
        return "\"\"".to_owned();
    }
    value.escape_debug().to_string().replace("\\\\", "\\")
}

/// Tries on both sides what must not stand in a path; where nothing shows, says that it proves nothing.
pub(super) fn path_security(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let before = Text::of(walk.old, old.get("schema"));
    let after = Text::of(walk.new, new.get("schema"));
    if after.is_within(&before) {
        return;
    }
    let seeds = seeds(walk, old, new, [&before, &after]);
    let let_through: Vec<String> = attempts(&seeds)
        .into_iter()
        .filter(|value| after.takes(value) && !before.takes(value))
        .map(|value| readable(&value))
        .take(6)
        .collect();
    let mut finding = walk.finding(at, "", &[]).security();
    finding.touches.clear();
    finding.says = if !let_through.is_empty() {
        say(
            "loosened: lets values through that it refused and that can change the path, such as ",
            &[],
        )
        .then(&Words::list(&let_through))
    } else if before.patterns() != after.patterns() {
        say(
            "the pattern changed: none of the dangerous values that were tried gets through, but it cannot be shown to be as strict",
            &[],
        )
    } else {
        // The same pattern refuses the same; a length alone lets nothing out of its segment.
        return;
    };
    walk.add(finding);
}

/// Values that are right: the examples, and what the patterns begin with.
fn seeds(walk: &Walk<'_, '_>, old: &Node, new: &Node, patterns: [&Text; 2]) -> Vec<String> {
    let mut seeds = Vec::new();
    for (source, parameter) in [(walk.old, old), (walk.new, new)] {
        let schema = parameter
            .get("schema")
            .and_then(|schema| source.resolve(schema));
        for holder in [Some(parameter), schema].into_iter().flatten() {
            seeds.extend(
                holder
                    .get("example")
                    .and_then(Node::as_str)
                    .map(str::to_owned),
            );
        }
    }
    for text in patterns {
        let literal: String = text
            .pattern
            .iter()
            .flat_map(|pattern| pattern.trim_start_matches('^').chars())
            .take_while(|c| c.is_ascii_alphanumeric() || "-_:@".contains(*c))
            .collect();
        seeds.push(literal);
    }
    seeds.push("a".to_owned());
    seeds.sort();
    seeds.dedup();
    seeds
}

/// The dangers alone first, then in front of, behind and within each seed.
fn attempts(seeds: &[String]) -> Vec<String> {
    let alone = DANGERS.iter().chain(&CERTAIN);
    let mut attempts: Vec<String> = alone.clone().map(|danger| (*danger).to_owned()).collect();
    for seed in seeds.iter().filter(|seed| !seed.is_empty()) {
        let within = alone.clone().chain(&DELIMITERS);
        for danger in within.filter(|danger| !danger.is_empty() && **danger != ".") {
            attempts.extend(with(seed, danger));
            attempts.push(format!("{seed}/{danger}"));
        }
    }
    let mut seen = HashSet::new();
    attempts.retain(|attempt| seen.insert(attempt.clone()));
    attempts
}

/// A piece in front of, behind and within a text.
fn with(text: &str, piece: &str) -> [String; 3] {
    let middle = text.chars().count() / 2;
    let at = text.char_indices().nth(middle).map_or(0, |(at, _)| at);
    let (start, end) = text.split_at(at);
    [
        format!("{text}{piece}"),
        format!("{piece}{text}"),
        format!("{start}{piece}{end}"),
    ]
}

/// Values of every sort: those that are dangerous, and harmless ones beside the seeds.
fn samples(seeds: &[String]) -> Vec<String> {
    let mut samples = attempts(seeds);
    for seed in seeds.iter().filter(|seed| !seed.is_empty()) {
        samples.push(seed.clone());
        samples.push(seed.to_uppercase());
        samples.extend([2, 5, 20, 40, 70, 300].map(|times| seed.repeat(times)));
        let mut chars = seed.chars();
        chars.next();
        samples.push(chars.as_str().to_owned());
        chars.next_back();
        samples.push(chars.as_str().to_owned());
        for letter in LETTERS.chars() {
            samples.push(letter.to_string());
            samples.push(letter.to_string().repeat(40));
            samples.extend(with(seed, &letter.to_string()));
        }
    }
    samples
}

/// The constraints that generated code checks before it sends, and after it has read.
pub(super) fn compare(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let (before, after) = (Text::of(walk.old, Some(old)), Text::of(walk.new, Some(new)));
    for key in ["minLength", "maxLength"] {
        if !same(old.get(key), new.get(key)) {
            let wire = if is_looser(key, &before, &after) {
                Wire::SAME
            } else {
                Wire::of(at.direction)
            };
            let says = "{} was {} and is {}";
            let finding = walk
                .finding(at, says, &[key, &shown(old.get(key)), &shown(new.get(key))])
                .wire(wire);
            walk.add(finding);
        }
    }
    let key = "pattern";
    if !same(old.get(key), new.get(key)) {
        let seeds = seeds(walk, old, new, [&before, &after]);
        let (more, wire) = taken(&before, &after, &seeds);
        let wire = if wire {
            Wire::of(at.direction)
        } else {
            Wire::SAME
        };
        let mut finding = walk
            .finding(
                at,
                "{} was {} and is {}",
                &[key, &shown(old.get(key)), &shown(new.get(key))],
            )
            .wire(wire);
        finding.says = finding.says.then(&more);
        walk.add(finding);
    }
}

/// What a change of the pattern lets through or refuses, and whether that breaks what was right.
/// Of two patterns nobody can tell in general; so values are tried.
fn taken(before: &Text, after: &Text, seeds: &[String]) -> (Words, bool) {
    if after.pattern.is_none() {
        return (Words::default(), false);
    }
    let mut samples = samples(seeds);
    // What is right at first, and one character away from that.
    let right = samples
        .iter()
        .filter(|sample| before.takes(sample) || after.takes(sample));
    let near: Vec<String> = right
        .take(10)
        .flat_map(|sample| {
            LETTERS
                .chars()
                .flat_map(|letter| with(sample, &letter.to_string()))
        })
        .collect();
    samples.extend(near);
    let first = |one: &Text, other: &Text| {
        let found = samples
            .iter()
            .find(|sample| one.takes(sample) && !other.takes(sample));
        found.map(|sample| readable(sample))
    };
    match (first(before, after), first(after, before)) {
        (Some(refused), Some(let_in)) => (
            say(
                "; {} is refused now, and {} is not any more",
                &[&refused, &let_in],
            ),
            true,
        ),
        (Some(refused), None) => (say("; {} is refused now", &[&refused]), true),
        (None, Some(let_in)) => (
            say(
                "; {} is refused no more, and nothing that was tried is refused now",
                &[&let_in],
            ),
            false,
        ),
        (None, None) => (
            say(
                "; nothing that was tried shows which is the stricter one",
                &[],
            ),
            true,
        ),
    }
}

/// Whether what was taken still is.
fn is_looser(key: &str, before: &Text, after: &Text) -> bool {
    match key {
        "minLength" => after.shortest.unwrap_or(0) <= before.shortest.unwrap_or(0),
        _ => after
            .longest
            .is_none_or(|after| before.longest.is_some_and(|before| before <= after)),
    }
}

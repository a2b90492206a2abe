//! Every value that a path parameter takes stays in its segment of the path.
//!
//! This is found out by trying: values that would leave the segment are held against the schema, by
//! themselves and within values that it takes, as the generated type would.

use std::cell::Cell;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::accepts::Accepts;
use super::samples;
use spec::Diagnostic;
use spec::Rule;
use spec::{Content, Node, Place, Source};

/// What a URL parser reads as an instruction, or a router as another path, when it is all there is.
const WHOLE: [&str; 3] = ["", ".", ".."];

/// What must not stand anywhere in a value, beside control characters.
const WITHIN: [&str; 2] = ["/", "\\"];

/// The same once a server, or something before it, has decoded them.
const WHOLE_ENCODED: [&str; 5] = ["%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e"];
const WITHIN_ENCODED: [&str; 7] = ["%2F", "%2f", "%5C", "%00", "%0a", "%7F", "%252F"];

/// Values to build upon, beside the examples of the spec.
const SAMPLES: [&str; 12] = [
    "a",
    "1",
    "A",
    "ab",
    "a1",
    "abcd",
    "1234",
    "ABCD1234",
    "a-b",
    "a.b",
    "ada@contoso.example",
    "626a4e8e-64bd-409d-b80e-428f08ac0b62",
];

/// A pattern can be slow; no more values than these are tried as a ground to build upon, of those
/// that are known and of those that are made from the pattern.
const GROUNDS: usize = 3;

/// A value is made no longer than this, whatever `minLength` says.
const LONGEST: usize = 4096;

/// A match that takes longer would hold up whoever calls the generated code.
const SLOW: Duration = Duration::from_millis(100);

/// All tries of a parameter together; they take some hundredth of it.
const TRIES: Duration = Duration::from_secs(10);

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut seen: Vec<*const Node> = Vec::new();
    let mut found = Vec::new();
    for operation in source.operations() {
        for parameter in super::parameters::of(source, operation) {
            // Operations share parameters, and trying takes its time.
            let is_new = !seen.contains(&std::ptr::from_ref(parameter));
            if is_new && super::parameters::text(parameter, "in") == "path" {
                seen.push(parameter);
                found.extend(parameter_troubles(source, parameter));
            }
        }
    }
    found
}

fn parameter_troubles(source: &Source, parameter: &Node) -> Vec<Diagnostic> {
    let Some(schema) = parameter.get("schema") else {
        return Vec::new();
    };
    let Some(accepts) = Accepts::new(source, schema, 0) else {
        // Another rule tells that it leads nowhere, or cannot be compiled.
        return Vec::new();
    };
    let place = place(source, schema);
    let name = super::parameters::text(parameter, "name");
    let Some(tried) = in_time(accepts, known(source, parameter, schema)) else {
        let message = "the pattern takes too long to be matched";
        return vec![source.error(Rule::Pattern, place, message).help(
            "a repetition within a repetition, such as `(a+)+`, tries every way to divide a text; the generated code would hang",
        )];
    };
    if !tried.leaving.is_empty() {
        let message = format!(
            "the path parameter `{name}` takes {}",
            listed(&tried.leaving)
        );
        return vec![source.error(Rule::PathSegment, place, message).help(
            "refuse these by a `pattern`: `cargo xtask lint --explain path-segment` shows one; each can make it another call",
        )];
    }
    let mut found = Vec::new();
    if !tried.encoded.is_empty() {
        let message = format!(
            "the path parameter `{name}` takes {}",
            listed(&tried.encoded)
        );
        found.push(
            source
                .error(Rule::PathSegmentEncoded, place, message)
                .help("refuse these in the `pattern` too; something on the way may decode them"),
        );
    }
    if !tried.has_ground {
        let message = format!("no value is known that the path parameter `{name}` takes");
        found.push(source.error(Rule::PathSegmentUntried, place, message).help(
            "give the parameter an `example`; what would leave the path is then tried within it",
        ));
    }
    found
}

/// What came of trying.
struct Tried {
    /// What leaves the segment and is taken.
    leaving: Vec<String>,
    /// The same once it is decoded.
    encoded: Vec<String>,
    /// Whether there was something to build upon, or need not be.
    has_ground: bool,
}

/// None where a pattern takes too long; a match cannot be stopped, so that its thread is left alone.
fn in_time(accepts: Accepts, known: Vec<String>) -> Option<Tried> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // Nobody listens any more where it took too long.
        let _ = sender.send(tried(accepts, known));
    };
    thread::Builder::new().spawn(work).ok()?;
    receiver.recv_timeout(TRIES).ok()?
}

fn tried(accepts: Accepts, known: Vec<String>) -> Option<Tried> {
    let is_safe = accepts.is_safe_by_type();
    let schema = Schema {
        accepts,
        is_slow: Cell::new(false),
    };
    let mut grounds = grounds(&schema, known);
    let has_ground = !grounds.is_empty() || is_safe;
    let (out, made): (Vec<String>, Vec<String>) = made(&schema, &grounds)
        .into_iter()
        .partition(|value| leaves(value));
    grounds.extend(made.into_iter().take(GROUNDS));
    let encoded = passing(&schema, &grounds, &WHOLE_ENCODED, &WITHIN_ENCODED);
    // What gets through is a value to build upon, too.
    if grounds.is_empty() {
        grounds.extend(encoded.iter().take(GROUNDS).cloned());
    }
    let leaving = passing(&schema, &grounds, &WHOLE, &WITHIN);
    let mut leaving = quoted(if leaving.is_empty() {
        out.get(..1).unwrap_or_default()
    } else {
        &leaving
    });
    leaving.extend(control_characters(&schema, &grounds));
    (!schema.is_slow.get()).then(|| Tried {
        leaving,
        encoded: quoted(&encoded),
        has_ground: has_ground || grounds.iter().any(|ground| !ground.contains('%')),
    })
}

/// What a parameter's values are held against.
struct Schema {
    accepts: Accepts,
    is_slow: Cell<bool>,
}

impl Schema {
    /// Nothing more is taken once it is known to be slow.
    fn takes(&self, value: &str) -> bool {
        if self.is_slow.get() {
            return false;
        }
        let timed = || {
            let start = Instant::now();
            (self.accepts.takes(value), start.elapsed())
        };
        let (takes, mut took) = timed();
        // The machine may have had other things to do.
        for _ in 0..2 {
            if took > SLOW {
                took = took.min(timed().1);
            }
        }
        self.is_slow.set(took > SLOW);
        takes
    }
}

fn leaves(value: &str) -> bool {
    WHOLE.contains(&value)
        || WITHIN.iter().any(|bad| value.contains(bad))
        || value.contains(char::is_control)
}

/// Where the schema says what it takes: its pattern, its type, or else the schema.
fn place<'a>(source: &'a Source, schema: &'a Node) -> &'a Place {
    let resolved = source.resolve(schema).unwrap_or(schema);
    let says = resolved.get("pattern").or_else(|| resolved.get("type"));
    &says.unwrap_or(resolved).place
}

/// The examples of the spec.
fn known(source: &Source, parameter: &Node, schema: &Node) -> Vec<String> {
    let resolved = source.resolve(schema).unwrap_or(schema);
    let named = parameter
        .get("examples")
        .map(Node::entries)
        .unwrap_or_default();
    let named = named.iter().filter_map(|(_, example)| example.get("value"));
    let single = [
        parameter.get("example"),
        resolved.get("example"),
        resolved.get("default"),
    ];
    let nodes = single.into_iter().flatten().chain(named);
    nodes.filter_map(scalar).collect()
}

/// Values that the schema takes: examples first, then short ones, then those of every length.
fn grounds(schema: &Schema, known: Vec<String>) -> Vec<String> {
    let (_, min) = schema.accepts.asks();
    let min = min.min(LONGEST);
    let lengths = (1..=40).chain(min..min + 8);
    let filled = lengths.flat_map(|length| ["a", "1", "A"].map(|fill| fill.repeat(length)));
    let mut made: Vec<String> = SAMPLES
        .map(str::to_owned)
        .into_iter()
        .chain(filled)
        .collect();
    // A slow pattern takes twice as long with each character: so it is found out in time.
    made.sort_by_key(String::len);
    for value in &known {
        let ends = value.char_indices().map(|(at, _)| at);
        for begin in ends.filter_map(|at| value.get(..at)) {
            schema.takes(&format!("{begin}\n"));
        }
    }
    let mut grounds: Vec<String> = Vec::new();
    for value in known.into_iter().chain(made) {
        if grounds.len() < GROUNDS && !grounds.contains(&value) && schema.takes(&value) {
            grounds.push(value);
        }
    }
    grounds
}

/// What the schema takes of what stands in its patterns, by itself and beside a value.
fn made(schema: &Schema, grounds: &[String]) -> Vec<String> {
    let (patterns, _) = schema.accepts.asks();
    let mut made = Vec::new();
    for pattern in patterns {
        made.extend(samples::of(pattern));
        for part in samples::parts(pattern) {
            let beside = |ground: &String| [format!("{ground}{part}"), format!("{part}{ground}")];
            made.extend(grounds.iter().flat_map(beside));
        }
    }
    made.retain(|value| !grounds.contains(value) && schema.takes(value));
    made.dedup();
    made
}

fn scalar(node: &Node) -> Option<String> {
    match &node.content {
        Content::Scalar(serde_json::Value::String(text)) => Some(text.clone()),
        Content::Scalar(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// The values that get through, of each kind one.
fn passing(schema: &Schema, grounds: &[String], whole: &[&str], within: &[&str]) -> Vec<String> {
    let alone = whole.iter().map(|value| vec![(*value).to_owned()]);
    let embedded = within.iter().map(|bad| with(grounds, bad));
    alone
        .chain(embedded)
        .filter_map(|values| values.into_iter().find(|value| schema.takes(value)))
        .collect()
}

/// Something bad by itself, and within values that are taken.
fn with(grounds: &[String], bad: &str) -> Vec<String> {
    let mut values = vec![bad.to_owned(), format!("a{bad}b")];
    values.extend(grounds.iter().flat_map(|ground| around(ground, bad)));
    values
}

/// The control characters that get through, in words.
fn control_characters(schema: &Schema, grounds: &[String]) -> Option<String> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let characters = (0..=0x9f).filter_map(char::from_u32);
    for c in characters.filter(|c| c.is_control()) {
        let values = with(grounds, c.encode_utf8(&mut [0; 4]));
        if !values.iter().any(|value| schema.takes(value)) {
            continue;
        }
        let code = u32::from(c);
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    let ranges: Vec<String> = ranges
        .iter()
        .map(|(first, last)| match last - first {
            0 => format!("U+{first:04X}"),
            _ => format!("U+{first:04X} to U+{last:04X}"),
        })
        .collect();
    (!ranges.is_empty()).then(|| format!("control characters ({})", ranges.join(", ")))
}

/// A value with something bad before, after and in it, added or in the place of characters.
fn around(ground: &str, bad: &str) -> Vec<String> {
    let characters: Vec<char> = ground.chars().collect();
    let length = bad.chars().count();
    let mut values = Vec::new();
    for at in [0, characters.len() / 2, characters.len()] {
        let (before, after) = characters.split_at(at);
        let join = |after: &[char]| {
            let parts: [String; 2] = [before.iter().collect(), after.iter().collect()];
            parts.join(bad)
        };
        values.push(join(after));
        values.push(join(after.get(length..).unwrap_or_default()));
    }
    // A pattern may fix the length, and what its parts are.
    if characters.len() <= 64 {
        for at in 0..characters.len() {
            let (before, after) = characters.split_at(at);
            let before: String = before.iter().collect();
            let after: String = after.iter().skip(1).collect();
            values.push([before.as_str(), bad, after.as_str()].concat());
        }
    }
    values
}

fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The values as a person reads them.
fn quoted(values: &[String]) -> Vec<String> {
    let quoted = |value: &String| match value.as_str() {
        "" => "an empty value".to_owned(),
        value => format!("\"{value}\""),
    };
    values.iter().map(quoted).collect()
}

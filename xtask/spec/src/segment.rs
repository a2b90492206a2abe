//! Which values of a path parameter leave their segment of the path: found out by trying.
//!
//! Values that would leave the segment are held against the schema, by themselves and within values
//! that it takes, as the generated type would.

use std::cell::Cell;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::accepts::Accepts;
use crate::node::{Content, Node};
use crate::samples;
use crate::source::Source;

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

/// A match that takes longer would block the caller of the generated code.
const SLOW: Duration = Duration::from_millis(100);

/// All tries of a parameter together; they take some hundredth of it.
const TRIES: Duration = Duration::from_secs(10);

/// What came of trying.
pub struct Tried {
    /// What leaves the segment and is taken, in words.
    pub leaving: Vec<String>,
    /// The same once it is decoded.
    pub encoded: Vec<String>,
    /// Whether there was something to build upon, or need not be.
    pub has_ground: bool,
}

/// None where a pattern takes too long; a match cannot be stopped, so that its thread is left alone.
pub fn in_time(accepts: Accepts, known: Vec<String>) -> Option<Tried> {
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

/// The values that the spec gives as examples of a parameter.
pub fn known(source: &Source, parameter: &Node, schema: &Node) -> Vec<String> {
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

/// A value that is taken and stays in its segment, where one can be made.
pub fn sample(accepts: &Accepts) -> Option<String> {
    let made = accepts.asks().0.into_iter().flat_map(samples::of);
    let lengths = (1..=64).map(|length| "a".repeat(length));
    let mut values = made.chain(SAMPLES.map(str::to_owned)).chain(lengths);
    values.find(|value| !leaves(value) && accepts.takes(value))
}

/// A value that could be right, was taken before, and is refused now.
pub fn refused(before: &Accepts, after: &Accepts, known: &[String]) -> Option<String> {
    let made = [before, after].map(|accepts| accepts.asks().0.into_iter().flat_map(samples::of));
    let made = made.into_iter().flatten();
    let mut values: Vec<String> = known.iter().cloned().chain(made).collect();
    values.extend(SAMPLES.map(str::to_owned));
    values.retain(|value| before.takes(value));
    let right = values.clone();
    for value in right.iter().take(GROUNDS) {
        values.push(value.to_uppercase());
        values.extend([2, 3, 5, 9, 15, 25, 40, 70, 300].map(|times| value.repeat(times)));
        let others = "azAFZ09-_.@+ é".chars();
        values.extend(others.flat_map(|c| around(value, &c.to_string())));
        let shorter = value.char_indices().map(|(at, _)| value.get(at..));
        values.extend(shorter.flatten().map(str::to_owned));
    }
    values
        .into_iter()
        .find(|value| before.takes(value) && !after.takes(value))
}

/// Values that could be an id, are taken now, were refused before, and change the path.
pub fn let_through(before: &Accepts, after: &Accepts, known: &[String]) -> Vec<String> {
    let mut ids = known.to_vec();
    for accepts in [after, before] {
        ids.extend(accepts.asks().0.into_iter().flat_map(samples::of));
    }
    ids.extend(SAMPLES.map(str::to_owned));
    ids.retain(|id| !leaves(id) && (after.takes(id) || before.takes(id)));
    ids.truncate(GROUNDS);
    let beside = |bad: &str| -> Vec<String> {
        let behind = ids.iter().map(|id| format!("{id}{bad}"));
        behind
            .chain(ids.iter().flat_map(|id| around(id, bad)))
            .collect()
    };
    let parts = ["/..", "/", "\\", "%2F", "?", "#", ";", "\n"];
    let within = parts.iter().map(|bad| beside(bad));
    let alone = [&WHOLE[..], &WHOLE_ENCODED].concat();
    let alone = alone.iter().map(|bad| vec![(*bad).to_owned()]);
    let is_new = |value: &String| after.takes(value) && !before.takes(value);
    let found = within.chain(alone);
    found
        .filter_map(|values| values.into_iter().find(is_new))
        .collect()
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

/// The values as a person reads them.
fn quoted(values: &[String]) -> Vec<String> {
    let quoted = |value: &String| match value.as_str() {
        "" => "an empty value".to_owned(),
        value => format!("\"{value}\""),
    };
    values.iter().map(quoted).collect()
}

//! Values that a pattern may take, read off its text.
//!
//! No parser of patterns: what is made here is tried, and what the pattern refuses is forgotten.

/// Parts that are joined with one another at most.
const JOINED: usize = 12;

/// Repetitions that are written out at most.
const REPEATED: usize = 64;

/// The constant parts of a pattern with a character for each class, alone and joined.
pub fn of(pattern: &str) -> Vec<String> {
    let parts = parts(pattern);
    let mut values = vec![parts.concat()];
    let first = parts.get(..JOINED.min(parts.len())).unwrap_or_default();
    for (i, one) in first.iter().enumerate() {
        values.push(one.clone());
        let later = first.iter().skip(i + 1);
        values.extend(later.map(|other| format!("{one}{other}")));
    }
    values
}

/// What stands between brackets, bars and anchors.
pub fn parts(pattern: &str) -> Vec<String> {
    let mut rest: Vec<char> = pattern.chars().rev().collect();
    let mut parts = vec![String::new()];
    while let Some(c) = rest.pop() {
        let one = match c {
            '(' | ')' | '|' | '^' | '$' => {
                if c == '(' {
                    group(&mut rest);
                }
                parts.push(String::new());
                continue;
            }
            '*' | '+' | '?' => continue,
            '{' => {
                repeat(&mut rest, parts.last_mut());
                continue;
            }
            '[' => class(&mut rest),
            '.' => 'a',
            '\\' => escaped(&mut rest),
            c => c,
        };
        if let Some(part) = parts.last_mut() {
            part.push(one);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Passes over what says the kind of a group, and over one that takes no character.
fn group(rest: &mut Vec<char>) {
    let ahead: String = rest.iter().rev().take(3).collect();
    if ahead.starts_with("?:") {
        rest.truncate(rest.len() - 2);
    } else if ["?=", "?!", "?<=", "?<!"]
        .iter()
        .any(|kind| ahead.starts_with(kind))
    {
        let mut depth = 1;
        while let Some(c) = rest.pop() {
            match c {
                '\\' => drop(rest.pop()),
                '[' => drop(class(rest)),
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    } else if ahead.starts_with("?<") {
        while rest.pop().is_some_and(|c| c != '>') {}
    }
}

/// The first character of a class, or one that is hardly ever left out of one.
fn class(rest: &mut Vec<char>) -> char {
    let negated = rest.pop_if(|c| *c == '^').is_some();
    let mut members = Vec::new();
    while let Some(c) = rest.pop() {
        match c {
            ']' => break,
            '\\' => members.push(escaped(rest)),
            c => members.push(c),
        }
    }
    match members.first() {
        Some(first) if !negated => *first,
        _ if members.contains(&'~') => 'a',
        _ => '~',
    }
}

/// What stands after a `\`.
fn escaped(rest: &mut Vec<char>) -> char {
    let code = |rest: &mut Vec<char>, digits: usize| {
        let text: String = rest.iter().rev().take(digits).collect();
        let found = u32::from_str_radix(&text, 16).ok().and_then(char::from_u32);
        if found.is_some() {
            rest.truncate(rest.len().saturating_sub(digits));
        }
        found.unwrap_or('a')
    };
    match rest.pop().unwrap_or('\\') {
        'd' => '1',
        's' => ' ',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' => code(rest, 2),
        'u' => code(rest, 4),
        c if c.is_ascii_alphanumeric() => 'a',
        c => c,
    }
}

/// Writes out the repetitions of the last character that have to be there.
fn repeat(rest: &mut Vec<char>, part: Option<&mut String>) {
    let mut least = String::new();
    let mut in_least = true;
    while let Some(c) = rest.pop().filter(|c| *c != '}') {
        in_least &= c != ',';
        if in_least {
            least.push(c);
        }
    }
    let least: usize = least.parse().unwrap_or(1);
    if let Some(part) = part
        && let Some(last) = part.chars().last()
    {
        part.extend(std::iter::repeat_n(
            last,
            least.min(REPEATED).saturating_sub(1),
        ));
    }
}

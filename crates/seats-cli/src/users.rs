//! The users that a command is for: named as arguments, or in a file.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::{fs, io, str};

use crate::input;

/// A user as somebody wrote them down, and where.
#[derive(Debug, PartialEq)]
pub struct Written {
    pub text: String,
    /// File and line, where they stand in one.
    place: Option<String>,
}

/// The users in the arguments, or else in the file.
///
/// # Errors
/// The file cannot be read, or names nobody.
pub fn written(arguments: &[String], file: Option<&Path>) -> Result<Vec<Written>, String> {
    let Some(file) = file else {
        let as_argument = |text: &String| Written {
            text: text.clone(),
            place: None,
        };
        return Ok(arguments.iter().map(as_argument).collect());
    };
    let refused = |rule: &dyn Display| format!("--users-file {file:?}: {rule}");
    let (name, bytes) = if file == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        ("stdin".to_owned(), read.map(|_| bytes))
    } else {
        (file.display().to_string(), fs::read(file))
    };
    let users = in_lines(&name, &bytes.map_err(|error| refused(&error))?)?;
    if users.is_empty() {
        return Err(refused(&"names no user"));
    }
    Ok(users)
}

/// A user a line. A guest's user principal name has `#` in it, so a comment begins its line.
fn in_lines(name: &str, bytes: &[u8]) -> Result<Vec<Written>, String> {
    // Editors on Windows begin a file with a mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut users = Vec::new();
    for (n, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let place = format!("{name}:{}", n + 1);
        let text = str::from_utf8(line).map_err(|_| format!("{place}: must be UTF-8"))?;
        let text = text.trim();
        if !text.is_empty() && !text.starts_with('#') {
            users.push(Written {
                text: text.to_owned(),
                place: Some(place),
            });
        }
    }
    Ok(users)
}

impl Written {
    /// The user's id.
    ///
    /// # Errors
    /// A line that names the place or the argument, the text and the id's own rule.
    pub fn parse<T: FromStr<Err: Display>>(&self, argument: &str) -> Result<T, String> {
        input::parse(argument, &self.text).map_err(|message| self.at_its_place(message))
    }

    /// As [`parse`](Self::parse), with the rule in our words.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_as<T: FromStr>(&self, argument: &str, rule: &str) -> Result<T, String> {
        input::parse_as(argument, &self.text, rule).map_err(|message| self.at_its_place(message))
    }

    fn at_its_place(&self, message: String) -> String {
        match &self.place {
            Some(place) => format!("{place}: {message}"),
            None => message,
        }
    }
}

/// Each user once: in the first spelling, in the order in which they were named.
pub fn once<U, K: Hash + Eq>(mut users: Vec<U>, key: impl Fn(&U) -> K) -> Vec<U> {
    let mut seen = HashSet::new();
    users.retain(|user| seen.insert(key(user)));
    users
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
        let users = in_lines("leavers.txt", bytes)?;
        let pair = |user: Written| (user.text, user.place.unwrap());
        Ok(users.into_iter().map(pair).collect())
    }

    #[test]
    fn a_user_a_line() {
        let file = b"\xef\xbb\xbf# who left\r\nada@contoso.example\r\n\r\n  \n\
            \tgrace_fabrikam.example#EXT#@contoso.example \n  # bob\nzo\xc3\xab";
        let at = |text: &str, line| (text.to_owned(), format!("leavers.txt:{line}"));
        let expected = vec![
            at("ada@contoso.example", 2),
            at("grace_fabrikam.example#EXT#@contoso.example", 5),
            at("zoë", 7),
        ];
        assert_eq!(lines(file), Ok(expected));
        assert_eq!(lines(b""), Ok(vec![]));
        assert_eq!(lines(b"# nobody\n\n"), Ok(vec![]));
    }

    #[test]
    fn a_line_that_is_no_text_is_named() {
        let utf_16 = b"\xff\xfea\0d\0a\0\n\0";
        assert_eq!(
            lines(utf_16),
            Err("leavers.txt:1: must be UTF-8".to_owned())
        );
        let latin_1 = b"ada\nzo\xeb";
        assert_eq!(
            lines(latin_1),
            Err("leavers.txt:2: must be UTF-8".to_owned())
        );
    }
}

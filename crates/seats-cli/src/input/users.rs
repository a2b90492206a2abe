//! The users of a command: named as arguments, or in a file.

use std::collections::HashSet;
use std::fmt::Display;
use std::fs::File;
use std::hash::Hash;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::rc::Rc;
use std::str::FromStr;

use super::ids;
use super::lines::for_each_line;
use crate::output::printable::quoted;

/// The most users of a file.
const USER_LIMIT: usize = 1_000_000;

/// A user as an argument or a line of a file names them.
#[derive(Debug, PartialEq)]
pub struct Named {
    pub text: String,
    /// The file and the number of the line.
    location: Option<(Rc<str>, usize)>,
}

/// Returns the users in the file if there is one, and in the arguments otherwise.
///
/// # Errors
/// The file cannot be read, exceeds a limit, is not UTF-8 or names no user.
pub fn read(arguments: &[String], file: Option<&Path>) -> Result<Vec<Named>, String> {
    let Some(path) = file else {
        let as_argument = |text: &String| Named {
            text: text.clone(),
            location: None,
        };
        return Ok(arguments.iter().map(as_argument).collect());
    };
    let refuse = |problem: &dyn Display| {
        let path = quoted(&path.to_string_lossy());
        format!("--users-file {path}: {problem}")
    };
    let users = if path == Path::new("-") {
        read_lines("stdin", io::stdin().lock())?
    } else {
        let file = File::open(path).map_err(|error| refuse(&error))?;
        read_lines(&path.to_string_lossy(), BufReader::new(file))?
    };
    if users.is_empty() {
        return Err(refuse(&"names no user"));
    }
    Ok(users)
}

/// Reads one user per line. A guest's user principal name contains `#`, so comments have lines of
/// their own.
fn read_lines(name: &str, file: impl BufRead) -> Result<Vec<Named>, String> {
    let file_name: Rc<str> = Rc::from(name);
    let mut users = Vec::new();
    for_each_line(name, file, |number, line| {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        if users.len() == USER_LIMIT {
            return Err(format!("{name}: must name at most {USER_LIMIT} users"));
        }
        users.push(Named {
            text: text.to_owned(),
            location: Some((Rc::clone(&file_name), number)),
        });
        Ok(())
    })?;
    Ok(users)
}

impl Named {
    /// Parses the user's id.
    ///
    /// # Errors
    /// A sentence that names the line or the argument, the text and the id's own rule.
    pub fn parse<T: FromStr<Err: Display>>(&self, argument: &str) -> Result<T, String> {
        self.check_is_one(argument)?;
        ids::parse(argument, &self.text).map_err(|message| self.locate(message))
    }

    /// Parses the user's id, and describes a failure by `rule`.
    ///
    /// # Errors
    /// A sentence that names the line or the argument, the text and the rule.
    pub fn parse_as<T: FromStr>(&self, argument: &str, rule: &str) -> Result<T, String> {
        self.check_is_one(argument)?;
        ids::parse_as(argument, &self.text, rule).map_err(|message| self.locate(message))
    }

    /// A text with a separator in it is a line of a table, not a user.
    fn check_is_one(&self, argument: &str) -> Result<(), String> {
        // The rule of the id itself is about control characters, and about space at its ends.
        let is_separator = |c: char| matches!(c, ' ' | ',' | ';' | '"');
        match self.text.trim().chars().find(|c| is_separator(*c)) {
            None => Ok(()),
            Some(separator) => Err(self.locate(format!(
                "{argument} {}: must be one user, without {separator:?}; for a list as it was sent, use `seats plan`",
                quoted(&self.text)
            ))),
        }
    }

    fn locate(&self, message: String) -> String {
        match &self.location {
            Some((file, line)) => format!("{file}:{line}: {message}"),
            None => message,
        }
    }
}

/// Removes users whose key has come before. Keeps the order, and the first spelling of each.
pub fn dedup_by<U, K: Hash + Eq>(mut users: Vec<U>, key: impl Fn(&U) -> K) -> Vec<U> {
    let mut seen = HashSet::new();
    users.retain(|user| seen.insert(key(user)));
    users
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::Config;

    use super::*;

    #[test]
    fn one_user_per_line() {
        let file = b"\xef\xbb\xbf# who left\r\nada@contoso.example\r\n\r\n  \n\
            \tgrace_fabrikam.example#EXT#@contoso.example \n  # bob\nzo\xc3\xab";
        let at = |text: &str, line| Named {
            text: text.to_owned(),
            location: Some((Rc::from("leavers.txt"), line)),
        };
        let expected = vec![
            at("ada@contoso.example", 2),
            at("grace_fabrikam.example#EXT#@contoso.example", 5),
            at("zoë", 7),
        ];
        assert_eq!(read_lines("leavers.txt", &file[..]), Ok(expected));
        assert_eq!(read_lines("leavers.txt", &b"# nobody\n\n"[..]), Ok(vec![]));
    }

    #[test]
    fn users_have_a_limit() {
        let most = "a\n".repeat(USER_LIMIT);
        assert_eq!(read_lines("f", most.as_bytes()).unwrap().len(), USER_LIMIT);
        let error = read_lines("f", (most + "a").as_bytes()).unwrap_err();
        assert_eq!(error, "f: must name at most 1000000 users");
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 300, ..Config::default() })]

        /// A file of anything: users as it names them, or an error that is no longer than it has to be.
        #[test]
        fn a_file_of_anything_is_read_within_bounds(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                r"((\u{feff}|#|[ \t\r\n]|[a-z@.]{1,9}|\u{202e}|é){0,60})".prop_map(String::into_bytes),
                (1..6000usize).prop_map(|length| vec![b'a'; length]),
            ],
        ) {
            match read_lines("f", &bytes[..]) {
                Ok(users) => {
                    let lines = bytes.split(|byte| *byte == b'\n').count();
                    prop_assert!(users.len() <= lines);
                    for user in &users {
                        prop_assert!(!user.text.is_empty() && user.text.len() <= 4096);
                        prop_assert_eq!(user.text.trim(), user.text.as_str());
                        prop_assert!(!user.text.starts_with('#') && !user.text.contains('\n'));
                        let Err(refusal) = user.parse::<u8>("USER") else { continue };
                        prop_assert!(refusal.starts_with("f:") && refusal.len() < 1000, "{}", refusal);
                        prop_assert!(!refusal.contains(['\u{202e}', '\r', '\u{1b}']), "{}", refusal);
                    }
                }
                Err(error) => {
                    prop_assert!(error.starts_with("f:") && error.len() < 200, "{}", error);
                }
            }
        }
    }
}

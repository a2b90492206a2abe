//! The options that every call takes, and the numbers and times in options.

use std::num::{IntErrorKind, NonZeroU32};
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::{Args, ValueEnum};

/// The options that both vendors' commands take.
#[derive(Clone, Copy, Debug, Args)]
pub struct Options {
    /// Send nothing; print the exact requests (of a list, the first), each with a curl line that reproduces it
    #[arg(long)]
    pub dry_run: bool,
    /// How to say what happened
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
    /// Call a sandbox on this machine, which knows a few seats and needs no credentials
    #[arg(long)]
    pub sandbox: bool,
    /// How often to send the request at most, where sending it again is safe [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, such as 5s [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub attempt_timeout: Option<Duration>,
    /// How long all attempts and the waits between them may take, such as 1m [default: 2m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Say on stderr what happens on the way; twice for everything but secrets and bodies
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// How to say what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Words and tables for a person
    #[default]
    Text,
    /// One JSON object a line on stdout, also when the call fails
    Json,
    /// A header and a row for each user, seat or product
    Csv,
}

/// A time such as `5s`, `1m 30s` or `500ms`, longer than nothing.
fn time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text)
        .map_err(|_| "must be a time such as 5s, 500ms or 1m 30s".to_owned())?;
    if time.is_zero() {
        Err("must be longer than nothing".to_owned())
    } else {
        Ok(time)
    }
}

/// A number within these bounds.
pub fn within(
    bounds: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<NonZeroU32, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse::<NonZeroU32>().ok();
        number
            .filter(|number| bounds.contains(&u64::from(number.get())))
            .ok_or_else(
                || match is_too_large(text) && *bounds.end() > u64::from(u32::MAX) {
                    true => format!("must be at most {}", u32::MAX),
                    false => format!("must be {}", words(&bounds)),
                },
            )
    }
}

/// Whether it is a number, and only too large.
fn is_too_large(text: &str) -> bool {
    let error = text.parse::<NonZeroU32>().err();
    error.is_some_and(|error| *error.kind() == IntErrorKind::PosOverflow)
}

/// Bounds as help and errors say them.
pub fn words(bounds: &RangeInclusive<u64>) -> String {
    match (bounds.start(), bounds.end()) {
        (least, &u64::MAX) => format!("at least {least}"),
        (least, most) => format!("{least} to {most}"),
    }
}

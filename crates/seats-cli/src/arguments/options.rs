//! The options that every vendor command takes, and the parsers of their numbers and times.

use std::num::{IntErrorKind, NonZeroU32, NonZeroUsize};
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::{Args, ValueEnum};
use seats::RetryPolicy;

use crate::output::Format;

/// The options that both vendors' commands take.
#[derive(Clone, Copy, Debug, Args)]
pub struct CallOptions {
    /// Send nothing; print the exact requests (for a list, the first), each with a curl line that reproduces it
    #[arg(long)]
    pub dry_run: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
    /// Write CSV cells as they are; otherwise a ' precedes those that a spreadsheet would run as a formula
    #[arg(long)]
    pub raw_csv: bool,
    /// Call a sandbox on this machine, which has a few seats and needs no credentials
    #[arg(long)]
    pub sandbox: bool,
    /// The maximum number of attempts, if the request is safe to retry [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_attempts: Option<u32>,
    /// The timeout of one attempt, such as 5s [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub attempt_timeout: Option<Duration>,
    /// The deadline of a call, including all attempts and the waits between them, such as 1m [default: 2m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Log each attempt on stderr; twice for everything except secrets and bodies
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl CallOptions {
    /// The limits of a call's attempts.
    pub fn retry_policy(&self) -> RetryPolicy {
        let mut policy = RetryPolicy::new();
        if let Some(attempts) = self.max_attempts {
            policy = policy.max_attempts(attempts);
        }
        if let Some(timeout) = self.attempt_timeout {
            policy = policy.attempt_timeout(timeout);
        }
        if let Some(timeout) = self.timeout {
            policy = policy.timeout(timeout);
        }
        policy
    }

    /// The output format, with what the other options say about it.
    pub fn format(&self) -> Format {
        match self.output {
            Output::Text => Format::Text,
            Output::Json => Format::Json,
            Output::Csv => Format::Csv { raw: self.raw_csv },
        }
    }
}

/// How many calls are in flight at once.
#[derive(Clone, Copy, Debug, Args)]
pub struct Concurrency {
    #[arg(long, value_name = "N", default_value = "8", value_parser = within(CONCURRENCY))]
    #[arg(help = format!("The number of requests in flight at once if there are many users, {}", describe(&CONCURRENCY)))]
    concurrency: NonZeroU32,
}

/// Vendors answer more requests at once with a 429.
const CONCURRENCY: RangeInclusive<u64> = 1..=64;

impl Concurrency {
    /// Returns the parser of the number.
    pub fn parser() -> impl Fn(&str) -> Result<NonZeroUsize, String> + Clone + Send + Sync {
        |text| {
            let calls = within(CONCURRENCY)(text)?;
            NonZeroUsize::try_from(calls).map_err(|error| error.to_string())
        }
    }

    /// The number of calls.
    pub fn calls(&self) -> NonZeroUsize {
        NonZeroUsize::try_from(self.concurrency).unwrap_or(NonZeroUsize::MIN)
    }
}

/// An output format by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Sentences and tables for a person
    #[default]
    Text,
    /// One JSON object per line on stdout, also if the call fails
    Json,
    /// A header, and a row for each user, seat or product
    Csv,
}

/// Parses a time such as `5s`, `1m 30s` or `500ms`, longer than zero.
pub fn time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text)
        .map_err(|_| "must be a time such as 5s, 500ms or 1m 30s".to_owned())?;
    if time.is_zero() {
        Err("must not be zero".to_owned())
    } else {
        Ok(time)
    }
}

/// Returns a parser of numbers within these bounds.
pub fn within(
    bounds: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<NonZeroU32, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse::<NonZeroU32>().ok();
        number
            .filter(|number| bounds.contains(&u64::from(number.get())))
            .ok_or_else(
                || match overflows(text) && *bounds.end() > u64::from(u32::MAX) {
                    true => format!("must be at most {}", u32::MAX),
                    false => format!("must be {}", describe(&bounds)),
                },
            )
    }
}

/// Whether the text is a number, and only too large.
fn overflows(text: &str) -> bool {
    let error = text.parse::<NonZeroU32>().err();
    error.is_some_and(|error| *error.kind() == IntErrorKind::PosOverflow)
}

/// Describes bounds for help texts and errors.
pub fn describe(bounds: &RangeInclusive<u64>) -> String {
    match (bounds.start(), bounds.end()) {
        (least, &u64::MAX) => format!("at least {least}"),
        (least, most) => format!("{least} to {most}"),
    }
}

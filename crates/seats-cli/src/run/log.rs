//! `-v` and `-vv`: a log on stderr.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, filter::Targets};

/// Starts the log: nothing at 0, the attempts of each call at 1, everything at 2 but what may show a
/// proxy's password.
pub fn start_log(verbosity: u8) {
    let targets = match verbosity {
        0 => return,
        1 => Targets::new().with_target("seats_transport", LevelFilter::DEBUG),
        _ => Targets::new()
            .with_default(LevelFilter::TRACE)
            // It writes a proxy as it was given, with a password whose host was forgotten.
            .with_target("reqwest::connect", LevelFilter::OFF),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .without_time()
        .with_filter(targets);
    // An earlier subscriber stays.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

//! How to call: the options on the builder of either vendor's client, and who may end it.

use crate::arguments::Options;
use crate::calls::Call;
use crate::interruption::Interruption;
use crate::report::Report;

/// Puts the options onto a builder. A macro, because the two builders share their methods, not a type.
macro_rules! apply {
    ($builder:expr, $options:expr) => {{
        let mut builder = $builder.dry_run($options.dry_run);
        if let Some(attempts) = $options.max_attempts {
            builder = builder.max_attempts(attempts);
        }
        if let Some(timeout) = $options.attempt_timeout {
            builder = builder.attempt_timeout(timeout);
        }
        if let Some(timeout) = $options.timeout {
            builder = builder.timeout(timeout);
        }
        builder
    }};
}
pub(crate) use apply;

/// Who watches for signals. A dry run may end at any time: it has nothing to say of it.
///
/// # Errors
/// The system lets nobody watch.
pub fn interruption(call: Call, options: &Options) -> Result<Interruption, Box<Report>> {
    if options.dry_run {
        return Ok(Interruption::unwatched());
    }
    Interruption::of(call)
        .map_err(|error| Box::new(Report::unacceptable(Some(call), error.to_string())))
}

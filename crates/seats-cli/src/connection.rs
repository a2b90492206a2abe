//! The options that say how to call, on the builder of either vendor's client.

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

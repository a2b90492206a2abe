//! Applies the call options to a vendor's client builder.

/// Applies the options to a builder. A macro, because the two builders share methods and no trait.
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

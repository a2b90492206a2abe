//! The arguments of `seats sandbox`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

/// The help after the options.
pub const EXAMPLE: &str = "\
Example; the sandbox ends with the command:
  seats sandbox -- seats store reclaim 9NBLGGH4R2R6 0016 ada@contoso.example

For several commands, in a POSIX shell:
  rm -f sandbox.env; seats sandbox >sandbox.env &
  until grep -qs SEATS_STORE_TOKEN sandbox.env; do sleep 1; done
  . ./sandbox.env
  seats store reclaim 9NBLGGH4R2R6 0016 ada@contoso.example

The documentation of the crate seats-sandbox (cargo doc --package seats-sandbox --open) describes
both file formats: Seed and Faults.";

/// The arguments of `seats sandbox`.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The port to listen on [default: any free port]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// The initial tenants, users, products and seats, as YAML
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// Faults to inject, and at which call of which operation, as YAML
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// A command to run with the sandbox's environment; the sandbox ends with it, and its exit code is the
    /// command's
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

//! A vendor's client, and what surrounds its calls: interruption, and a sandbox if one is wanted.

use std::pin::pin;

use futures_util::FutureExt;
use seats::{Error, Listing, datadog, store};
use seats_sandbox::Sandbox;

use super::interruption::{Interrupted, Interruption};
use super::list::print_list;
use super::sandbox::{self, Hint};
use crate::arguments::CallOptions;
use crate::outcome::{Endpoint, Report};
use crate::output::{Format, Row, streams};

/// A vendor's client, as far as an interruption concerns it.
pub trait VendorClient {
    /// Sends nothing more: calls that wait for a token, for their turn or for a retry end at once.
    fn stop(&self);
}

impl VendorClient for datadog::Client {
    fn stop(&self) {
        self.stop();
    }
}

impl VendorClient for store::Client {
    fn stop(&self) {
        self.stop();
    }
}

/// A vendor's client, and what surrounds its calls.
pub struct Session<C> {
    pub client: C,
    pub interruption: Interruption,
    pub format: Format,
    /// Dropping it stops it.
    _sandbox: Option<Sandbox>,
    /// The seats with which it started.
    seats: Vec<String>,
}

impl<C: VendorClient> Session<C> {
    /// Starts a session. `client` builds the client, and `seats` lists those of a sandbox as arguments.
    ///
    /// # Errors
    /// The sandbox cannot be started, or the client cannot be built.
    pub async fn start(
        endpoint: Endpoint,
        options: CallOptions,
        client: impl FnOnce(Option<&Sandbox>) -> Result<C, Box<Report>>,
        seats: impl FnOnce(Option<&Sandbox>) -> Vec<String>,
    ) -> Result<Self, Box<Report>> {
        let refuse = |message| Report::invalid_input(Some(endpoint), message);
        let sandbox = sandbox::start_if(options.sandbox).await.map_err(refuse)?;
        let client = client(sandbox.as_ref())?;
        let interruption = if options.dry_run {
            // Nothing is in flight that would have to be reported.
            Interruption::uncaught()
        } else {
            Interruption::of(endpoint).map_err(|error| refuse(error.to_string()))?
        };
        Ok(Self {
            client,
            interruption,
            format: options.format(),
            seats: seats(sandbox.as_ref()),
            _sandbox: sandbox,
        })
    }

    /// Returns the result of a call.
    ///
    /// # Errors
    /// The call failed or was interrupted.
    pub async fn during<T>(
        &self,
        endpoint: Endpoint,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Report> {
        let mut work = pin!(work);
        let result = match self.interruption.during(work.as_mut()).await {
            Ok(result) => Some(result),
            Err(Interrupted) => {
                self.client.stop();
                work.now_or_never()
            }
        };
        match result {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.error(endpoint, &error)),
            None => Err(Report::interrupted(endpoint)),
        }
    }

    /// Prints a list, and returns the exit code. A person reads `if_empty` about an empty one.
    ///
    /// # Errors
    /// The list could not be read to its end.
    pub async fn list<T: Row>(
        &self,
        endpoint: Endpoint,
        mut items: Listing<T>,
        page_size: Option<u32>,
        if_empty: &str,
    ) -> Result<u8, Box<Report>> {
        if let Some(size) = page_size {
            items = items
                .page_size(size)
                .map_err(|error| self.error(endpoint, &error))?;
        }
        let printed = print_list(items, self.format, if_empty);
        self.during(endpoint, printed).await.map_err(Box::new)
    }

    /// Returns the report of an error.
    pub fn error(&self, endpoint: Endpoint, error: &Error) -> Report {
        self.with_hint(Report::error(endpoint, error))
    }

    /// Adds the hint that fits, if a sandbox was called.
    pub fn with_hint(&self, report: Report) -> Report {
        let hint = Hint::after(report.ending, report.status);
        report.with_hints(hint.lines(&self.seats))
    }

    /// Prints a hint on stderr, if a sandbox was called.
    pub fn print_hint(&self, hint: Hint) {
        for line in hint.lines(&self.seats) {
            streams::note(&line);
        }
    }
}

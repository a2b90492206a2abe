//! What a command calls: a client, the sandbox where one is asked for, and who may end it.

use seats::{Error, Listing};
use seats_sandbox::Sandbox;

use crate::arguments::Options;
use crate::calls::Call;
use crate::interruption::{Interrupted, Interruption};
use crate::list;
use crate::report::Report;
use crate::row::Row;
use crate::sandbox::{self, Answered};

/// A vendor's client, and what is around its calls.
pub struct Session<C> {
    pub client: C,
    pub interruption: Interruption,
    options: Options,
    /// It ends when this is dropped.
    _sandbox: Option<Sandbox>,
    /// What it knew when it began.
    seats: Vec<String>,
}

impl<C> Session<C> {
    /// Begins it: `client` makes the client, and `seats` are those of a sandbox, as arguments.
    ///
    /// # Errors
    /// There is no sandbox, or no client, to be had.
    pub async fn begin(
        call: Call,
        options: Options,
        client: impl FnOnce(Option<&Sandbox>) -> Result<C, Error>,
        seats: impl FnOnce(Option<&Sandbox>) -> Vec<String>,
    ) -> Result<Self, Box<Report>> {
        let unacceptable = |message| Report::unacceptable(Some(call), message);
        let sandbox = sandbox::start_if(options.sandbox)
            .await
            .map_err(unacceptable)?;
        let client = client(sandbox.as_ref()).map_err(|error| Report::error(call, &error))?;
        let interruption = if options.dry_run {
            // It may end at any time: it has nothing to say of it.
            Interruption::unwatched()
        } else {
            Interruption::of(call).map_err(|error| unacceptable(error.to_string()))?
        };
        Ok(Self {
            client,
            interruption,
            options,
            seats: seats(sandbox.as_ref()),
            _sandbox: sandbox,
        })
    }

    /// What comes of a call.
    ///
    /// # Errors
    /// It did not end as done, or was interrupted.
    pub async fn during<T>(
        &self,
        call: Call,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Report> {
        match self.interruption.during(work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.error(call, &error)),
            Err(Interrupted) => Err(Report::interrupted(call)),
        }
    }

    /// Prints a list. `nothing` is what a person reads of an empty one.
    ///
    /// # Errors
    /// It could not be had, or not to its end.
    pub async fn list<T: Row>(
        &self,
        call: Call,
        mut items: Listing<T>,
        page_size: Option<u32>,
        nothing: &str,
    ) -> Result<u8, Box<Report>> {
        if let Some(size) = page_size {
            items = items
                .page_size_named("--page-size", size)
                .map_err(|error| self.error(call, &error))?;
        }
        let printed = list::print(items, self.options.output, nothing);
        self.during(call, printed).await.map_err(Box::new)
    }

    /// The report of an error.
    pub fn error(&self, call: Call, error: &Error) -> Report {
        Report::error(call, error).with_notes(self.hint(Answered::by(error)))
    }

    /// What helps after an answer, where a sandbox gave it.
    pub fn hint(&self, answered: Answered) -> Vec<String> {
        sandbox::hint(answered, &self.seats)
    }
}

//! Starting a sandbox: with which seed, which faults, on which port.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;
use crate::fault::{Fault, Faults, Play};
use crate::file::InputError;
use crate::log::Arrival;
use crate::seed::Seed;
use crate::server::{self, Shared, Witness, World};
use crate::{Sandbox, spec};

/// What a sandbox is to be, before it starts.
///
/// ```no_run
/// use seats_sandbox::{Fault, Sandbox};
///
/// # async fn example() -> Result<(), seats_sandbox::StartError> {
/// let sandbox = Sandbox::builder()
///     .seed_file("seed.yaml")
///     .fault(Fault::bad_gateway().on("assign_seat").call(1))
///     .port(8080)
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Builder {
    seed: Result<Seed, InputError>,
    faults: Result<Faults, InputError>,
    clock: Clock,
    port: u16,
    witness: Option<Witness>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            seed: Ok(Seed::default()),
            faults: Ok(Faults::default()),
            clock: Clock::system(),
            port: 0,
            witness: None,
        }
    }

    /// What it starts with.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Ok(seed);
        self
    }

    /// As [`seed`](Self::seed), from a file; what is wrong with it is an error at the start.
    pub fn seed_file(mut self, path: impl AsRef<Path>) -> Self {
        self.seed = Seed::from_file(path);
        self
    }

    /// Something that goes wrong; after what goes wrong already.
    pub fn fault(mut self, fault: Fault) -> Self {
        if let Ok(faults) = &mut self.faults {
            faults.push(fault);
        }
        self
    }

    /// As [`fault`](Self::fault), a whole script.
    pub fn faults(mut self, more: Faults) -> Self {
        if let Ok(faults) = &mut self.faults {
            faults.extend(more);
        }
        self
    }

    /// As [`faults`](Self::faults), from a file; what is wrong with it is an error at the start.
    pub fn faults_file(self, path: impl AsRef<Path>) -> Self {
        match Faults::from_file(path) {
            Ok(faults) => self.faults(faults),
            Err(error) => Self {
                faults: self.faults.and(Err(error)),
                ..self
            },
        }
    }

    /// The port; any free one where none is named, or 0.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// What rate limits and tokens run by, in place of the machine's clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Whom to tell of each request, before it is answered. The sandbox waits for it: it must be
    /// quick, and must not call the sandbox.
    pub fn on_arrival(mut self, witness: impl Fn(&Arrival) + Send + Sync + 'static) -> Self {
        self.witness = Some(Box::new(witness));
        self
    }

    /// Starts it.
    ///
    /// Call it inside a Tokio runtime with I/O and time enabled; the sandbox
    /// lives on that runtime.
    ///
    /// # Errors
    ///
    /// The seed or a fault makes no sense, or the port cannot be opened on `127.0.0.1`.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let specification = |error: &spec::SpecError| StartError::Specification(error.to_string());
        let apis = spec::embedded().map_err(specification)?;
        let accounts = self.seed?.accounts()?;
        let faults = self.faults?;
        faults.check(&spec::operation_ids().map_err(specification)?)?;
        let world = World::new(accounts, Play::new(faults));
        let port = self.port;
        let listen = |source| StartError::Listen { port, source };
        let listener = server::listen(port).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let shared = Arc::new(Shared::new(apis, self.clock, self.witness, world));
        let accepting = tokio::spawn(server::accept(listener, Arc::clone(&shared)));
        Ok(Sandbox {
            address,
            shared,
            accepting,
        })
    }
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The seed, or a fault, makes no sense.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The port cannot be opened: somebody else listens on it, for one.
    #[error("cannot listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port that was asked for; 0 is any.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// A specification that was compiled in cannot be read.
    #[error("{0}")]
    Specification(String),
}

impl From<StartError> for io::Error {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Listen { source, .. } => source,
            other => Self::other(other),
        }
    }
}

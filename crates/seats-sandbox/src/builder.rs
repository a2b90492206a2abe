//! Starts a sandbox with a seed, faults and a port.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::faults::fault::Fault;
use crate::faults::list::Faults;
use crate::faults::schedule::Schedule;
use crate::input::error::InputError;
use crate::sandbox::Sandbox;
use crate::seed::Seed;
use crate::server::context::{Context, Observer, Settings, State};
use crate::server::listener;
use crate::server::log::{self, Log, LogEntry};
use crate::spec::document::SpecError;
use crate::vendor::services::Services;

/// How long a client may take to send the head of a request, or its body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Configures and starts a [`Sandbox`].
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
    observer: Option<Observer>,
    latency: Option<Duration>,
    read_timeout: Duration,
    log_capacity: usize,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox with the default seed, on any free port.
    ///
    /// The sandbox lives on the Tokio runtime of the caller, which needs I/O and time enabled.
    ///
    /// # Errors
    /// Returns an error if no port can be opened on `127.0.0.1`, or if a specification that is
    /// compiled in cannot be read.
    ///
    /// # Examples
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = seats_sandbox::Sandbox::start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start() -> io::Result<Self> {
        Ok(Self::builder().start().await?)
    }

    /// Returns a builder for a sandbox with another seed, with faults or with a given port.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), seats_sandbox::StartError> {
    /// let sandbox = seats_sandbox::Sandbox::builder().port(0).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    fn new() -> Self {
        Self {
            seed: Ok(Seed::default()),
            faults: Ok(Faults::default()),
            clock: Clock::system(),
            port: 0,
            observer: None,
            latency: None,
            read_timeout: READ_TIMEOUT,
            log_capacity: log::CAPACITY,
        }
    }

    /// Sets the seed.
    ///
    /// ```
    /// # use seats_sandbox::{Sandbox, Seed};
    /// let builder = Sandbox::builder().seed(Seed::default());
    /// ```
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Ok(seed);
        self
    }

    /// Sets the seed from a file. An error in it is returned by [`start`](Self::start).
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// let builder = Sandbox::builder().seed_file("seed.yaml");
    /// ```
    pub fn seed_file(mut self, path: impl AsRef<Path>) -> Self {
        self.seed = Seed::from_file(path);
        self
    }

    /// Adds a fault after those that were added before.
    ///
    /// ```
    /// # use seats_sandbox::{Fault, Sandbox};
    /// let builder = Sandbox::builder().fault(Fault::lost().on("assign_seat").call(1));
    /// ```
    pub fn fault(mut self, fault: Fault) -> Self {
        if let Ok(faults) = &mut self.faults {
            faults.push(fault);
        }
        self
    }

    /// Adds a list of faults after those that were added before.
    ///
    /// ```
    /// # use seats_sandbox::{Faults, Sandbox};
    /// let faults = Faults::from_yaml("faults: [{on: get_seats, calls: 1, fault: lost}]")?;
    /// let builder = Sandbox::builder().faults(faults);
    /// # Ok::<(), seats_sandbox::InputError>(())
    /// ```
    pub fn faults(mut self, more: Faults) -> Self {
        if let Ok(faults) = &mut self.faults {
            faults.extend(more);
        }
        self
    }

    /// Adds a list of faults from a file. An error in it is returned by [`start`](Self::start).
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// let builder = Sandbox::builder().faults_file("faults.yaml");
    /// ```
    pub fn faults_file(self, path: impl AsRef<Path>) -> Self {
        match Faults::from_file(path) {
            Ok(faults) => self.faults(faults),
            Err(error) => Self {
                faults: self.faults.and(Err(error)),
                ..self
            },
        }
    }

    /// Sets the port. The default, 0, is any free port.
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// let builder = Sandbox::builder().port(8080);
    /// ```
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the clock for rate limits and tokens.
    ///
    /// ```
    /// # use seats_sandbox::{Clock, Sandbox};
    /// let builder = Sandbox::builder().clock(Clock::manual());
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets a time that every response takes, in addition to that of a [`Fault`]. It replaces the
    /// `latency` of the seed. The time does not hold up other requests.
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// # use std::time::Duration;
    /// let builder = Sandbox::builder().latency(Duration::from_millis(50));
    /// ```
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// Sets how long a client may take to send the head of a request, or its body; 30 seconds by
    /// default. The connection of a client that takes longer is closed, and so is one without a
    /// request for that long.
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// # use std::time::Duration;
    /// let builder = Sandbox::builder().read_timeout(Duration::from_secs(5));
    /// ```
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Sets the number of entries of the [`log`](Sandbox::log); 10,000 by default. A new entry drops
    /// the oldest one if the log is full, or if all entries together are larger than 64 MiB.
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// let builder = Sandbox::builder().log_capacity(100);
    /// ```
    pub fn log_capacity(mut self, entries: usize) -> Self {
        self.log_capacity = entries;
        self
    }

    /// Sets a function that is called with each request before its response is sent. The sandbox
    /// waits for it: it must be quick, and must not call the sandbox.
    ///
    /// ```
    /// # use seats_sandbox::Sandbox;
    /// let builder = Sandbox::builder()
    ///     .on_request(|entry| println!("{} {}", entry.method, entry.target));
    /// ```
    pub fn on_request(mut self, observer: impl Fn(&LogEntry) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox on the Tokio runtime of the caller, which needs I/O and time enabled.
    ///
    /// # Errors
    /// Returns an error if the seed or a fault breaks a rule, or if the port cannot be opened on
    /// `127.0.0.1`.
    ///
    /// # Examples
    /// ```
    /// # use seats_sandbox::{Sandbox, StartError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let error = Sandbox::builder().seed_file("no/such/file").start().await.unwrap_err();
    /// assert!(matches!(error, StartError::Input(_)));
    /// # }
    /// ```
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let specification = |error: &SpecError| StartError::Specification(error.to_string());
        let services = Services::embedded().map_err(specification)?;
        let seed = self.seed?;
        let faults = self.faults?;
        faults.check(&services.operation_ids())?;
        let state = State {
            accounts: seed.accounts()?,
            log: Log::new(self.log_capacity),
            schedule: Schedule::new(faults),
        };
        let port = self.port;
        let listen_error = |source| StartError::Listen { port, source };
        let listener = listener::listen(port).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let settings = Settings {
            services,
            authority: format!("http://{address}"),
            clock: self.clock,
            observer: self.observer,
            latency: self.latency.unwrap_or(seed.latency()),
            read_timeout: self.read_timeout,
        };
        let context = Arc::new(Context::new(settings, state));
        let accepting = tokio::spawn(listener::accept(listener, Arc::clone(&context)));
        Ok(Sandbox {
            address,
            context,
            accepting,
        })
    }
}

/// Error from starting a sandbox.
///
/// ```
/// # use seats_sandbox::{Fault, Sandbox};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let fault = Fault::lost().on("get_seats").call(0);
/// let error = Sandbox::builder().fault(fault).start().await.unwrap_err();
/// assert!(error.to_string().starts_with("faults: faults[0].calls: 0 must be a call"));
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The seed or a fault breaks a rule.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The port cannot be opened, for example because another program listens on it.
    #[error("cannot listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port that was asked for; 0 is any.
        port: u16,
        /// The error of the system.
        source: io::Error,
    },
    /// A specification that is compiled in cannot be read.
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

//! Runs the command with nothing in its environment except what the test sets.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::process::Stdio;

use seats_tests::wire::Wire;
use serde_json::Value;
use tokio::process::{Child, Command};

/// The credentials of [`Seats::signed`].
pub use seats_tests::credentials::{API_KEY, APPLICATION_KEY, TOKEN};

pub const USER: &str = "626a4e8e-64bd-409d-b80e-428f08ac0b62";

/// Replaces `VERSION` by the command's own version.
pub fn with_version(text: &str) -> String {
    text.replace(
        "seats/VERSION",
        concat!("seats/", env!("CARGO_PKG_VERSION")),
    )
}

/// `seats datadog unassign`, for one user.
pub const UNASSIGN: [&str; 5] = [
    "datadog",
    "unassign",
    "--product",
    "incident_response",
    USER,
];
/// `seats store reclaim`, for one seat.
pub const RECLAIM: [&str; 5] = [
    "store",
    "reclaim",
    "9NBLGGH4R2R6",
    "0016",
    "ada@contoso.example",
];

/// The command before it runs.
pub struct Seats(Command);

/// The command with these arguments, in an empty environment.
pub fn seats(arguments: &[&str]) -> Seats {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seats"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Seats(command)
}

impl Seats {
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Makes one attempt per call.
    pub fn once(self) -> Self {
        self.arguments(&["--max-attempts", "1"])
    }

    /// Makes one call at a time, so that the order of the requests is known.
    pub fn one_at_a_time(self) -> Self {
        self.arguments(&["--concurrency", "1"])
    }

    /// Sets both vendors' credentials in the environment.
    pub fn signed(self) -> Self {
        self.variable("DD_API_KEY", API_KEY)
            .variable("DD_APP_KEY", APPLICATION_KEY)
            .variable("SEATS_STORE_TOKEN", TOKEN)
    }

    /// Sets both vendors' base URLs in the environment to those of `wire`.
    pub fn at(self, wire: &Wire) -> Self {
        self.variable("SEATS_DATADOG_URL", wire.url())
            .variable("SEATS_STORE_URL", format!("{}/V1", wire.url()))
    }

    /// Sets a proxy that does not exist, so that no defect can call a vendor.
    pub fn kept_here(self) -> Self {
        self.variable("https_proxy", "http://127.0.0.1:1")
    }

    /// Sets stdout to a pipe whose reader has gone.
    pub fn unread(mut self) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.0.stdout(writer);
        self
    }

    /// Sets what it reads from stdin.
    pub fn reading(mut self, text: &str) -> Self {
        let (reader, mut writer) = std::io::pipe().unwrap();
        // It fits into the pipe.
        writer.write_all(text.as_bytes()).unwrap();
        self.0.stdin(reader);
        self
    }

    /// Sets stdout to a full disk.
    pub fn writing_to_a_full_disk(self) -> Self {
        let full = File::options().write(true).open("/dev/full");
        self.writing_to(full.unwrap())
    }

    /// Sets stderr to a full disk.
    pub fn complaining_to_a_full_disk(self) -> Self {
        let full = File::options().write(true).open("/dev/full");
        self.complaining_to(full.unwrap())
    }

    /// Sets stdout to a file or pipe.
    pub fn writing_to(mut self, file: impl Into<Stdio>) -> Self {
        self.0.stdout(file);
        self
    }

    /// Sets stderr to a file.
    pub fn complaining_to(mut self, file: File) -> Self {
        self.0.stderr(file);
        self
    }

    /// Starts the process.
    pub fn spawn(mut self) -> Child {
        self.0.spawn().unwrap()
    }

    /// Runs the process to its end.
    pub async fn run(mut self) -> Ended {
        let command = format!("{:?}", self.0.as_std());
        let output = self.0.spawn().unwrap().wait_with_output().await.unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
        Ended {
            command,
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Awaits something that comes soon; panics if it does not.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    let long = std::time::Duration::from_secs(60);
    tokio::time::timeout(long, what)
        .await
        .expect("it comes before anything else is answered")
}

/// The command after it ran.
pub struct Ended {
    command: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Debug for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            command,
            code,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "{command}\nexit: {code:?}\nstdout: {stdout:?}\nstderr: {stderr:?}"
        )
    }
}

impl Ended {
    #[track_caller]
    pub fn is(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!(self.stdout, stdout, "stdout of {self:?}");
        assert_eq!(self.stderr, stderr, "stderr of {self:?}");
        assert_eq!(self.code, Some(code), "{self:?}");
    }

    /// Asserts that stdout is this JSON object on one line, and stderr empty.
    #[track_caller]
    pub fn is_json(&self, code: i32, expected: &Value) {
        assert_eq!(&self.json(), expected, "{self:?}");
        assert_eq!(self.stderr, "", "{self:?}");
        assert_eq!(self.code, Some(code), "{self:?}");
    }

    /// Returns the only JSON object on the only line of stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        let line = self.stdout.strip_suffix('\n').unwrap_or_default();
        assert!(!line.contains('\n'), "one line: {self:?}");
        let value: Value = match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => panic!("stdout is not one JSON value ({error}): {self:?}"),
        };
        assert!(value.is_object(), "{self:?}");
        value
    }
}

/// Asserts that there was no connection to `wire`.
pub async fn heard_nothing(wire: Wire, ended: &Ended) {
    let requests = wire.finish().await.unwrap();
    assert_eq!(
        requests.len(),
        0,
        "a connection was opened by {ended:?}: {requests:?}"
    );
}

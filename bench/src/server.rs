//! The loopback server, in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, Result};

use crate::{cargo, paths, run};

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Builds and starts the server; it answers after so many milliseconds.
    pub fn start(latency_ms: u64) -> Result<Self> {
        cargo::build(&paths::bench().join("Cargo.toml"), "server")?;
        let program = paths::target().join("release/server");
        let mut child = run::command(&program, [latency_ms.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = child.stdout.take().context("the server has no stdout")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        let url = url.trim().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left to do if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! What stood in the repository at another revision, asked of the `git` process.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why the base cannot be read.
#[derive(Debug)]
pub enum Error {
    /// There is no `git` to ask.
    NoGit(io::Error),
    /// The folder is in no repository that git can use.
    NoRepository(String),
    /// Nothing was committed yet.
    NoCommit,
    /// No commit has this name.
    UnknownRevision(String),
    /// There is no `main` here, or nothing that it shares with this branch.
    NoMain,
    /// Git failed for another reason, in its own words.
    Failed(String),
    /// A file at the base is not UTF-8.
    NotText(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGit(error) => write!(f, "cannot run `git`: {error}"),
            Self::NoRepository(said) => {
                write!(f, "there is no git repository to compare with: {said}")
            }
            Self::NoCommit => write!(f, "there is no commit to compare with yet"),
            Self::UnknownRevision(name) => write!(f, "`{name}` names no commit of this repository"),
            Self::NoMain => write!(f, "cannot tell where this branch left main"),
            Self::Failed(said) => write!(f, "git failed: {said}"),
            Self::NotText(path) => write!(f, "{path} is not UTF-8"),
        }
    }
}

impl Error {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoGit(_) => {
                Some("install git; the review reads the specs of the base through it")
            }
            Self::NoRepository(_) => Some("run this in a clone of the repository"),
            Self::UnknownRevision(_) => Some(
                "give a branch, a tag or a commit; a shallow clone may have to `git fetch` it first",
            ),
            Self::NoMain => Some(
                "give `--base <revision>`; a shallow clone may have to `git fetch --unshallow origin main` first",
            ),
            Self::NoCommit | Self::Failed(_) | Self::NotText(_) => None,
        }
    }
}

/// The repository that a folder stands in.
pub struct Repository {
    folder: PathBuf,
}

/// A commit to compare with.
#[derive(Clone, Debug)]
pub struct Revision {
    commit: String,
    /// The name of the commit, as it was given or found.
    pub name: String,
}

impl Repository {
    /// That of a folder.
    ///
    /// # Errors
    /// There is none, or no git.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let repository = Self {
            folder: folder.to_owned(),
        };
        repository
            .ask(["rev-parse", "--git-dir"])
            .map_err(|error| match error {
                Error::Failed(said) => Error::NoRepository(said),
                other => other,
            })?;
        Ok(repository)
    }

    /// The commit to compare with: the one that is named, or else where this branch left `main`.
    ///
    /// # Errors
    /// There is no such commit.
    pub fn base(&self, name: Option<&str>) -> Result<Revision, Error> {
        if let Some(name) = name {
            let commit = self
                .commit(name)?
                .ok_or_else(|| Error::UnknownRevision(name.to_owned()))?;
            return Ok(Revision {
                commit,
                name: name.to_owned(),
            });
        }
        let head = self.commit("HEAD")?.ok_or(Error::NoCommit)?;
        for main in ["origin/main", "main"] {
            if self.commit(main)?.is_some()
                && let Ok(commit) = self.ask_text(["merge-base", main, "HEAD"])
            {
                let is_head = commit == head;
                let name = if is_head {
                    "HEAD".to_owned()
                } else {
                    format!("{main} ({})", short(&commit))
                };
                return Ok(Revision { commit, name });
            }
        }
        Err(Error::NoMain)
    }

    fn commit(&self, name: &str) -> Result<Option<String>, Error> {
        let wanted = format!("{name}^{{commit}}");
        match self.ask_text(["rev-parse", "--quiet", "--verify", &wanted]) {
            Ok(commit) => Ok(Some(commit)),
            Err(Error::Failed(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The files that stand right in a folder, by their names, with their texts.
    ///
    /// # Errors
    /// Git cannot say, or a file is not UTF-8.
    pub fn files(
        &self,
        at: &Revision,
        folder: &str,
        ending: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        let list = self.ask(["ls-tree", "-z", &at.commit, &format!("{folder}/")])?;
        let mut files = Vec::new();
        for entry in String::from_utf8_lossy(&list).split('\0') {
            // `<mode> <type> <object>\t<path>`
            let Some((what, path)) = entry.split_once('\t') else {
                continue;
            };
            let mut what = what.split(' ');
            let (Some("blob"), Some(object)) = (what.nth(1), what.next()) else {
                continue;
            };
            let name = path.rsplit('/').next().unwrap_or(path);
            if name.ends_with(ending) {
                let bytes = self.ask(["cat-file", "blob", object])?;
                let text = String::from_utf8(bytes)
                    .map_err(|_| Error::NotText(format!("{}:{path}", at.name)))?;
                files.push((name.to_owned(), text));
            }
        }
        Ok(files)
    }

    fn ask<I: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> Result<Vec<u8>, Error> {
        // Its own words, in one language: some of them stand in our messages.
        let output = Command::new("git")
            .env("LC_ALL", "C")
            .arg("-C")
            .arg(&self.folder)
            .args(arguments)
            .output()
            .map_err(Error::NoGit)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("it said nothing");
        Err(Error::Failed(said.trim_start_matches("fatal: ").to_owned()))
    }

    fn ask_text<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<String, Error> {
        let bytes = self.ask(arguments)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }
}

fn short(commit: &str) -> &str {
    commit.get(..9).unwrap_or(commit)
}

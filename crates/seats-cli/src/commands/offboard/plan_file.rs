//! Writes a plan to a file: whole, or not at all.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom};
use std::path::Path;

use seats_offboard::{PlanHead, PlanWriter};
use tempfile::NamedTempFile;

use super::failure::Failure;
use super::paths::ledger_of;

/// A plan that is being written. Nothing is at its path before [`keep`](Self::keep).
pub struct PlanFile {
    file: NamedTempFile,
}

impl PlanFile {
    /// Begins a plan beside its path, or in the system's folder for temporary files.
    ///
    /// # Errors
    /// The path cannot be written, or a run of another plan has its ledger.
    pub fn begin(path: Option<&Path>) -> Result<Self, Failure> {
        let file = match path {
            Some(path) => {
                let ledger = ledger_of(path);
                if ledger.exists() {
                    return Err(Failure::input(format!(
                        "{} is the ledger of an earlier plan; choose another name for this one with -o",
                        ledger.display()
                    )));
                }
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|error| {
                    Failure::input(format!("cannot write {}: {error}", path.display()))
                })?
            }
            None => NamedTempFile::new()?,
        };
        Ok(Self { file })
    }

    /// Begins to write the document.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn writer(&self, head: PlanHead) -> Result<PlanWriter<BufWriter<File>>, Failure> {
        let file = BufWriter::new(self.file.as_file().try_clone()?);
        Ok(PlanWriter::new(file, head)?)
    }

    /// Returns the document from its beginning.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self) -> Result<File, Failure> {
        let mut file = self.file.reopen()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// Keeps the document at its path.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(self, path: &Path) -> Result<(), Failure> {
        self.file.as_file().sync_all()?;
        let kept = self.file.persist(path);
        kept.map(drop).map_err(|error| {
            Failure::output(format!("cannot write {}: {}", path.display(), error.error))
        })
    }
}

//! `cargo xtask fidelity`: writes docs/fidelity.md, or checks it.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::fidelity::{self, PATH};
use crate::spec;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Write nothing; exit with 1 where the document is not what the specs say
    #[arg(long)]
    check: bool,
    /// The workspace to work in [default: this one]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

pub(super) fn run(
    arguments: Arguments,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let Arguments { check, root } = arguments;
    let root = root.unwrap_or_else(crate::workspace_root);
    let sources = match spec::read_all(&root) {
        Ok(sources) => sources,
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                writeln!(err, "{}\n", diagnostic.render(styled))?;
            }
            writeln!(err, "nothing was written")?;
            return Ok(1);
        }
    };
    let text = fidelity::render(&sources);
    let file = root.join(PATH);
    // A document that cannot be read is written anew.
    if fs::read_to_string(&file).is_ok_and(|found| found == text) {
        writeln!(out, "{PATH} is what the specs say")?;
        return Ok(0);
    }
    if check {
        writeln!(
            out,
            "{PATH} is not what the specs say; to mend it, run `cargo xtask fidelity`"
        )?;
        return Ok(1);
    }
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    match folder.and_then(|()| fs::write(&file, text)) {
        Ok(()) => {
            writeln!(out, "mended: {PATH} was not what the specs say")?;
            Ok(0)
        }
        Err(error) => {
            writeln!(err, "error: {PATH}: {error}")?;
            Ok(1)
        }
    }
}

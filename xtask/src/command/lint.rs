//! `cargo xtask lint`: what is wrong with the specs, for people and for programs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use codegen::disk::{self, Plan};
use spec::{Diagnostic, Rule, Severity};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The specs to look at [default: all in specs/]
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// How to say it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The workspace to work in [default: this one]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// Print the page of a rule: what is wrong, why, what is right, and how to set it aside
    #[arg(long, value_name = "RULE", conflicts_with_all = ["specs", "format", "rules"])]
    explain: Option<String>,
    /// List the rules, each with its severity and one line
    #[arg(long, conflicts_with_all = ["specs", "format"])]
    rules: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// As rustc shows its errors
    Text,
    /// One object a line
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
}

pub(super) fn run(
    arguments: Arguments,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    if let Some(name) = arguments.explain {
        return explain(&name, out, err);
    }
    if arguments.rules {
        return list(out);
    }
    let root = arguments.root.unwrap_or_else(crate::workspace_root);
    let mut files = Vec::new();
    for given in &arguments.specs {
        match file(&root, given) {
            // Named twice, it is still one spec.
            Some(file) if files.contains(&file) => {}
            Some(file) => files.push(file),
            None => {
                writeln!(err, "error: there is no spec `{}`", given.display())?;
                return Ok(2);
            }
        }
    }
    let restricted = (!files.is_empty()).then_some(files.as_slice());
    let plan = disk::plan(&root, restricted);
    for diagnostic in &plan.diagnostics {
        match arguments.format {
            Format::Text => writeln!(out, "{}\n", diagnostic.render(styled))?,
            Format::Json => writeln!(out, "{}", diagnostic.json())?,
            Format::Github => writeln!(out, "{}", diagnostic.github())?,
        }
    }
    if arguments.format != Format::Json {
        writeln!(out, "{}", summary(&plan, &arguments.specs))?;
    }
    Ok(u8::from(count(&plan.diagnostics, Severity::Error) > 0))
}

/// A spec as it was given: from here, or from the workspace's root.
fn file(root: &Path, given: &Path) -> Option<PathBuf> {
    // A path through the root is told as it stands there, from wherever the command is called.
    let here = given.canonicalize().ok().filter(|file| file.is_file());
    let below = here.as_deref().and_then(|file| {
        let below = file.strip_prefix(root.canonicalize().ok()?).ok()?;
        Some(root.join(below))
    });
    let from_root = Some(root.join(given)).filter(|file| file.is_file());
    below.or(from_root).or(here)
}

fn explain(name: &str, out: &mut impl Write, err: &mut impl Write) -> io::Result<u8> {
    let Some(rule) = Rule::named(name) else {
        let meant = Rule::closest(name)
            .map_or_else(String::new, |rule| format!("`{}` is one; ", rule.name()));
        writeln!(
            err,
            "error: there is no rule `{name}`\n\n  tip: {meant}`cargo xtask lint --rules` lists them all"
        )?;
        return Ok(2);
    };
    let page = ::lint::page(rule);
    let (title, rest) = page.split_once('\n').unwrap_or((page, ""));
    writeln!(out, "{title} ({})\n{}", rule.severity(), rest.trim_end())?;
    Ok(0)
}

fn list(out: &mut impl Write) -> io::Result<u8> {
    let width = Rule::ALL.iter().map(|rule| rule.name().len()).max();
    let width = width.unwrap_or_default();
    for rule in Rule::ALL {
        let (name, severity) = (rule.name(), rule.severity().to_string());
        writeln!(
            out,
            "{name:width$}  {severity:7}  {}",
            ::lint::summary(*rule)
        )?;
    }
    Ok(0)
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics
        .iter()
        .filter(|found| found.rule.severity() == severity)
        .count()
}

fn summary(plan: &Plan, given: &[PathBuf]) -> String {
    let errors = count(&plan.diagnostics, Severity::Error);
    let warnings = count(&plan.diagnostics, Severity::Warning);
    match (errors, warnings) {
        (0, 0) => {
            let names: Vec<String> = given
                .iter()
                .map(|given| given.display().to_string())
                .collect();
            let (what, are) = match names.as_slice() {
                [] => ("specs/".to_owned(), "is"),
                [one] => (one.clone(), "is"),
                several => (several.join(", "), "are"),
            };
            let operations = counted(plan.operations, "operation");
            format!(
                "{what} {are} clean: {operations} in {}",
                counted(plan.specs, "spec")
            )
        }
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => {
            format!(
                "{}, {}",
                counted(errors, "error"),
                counted(warnings, "warning")
            )
        }
    }
}

fn counted(n: usize, what: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {what}{s}")
}

//! What is wrong with a spec, where, and what to do about it; shown as rustc shows its errors.

use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::spec::Place;

/// The rules that a diagnostic can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The folder or a file of the specs cannot be read, or is no spec.
    SpecFile,
    /// The file's stem cannot be a crate's name.
    SpecName,
    /// The text is not YAML.
    Yaml,
    /// The document is not OpenAPI 3.0.
    OpenapiVersion,
    /// The document is not built as OpenAPI 3.0 has it.
    OpenapiStructure,
    /// A `$ref` leads nowhere.
    ReferenceUnresolved,
    /// A schema is made of itself.
    SchemaCircle,
    /// A path item holds something that is no operation.
    PathItem,
    /// An operation has no `operationId`.
    OperationIdMissing,
    /// Two operations would get the same method, or one would hide the client's own.
    OperationIdDuplicate,
    /// A path template and its parameters do not agree.
    PathParameter,
    /// A parameter is of a kind that the generator cannot send.
    ParameterKind,
    /// A request body is of a kind that the generator cannot send.
    RequestMediaType,
    /// An answer's body would be handed on as an untyped stream.
    ResponseMediaType,
    /// A status is none.
    ResponseStatus,
    /// An operation has several types of success, or of error.
    ResponseTypes,
    /// A credential cannot be signed with.
    SecurityScheme,
    /// A part of the document has servers of its own.
    Servers,
    /// An extension does not hold what the generator needs.
    Extension,
    /// The generated crate's version is missing, or is none.
    CrateVersion,
    /// The generator fails for a reason of its own.
    GeneratorCannotHandle,
}

impl Rule {
    /// The rule's name, as diagnostics show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SpecFile => "spec-file",
            Self::SpecName => "spec-name",
            Self::Yaml => "yaml",
            Self::OpenapiVersion => "openapi-version",
            Self::OpenapiStructure => "openapi-structure",
            Self::ReferenceUnresolved => "reference-unresolved",
            Self::SchemaCircle => "schema-circle",
            Self::PathItem => "path-item",
            Self::OperationIdMissing => "operation-id-missing",
            Self::OperationIdDuplicate => "operation-id-duplicate",
            Self::PathParameter => "path-parameter",
            Self::ParameterKind => "parameter-kind",
            Self::RequestMediaType => "request-media-type",
            Self::ResponseMediaType => "response-media-type",
            Self::ResponseStatus => "response-status",
            Self::ResponseTypes => "response-types",
            Self::SecurityScheme => "security-scheme",
            Self::Servers => "servers",
            Self::Extension => "extension",
            Self::CrateVersion => "crate-version",
            Self::GeneratorCannotHandle => "generator-cannot-handle",
        }
    }
}

/// One thing that is wrong with a spec.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// The file, relative to the workspace's root.
    pub path: String,
    /// Where in the file.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    text: String,
}

impl Diagnostic {
    pub(crate) fn error(
        rule: Rule,
        path: &str,
        text: &str,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            path: path.to_owned(),
            text: text.to_owned(),
            place,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic with the line that it is about, with colours where `styled`.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let title = Level::ERROR
            .primary_title(&self.message)
            .id(self.rule.name());
        let mut report = if self.text.is_empty() {
            vec![
                title.element(
                    annotate_snippets::Origin::path(&self.path)
                        .line(1)
                        .char_column(1),
                ),
            ]
        } else {
            let snippet = Snippet::source(&self.text)
                .path(&self.path)
                .annotation(AnnotationKind::Primary.span(self.first_line_of_place()));
            vec![title.element(snippet)]
        };
        if let Some(help) = &self.help {
            report.push(annotate_snippets::Group::with_title(
                Level::HELP.secondary_title(help),
            ));
        }
        renderer.render(&report).to_string()
    }

    /// A place can span a whole mapping; its first line is enough to find it.
    fn first_line_of_place(&self) -> std::ops::Range<usize> {
        let start = self.place.bytes.start.min(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.find('\n').unwrap_or(rest.len());
        let len = self.place.bytes.len().min(line);
        let line_text = rest.get(..len).unwrap_or_default();
        start..start + line_text.trim_end().len()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

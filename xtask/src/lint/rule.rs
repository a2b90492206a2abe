//! The rules: of each its name, its severity, whether it can be set aside, and its page.
//!
//! This table is the one place where a rule is entered. Its page is `rules/<name>.md`; the function
//! that looks for its breaches heads its group.

use std::fmt;

use super::{
    answers, bodies, components, document, documentation, evidence, extensions, fields, operations,
    parameter_names, parameters, path_segments, patterns, references, security, servers, version,
};
use crate::diagnostic::Diagnostic;
use crate::spec::Source;

/// How bad a breach is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// It is told, and stops nothing.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// What can become of a breach.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breach {
    /// There may be a reason for it at one place.
    CanBeSetAside,
    /// The generator takes it, and there is no reason for it.
    NeverRight,
    /// The generator does not take it, or what it makes of it is not to be had.
    BreaksTheGenerator,
}

/// Looks for the breaches of some rules in one spec.
pub(super) type Check = fn(&Source) -> Vec<Diagnostic>;

macro_rules! rules {
    ($($(by $check:path)? { $($(#[$doc:meta])* $variant:ident: $name:literal, $severity:ident, $aside:ident;)* })*) => {
        /// The rules that a diagnostic can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($($(#[$doc])* $variant,)*)*
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$($(Self::$variant,)*)*];

            /// The rule's name, as diagnostics show it.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)* }
            }

            /// Whether a breach stops the generator.
            pub const fn severity(self) -> Severity {
                match self { $($(Self::$variant => Severity::$severity,)*)* }
            }

            const fn breach(self) -> Breach {
                match self { $($(Self::$variant => rules!(@$aside),)*)* }
            }

            /// The rule's page, as Markdown.
            pub const fn page(self) -> &'static str {
                match self { $($(Self::$variant => include_str!(concat!("rules/", $name, ".md")),)*)* }
            }
        }

        pub(super) const CHECKS: &[Check] = &[$($($check,)?)*];
    };
    (@can_be_set_aside) => { Breach::CanBeSetAside };
    (@never_right) => { Breach::NeverRight };
    (@breaks_the_generator) => { Breach::BreaksTheGenerator };
}

rules! {
    // What is found while files are read, and while the generator runs.
    {
        /// The folder or a file of the specs cannot be read, or is no spec.
        SpecFile: "spec-file", Error, breaks_the_generator;
        /// The text is not YAML.
        Yaml: "yaml", Error, breaks_the_generator;
        /// The document is not built as OpenAPI 3.0 has it.
        OpenapiStructure: "openapi-structure", Error, breaks_the_generator;
        /// The generator fails for a reason of its own.
        GeneratorCannotHandle: "generator-cannot-handle", Error, breaks_the_generator;
        /// A set-aside is not one.
        SetAside: "set-aside", Error, never_right;
        /// A set-aside sets nothing aside.
        SetAsideUnused: "set-aside-unused", Warning, never_right;
    }
    by document::check {
        /// The file's stem cannot be a crate's name.
        SpecName: "spec-name", Error, never_right;
        /// The document is not OpenAPI 3.0.
        OpenapiVersion: "openapi-version", Error, breaks_the_generator;
    }
    by version::check {
        /// The generated crate's version is missing, or is none.
        CrateVersion: "crate-version", Error, never_right;
    }
    by references::check {
        /// A `$ref` leads nowhere.
        ReferenceUnresolved: "reference-unresolved", Error, breaks_the_generator;
        /// Something stands beside a `$ref`.
        ReferenceSibling: "reference-sibling", Error, never_right;
        /// A schema is made of itself.
        SchemaCircle: "schema-circle", Error, breaks_the_generator;
    }
    by fields::check {
        /// A field that OpenAPI does not have.
        FieldUnknown: "field-unknown", Error, never_right;
    }
    by extensions::check {
        /// An extension does not hold what it should, or stands where nobody reads it.
        Extension: "extension", Error, never_right;
        /// An extension that nobody reads.
        ExtensionUnknown: "extension-unknown", Error, can_be_set_aside;
    }
    by components::check {
        /// A component that nothing refers to.
        ComponentUnused: "component-unused", Warning, can_be_set_aside;
    }
    by servers::check {
        /// A part of the document has servers of its own.
        Servers: "servers", Error, never_right;
        /// A server that the transport refuses.
        ServerUrl: "server-url", Error, never_right;
        /// The document has no server.
        ServerMissing: "server-missing", Warning, can_be_set_aside;
    }
    by security::check {
        /// A credential cannot be signed with.
        SecurityScheme: "security-scheme", Error, breaks_the_generator;
        /// A parameter that is a credential.
        CredentialParameter: "credential-parameter", Error, can_be_set_aside;
        /// An operation that asks for no credential.
        OperationSecurity: "operation-security", Warning, can_be_set_aside;
    }
    by operations::check {
        /// A path item holds something that is no operation.
        PathItem: "path-item", Error, never_right;
        /// An operation has no `operationId`.
        OperationIdMissing: "operation-id-missing", Error, breaks_the_generator;
        /// Two operations would get the same method, or one would hide the client's own.
        OperationIdDuplicate: "operation-id-duplicate", Error, breaks_the_generator;
        /// An operation does not say whether it is idempotent.
        OperationIdempotence: "operation-idempotence", Error, never_right;
    }
    by evidence::check {
        /// Nothing says where an operation is known from.
        OperationEvidence: "operation-evidence", Warning, can_be_set_aside;
        /// An operation without evidence of its own, in a document that wants it.
        EvidenceRequired: "evidence-required", Error, can_be_set_aside;
    }
    by documentation::check {
        /// A body without an example.
        OperationExample: "operation-example", Warning, can_be_set_aside;
        /// An operation without the address of its reference.
        OperationReference: "operation-reference", Warning, can_be_set_aside;
        /// An operation without a tag.
        OperationTag: "operation-tag", Warning, can_be_set_aside;
        /// An operation without an error.
        OperationErrors: "operation-errors", Warning, can_be_set_aside;
    }
    by parameters::check {
        /// A path template and its parameters do not agree.
        PathParameter: "path-parameter", Error, breaks_the_generator;
        /// A parameter is of a kind that the generator cannot send.
        ParameterKind: "parameter-kind", Error, breaks_the_generator;
        /// A parameter is sent in another form than the document says.
        ParameterForm: "parameter-form", Error, never_right;
    }
    by parameter_names::check {
        /// Two parameters of an operation have one name.
        ParameterDuplicate: "parameter-duplicate", Error, never_right;
    }
    by path_segments::check {
        /// A path parameter takes a value that leaves its segment.
        PathSegment: "path-segment", Error, never_right;
        /// A path parameter takes a value that leaves its segment once it is decoded again.
        PathSegmentEncoded: "path-segment-encoded", Warning, can_be_set_aside;
        /// A path parameter of which no value is known.
        PathSegmentUntried: "path-segment-untried", Error, can_be_set_aside;
    }
    by patterns::check {
        /// A pattern that cannot be used.
        Pattern: "pattern", Error, breaks_the_generator;
    }
    by bodies::check {
        /// A request body is of a kind that the generator cannot send.
        RequestMediaType: "request-media-type", Error, breaks_the_generator;
        /// A request body that may be left out.
        RequestBodyOptional: "request-body-optional", Error, never_right;
        /// An answer's body would be handed on as an untyped stream.
        ResponseMediaType: "response-media-type", Error, breaks_the_generator;
        /// A status is none.
        ResponseStatus: "response-status", Error, breaks_the_generator;
        /// An operation has several types of success, or of error.
        ResponseTypes: "response-types", Error, breaks_the_generator;
        /// An operation has no success.
        ResponseSuccess: "response-success", Error, breaks_the_generator;
    }
    by answers::check {
        /// A closed list of values in an answer.
        ClosedEnum: "closed-enum", Error, can_be_set_aside;
        /// An object in an answer that takes no new field.
        ClosedObject: "closed-object", Error, can_be_set_aside;
        /// A list that may be missing in the answer of a GET.
        ListNotRequired: "list-not-required", Error, can_be_set_aside;
    }
}

impl Rule {
    /// Whether `x-lint-allow` can name the rule.
    pub fn can_be_set_aside(self) -> bool {
        self.breach() == Breach::CanBeSetAside
    }

    /// Whether nothing can be generated where the rule is broken.
    pub fn breaks_the_generator(self) -> bool {
        self.breach() == Breach::BreaksTheGenerator
    }

    /// The rule of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// The rule whose name is most like this one, where one is.
    pub fn closest(name: &str) -> Option<Self> {
        Self::named(closest(name, Self::ALL.iter().map(|rule| rule.name()))?)
    }

    /// What is wrong where the rule is broken, in a sentence: how its page begins.
    pub fn summary(self) -> &'static str {
        self.page().lines().nth(2).unwrap_or_default()
    }
}

/// The one of `names` that was most likely meant.
pub(super) fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 5)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

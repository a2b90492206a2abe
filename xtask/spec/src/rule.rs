//! The rules: of each its name, its severity, and whether it can be set aside.
//!
//! This table is the one place where a rule is entered. Its page and what looks for its breaches are
//! the lint's.

use std::fmt;

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

/// Hands the table of the rules to another macro.
#[macro_export]
macro_rules! for_each_rule {
    ($with:ident) => {
        $with! {
            /// The folder or a file of the specs cannot be read, or is no spec.
            SpecFile: "spec-file", Error, BreaksTheGenerator;
            /// The text is not YAML.
            Yaml: "yaml", Error, BreaksTheGenerator;
            /// The document is not built as OpenAPI 3.0 has it.
            OpenapiStructure: "openapi-structure", Error, BreaksTheGenerator;
            /// The generator fails for a reason of its own.
            GeneratorCannotHandle: "generator-cannot-handle", Error, BreaksTheGenerator;
            /// A set-aside is not one.
            SetAside: "set-aside", Error, NeverRight;
            /// A set-aside sets nothing aside.
            SetAsideUnused: "set-aside-unused", Warning, NeverRight;
            /// The file's stem cannot be a crate's name.
            SpecName: "spec-name", Error, NeverRight;
            /// The document is not OpenAPI 3.0.
            OpenapiVersion: "openapi-version", Error, BreaksTheGenerator;
            /// The generated crate's version is missing, or is none.
            CrateVersion: "crate-version", Error, NeverRight;
            /// A `$ref` leads nowhere.
            ReferenceUnresolved: "reference-unresolved", Error, BreaksTheGenerator;
            /// A schema is made of itself, or two contain each other.
            SchemaCircle: "schema-circle", Error, BreaksTheGenerator;
            /// A schema that no value fits.
            SchemaEmpty: "schema-empty", Error, BreaksTheGenerator;
            /// An extension does not hold what it should, or stands where nobody reads it.
            Extension: "extension", Error, NeverRight;
            /// An extension that nobody reads.
            ExtensionUnknown: "extension-unknown", Warning, CanBeSetAside;
            /// A part of the document has servers of its own.
            Servers: "servers", Error, NeverRight;
            /// A server that the transport refuses.
            ServerUrl: "server-url", Error, NeverRight;
            /// A credential cannot be signed with.
            SecurityScheme: "security-scheme", Error, BreaksTheGenerator;
            /// A parameter that is a credential.
            CredentialParameter: "credential-parameter", Error, CanBeSetAside;
            /// An operation has no `operationId`.
            OperationIdMissing: "operation-id-missing", Error, BreaksTheGenerator;
            /// Two operations would get the same method, or one would hide the client's own.
            OperationIdDuplicate: "operation-id-duplicate", Error, BreaksTheGenerator;
            /// An operation does not say whether it is idempotent.
            OperationIdempotence: "operation-idempotence", Warning, CanBeSetAside;
            /// An operation without evidence of its own, in a document that wants it.
            EvidenceRequired: "evidence-required", Error, CanBeSetAside;
            /// A body without an example.
            OperationExample: "operation-example", Warning, CanBeSetAside;
            /// An example does not fit its schema.
            ExampleUnfit: "example-unfit", Error, NeverRight;
            /// A path template and its parameters do not agree.
            PathParameter: "path-parameter", Error, BreaksTheGenerator;
            /// A parameter is of a kind that the generator cannot send.
            ParameterKind: "parameter-kind", Error, BreaksTheGenerator;
            /// A parameter is sent in another form than the document says.
            ParameterForm: "parameter-form", Error, NeverRight;
            /// Two parameters of an operation have one name.
            ParameterDuplicate: "parameter-duplicate", Error, NeverRight;
            /// A path parameter takes a value that leaves its segment.
            PathSegment: "path-segment", Error, NeverRight;
            /// A path parameter takes a value that leaves its segment once it is decoded again.
            PathSegmentEncoded: "path-segment-encoded", Warning, CanBeSetAside;
            /// A path parameter of which no value is known.
            PathSegmentUntried: "path-segment-untried", Error, CanBeSetAside;
            /// A pattern that cannot be used.
            Pattern: "pattern", Error, BreaksTheGenerator;
            /// A request body is of a kind that the generator cannot send.
            RequestMediaType: "request-media-type", Error, BreaksTheGenerator;
            /// A request body that may be left out.
            RequestBodyOptional: "request-body-optional", Warning, CanBeSetAside;
            /// An answer's body would be handed on as an untyped stream.
            ResponseMediaType: "response-media-type", Error, BreaksTheGenerator;
            /// An operation has several types of success, or of error.
            ResponseTypes: "response-types", Error, BreaksTheGenerator;
            /// An operation has no success.
            ResponseSuccess: "response-success", Error, BreaksTheGenerator;
            /// A rule for what an answer holds: one that breaks it cannot be read.
            AnswerConstraint: "answer-constraint", Error, CanBeSetAside;
            /// A list that may be missing in the answer of a GET.
            ListNotRequired: "list-not-required", Error, CanBeSetAside;
        }
    };
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident: $name:literal, $severity:ident, $breach:ident;)*) => {
        /// The rules that a diagnostic can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The rule's name, as diagnostics show it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether a breach stops the generator.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            const fn breach(self) -> Breach {
                match self { $(Self::$variant => Breach::$breach,)* }
            }
        }
    };
}

for_each_rule!(rules);

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
}

/// The one of `names` that was most likely meant.
pub fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 5)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

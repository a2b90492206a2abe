//! Diagnostics for programs: a JSON object a line, and GitHub's workflow commands.

use serde_json::json;

use crate::diagnostic::Diagnostic;
use crate::rule::Severity;

impl Diagnostic {
    /// One line of JSON. Columns count characters from 1; the last one is the one after the end.
    pub fn json(&self) -> String {
        let mut object = json!({
            "severity": self.rule.severity().to_string(),
            "rule": self.rule.name(),
            "path": self.path,
            "line": self.place.line.max(1),
            "column": self.place.column.max(1),
            "end_line": self.place.line.max(1),
            "end_column": self.end_column(),
            "message": self.message,
        });
        let known = [
            ("help", &self.help),
            ("spec", &self.spec),
            ("operation", &self.operation),
        ];
        for (name, value) in known {
            if let (Some(value), Some(object)) = (value, object.as_object_mut()) {
                object.insert(name.to_owned(), json!(value));
            }
        }
        object.to_string()
    }

    /// A workflow command of GitHub Actions, which shows the diagnostic beside the line.
    pub fn github(&self) -> String {
        let command = match self.rule.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let text = match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        };
        format!(
            "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            property(&self.path),
            self.place.line.max(1),
            self.place.line.max(1),
            self.place.column.max(1),
            // The last column, not the one after it.
            self.end_column() - 1,
            property(self.rule.name()),
            data(&text),
        )
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

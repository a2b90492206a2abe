//! A `curl` line that sends the same request, with variables in place of the secrets.

use seats::{RecordedHeader, RecordedValue, RequestRecord};

/// The line, for a POSIX shell.
pub fn line(request: &RequestRecord) -> String {
    // --globoff and --path-as-is keep curl from reading anything into the URL.
    let mut words = vec![
        "curl".to_owned(),
        "--globoff".to_owned(),
        "--path-as-is".to_owned(),
        "--request".to_owned(),
        request.method().to_owned(),
    ];
    if request.url().starts_with("http:") {
        // Plain http stays on this machine, whatever proxy there is.
        words.extend(["--noproxy".to_owned(), "'*'".to_owned()]);
    }
    let headers = request.headers();
    for header in headers {
        // curl writes these by itself; but that there is no body, only where it is told so.
        let by_itself = match header.name.as_str() {
            "host" => true,
            "content-length" => !request.body().is_empty(),
            _ => false,
        };
        if !by_itself {
            words.push("--header".to_owned());
            words.push(quoted(header));
        }
    }
    if !headers.iter().any(|header| header.name == "user-agent") {
        // An empty value takes curl's own away.
        words.push("--header".to_owned());
        words.push("'user-agent:'".to_owned());
    }
    if !request.body().is_empty() {
        words.push("--data-raw".to_owned());
        words.push(shell_words::quote(&String::from_utf8_lossy(request.body())).into_owned());
    }
    words.push(shell_words::quote(request.url()).into_owned());
    words.join(" ")
}

fn quoted(header: &RecordedHeader) -> String {
    match &header.value {
        RecordedValue::Plain(value) => {
            shell_words::quote(&format!("{}: {value}", header.name)).into_owned()
        }
        // In double quotes, so that the shell puts the secret in.
        RecordedValue::Secret(scheme) => {
            format!("\"{}: {}${}\"", header.name, scheme.prefix, scheme.variable)
        }
    }
}

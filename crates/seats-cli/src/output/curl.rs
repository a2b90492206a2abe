//! A `curl` command line that sends the same request, with variables in place of the secrets.

use seats::{RecordedHeader, RecordedValue, RequestRecord};

use super::printable;

/// A longer body is piped: systems limit the length of an argument, some to 32 KiB.
const ARGUMENT_LIMIT: usize = 16 * 1024;

/// Returns the line, for a POSIX shell.
pub fn line(request: &RequestRecord) -> String {
    let body = String::from_utf8_lossy(request.body());
    let is_piped = body.len() > ARGUMENT_LIMIT || body.contains(printable::is_hidden);
    // --disable, which has to be the first, ignores ~/.curlrc; --globoff and --path-as-is keep curl
    // from changing the URL.
    let mut words = vec![
        "curl --disable --globoff --path-as-is --request".to_owned(),
        request.method().to_owned(),
    ];
    if request.url().starts_with("http:") {
        // Plain http stays on this machine, whatever proxy there is.
        words.push("--noproxy '*'".to_owned());
    }
    words.extend(headers(request, is_piped));
    if is_piped {
        words.push("--data-binary @-".to_owned());
    } else if !body.is_empty() {
        words.push("--data-raw".to_owned());
        words.push(shell_words::quote(&body).into_owned());
    }
    words.push(shell_words::quote(request.url()).into_owned());
    let curl = words.join(" ");
    match is_piped {
        true => format!("printf %b {} | {curl}", quoted_for_printf(&body)),
        false => curl,
    }
}

/// The words for the headers that curl does not write by itself, and against those that it adds.
fn headers(request: &RequestRecord, is_piped: bool) -> Vec<String> {
    let mut words = Vec::new();
    let headers = request.headers();
    for header in &headers {
        let by_itself = match header.name.as_str() {
            "host" => true,
            // curl sends `content-length: 0` only if a header asks for it.
            "content-length" => !request.body().is_empty(),
            _ => false,
        };
        if !by_itself {
            words.push(format!("--header {}", quoted(header)));
        }
    }
    // An empty value removes curl's own header.
    if !headers.iter().any(|header| header.name == "user-agent") {
        words.push("--header 'user-agent:'".to_owned());
    }
    if is_piped {
        words.push("--header 'expect:'".to_owned());
    }
    words
}

fn quoted(header: &RecordedHeader) -> String {
    match &header.value {
        // In double quotes, so that the shell inserts the secret.
        RecordedValue::Secret(scheme) => {
            format!("\"{}: {}${}\"", header.name, scheme.prefix, scheme.variable)
        }
        value => shell_words::quote(&format!("{}: {value}", header.name)).into_owned(),
    }
}

/// The text as an argument of `printf %b`, which is part of the shell and so takes any length.
fn quoted_for_printf(text: &str) -> String {
    let mut argument = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => argument.push_str("\\\\"),
            c if printable::is_hidden(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    argument.push_str(&format!("\\0{byte:03o}"));
                }
            }
            c => argument.push(c),
        }
    }
    shell_words::quote(&argument).into_owned()
}

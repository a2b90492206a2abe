//! The request for a token: sent, read and, if that may help, repeated.

use std::error::Error;
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;

use super::Token;
use super::credentials::ClientCredentials;
use super::error::{Kind, TokenError};
use crate::response_format::ResponseFormat;
use crate::signing::Secrets;
use crate::{messages, rate_limit_headers, retry};

/// How many attempts are made: a token request changes nothing.
const ATTEMPTS: u32 = 3;
/// How long one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// The bound of the first wait between attempts; the second one is twice as long.
const BACKOFF: Duration = Duration::from_millis(200);
/// An authority that asks for a longer wait is not asked again.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How much of a response is read.
const READ_BODY: usize = 64 * 1024;
/// The lifetime of a token whose response does not state one.
const UNSTATED_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Fetches a token from the authority.
pub(super) async fn fetch(
    credentials: &ClientCredentials,
    http: &reqwest::Client,
) -> Result<Token, TokenError> {
    let endpoint = Endpoint { credentials, http };
    let mut backoff = retry::Backoff::new(BACKOFF);
    for _ in 1..ATTEMPTS {
        let failure = match endpoint.ask().await {
            Ok(token) => return Ok(token),
            Err(failure) => failure,
        };
        let Some(at_least) = failure.again_after else {
            return Err(failure.error);
        };
        tokio::time::sleep(backoff.next_wait().max(at_least)).await;
    }
    endpoint.ask().await.map_err(|failure| failure.error)
}

/// Why an attempt failed, and after what time another one is worth it.
struct Failure {
    error: TokenError,
    again_after: Option<Duration>,
}

struct Endpoint<'a> {
    credentials: &'a ClientCredentials,
    http: &'a reqwest::Client,
}

impl Endpoint<'_> {
    /// Makes one attempt.
    async fn ask(&self) -> Result<Token, Failure> {
        // The token lives from some moment after this one.
        let asked_at = Instant::now();
        let response = self
            .http
            .post(self.credentials.endpoint().as_str())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .form(&self.credentials.form())
            .timeout(ATTEMPT_TIMEOUT)
            .send()
            .await;
        let mut response = response.map_err(|error| self.not_reached(error))?;
        let (body, end) = read(&mut response).await;
        let status = response.status();
        if !status.is_success() {
            return Err(self.refusal(status, response.headers(), &body));
        }
        match end {
            End::Whole => {}
            End::TooLong => {
                return Err(self.unexpected(status, "the answer is longer than 64 KiB"));
            }
            End::Broken(error) => return Err(self.not_reached(error)),
        }
        let granted = granted(&body).map_err(|reason| self.unexpected(status, reason))?;
        let lifetime = granted.lifetime.unwrap_or(UNSTATED_LIFETIME);
        Token::new(granted.token, asked_at, lifetime)
            .ok_or_else(|| self.unexpected(status, "the token cannot stand in a header"))
    }

    /// Reads a response without a token.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        // Before it is read: what is left of a page, without its markup, may spell a secret differently.
        let body = &*self.secret().redact(body.to_vec());
        let kind = if status.is_redirection() {
            Kind::Redirected {
                status,
                location: text(headers, LOCATION.as_str()).map(|it| self.clean(it)),
            }
        } else if let Some((error, description)) = oauth_error(body) {
            let part = self.credentials.part_of();
            let description = description.map(|it| self.clean(&it));
            Kind::OAuth {
                status,
                error: self.clean(&error),
                shown: description.as_deref().map(|it| part(it).to_owned()),
                description,
            }
        } else {
            let content_type = text(headers, CONTENT_TYPE.as_str());
            let said = messages::of_body(&ResponseFormat::default(), content_type, body);
            Kind::Unexpected {
                status,
                text: self.clean(&messages::one_line(&said.join("; "))),
            }
        };
        Failure {
            error: self.error(kind),
            again_after: again_after(status, headers),
        }
    }

    fn unexpected(&self, status: StatusCode, text: &str) -> Failure {
        Failure {
            error: self.error(Kind::Unexpected {
                status,
                text: text.to_owned(),
            }),
            again_after: None,
        }
    }

    fn not_reached(&self, error: reqwest::Error) -> Failure {
        // An authority that was silent for the whole time is not asked to be silent again.
        let is_silent = error.is_timeout() && !error.is_connect();
        let reason = if is_silent {
            format!("no answer within {} s", ATTEMPT_TIMEOUT.as_secs())
        } else {
            root_cause(&error)
        };
        let may_pass = !is_silent && !error.is_builder();
        Failure {
            again_after: may_pass.then_some(Duration::ZERO),
            error: self.error(Kind::NotReached {
                reason: self.clean(&reason),
                source: error.without_url(),
            }),
        }
    }

    fn error(&self, kind: Kind) -> TokenError {
        TokenError::new(&self.credentials.endpoint().origin(), kind)
    }

    fn clean(&self, text: &str) -> String {
        self.secret().shown(text)
    }

    fn secret(&self) -> Secrets {
        Secrets::of(self.credentials.secret().expose_secret())
    }
}

/// How the body of a response ended.
enum End {
    Whole,
    TooLong,
    Broken(reqwest::Error),
}

async fn read(response: &mut reqwest::Response) -> (Vec<u8>, End) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                body.extend_from_slice(&chunk);
                if body.len() > READ_BODY {
                    body.truncate(READ_BODY);
                    return (body, End::TooLong);
                }
            }
            Ok(None) => return (body, End::Whole),
            Err(error) => return (body, End::Broken(error)),
        }
    }
}

/// A token as the response states it (RFC 6749, section 5.1).
#[derive(Debug)]
struct Granted {
    token: SecretString,
    lifetime: Option<Duration>,
}

/// Reads the response that grants a token. Entra's v1 endpoint writes `expires_in` as a string.
///
/// A response that cannot be read is not quoted: it may hold a token.
fn granted(body: &[u8]) -> Result<Granted, &'static str> {
    if body.trim_ascii().is_empty() {
        return Err("the answer is empty");
    }
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Err("the answer is no JSON");
    };
    let Some(token) = answer.get("access_token").and_then(Value::as_str) else {
        return Err("the answer has no access_token");
    };
    let Some(kind) = answer.get("token_type").and_then(Value::as_str) else {
        return Err("the answer has no token_type");
    };
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err("the token is no bearer token");
    }
    let seconds = answer.get("expires_in").and_then(|seconds| {
        let text = seconds.as_str().map(str::trim);
        text.map_or_else(|| seconds.as_u64(), |text| text.parse().ok())
    });
    Ok(Granted {
        token: SecretString::from(token),
        lifetime: seconds.map(Duration::from_secs),
    })
}

/// Reads the OAuth error in a body: its code and its description.
fn oauth_error(body: &[u8]) -> Option<(String, Option<String>)> {
    let answer = serde_json::from_slice::<Value>(body).ok()?;
    let member = |name| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let error = member("error").filter(|error| !error.is_empty())?;
    Some((error, member("error_description")))
}

/// How long to wait at least before asking again; None where that is of no use, or would take long.
fn again_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if !matches!(status.as_u16(), 429 | 500..=504) {
        return None;
    }
    let wait = rate_limit_headers::retry_after(headers, SystemTime::now()).unwrap_or_default();
    Some(wait).filter(|wait| *wait <= LONGEST_WAIT)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `reqwest` says that sending failed; what failed stands at the end of the chain.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    messages::one_line(&cause.to_string())
}

#[cfg(test)]
mod tests {
    use http::header::RETRY_AFTER;

    use super::*;

    #[test]
    fn asks_again_where_that_may_help_and_not_for_long() {
        let again = |status, wait: Option<&'static str>| {
            let wait = wait.map(|it| (RETRY_AFTER, HeaderValue::from_static(it)));
            again_after(
                StatusCode::from_u16(status).unwrap(),
                &wait.into_iter().collect(),
            )
        };
        let seconds = |n| Some(Duration::from_secs(n));
        for status in [429, 500, 501, 502, 503, 504] {
            assert_eq!(again(status, None), seconds(0));
            assert_eq!(again(status, Some("0")), seconds(0));
            assert_eq!(again(status, Some("10")), seconds(10));
            assert_eq!(again(status, Some("11")), None);
            assert_eq!(again(status, Some("Fri, 31 Dec 9999 23:59:59 GMT")), None);
            assert_eq!(again(status, Some("soon")), seconds(0));
        }
        for status in [200, 302, 400, 401, 404, 408, 505] {
            assert_eq!(again(status, Some("1")), None);
        }
    }

    #[test]
    fn reads_a_token_and_its_lifetime() {
        for (expires_in, expected) in [
            ("3599", Some(3599)),
            ("\"3599\"", Some(3599)),
            ("\" 3599 \"", Some(3599)),
            ("\"\"", None),
            ("\"soon\"", None),
            ("-1", None),
            ("[1]", None),
        ] {
            let body = format!(
                r#"{{"token_type":"BEARER","expires_in":{expires_in},"resource":"r","access_token":"t","scope":7}}"#
            );
            let granted = granted(body.as_bytes()).unwrap();
            assert_eq!(granted.token.expose_secret(), "t");
            assert_eq!(granted.lifetime, expected.map(Duration::from_secs));
        }
        for (body, reason) in [
            ("", "the answer is empty"),
            (" \r\n", "the answer is empty"),
            (r#"{"access_token":"planted"#, "the answer is no JSON"),
            ("[]", "the answer has no access_token"),
            (
                r#"{"access_token":["planted"]}"#,
                "the answer has no access_token",
            ),
            (
                r#"{"access_token":"planted"}"#,
                "the answer has no token_type",
            ),
            (
                r#"{"access_token":"planted","token_type":"mac"}"#,
                "the token is no bearer token",
            ),
        ] {
            assert_eq!(granted(body.as_bytes()).unwrap_err(), reason);
        }
    }
}

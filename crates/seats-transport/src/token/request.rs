//! The request for a token: sent, read and, where that may help, repeated.

use std::error::Error;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse,
    RequestTokenError, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_retry2::strategy::{ExponentialBackoff, jitter_with_bounds};

use super::Token;
use super::credentials::ClientCredentials;
use super::error::{Kind, TokenError};
use crate::redact::redact;
use crate::{messages, server_wait};

/// How often the authority is asked: a request for a token changes nothing.
const ATTEMPTS: usize = 3;
/// How long one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// A call does not wait longer than that for an authority that asks to be left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const READ_BODY: usize = 64 * 1024;
/// How long a token lives whose answer does not say so.
const UNSAID_LIFE: Duration = Duration::from_secs(5 * 60);

/// A token from the authority.
pub(super) async fn fetch(
    credentials: &ClientCredentials,
    http: &reqwest::Client,
) -> Result<Token, TokenError> {
    let authority = Authority { credentials, http };
    // From nothing to 200 ms, then to 400 ms.
    let mut waits = ExponentialBackoff::from_millis(2)
        .factor(100)
        .map(jitter_with_bounds(0.0, 1.0))
        .take(ATTEMPTS - 1);
    loop {
        let failure = match authority.ask().await {
            Ok(token) => return Ok(token),
            Err(failure) => failure,
        };
        match failure.again_after.zip(waits.next()) {
            Some((at_least, wait)) => tokio::time::sleep(wait.max(at_least)).await,
            None => return Err(failure.error),
        }
    }
}

/// Why an attempt failed, and after what time it is worth another.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
struct Failure {
    error: TokenError,
    again_after: Option<Duration>,
}

struct Authority<'a> {
    credentials: &'a ClientCredentials,
    http: &'a reqwest::Client,
}

impl Authority<'_> {
    /// One attempt.
    async fn ask(&self) -> Result<Token, Failure> {
        let token_url = TokenUrl::new(self.credentials.token_url())
            .map_err(|_| self.unexpected(StatusCode::OK, "its URL is none"))?;
        let secret = self.credentials.secret().expose_secret().to_owned();
        let client = BasicClient::new(ClientId::new(self.credentials.client_id().to_owned()))
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(token_url);
        let mut request = client.exchange_client_credentials();
        if let Some(resource) = self.credentials.resource_uri() {
            request = request.add_extra_param("resource", resource);
        }
        // The token lives from some moment after this one.
        let asked_at = Instant::now();
        let answer = request
            .request_async(self)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(failure) => failure,
                // `oauth2` quotes the answer, which may have a token in it.
                _ => self.unexpected(StatusCode::OK, "the answer is no token"),
            })?;
        self.token(&answer, asked_at)
    }

    fn token(&self, answer: &BasicTokenResponse, asked_at: Instant) -> Result<Token, Failure> {
        if *answer.token_type() != BasicTokenType::Bearer {
            return Err(self.unexpected(StatusCode::OK, "the token is no bearer token"));
        }
        let secret = SecretString::from(answer.access_token().secret().as_str());
        let lifetime = answer.expires_in().unwrap_or(UNSAID_LIFE);
        Token::new(secret, asked_at, lifetime)
            .ok_or_else(|| self.unexpected(StatusCode::OK, "the token cannot stand in a header"))
    }

    /// Sends what `oauth2` made, and gives it a token's answer in its own form of it.
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut request =
            reqwest::Request::try_from(request).map_err(|error| self.not_reached(error))?;
        *request.timeout_mut() = Some(ATTEMPT_TIMEOUT);
        let mut response = self
            .http
            .execute(request)
            .await
            .map_err(|error| self.not_reached(error))?;
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
        let body = normal(&body).map_err(|said| self.unexpected(status, said))?;
        Ok(HttpResponse::new(body))
    }

    /// What an answer without a token says.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        let kind = if status.is_redirection() {
            Kind::Redirected {
                status,
                location: text(headers, LOCATION.as_str()).map(|it| self.clean(it)),
            }
        } else if let Some(answer) = oauth_error(body) {
            Kind::OAuth {
                status,
                error: self.clean(answer.error().as_ref()),
                description: answer.error_description().map(|it| self.clean(it)),
            }
        } else {
            let body = self.clean(&String::from_utf8_lossy(body));
            let said = messages::of_body(text(headers, CONTENT_TYPE.as_str()), body.as_bytes());
            Kind::Unexpected {
                status,
                // Once more: what was escaped before is plain now, and what was whole is shortened.
                said: self.clean(&messages::one_line(&said.join("; "))),
            }
        };
        Failure {
            error: self.error(kind),
            again_after: again_after(status, headers),
        }
    }

    fn unexpected(&self, status: StatusCode, said: &str) -> Failure {
        Failure {
            error: self.error(Kind::Unexpected {
                status,
                said: said.to_owned(),
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
        TokenError::new(self.credentials.authority_url().as_str(), kind)
    }

    fn clean(&self, text: &str) -> String {
        let secret = self.credentials.secret().expose_secret().as_bytes();
        String::from_utf8_lossy(&redact(text.as_bytes().to_vec(), secret)).into_owned()
    }
}

// Not a closure: the compiler would not see that the future of one can go to another thread.
impl<'c> AsyncHttpClient<'c> for Authority<'_> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

/// How the body of an answer ended.
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

/// A token's answer as RFC 6749 has it. Entra's v1 endpoint writes `expires_in` as a string.
///
/// An answer that cannot be read is not quoted: there may be a token in it.
fn normal(body: &[u8]) -> Result<Vec<u8>, &'static str> {
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
    let expires_in = answer.get("expires_in").and_then(|seconds| {
        let text = seconds.as_str().map(str::trim);
        text.map_or_else(|| seconds.as_u64(), |text| text.parse().ok())
    });
    let normal = json!({
        "access_token": token,
        "token_type": kind.to_ascii_lowercase(),
        "expires_in": expires_in,
    });
    Ok(normal.to_string().into_bytes())
}

/// The OAuth error in a body, whatever else stands there.
fn oauth_error(body: &[u8]) -> Option<BasicErrorResponse> {
    let answer = serde_json::from_slice::<Value>(body).ok()?;
    let member = |name| answer.get(name).and_then(Value::as_str);
    let error = member("error").filter(|error| !error.is_empty())?;
    let normal = json!({ "error": error, "error_description": member("error_description") });
    serde_json::from_value(normal).ok()
}

/// How long to wait at least before asking again; None where that is of no use, or would take long.
fn again_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if !matches!(status.as_u16(), 429 | 500..=504) {
        return None;
    }
    let wait = server_wait::retry_after(headers, SystemTime::now()).unwrap_or_default();
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
    use http::HeaderValue;
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
    fn puts_an_answer_into_the_form_of_the_standard() {
        let read = |body: &str| normal(body.as_bytes()).map(|it| String::from_utf8(it).unwrap());
        for (expires_in, expected) in [
            ("3599", "3599"),
            ("\"3599\"", "3599"),
            ("\" 3599 \"", "3599"),
            ("\"\"", "null"),
            ("\"soon\"", "null"),
            ("-1", "null"),
            ("[1]", "null"),
        ] {
            let body = format!(
                r#"{{"token_type":"BEARER","expires_in":{expires_in},"resource":"r","access_token":"t","scope":7}}"#
            );
            assert_eq!(
                read(&body).unwrap(),
                format!(r#"{{"access_token":"t","token_type":"bearer","expires_in":{expected}}}"#)
            );
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
        ] {
            assert_eq!(read(body), Err(reason));
        }
    }
}

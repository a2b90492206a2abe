//! TLS with the default features: which servers are trusted, and that no other server gets a request.

use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use seats::reqwest::{self, Certificate, ClientBuilder};
use seats::{Done, Effect, Error, ErrorKind, store};
use seats_tests::credentials::{API_KEY, APPLICATION_KEY, TOKEN};
use seats_tests::wire::{answer, read_request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

use crate::calls;
use crate::clients::{attempts, datadog_builder, store_builder};

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A certificate authority for the tests, valid from 1975 to 4096.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(1975, 1, 1);
        params.not_after = date_time_ymd(4096, 1, 1);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_der(self.0.as_ref().der()).unwrap()
    }

    /// TLS of this version with a certificate for this name that is valid until this year.
    fn server(
        &self,
        version: &'static SupportedProtocolVersion,
        name: &str,
        last_year: i32,
    ) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(1975, 1, 1);
        params.not_after = date_time_ymd(last_year, 1, 1);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        Arc::new(config).into()
    }
}

/// What a server does with each connection.
enum Behavior {
    /// Speaks TLS, and sends this response or just closes the connection.
    Tls(TlsAcceptor, Option<Vec<u8>>),
    /// Speaks no TLS, and sends this response to the first bytes that come.
    Plain(Vec<u8>),
}

/// What a server received on a connection.
#[derive(Debug, PartialEq)]
enum Seen {
    /// The handshake failed for this reason. Nothing was decrypted.
    NoHandshake(String),
    /// These bytes, decrypted if the server speaks TLS.
    Bytes(Vec<u8>),
}

impl Behavior {
    async fn serve(&self, mut stream: TcpStream) -> Seen {
        match self {
            Self::Tls(acceptor, answer) => match acceptor.accept(stream).await {
                Ok(mut stream) => {
                    let request = read_request(&mut stream).await.unwrap();
                    if let Some(answer) = answer {
                        stream.write_all(answer).await.unwrap();
                    }
                    stream.shutdown().await.unwrap();
                    Seen::Bytes(request)
                }
                Err(error) => Seen::NoHandshake(error.to_string()),
            },
            Self::Plain(answer) => {
                let mut bytes = vec![0; 4096];
                let length = stream.read(&mut bytes).await.unwrap();
                bytes.truncate(length);
                // The client may have closed the connection.
                let _ = stream.write_all(answer).await;
                Seen::Bytes(bytes)
            }
        }
    }
}

/// A server on loopback that serves its connections one after another.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(behavior: Behavior) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let seen = behavior.serve(stream).await;
                kept.lock().unwrap().push(seen);
            }
        });
        Self { port, seen, task }
    }

    /// Starts a server that speaks TLS and responds with `{}`.
    async fn tls(acceptor: TlsAcceptor) -> Self {
        Self::start(Behavior::Tls(acceptor, Some(answer("200 OK", &[], b"{}")))).await
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Stops the server and returns what it received on each connection, in order.
    async fn finish(self) -> Vec<Seen> {
        // Connections are served in order: after this one, all others are done.
        let mut last = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        last.shutdown().await.unwrap();
        let _ = last.read_to_end(&mut Vec::new()).await;
        self.task.abort();
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap());
        seen.pop().unwrap();
        seen
    }
}

async fn reclaim(url: &str, http: Option<ClientBuilder>) -> seats::Result<Done<store::Seat>> {
    let mut builder = store_builder(url).retry(attempts(1));
    if let Some(http) = http {
        builder = builder.http(http);
    }
    calls::reclaim(&builder.build().unwrap()).await
}

async fn unassign(url: &str, http: Option<ClientBuilder>) -> seats::Result<Done<()>> {
    let mut builder = datadog_builder(url).retry(attempts(1));
    if let Some(http) = http {
        builder = builder.http(http);
    }
    calls::unassign(&builder.build().unwrap()).await
}

/// An HTTP client that trusts only this authority.
fn trusting(authority: &Authority) -> ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([authority.certificate()])
}

/// The errors of a call to each vendor, and what the server received on the two connections.
async fn both_errors(
    server: Server,
    http: impl Fn() -> Option<ClientBuilder>,
) -> ([Error; 2], Vec<Seen>) {
    let errors = [
        reclaim(&server.url(), http()).await.unwrap_err(),
        unassign(&server.url(), http()).await.unwrap_err(),
    ];
    (errors, server.finish().await)
}

/// Asserts that both calls were not sent, and that their messages are one line with this reason.
#[track_caller]
fn assert_not_sent(errors: &[Error; 2], reason: &str) {
    for (error, operation) in errors
        .iter()
        .zip(["reclaim_seat_from_user", "unassign_seats_user"])
    {
        assert_eq!(error.kind(), ErrorKind::NotConnected, "{error}");
        assert_eq!(error.effect(), Effect::NotSent);
        assert_eq!(error.attempts(), 1);
        assert_eq!(error.status(), None);
        let line = error.to_string();
        let expected = format!("{operation}: could not connect: client error (Connect): {reason}");
        assert!(line.starts_with(&expected), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}

/// Asserts that both handshakes failed with this alert from the client.
#[track_caller]
fn assert_nothing_decrypted(seen: &[Seen], alert: &str) {
    let refused = || Seen::NoHandshake(format!("received fatal alert: {alert}"));
    assert_eq!(seen, [refused(), refused()]);
}

/// Asserts that both requests arrived in full.
#[track_caller]
fn assert_both_requests(seen: &[Seen]) {
    let [Seen::Bytes(reclaim), Seen::Bytes(unassign)] = seen else {
        panic!("{seen:?}");
    };
    let reclaim = String::from_utf8(reclaim.clone()).unwrap();
    let unassign = String::from_utf8(unassign.clone()).unwrap();
    assert!(
        reclaim.starts_with(
            "DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1\r\n"
        ),
        "{reclaim}"
    );
    assert!(
        reclaim.contains(&format!("authorization: Bearer {TOKEN}\r\n")),
        "{reclaim}"
    );
    assert!(
        unassign.starts_with("DELETE /api/v2/seats/users HTTP/1.1\r\n"),
        "{unassign}"
    );
    for key in [API_KEY, APPLICATION_KEY] {
        assert!(unassign.contains(key), "{unassign}");
    }
    assert!(
        unassign.ends_with(
            r#""user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}"#
        ),
        "{unassign}"
    );
}

#[tokio::test]
async fn a_trusted_server_gets_the_requests() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        // Instead of the system's authorities, and in addition to them.
        for in_addition in [false, true] {
            let http = || match in_addition {
                false => trusting(&authority),
                true => reqwest::Client::builder()
                    .no_proxy()
                    .tls_certs_merge([authority.certificate()]),
            };
            let server = Server::tls(authority.server(version, "localhost", 4096)).await;
            let seat = reclaim(&server.url(), Some(http())).await.unwrap();
            assert_eq!((seat.status(), seat.body()), (Some(200), &b"{}"[..]));
            let done = unassign(&server.url(), Some(http())).await.unwrap();
            assert_eq!((done.status(), done.body()), (Some(200), &b"{}"[..]));
            assert_both_requests(&server.finish().await);
        }
    }
}

#[tokio::test]
async fn a_certificate_of_an_untrusted_authority_is_refused() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        for (trusted, reason, alert) in [
            ("Another", "UnknownIssuer", "UnknownCA"),
            // It has the name of the trusted one, and another key.
            ("Ours", "BadSignature", "DecryptError"),
        ] {
            let trusted = Authority::new(trusted);
            let server = Server::tls(authority.server(version, "localhost", 4096)).await;
            let (errors, seen) = both_errors(server, || Some(trusting(&trusted))).await;
            assert_not_sent(&errors, &format!("invalid peer certificate: {reason}"));
            assert_nothing_decrypted(&seen, alert);
        }
    }
}

#[tokio::test]
async fn the_default_client_refuses_an_unknown_authority() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        let server = Server::tls(authority.server(version, "localhost", 4096)).await;
        let (errors, seen) = both_errors(server, || None).await;
        assert_not_sent(&errors, "invalid peer certificate: UnknownIssuer");
        assert_nothing_decrypted(&seen, "UnknownCA");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        let server = Server::tls(authority.server(version, "other.example", 4096)).await;
        let (errors, seen) = both_errors(server, || Some(trusting(&authority))).await;
        assert_not_sent(
            &errors,
            "invalid peer certificate: certificate not valid for name \"localhost\"; certificate is only valid for DnsName(\"other.example\")",
        );
        assert_nothing_decrypted(&seen, "BadCertificate");
    }
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        let server = Server::tls(authority.server(version, "localhost", 1980)).await;
        let (errors, seen) = both_errors(server, || Some(trusting(&authority))).await;
        assert_not_sent(&errors, "invalid peer certificate: certificate expired: ");
        assert_nothing_decrypted(&seen, "CertificateExpired");
    }
}

/// The same holds if the server closes the connection during the handshake.
#[tokio::test]
async fn a_server_without_tls_gets_no_request() {
    let authority = Authority::new("Ours");
    for (answer, reason) in [
        (
            answer("400 Bad Request", &[], b"plain http"),
            "received corrupt message of type InvalidContentType",
        ),
        (Vec::new(), "tls handshake eof"),
    ] {
        let server = Server::start(Behavior::Plain(answer)).await;
        let (errors, seen) = both_errors(server, || Some(trusting(&authority))).await;
        assert_not_sent(&errors, reason);
        assert_eq!(seen.len(), 2);
        for seen in seen {
            let Seen::Bytes(bytes) = seen else {
                panic!("{seen:?}");
            };
            // A TLS record with a handshake.
            assert!(bytes.starts_with(&[0x16, 0x03]), "{bytes:?}");
            let text = String::from_utf8_lossy(&bytes);
            for private in [API_KEY, APPLICATION_KEY, TOKEN, "DELETE", "ada", "626a4e8e"] {
                assert!(!text.contains(private), "{text}");
            }
        }
    }
}

/// What is lost after the handshake may have been applied.
#[tokio::test]
async fn a_connection_that_closes_after_the_handshake_is_unknown() {
    let authority = Authority::new("Ours");
    for version in VERSIONS {
        let acceptor = authority.server(version, "localhost", 4096);
        let server = Server::start(Behavior::Tls(acceptor, None)).await;
        let (errors, seen) = both_errors(server, || Some(trusting(&authority))).await;
        for error in errors {
            assert_eq!(
                (error.kind(), error.effect()),
                (ErrorKind::Lost, Effect::Unknown),
                "{error}"
            );
        }
        assert_both_requests(&seen);
    }
}

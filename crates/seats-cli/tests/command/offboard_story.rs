//! The README's story of off-boarding, word for word, in a fresh folder.

use std::path::Path;
use std::process::Stdio;

use seats_sandbox::Sandbox;
use tokio::process::Command;

const README: &str = include_str!("../../../../README.md");

/// The text of the code block after a marker.
fn block(marker: &str) -> &'static str {
    let (_, rest) = README.split_once(marker).expect(marker);
    let (_, rest) = rest.split_once("```").expect("a block");
    let (_, rest) = rest.split_once('\n').expect("its first line");
    rest.split_once("```").expect("its end").0
}

#[tokio::test]
async fn the_story_happens_as_it_is_told() {
    let examples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../seats-sandbox/examples/offboarding");
    let sandbox = Sandbox::builder()
        .seed_file(examples.join("seed.yaml"))
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(
        examples.join("leavers.csv"),
        folder.path().join("leavers.csv"),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("seats.toml"),
        block("<!-- story: seats.toml -->"),
    )
    .unwrap();
    let list = std::fs::read(folder.path().join("leavers.csv")).unwrap();
    assert!(
        list.starts_with(b"\xef\xbb\xbfName;E-Mail") && list.ends_with(b"\r\n"),
        "as Excel writes it"
    );

    let steps = block("<!-- story -->").split("$ ").skip(1);
    let mut count = 0;
    for step in steps {
        let (line, expected) = step.split_once('\n').unwrap();
        let mut words = line.split(' ');
        assert_eq!(words.next(), Some("seats"));
        let output = Command::new(env!("CARGO_BIN_EXE_seats"))
            .args(words)
            .current_dir(folder.path())
            .env_clear()
            .env("SEATS_DATADOG_URL", sandbox.datadog_url())
            .env("DD_API_KEY", "sandbox-api-key")
            .env("DD_APP_KEY", "sandbox-application-key")
            .env("SEATS_STORE_URL", sandbox.store_url())
            .env("SEATS_STORE_TOKEN", "sandbox-store-token")
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{line}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        is_as_told(line, expected, &printed);
        count += 1;
    }
    assert_eq!(count, 4);
}

/// Compares the parts between the lines `...`, which stand for what is left out.
fn is_as_told(line: &str, expected: &str, printed: &str) {
    let mut rest = printed;
    for (n, part) in expected.split("...\n").enumerate() {
        let found = rest.find(part);
        let is_in_place = if n == 0 {
            found == Some(0)
        } else {
            found.is_some()
        };
        assert!(
            is_in_place,
            "{line}: the README has\n{part}\nand the command printed\n{printed}"
        );
        rest = &rest[found.unwrap_or(0) + part.len()..];
    }
    assert_eq!(
        rest, "",
        "{line}: the command printed more than the README has"
    );
}

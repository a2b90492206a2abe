//! Lists of people as they are sent.

use seats_offboard::{IdentityKind, People, PeopleError, ReadOptions, UnusableReason};

use crate::support::people;

fn labels(people: &People) -> Vec<&str> {
    people.people.iter().map(|person| person.label()).collect()
}

fn unusable(people: &People) -> Vec<String> {
    let line =
        |it: &seats_offboard::UnusableLine| format!("{}: {:?}: {}", it.line, it.text, it.reason);
    people.unusable.iter().map(line).collect()
}

/// As UTF-16 with a byte order mark.
fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn each_form_of_a_list_names_the_same_people() {
    let table = "Name,E-Mail Address,Left on\r\n\"Lovelace, Ada\",ada@x.example ,2025-01-01\r\n\r\nZoë,zoë@x.example,\r\n";
    let excel = table.replace(',', ";");
    let tabs = "mail\tName\nada@x.example\tAda\nzoë@x.example\tZoë\n";
    let plain = "# who has left\nada@x.example\n\n  zoë@x.example  \r\n";
    let lists: Vec<Vec<u8>> = vec![
        table.into(),
        format!("\u{feff}{table}").into(),
        excel.clone().into(),
        format!("sep=;\r\n{excel}").into(),
        utf16(tabs, false),
        utf16(tabs, true),
        tabs.into(),
        plain.into(),
        "\"ada@x.example\"\n"
            .replace('"', "")
            .into_bytes()
            .into_iter()
            .chain("zoë@x.example".bytes())
            .collect(),
    ];
    for list in lists {
        let people = People::read(list.as_slice(), &ReadOptions::default()).unwrap();
        assert_eq!(
            labels(&people),
            ["ada@x.example", "zoë@x.example"],
            "{}",
            String::from_utf8_lossy(&list)
        );
        assert_eq!(people.unusable, [], "{}", String::from_utf8_lossy(&list));
    }
}

#[test]
fn a_person_has_several_identities_in_columns_of_their_own() {
    let people = people(
        "UserPrincipalName;mail;Datadog user id;objectId\n\
         ada@x.example;a.lovelace@x.example;626A4E8E-64BD-409D-B80E-428F08AC0B62;{8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473}\n",
    );
    let kinds: Vec<_> = people.people[0]
        .identities
        .iter()
        .map(|it| it.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            IdentityKind::Name,
            IdentityKind::Name,
            IdentityKind::DatadogId,
            IdentityKind::ObjectId
        ]
    );
    assert_eq!(
        people.people[0].identities[2].value,
        "626a4e8e-64bd-409d-b80e-428f08ac0b62"
    );
}

#[test]
fn what_cannot_be_used_is_kept_with_its_line() {
    for line_end in ["\n", "\r\n"] {
        what_cannot_be_used(line_end);
    }
}

fn what_cannot_be_used(line_end: &str) {
    let list = "name,email,upn\nAda,ada@x.example,\nBob,,\nEve,not a name,eve@x.example\nAda,ADA@x.example,\n\
         Cy,n/a,-\nDora,dora@x.example,d@x.example\nDan,dan@x.example,d@x.example\n";
    let people = people(&list.replace('\n', line_end));
    assert_eq!(labels(&people), ["ada@x.example", "eve@x.example"]);
    assert_eq!(
        unusable(&people),
        [
            "3: \"Bob  \": no email address, user name or id",
            "4: \"not a name\": not an email address, a user principal name or a UUID",
            "5: \"ADA@x.example\": the same person is on line 2",
            "6: \"Cy n/a -\": no email address, user name or id",
            "7: \"dora@x.example\": \"d@x.example\" is also on line 8, for somebody else",
            "8: \"dan@x.example\": \"d@x.example\" is also on line 7, for somebody else",
        ]
    );
}

/// The line that says more about a person counts.
#[test]
fn a_line_that_says_more_adds_to_the_person() {
    let people = people("email,upn\nada@x.example,\nada@x.example,al@x.example\n");
    assert_eq!(people.people.len(), 1);
    assert_eq!(people.people[0].identities.len(), 2);
    assert_eq!(people.unusable[0].reason, UnusableReason::Twice { line: 2 });
}

#[test]
fn bytes_that_are_no_utf8_are_a_line_that_cannot_be_used() {
    let people = People::read(
        &b"email\nzo\xeb@x.example\nada@x.example\n"[..],
        &ReadOptions::default(),
    )
    .unwrap();
    assert_eq!(labels(&people), ["ada@x.example"]);
    assert_eq!(
        unusable(&people),
        ["2: \"zo\u{fffd}@x.example\": not text in UTF-8; save the list as \"CSV UTF-8\""]
    );
}

#[test]
fn an_empty_list_is_nobody() {
    for list in ["", "\n\n", "\u{feff}", "email\n", "# nobody\n"] {
        assert_eq!(people(list), People::default(), "{list:?}");
    }
}

#[test]
fn a_column_is_named() {
    let read = |column: &str| {
        let options = ReadOptions {
            columns: vec![column.to_owned()],
        };
        People::read(
            &b"Konto,email\nada@x.example,other@x.example\n"[..],
            &options,
        )
    };
    assert_eq!(labels(&read("konto").unwrap()), ["ada@x.example"]);
    assert_eq!(
        read("Kontos").unwrap_err().to_string(),
        "the list has no column \"Kontos\"; did you mean \"Konto\"?; its columns are \"Konto\", \"email\""
    );
}

#[test]
fn a_list_that_cannot_be_understood_is_refused() {
    let message = |list: &[u8]| {
        People::read(list, &ReadOptions::default())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(b"Vorname,Nachname\nAda,Lovelace\n"),
        "no column of the list is known to identify a person; its columns are \"Vorname\", \"Nachname\"; name one with --column"
    );
    assert_eq!(
        message(b"ada@x.example,Ada\n"),
        "the list has several columns and no header: its first line is \"ada@x.example\", \"Ada\"; add a header such as \"email\", or leave one column"
    );
    assert_eq!(
        message(b"email,note\nada@x.example,\"she left\nbob@x.example,\n"),
        "line 2: a quote is opened and never closed, so the lines after it cannot be told apart"
    );
    assert_eq!(
        message(&utf16("email\n", false)[2..]),
        "the list is not text: it has zero bytes; save it as \"CSV UTF-8\""
    );
}

#[test]
fn a_very_long_line_is_not_used_and_not_kept() {
    let people = people(&format!(
        "{}@x.example\nada@x.example\n",
        "a".repeat(100_000)
    ));
    assert_eq!(labels(&people), ["ada@x.example"]);
    assert_eq!(people.unusable[0].reason, UnusableReason::TooLong);
    assert!(people.unusable[0].text.len() < 300);
}

#[test]
fn a_list_without_end_is_refused() {
    let endless = std::io::Read::take(std::io::repeat(b'a'), 1 << 40);
    let error = People::read(endless, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, PeopleError::TooLarge { .. }), "{error}");
}

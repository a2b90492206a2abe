//! From the bytes of a file to UTF-8, within bounds.

use std::io::{self, Read};

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::PeopleError;

/// The most bytes that a list may have: a million people with several identities each.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a whole list as UTF-8. A byte order mark says that it is UTF-16; without one it is taken as UTF-8,
/// and bytes that are none stay as they are.
pub(super) fn decode(list: impl Read) -> Result<Vec<u8>, PeopleError> {
    let mut reader = DecodeReaderBytesBuilder::new()
        .bom_override(true)
        .utf8_passthru(true)
        .strip_bom(true)
        .build(list)
        .take(MOST_BYTES + 1);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(PeopleError::Read)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(PeopleError::TooLarge { most: MOST_BYTES });
    }
    // UTF-16 without a byte order mark: every other byte of a name is zero.
    if bytes.contains(&0) {
        return Err(PeopleError::NotText);
    }
    Ok(bytes)
}

impl From<io::Error> for PeopleError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

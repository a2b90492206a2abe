//! Reads a text file line by line, within bounds: a file may never end, and neither may a line.

use std::io::{BufRead, Read};

/// The largest file, in bytes: a million users and more.
pub const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The longest line, in bytes.
pub const LINE_LIMIT: usize = 4096;

/// How much of a line is read: its line break, or the byte that is too many, included.
const LONGEST: u64 = LINE_LIMIT as u64 + 1;

/// Calls `line` with the number and the text of each line, without the line break. `name` stands for
/// the file in errors.
///
/// # Errors
/// The file cannot be read, exceeds a limit or is not UTF-8; or `line` fails.
pub fn for_each_line(
    name: &str,
    file: impl BufRead,
    mut line: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), String> {
    let mut file = file.take(FILE_LIMIT + 1);
    let mut buffer = Vec::new();
    for number in 1.. {
        buffer.clear();
        let at_line = |problem: &dyn std::fmt::Display| format!("{name}:{number}: {problem}");
        let read = file.by_ref().take(LONGEST).read_until(b'\n', &mut buffer);
        if read.map_err(|error| at_line(&error))? == 0 {
            break;
        }
        if file.limit() == 0 {
            let most = FILE_LIMIT / 1024 / 1024;
            return Err(format!("{name}: must be at most {most} MiB"));
        }
        let bytes = buffer.strip_suffix(b"\n").unwrap_or(&buffer);
        if bytes.len() > LINE_LIMIT {
            return Err(at_line(&format!(
                "must be at most {LINE_LIMIT} bytes; is it a list with one user per line?"
            )));
        }
        // Editors on Windows write a byte order mark first.
        let bytes = match number {
            1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
            _ => bytes,
        };
        let text = std::str::from_utf8(bytes).map_err(|_| at_line(&"must be UTF-8"))?;
        line(number, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(usize, String)>, String> {
        let mut lines = Vec::new();
        for_each_line("file", bytes, |number, text| {
            lines.push((number, text.to_owned()));
            Ok(())
        })?;
        Ok(lines)
    }

    #[test]
    fn lines_have_numbers_and_no_line_breaks() {
        let lines = read(b"\xef\xbb\xbfa\r\n\nzo\xc3\xab").unwrap();
        let expected = [(1, "a\r"), (2, ""), (3, "zoë")];
        assert_eq!(lines, expected.map(|(n, text)| (n, text.to_owned())));
        assert_eq!(read(b""), Ok(vec![]));
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_named() {
        for (bytes, line) in [(&b"\xff\xfea\0d\0a\0\n\0"[..], 1), (b"ada\nzo\xeb", 2)] {
            assert_eq!(read(bytes), Err(format!("file:{line}: must be UTF-8")));
        }
    }

    #[test]
    fn a_line_has_a_limit() {
        let longest = "a".repeat(LINE_LIMIT);
        assert_eq!(read(format!("{longest}\n").as_bytes()).unwrap().len(), 1);
        assert_eq!(read(longest.as_bytes()).unwrap().len(), 1);
        let error = read(format!("x\n{longest}a\n").as_bytes()).unwrap_err();
        assert!(error.starts_with("file:2: must be at most 4096 bytes"));
        let endless = std::io::BufReader::new(std::io::repeat(b'a'));
        let error = for_each_line("file", endless, |_, _| Ok(())).unwrap_err();
        assert!(error.starts_with("file:1: must be at most 4096 bytes"));
    }

    #[test]
    fn a_file_has_a_limit() {
        let line = "a".repeat(4095) + "\n";
        let lines = FILE_LIMIT / 4096;
        let whole = line.repeat(usize::try_from(lines).unwrap());
        let mut read = 0;
        let mut count = |_: usize, _: &str| {
            read += 1;
            Ok(())
        };
        for_each_line("file", whole.as_bytes(), &mut count).unwrap();
        let longer = whole + "a";
        let error = for_each_line("file", longer.as_bytes(), &mut count).unwrap_err();
        assert_eq!(error, "file: must be at most 64 MiB");
        assert_eq!(read, 2 * lines);
    }
}

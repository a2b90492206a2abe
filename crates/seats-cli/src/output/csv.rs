//! Lines of CSV for a spreadsheet, which runs some cells as formulas.

use std::io;

use super::printable;

/// The characters with which a spreadsheet's formula begins, as OWASP lists them.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Returns the cells as one line of CSV, with hidden characters escaped. Unless it is to be `raw`, a
/// `'` precedes a cell that a spreadsheet would run as a formula.
///
/// # Errors
/// The cells cannot be written.
pub fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>, raw: bool) -> io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(|cell| {
        let cell = cell.as_ref();
        let quote = match !raw && cell.starts_with(FORMULA_STARTS) {
            true => "'",
            false => "",
        };
        quote.to_owned() + &printable::text(cell)
    }))?;
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_escaped() {
        let cells = ["a,b", "say \"no\"", "", "plain", "a\u{1b}\n"];
        let expected = "\"a,b\",\"say \"\"no\"\"\",,plain,a\\u{1b}\\u{a}\n";
        assert_eq!(line(cells, false).unwrap(), expected);
    }

    #[test]
    fn a_formula_is_text() {
        let cells = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "a=1", "'"];
        let defused = "'=1+1,'+1,'-1,'@a,'\\u{9}a,'\\u{d}a,a=1,'\n";
        assert_eq!(line(cells, false).unwrap(), defused);
        let raw = "=1+1,+1,-1,@a,\\u{9}a,\\u{d}a,a=1,'\n";
        assert_eq!(line(cells, true).unwrap(), raw);
    }
}

//! The record as one page for a browser.

use std::io::{self, Write};

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::csv::{CsvRows, each_row, outcome};
use super::summary::{ProductSummary, Summary};
use crate::config::Prices;
use crate::ledger::{Ledger, LedgerRow, RowOutcome, RowState};
use crate::vendor::Action;

const HEAD: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("filter.js");

/// The hash of [`SCRIPT`], which is the only script that the page allows.
const SCRIPT_HASH: &str = "sha256-A/U0fAWpNowCzACAwBGhjQkViYvkUAQNmDP76l9ElMc=";

/// How many rows the table has at most; a browser takes no more.
const MOST_ROWS: u64 = 10_000;

/// Writes one page without anything beside it: totals, a bar for each product, what needs a person, and a
/// table with a filter. Whatever a vendor or a list says is text there: it is escaped, and the page allows no
/// script but its own.
///
/// # Errors
/// The ledger cannot be read or has no plan, or the page cannot be written.
pub fn write_html(ledger: &dyn Ledger, prices: &Prices, to: &mut dyn Write) -> io::Result<()> {
    let summary = Summary::of(ledger, prices)?
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the ledger has no plan"))?;
    let title = match summary.action {
        Action::Reclaim => "Seats taken back",
        Action::Assign => "Seats given back",
    };
    let head = HEAD
        .replace("{{title}}", title)
        .replace("{{script_hash}}", SCRIPT_HASH);
    to.write_all(head.as_bytes())?;
    write_about(&summary, to)?;
    write_totals(&summary, prices, to)?;
    writeln!(to, "<h2>By product</h2>")?;
    for product in &summary.products {
        write_product(product, prices, to)?;
    }
    let needing = summary.needing_person();
    writeln!(to, "<h2>What needs a person ({needing})</h2>")?;
    if needing == 0 {
        writeln!(to, "<p>Nothing.</p>")?;
    } else {
        write_table(ledger, CsvRows::NeedingPerson, "", to)?;
    }
    writeln!(
        to,
        "<h2>All rows</h2>\n<input id=\"filter\" type=\"search\" placeholder=\"Filter\" aria-label=\"Filter the rows\">"
    )?;
    write_table(ledger, CsvRows::All, " id=\"rows\"", to)?;
    write!(to, "<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

fn write_about(summary: &Summary, to: &mut dyn Write) -> io::Result<()> {
    for account in &summary.accounts {
        writeln!(to, "<p>{}</p>", encode_text(&account.to_string()))?;
    }
    let made = summary.made.format("%Y-%m-%d %H:%M:%S UTC");
    writeln!(
        to,
        "<p class=\"dim\">Plan of {made}, {}</p>",
        encode_text(&summary.plan)
    )
}

fn write_totals(summary: &Summary, prices: &Prices, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "<div class=\"totals\">")?;
    for (state, rows) in summary.counts.each() {
        writeln!(to, "<div><b>{rows}</b>{}</div>", words(state.as_str()))?;
    }
    for (decision, rows) in &summary.others {
        writeln!(
            to,
            "<div><b>{rows}</b>{}</div>",
            encode_text(&words(decision))
        )?;
    }
    if let Some(savings) = &summary.savings {
        let amount = prices.show(savings.monthly);
        writeln!(
            to,
            "<div><b>{}</b>saved a month</div>",
            encode_text(&amount)
        )?;
    }
    writeln!(to, "</div>")
}

fn write_product(product: &ProductSummary, prices: &Prices, to: &mut dyn Write) -> io::Result<()> {
    let total = product.counts.total();
    let each = RowState::ALL.into_iter();
    let is_success =
        |state: &RowState| matches!(state, RowState::Ended(outcome) if outcome.is_success());
    let done: u64 = each
        .filter(is_success)
        .map(|state| product.counts.of(state))
        .sum();
    let open = total - done;
    let percent = |rows: u64| rows * 100 / total.max(1);
    let freed = product.counts.ended(RowOutcome::Reclaimed);
    let saved = product
        .saved
        .filter(|_| freed > 0)
        .map(|saved| format!(", {} a month", prices.show(saved)));
    let name = format!("{} {}", product.product.vendor, product.product);
    writeln!(
        to,
        "<div class=\"product\"><span>{}</span><div class=\"bar\" title=\"{}\"><i style=\"width:{}%\"></i><i style=\"width:{}%\"></i></div><span>{done} of {total}{}</span></div>",
        encode_text(&name),
        encode_double_quoted_attribute(&format!("{done} done, {open} open")),
        percent(done),
        percent(open),
        encode_text(&saved.unwrap_or_default()),
    )
}

fn write_table(
    ledger: &dyn Ledger,
    rows: CsvRows,
    attribute: &str,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        to,
        "<div class=\"scroll\"><table><thead><tr><th>Person</th><th>Vendor</th><th>Product</th><th>Outcome</th><th>When</th><th>Who</th><th>Request</th><th>Why</th></tr></thead><tbody{attribute}>"
    )?;
    let mut count = 0;
    each_row(ledger, rows, &mut |row| {
        count += 1;
        if count <= MOST_ROWS {
            write_row(row, to)
        } else {
            Ok(())
        }
    })?;
    writeln!(to, "</tbody></table></div>")?;
    if count > MOST_ROWS {
        writeln!(
            to,
            "<p>The first {MOST_ROWS} of {count} rows; the ledger has all of them.</p>"
        )?;
    }
    Ok(())
}

fn write_row(row: &LedgerRow, to: &mut dyn Write) -> io::Result<()> {
    let person = match &row.planned {
        crate::plan::Row::Unusable { line, text, .. } => format!("line {line}: {text}"),
        planned => planned
            .person()
            .map(|person| person.label().to_owned())
            .unwrap_or_default(),
    };
    let product = row.planned.seat().map(|seat| &seat.product);
    let request = match (row.status, &row.request_id) {
        (Some(status), Some(id)) => format!("{status} {id}"),
        (Some(status), None) => status.to_string(),
        (None, id) => id.clone().unwrap_or_default(),
    };
    let cells = [
        person,
        product
            .map(|product| product.vendor.to_string())
            .unwrap_or_default(),
        product.map(ToString::to_string).unwrap_or_default(),
        words(outcome(row)),
        row.ended
            .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default(),
        row.operator.clone().unwrap_or_default(),
        request,
        row.message
            .clone()
            .or_else(|| row.planned.reason())
            .unwrap_or_default(),
    ];
    write!(to, "<tr>")?;
    for cell in &cells {
        write!(to, "<td>{}</td>", encode_text(cell))?;
    }
    writeln!(to, "</tr>")
}

/// A word of the ledger for people to read.
fn words(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// The one Base64 value that the page needs.
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let chunk = |chunk: &[u8]| {
            let bits = chunk
                .iter()
                .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
            let bits = bits << (8 * (3 - chunk.len()));
            let digit = |n: usize| match n <= chunk.len() {
                true => char::from(DIGITS[(bits >> (18 - 6 * n) & 63) as usize]),
                false => '=',
            };
            (0..4).map(digit).collect::<String>()
        };
        bytes.chunks(3).map(chunk).collect()
    }

    /// A browser runs the script only if the page's policy has its hash.
    #[test]
    fn the_policy_allows_the_script() {
        let hash = base64(&Sha256::digest(SCRIPT.as_bytes()));
        assert_eq!(SCRIPT_HASH, format!("sha256-{hash}"));
    }
}

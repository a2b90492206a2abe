//! Tables in Markdown.

use std::collections::BTreeMap;

use crate::peers;
use crate::plots::thousands;
use crate::raw::median;

/// The figures of each peer, in the order of the tables.
pub fn by_peer<'a, T>(rows: &'a [T], peer: fn(&T) -> &str) -> Vec<(&'a str, Vec<&'a T>)> {
    let mut groups: BTreeMap<usize, (&str, Vec<&T>)> = BTreeMap::new();
    for row in rows {
        let name = peer(row);
        let group = groups.entry(peers::position(name));
        group.or_insert((name, Vec::new())).1.push(row);
    }
    groups.into_values().collect()
}

/// The median of a figure of these rows.
pub fn middle<T>(rows: &[&T], figure: fn(&T) -> f64) -> f64 {
    median(rows.iter().map(|row| figure(row)))
}

/// The median with the lowest and the highest, if there is more than one.
pub fn spread<T>(rows: &[&T], figure: fn(&T) -> f64) -> String {
    let figures = || rows.iter().map(|row| figure(row));
    let lowest = figures().fold(f64::MAX, f64::min);
    let highest = figures().fold(0.0, f64::max);
    let middle = thousands(median(figures()));
    if rows.len() < 2 {
        return middle;
    }
    format!("{middle} ({} to {})", thousands(lowest), thousands(highest))
}

/// A table with these heads; all columns but the first hold figures.
pub fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!(
        "| {} |\n|---|{}\n",
        heads.join(" | "),
        "---:|".repeat(heads.len() - 1)
    );
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

/// A table of text.
pub fn text_table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    table(heads, rows).replacen("---:|", "---|", heads.len() - 1)
}

fn escape(cell: &str) -> String {
    cell.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('\n', " ")
}
